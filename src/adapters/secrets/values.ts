// The values of variables whose names look secret, wherever they appear.

/** Stands where a secret was. */
export const MASKED = '[masked]'

const SECRET_NAME =
  /(?:^|_)(?:TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|PASS|PWD|KEY|APIKEY|CREDENTIALS?|AUTH|PRIVATE|DSN|COOKIE|WEBHOOK)S?(?:_|$)|(?:_URL|_URI)$/iu
/** Shorter ones are words, ports and flags: masking them would hide what is no secret and protect nobody. */
const VALUE_CHARS_MIN = 8

/** A name that says secret, and a value that is not merely a path, a number, or an address without a password in it. */
export function looksSecret(name: string, value: string): boolean {
  if (!SECRET_NAME.test(name)) return false
  if (/(?:_URL|_URI)$/iu.test(name)) return /:\/\/[^/\s:@]*:[^/\s@]+@/u.test(value)
  return !/^(?:[~.]?\/|[A-Za-z]:\\|\d+$|true$|false$)/u.test(value)
}

export const secretValues = (environment: Record<string, string | undefined>): string[] =>
  Object.entries(environment).flatMap(([name, value]) =>
    value !== undefined && value.length >= VALUE_CHARS_MIN && looksSecret(name, value) ? [value] : [],
  )

/** Literally, the longest first where one contains another. */
export const maskValues = (text: string, values: string[]): string =>
  values.reduce((shown, value) => shown.replaceAll(value, MASKED), text)
