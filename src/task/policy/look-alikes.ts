// Characters of a command that read as others: a letter of another script among Latin ones, a slash, dash or space that is none.
// Whoever decides is told which. Text in any one language, and quotes and dashes within sentences, are nothing to be told of.

/** Scripts with letters that are drawn like Latin ones. */
const SCRIPTS = ['Cyrillic', 'Greek', 'Armenian', 'Cherokee', 'Lisu', 'Coptic', 'Deseret'] as const
const FOREIGN = SCRIPTS.map((script) => ({ script, letter: new RegExp(`\\p{Script=${script}}`, 'u') }))

const LATIN = /\p{Script=Latin}/u

/** Letters that alone would pass for a Latin word. */
const TWINS = /^[аеорсхуіјѕԁԛԝһӏАВЕКМНОРСТХУЅІЈοιαρνυκΑΒΕΖΗΙΚΜΝΟΡΤΥΧ]+$/u

const SIGNS: [name: string, sign: RegExp][] = [
  ['full-width', /[\uFF01-\uFF5E]/u],
  ['mathematical letter', /[\u{1D400}-\u{1D7FF}]/u],
  ['not a slash', /[\u2044\u2215\u29F8\u2571\u27CB]/u],
  ['not a space', /[\u00A0\u1680\u2000-\u200A\u202F\u205F\u3000\u2800\u3164\u115F\u1160]/u],
]
/** Only where an option or a path would have a hyphen. */
const DASH = /(?:^|\s)([\u2010-\u2015\u2212\uFE58\uFE63])[\p{L}\p{N}]/gu

const NAMED_MAX = 5

/** Each as people can look it up: “о” (U+043E, Cyrillic). */
export function lookAlikes(text: string): string[] {
  const found = new Map<string, string>()
  const words = text.match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
  // Short words of a language consist of such letters, too; beside others of it they are what they seem.
  const isProse = words.some((word) => isForeign(word) && !LATIN.test(word) && !TWINS.test(word))
  for (const word of words) {
    if (!LATIN.test(word) && (isProse || !TWINS.test(word))) continue
    for (const letter of word) {
      const foreign = FOREIGN.find((one) => one.letter.test(letter))
      if (foreign) found.set(letter, foreign.script)
    }
  }
  for (const character of text) {
    const sign = SIGNS.find(([, one]) => one.test(character))
    if (sign) found.set(character, sign[0])
  }
  for (const [, dash = ''] of text.matchAll(DASH)) found.set(dash, 'not a hyphen')
  const all = [...found].map(([character, what]) => `“${character}” (${codeOf(character)}, ${what})`)
  return all.length > NAMED_MAX ? [...all.slice(0, NAMED_MAX), `${all.length - NAMED_MAX} more`] : all
}

const isForeign = (word: string): boolean => FOREIGN.some(({ letter }) => letter.test(word))

const codeOf = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
