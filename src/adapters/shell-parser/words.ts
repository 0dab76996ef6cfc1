// Words of a command line, with their quotes understood: what is text, and what the shell computes when it runs.

import type { Assignment as Assigned, ParameterExpansionPart, Word as Parsed, WordPart } from 'unbash'
import type { Assignment, Computed, Word } from '../../task/policy/call.ts'

/** A word as it is matched and as it was written; of the words braces make, the first one was. */
export type Read = { word: Word; source: string }

/** Braces may make many words of one. */
const BRACE_WORDS_MAX = 64

export const textIn = ({ word }: Read): string | null =>
  word.length === 0 ? '' : word.length === 1 && typeof word[0] === 'string' ? word[0] : null

/** What a person would read where nothing is computed; where something is, its source stands for it. */
export const roughly = ({ word }: Read): string =>
  word.map((piece) => (typeof piece === 'string' ? piece : piece.computed)).join('')

export const isFixedWord = ({ word }: Read): boolean => word.every((piece) => typeof piece === 'string')

/** Several where braces say so. */
export function wordsOf(parsed: Parsed): Read[] {
  const choices = (parsed.parts ?? []).map((part) => (part.type === 'BraceExpansion' ? choicesOf(part.text) : null))
  const count = choices.reduce((all, one) => all * (one?.length ?? 1), 1)
  if (!choices.some((one) => one !== null) || count > BRACE_WORDS_MAX)
    return [{ word: wordOf(parsed), source: parsed.text }]
  let words: Word[] = [[]]
  for (const [index, part] of (parsed.parts ?? []).entries()) {
    const pieces = choices[index]?.map((text): Word => [text]) ?? [piecesOf(part)]
    words = pieces.flatMap((more) => words.map((word) => [...word, ...more]))
  }
  return inOrder(
    words,
    choices.map((one) => one?.length ?? 1),
  ).map((word, index) => ({ word: joined(word), source: index === 0 ? parsed.text : '' }))
}

/** `a{b,c}{d,e}` counts its last braces fastest. */
function inOrder(words: Word[], counts: number[]): Word[] {
  const place = (index: number): number => {
    let left = index
    const digits = counts.map((count) => {
      const digit = left % count
      left = Math.floor(left / count)
      return digit
    })
    return digits.reduce((all, digit, at) => all * (counts[at] ?? 1) + digit, 0)
  }
  return words
    .map((word, index) => ({ word, at: place(index) }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ word }) => word)
}

export const wordOf = (parsed: Parsed): Word =>
  parsed.parts ? joined(parsed.parts.flatMap((part) => piecesOf(part))) : [parsed.value]

/** Text beside text is one piece. */
function joined(pieces: Word): Word {
  const word: Word = []
  for (const piece of pieces) {
    const last = word.at(-1)
    if (typeof piece === 'string' && typeof last === 'string') word[word.length - 1] = last + piece
    else word.push(piece)
  }
  return word
}

function piecesOf(part: WordPart): Word {
  switch (part.type) {
    case 'Literal':
    case 'SingleQuoted':
      return [part.value]
    case 'AnsiCQuoted':
      // Some shells know this form, each in its own way.
      return /\\[xuU]\{/u.test(part.text) ? [{ computed: part.text, never: '' }] : [part.value]
    case 'DoubleQuoted':
    case 'LocaleString':
      return part.parts.flatMap((child): Word => (child.type === 'Literal' ? [child.value] : [quoted(child)]))
    case 'Glob':
    case 'ExtendedGlob':
      return [{ computed: part.text, never: ' /' }]
    case 'ProcessSubstitution':
      return [{ computed: part.text, never: ' ' }]
    case 'ArithmeticExpansion':
      return [{ computed: part.text, never: ' /' }]
    case 'SimpleExpansion':
    case 'ParameterExpansion':
    case 'CommandExpansion':
    case 'BraceExpansion':
      return [{ computed: part.text, never: '' }]
  }
}

/** In quotes it stays one word, but for all the words of a list. */
function quoted(part: { type: string; text: string } | ParameterExpansionPart): Computed {
  const isList = part.text === '$@' || part.text === '$*' || /\[[@*]\]|^\$\{[!]?[@*]/u.test(part.text)
  return { computed: part.text, never: isList ? '' : ' ' }
}

/** The choices of braces in which nothing is quoted or computed, else null. `{1..3}` is left to the shell. */
function choicesOf(text: string): string[] | null {
  if (!/^\{[\w.,:;@%+=~/{}-]*\}$/u.test(text)) return null
  const choices: string[] = []
  let depth = 0
  let start = 1
  for (let at = 1; at < text.length; at++) {
    if (text[at] === '{') depth++
    else if ((text[at] === ',' && depth === 0) || at === text.length - 1) {
      choices.push(text.slice(start, at))
      start = at + 1
    } else if (text[at] === '}') depth--
  }
  if (choices.length < 2) return null
  const nested = choices.map((choice) => (choice.includes('{') ? null : [choice]))
  return nested.every((one) => one !== null) ? nested.flat() : null
}

/** Variables that change how a program talks, not what it runs. */
const SAFE_NAMES =
  /^(NODE_ENV|CI|DEBUG|FORCE_COLOR|NO_COLOR|CLICOLOR|CLICOLOR_FORCE|CARGO_TERM_COLOR|COLORTERM|TERM|COLUMNS|LINES|LANG|LANGUAGE|LC_[A-Z]+|TZ|LOG_LEVEL|RUST_LOG|RUST_BACKTRACE|PYTHONUNBUFFERED|PYTHONDONTWRITEBYTECODE|GOOS|GOARCH|CGO_ENABLED|GO111MODULE)$/u
const SAFE_VALUE = /^(?![/:.])(?!.*\.\.)[\w.,:@%+=*/-]*$/u

/** Names of files are not looked for in an assignment. */
const unglobbed = (piece: string | Computed): string | Computed =>
  typeof piece !== 'string' && /^[*?[]/u.test(piece.computed) ? piece.computed : piece

export function assignmentOf({ name, value, text, append, index }: Assigned): Assignment {
  const content: Word =
    value.type === 'Word' ? wordOf(value).map(unglobbed) : [{ computed: text.slice(name.length + 1), never: '' }]
  const isText = content.every((piece) => typeof piece === 'string')
  const start = index ? text.slice(0, text.indexOf(']') + 1) : name
  return {
    word: joined([`${start}${append ? '+' : ''}=`, ...content]),
    safe: isText && !append && !index && SAFE_NAMES.test(name) && SAFE_VALUE.test(content.join('')),
  }
}
