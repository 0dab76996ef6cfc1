// The command line's own words: flags before a text, or flags anywhere.

import { unknown, type Grammar } from '../bot/words.ts'

/** Wrong words of a person at the command line: exit code 2. */
export class UsageError extends Error {}

export type Args = { flags: Record<string, string>; rest: string[] }

/**
 * Flags first; from the first other word on all is text and belongs to it, flags of another program included. Only behind a text that
 * is one word of the shell, in quotes, they are ours again.
 */
export const flagsThenText = (argv: string[], grammar: Grammar): Args => parse(argv, grammar, false)

/** Flags anywhere among the words. */
export const flagsAnywhere = (argv: string[], grammar: Grammar): Args => parse(argv, grammar, true)

/** For a verb that takes flags and no words. */
export function flagsAlone(argv: string[], grammar: Grammar): Record<string, string> {
  const { flags, rest } = flagsAnywhere(argv, grammar)
  if (rest[0] !== undefined) throw new UsageError(`“${rest[0]}” is one word too many.`)
  return flags
}

function parse(argv: string[], { valued, bare }: Grammar, anywhere: boolean): Args {
  const flags: Record<string, string> = {}
  const rest: string[] = []
  for (let index = 0; index < argv.length; index++) {
    const word = argv[index] ?? ''
    if (word === '--') return { flags, rest: [...rest, ...argv.slice(index + 1)] }
    if (!word.startsWith('--')) {
      if (!anywhere) return textOf(argv.slice(index), flags, { valued, bare })
      rest.push(word)
      continue
    }
    const [name = '', joined] = word.slice(2).split(/=(.*)/su)
    if (bare.includes(name) && joined === undefined) {
      flags[name] = 'true'
    } else if (valued.includes(name)) {
      const value = joined ?? argv[++index]
      if (value === undefined || value === '') throw new UsageError(`--${name} needs a value.`)
      flags[name] = value
    } else if (bare.includes(name)) {
      throw new UsageError(`--${name} takes no value.`)
    } else {
      throw new UsageError(
        unknown(
          `--${name}`,
          [...valued, ...bare].map((flag) => `--${flag}`),
          'flag',
        ),
      )
    }
  }
  return { flags, rest }
}

function textOf(words: string[], flags: Args['flags'], grammar: Grammar): Args {
  const [text = '', next = '--', ...more] = words
  if (!/\s/u.test(text) || !/^--./u.test(next)) return { flags, rest: words }
  const behind = parse([next, ...more], grammar, true)
  if (behind.rest[0] === undefined) return { flags: { ...flags, ...behind.flags }, rest: [text] }
  throw new UsageError(
    `“${behind.rest[0]}” is one word too many: put all of the text in quotes, or “--” in front of it.`,
  )
}

/** Several words of a command as one line that a shell takes apart into the same words; one word is taken as it is. */
export const commandLine = (words: string[]): string =>
  words.length === 1
    ? (words[0] ?? '')
    : words.map((word) => (/^[\w@%+=:,./-]+$/u.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(' ')
