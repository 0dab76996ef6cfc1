// From typed text to a verb, its flags and the rest. An unknown word is an error with the nearest one, never a prompt.

import { refuse, type Refused } from '../task/words.ts'

/** What a verb takes before its text: flags with a value, and flags that stand alone. */
export type Grammar = { valued: readonly string[]; bare: readonly string[] }

export type Words = { flags: Record<string, string>; rest: string }

/** Flags stand before the text; everything from the first other word on is the text, to the letter. `--` ends the flags. */
export function parseWords(text: string, { valued, bare }: Grammar): Words | Refused {
  const flags: Record<string, string> = {}
  let rest = text.trim()
  for (;;) {
    const [, dashes, name = '', joined, after = ''] = /^(--)([^\s=]*)(?:=(\S*))?(?:\s+([\s\S]*))?$/u.exec(rest) ?? []
    if (!dashes) return { flags, rest }
    if (name === '') return { flags, rest: after }
    if (bare.includes(name) && joined === undefined) {
      flags[name] = 'true'
      rest = after
    } else if (valued.includes(name)) {
      const [, value, remaining = ''] = joined === undefined ? (valueAt(after) ?? []) : ['', joined, after]
      if (!value) return refuse(`--${name} needs a value.`)
      flags[name] = value
      rest = remaining
    } else if (bare.includes(name)) {
      return refuse(`--${name} takes no value.`)
    } else {
      return refuse(
        unknown(
          `--${name}`,
          [...valued, ...bare].map((flag) => `--${flag}`),
          'flag',
        ),
      )
    }
  }
}

/** One word, or what stands in quotes. */
function valueAt(text: string): [string, string, string] | null {
  const [all, double, single, plain, rest = ''] =
    /^(?:"([^"]*)"|'([^']*)'|(\S+))(?:\s+([\s\S]*))?$/u.exec(text.trim()) ?? []
  const value = double ?? single ?? plain
  return all === undefined || value === undefined ? null : [all, value, rest]
}

/** Of more than so many nobody reads which are possible. */
const KNOWN_SHOWN_MAX = 30

/** The sentence for a word nobody knows, naming the nearest one that is known. */
export function unknown(word: string, known: readonly string[], what: string): string {
  const nearest = nearestOf(word, known)
  const shown = word.length > 40 ? `${word.slice(0, 40)}…` : word
  const hint = nearest
    ? ` Did you mean “${nearest}”?`
    : known.length > 0 && known.length <= KNOWN_SHOWN_MAX
      ? ` Possible: ${known.join(', ')}.`
      : ''
  return `“${shown}” is not a ${what}.${hint}`
}

function nearestOf(word: string, known: readonly string[]): string | null {
  if (word.length > 40) return null
  const ranked = known.map((one) => ({ one, far: distance(word.toLowerCase(), one) })).toSorted((a, b) => a.far - b.far)
  const [best] = ranked
  return best && best.far <= Math.max(2, Math.floor(best.one.length / 3)) ? best.one : null
}

/** Edits (insert, delete, replace) from one word to the other. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      next.push(
        Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)),
      )
    }
    row = next
  }
  return row[b.length] ?? 0
}

/** "90", "90s", "10m", "2h", "500ms" as milliseconds; null when it is none of them. A bare number is seconds. */
export function durationMs(text: string): number | null {
  const [, amount, unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/u.exec(text.trim()) ?? []
  if (amount === undefined) return null
  const scale = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[unit]
  return scale === undefined ? null : Math.round(Number(amount) * scale)
}
