// `*` in rules about commands: it matches anything, spaces included, anywhere. A trailing ` *` also matches nothing at all, but
// no longer word; a trailing `:*` means the same; without `*` a rule is exact.

import type { Computed, Word } from './call.ts'

/** Within a word, white space is this, so that `echo "a b"` is not taken for `echo a b`. */
const INNER_SPACE = '\uE000'

/** `literals`: what stands between the stars, so one more than there are stars. */
type Glob = { literals: string[] }

export type Pattern = { globs: Glob[]; exact: boolean; beforeStar: number }

/** The patterns a text stands for: as written, and with its quotes understood where it has some. */
export function patternsOf(text: string): Pattern[] {
  const plain = text.trim().replaceAll(/\s+/gu, ' ')
  const unquoted = unquote(text.trim())
  return [...new Set([plain, unquoted ?? plain])].map(patternOf)
}

export function patternOf(written: string): Pattern {
  const text = written.replace(/:\*$/u, ' *').replaceAll(/ {2,}/gu, ' ').trimStart()
  const literals = text.split('*')
  const optional = text.length > 2 && text.endsWith(' *')
  const bare = optional ? [{ literals: text.slice(0, -2).split('*') }] : []
  return { globs: [{ literals }, ...bare], exact: literals.length === 1, beforeStar: (literals[0] ?? '').length }
}

export const matches = ({ globs }: Pattern, text: string): boolean => globs.some((glob) => globMatches(glob, text))

/** Each literal is looked for as early as it can stand, which is enough, and needs no going back. */
function globMatches({ literals }: Glob, text: string): boolean {
  const [first = '', ...rest] = literals
  const last = rest.pop()
  if (last === undefined) return text === first
  if (!text.startsWith(first)) return false
  let at = first.length
  for (const literal of rest) {
    const found = text.indexOf(literal, at)
    if (found === -1) return false
    at = found + literal.length
  }
  return text.length - last.length >= at && text.endsWith(last)
}

/** The words as one line, as a rule names them. `loose`: white space within a word, but for the first, is as good as between. */
export const textOf = (words: Word[], loose = false): string =>
  words
    .map((word, index) => {
      const text = word.map((piece) => (typeof piece === 'string' ? piece : piece.computed)).join('')
      return loose && index > 0 ? text : text.replaceAll(/\s/gu, INNER_SPACE)
    })
    .join(' ')

export const isFixed = (words: Word[]): boolean =>
  words.every((word) => word.every((piece) => typeof piece === 'string'))

/** Whether what is computed could come out so that the pattern matches. */
export function mayMatch({ globs }: Pattern, words: Word[]): boolean {
  const pieces = words.flatMap((word, index): Word => (index === 0 ? word : [' ', ...word]))
  return globs.some((glob) => mayGlobMatch(glob, pieces))
}

/** All places in the pattern one can be at after each piece; a place at a star is also the one behind it. */
function mayGlobMatch({ literals }: Glob, pieces: Word): boolean {
  const tokens = literals.flatMap((literal, index) => [...(index === 0 ? [] : [null]), ...literal.split('')])
  let places = throughStars(tokens, new Set([0]))
  for (const piece of pieces) {
    if (typeof piece === 'string') for (const char of piece) places = after(tokens, places, char)
    else places = afterComputed(tokens, places, piece)
    if (places.size === 0) return false
  }
  return places.has(tokens.length)
}

type Tokens = (string | null)[]

function after(tokens: Tokens, places: Set<number>, char: string): Set<number> {
  const next = new Set<number>()
  for (const place of places) {
    if (tokens[place] === null) next.add(place)
    else if (tokens[place] === char) next.add(place + 1)
  }
  return throughStars(tokens, next)
}

function afterComputed(tokens: Tokens, places: Set<number>, { never }: Computed): Set<number> {
  const next = new Set(places)
  for (let place = Math.min(...places); place < tokens.length; place++) {
    const token = tokens[place]
    if (next.has(place) && token !== undefined && (token === null || !never.includes(token))) next.add(place + 1)
  }
  return next
}

function throughStars(tokens: Tokens, places: Set<number>): Set<number> {
  for (const place of places) if (tokens[place] === null) places.add(place + 1)
  return places
}

/** Quotes of a rule are understood like those of a command; null where they do not close. A star in them is a star. */
function unquote(text: string): string | null {
  let plain = ''
  let quote = ''
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? ''
    const escapes = char === '\\' && quote !== "'" && at + 1 < text.length
    if (escapes && (quote === '' || '\\"$`'.includes(text[at + 1] ?? ''))) plain += text[++at]
    else if (char === quote) quote = ''
    else if (quote === '' && (char === '"' || char === "'")) quote = char
    else if (!/\s/u.test(char)) plain += char
    else if (quote !== '') plain += INNER_SPACE
    else if (!plain.endsWith(' ')) plain += ' '
  }
  return quote === '' ? plain : null
}
