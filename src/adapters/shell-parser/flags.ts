// The flags of programs that run what they are given: where they end, and which of them carry a command line.

import type { Runner } from './programs.ts'
import { isFixedWord, roughly, textIn, type Read } from './words.ts'

/** Where the flags end. Not certain, where one is not known: it may or may not take the next word. */
export function pastFlags(words: Read[], runner: Runner, from: number) {
  const scripts: Read[] = []
  let at = from
  for (let word = words[at]; word; word = words[at]) {
    const text = roughly(word)
    if (!/^[-+]/u.test(text)) return { at, certain: isFixedWord(word), scripts }
    if (text === '--') return { at: at + 1, certain: true, scripts }
    const kind = isFixedWord(word) ? kindOf(text, runner) : 'unknown'
    if (kind === 'unknown') return { at: at + 1, certain: false, scripts }
    const next = words[at + 1]
    if (kind === 'script' && next) scripts.push(next)
    if (kind === 'script attached') {
      const line = text.startsWith('--') ? text.slice(text.indexOf('=') + 1) : text.slice(2)
      scripts.push({ word: [line], source: text })
    }
    at += kind === 'valued' || kind === 'script' ? 2 : 1
  }
  return { at, certain: true, scripts }
}

type Kind = 'bare' | 'valued' | 'script' | 'script attached' | 'unknown'

export function kindOf(text: string, runner: Runner): Kind {
  const bare = runner.bare?.split(' ') ?? []
  const valued = runner.valued?.split(' ') ?? []
  const scripts = runner.scripts?.split(' ') ?? []
  if (scripts.includes(text)) return 'script'
  if (valued.includes(text)) return 'valued'
  if (bare.includes(text) || (runner.numbers && /^-\d+$/u.test(text))) return 'bare'
  if (text.startsWith('--')) {
    const name = text.split('=', 1)[0] ?? ''
    if (name === text) return 'unknown'
    return scripts.includes(name) ? 'script attached' : [...valued, ...bare].includes(name) ? 'bare' : 'unknown'
  }
  for (let at = 1; at < text.length; at++) {
    const flag = `-${text[at]}`
    const isLast = at === text.length - 1
    if (scripts.includes(flag)) return isLast ? 'script' : at === 1 ? 'script attached' : 'unknown'
    if (valued.includes(flag)) return isLast ? 'valued' : 'bare'
    if (!bare.includes(flag)) return 'unknown'
  }
  return 'bare'
}

/** What follows a flag for command lines, wherever it stands. */
export const flagged = (words: Read[], { scripts = '' }: Runner): Read[] =>
  words.flatMap((word, at) => {
    const next = words[at + 1]
    return next && scripts.split(' ').includes(textIn(word) ?? '') ? [next] : []
  })

export const isFlag = (word: Read | undefined): boolean => word !== undefined && /^[-+]./su.test(roughly(word))
