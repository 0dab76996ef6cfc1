// Finds secrets in text: known formats by secretlint's recommended rules, what commands commonly carry besides, and the values
// of environment variables whose names look secret. What is found is not shown to anybody.

import { looksSecret, maskValues, MASKED } from './values.ts'

export { maskValues, secretValues } from './values.ts'

type Range = readonly [from: number, to: number]

const RULES = '@secretlint/secretlint-rule-preset-recommend'

/** What the library does not know: each expression's first group, or all of it, is secret. */
const ALSO = [
  // RFC 7519: three parts, of which the first two are JSON. The first is short, else a text full of its beginning takes minutes.
  /eyJ[\w-]{8,2000}\.eyJ[\w-]{8,}\.[\w-]{8,}/gu,
  // RFC 6750 and 7617, as commands carry them.
  /\bauthorization\s*:\s*(?:bearer|basic|token)\s+([^\s'"]{8,})/giu,
  // Google, Anthropic (also what a login of Claude Code gives), Hugging Face, DigitalOcean, PyPI, age; bots of Discord and Telegram.
  /\bAIza[\w-]{35}\b/gu,
  /\bsk-ant-[\w-]{20,}/gu,
  /\b(?:hf_|dop_v1_|pypi-|AGE-SECRET-KEY-1)[\w-]{30,}/gu,
  /\b[MNO][\w-]{23,27}\.[\w-]{6,7}\.[\w-]{27,40}/gu,
  /\b\d{8,10}:[\w-]{35}\b/gu,
  // As headers, options and settings carry them; what is a word of a program has no digit.
  /\b(?:x-api-key|api-key|x-auth-token|private-token)\s*:\s*([^\s'"]{8,})/giu,
  /--(?:password|passwd|token|secret|api-key|access-token|auth-token)[=\s]\s*["']?([^\s'"$;|&<>()-][^\s'"$;|&<>()]{5,})/giu,
  /(?:^|\s)(?:-u|--user)[=\s]\s*["']?[^\s:'"]+:(?!\d+\b)([^\s'"]{4,})/gu,
  /(?:password|passwd|secret|token|api_?key|access_?key)["']?\s{0,4}[:=]\s{0,4}["'](?!\d+["'])((?=[^"'\d\s]{0,100}\d)[^"'\s]{8,})["']/giu,
  /(?:password|passwd|secret|token|api_?key|access_?key)=(?!\d+\b)((?=[^"'\d\s]{0,100}\d)[^\s"'$;|&<>()]{8,})/giu,
  // Half a private key: the other half is outside of what is shown.
  /-----BEGIN [A-Z ]*PRIVATE KEY-----(?:(?!-----END)[\s\S])*$/gu,
  /^(?:[A-Za-z0-9+/=]{40,}\s+)+-----END [A-Z ]*PRIVATE KEY-----/gmu,
]

/** `NAME=value`, in upper case as environments are written, where the name looks secret. */
const ASSIGNMENT = /\b([A-Z][A-Z0-9_]*)=(?:"([^"\n]{6,})"|'([^'\n]{6,})'|([^\s"'$;|&<>()]{6,}))/gu

/**
 * Masks every secret in a text; rejects when it cannot be looked through, and then it must not be shown. `values`: what is
 * secret besides, asked anew each time.
 */
export function masker(values: () => Promise<string[]> | string[]): (text: string) => Promise<string> {
  return async (text) => {
    const known = maskValues(text, secretValuesOf(await values()))
    const found = [...(await lint(known)), ...ALSO.flatMap((one) => matches(known, one)), ...assignments(known)]
    return replaced(known, found)
  }
}

const secretValuesOf = (values: string[]): string[] => [...new Set(values)].toSorted((a, b) => b.length - a.length)

/** Loaded with the first text: most commands show none. */
async function lint(content: string): Promise<Range[]> {
  const [{ lintSource }, { creator }] = await Promise.all([
    import('@secretlint/core'),
    import('@secretlint/secretlint-rule-preset-recommend'),
  ])
  const config = { rules: [{ id: RULES, rule: creator, options: {} }] }
  const { messages } = await lintSource({
    source: { content, filePath: 'text.txt', contentType: 'text', ext: '.txt' },
    options: { config, noPhysicFilePath: true },
  })
  return messages.map(({ range }) => range)
}

const matches = (text: string, expression: RegExp): Range[] =>
  [...text.matchAll(expression)].map((match) => {
    const [all, secret = all] = match
    const from = match.index + all.lastIndexOf(secret)
    return [from, from + secret.length] as const
  })

const assignments = (text: string): Range[] =>
  [...text.matchAll(ASSIGNMENT)].flatMap((match) => {
    const [all, name = '', ...values] = match
    const value = values.find((one) => one !== undefined)
    if (value === undefined || !looksSecret(name, value)) return []
    const from = match.index + all.lastIndexOf(value)
    return [[from, from + value.length] as const]
  })

function replaced(text: string, ranges: Range[]): string {
  let shown = ''
  let at = 0
  for (const [from, to] of ranges.toSorted((a, b) => a[0] - b[0] || b[1] - a[1])) {
    if (to <= at) continue
    shown += from >= at ? text.slice(at, from) + MASKED : ''
    at = to
  }
  return shown + text.slice(at)
}
