// What of a long card is shown in its message, when the whole of it lies in a file beside it: of each long part its beginning and its
// end, with the number of characters between them. Pure.

/** Shares of what is shown: the beginning says what it is about, the end what came of it. */
const BEGINNING = 0.6
/** For the sentence between the two. */
const NOTE_CHARS = 80
/** Looked back for a better place than the middle of a word. */
const SLACK = 0.2

/** How many characters each text may have so that all fit: the longest give first. */
export function allowance(lengths: number[], budget: number): number {
  const sorted = lengths.toSorted((a, b) => a - b)
  let left = budget
  for (const [index, length] of sorted.entries()) {
    const share = Math.floor(left / (sorted.length - index))
    if (length > share) return Math.max(0, share)
    left -= length
  }
  return Number.POSITIVE_INFINITY
}

/** Beginning and end of a text that is too long; else the text alone. */
export function shortened(text: string, charsMax: number): { head: string; left: number; tail: string } | null {
  if (text.length <= charsMax) return null
  const room = Math.max(0, charsMax - NOTE_CHARS)
  const head = text.slice(0, before(text, Math.floor(room * BEGINNING)))
  const tail = text.slice(after(text, text.length - (room - head.length)))
  return { head, left: text.length - head.length - tail.length, tail }
}

/** Text in parts of at most `charsMax`, ended at lines, else at words, else anywhere but within a character. */
export function split(text: string, charsMax: number): string[] {
  const parts: string[] = []
  let rest = text
  while (rest.length > charsMax) {
    const end = Math.max(1, before(rest, charsMax))
    parts.push(rest.slice(0, end))
    rest = rest.slice(end)
  }
  return rest === '' && parts.length > 0 ? parts : [...parts, rest]
}

/** The best place to end at or before `at`: after a line, after a word, between two characters. */
function before(text: string, at: number): number {
  const from = Math.floor(at * (1 - SLACK))
  const line = text.lastIndexOf('\n', at - 1)
  if (line >= from && line > 0) return line + 1
  const space = text.lastIndexOf(' ', at - 1)
  if (space >= from && space > 0) return space + 1
  return isWithin(text, at) ? at - 1 : at
}

/** The best place to begin at or after `at`. */
function after(text: string, at: number): number {
  const until = at + (text.length - at) * SLACK
  const line = text.indexOf('\n', at)
  if (line !== -1 && line < until) return line + 1
  const space = text.indexOf(' ', at)
  if (space !== -1 && space < until) return space + 1
  return isWithin(text, at) ? at + 1 : at
}

/** Between the two halves of one character. */
const isWithin = (text: string, at: number): boolean =>
  at > 0 && /[\uD800-\uDBFF]/u.test(text.charAt(at - 1)) && /[\uDC00-\uDFFF]/u.test(text.charAt(at))
