// A card as text alone: for notifications and screen readers, for the file beside it, and for counting. Pure.

import type { Block, Card, Part, Tone } from '../../../task/card.ts'
import type { Actor } from '../../../task/words.ts'
import { CHAT } from './inbound.ts'
import { FALLBACK_CHARS_MAX } from './limits.ts'
import { escaped, revealed } from './text.ts'

export const SIGNS: Record<Tone, string> = {
  queued: '◌',
  working: '●',
  needs: '❗',
  good: '✓',
  bad: '✗',
  stopped: '■',
  plain: '',
}
export const STATES = { todo: '☐', doing: '◐', done: '☑' }
const PERSON_ID = /^[UW][A-Z0-9]{2,}$/u

/** What notifications show and screen readers read. Mentions stand here too, so that a notification is one of a mention. */
export function fallback({ tone, title, body, mention }: Card): string {
  const called = calledBy(mention).map((id) => `<@${id}>`)
  const text = escaped(revealed([`${SIGNS[tone]} ${onOneLine(title)}`.trim(), ...body.map(plainly)].join('\n'), false))
  const whole = [...called, text].join(' ').trim()
  if (whole.length <= FALLBACK_CHARS_MAX) return whole || 'Backchannel'
  return `${whole
    .slice(0, FALLBACK_CHARS_MAX - 1)
    .replace(/&[a-z]*$/u, '')
    .toWellFormed()}…`
}

/** Whom a card calls: people of this chat, each once. */
export const calledBy = (actors: Actor[]): string[] => [
  ...new Set(actors.flatMap(({ chat, id }) => (chat === CHAT && PERSON_ID.test(id) ? [id] : []))),
]

/** The text of a block without any looks: for the file, for the fallback, and for counting. */
export function plainly(block: Block): string {
  switch (block.kind) {
    case 'line':
      return block.parts.map(partPlainly).join('')
    case 'words':
      return block.text
    case 'code':
      return block.title ? `${block.title}\n${block.text}` : block.text
    case 'checklist':
      return block.items.map(({ text, state }) => `${STATES[state]} ${onOneLine(text)}`).join('\n')
  }
}

/** What stands in a line of ours and may come from an agent begins no line of its own. */
export const onOneLine = (text: string): string => text.replaceAll(/\s*[\n\r\u2028\u2029]\s*/gu, ' ')

function partPlainly(part: Part): string {
  if (typeof part === 'string') return onOneLine(part)
  if ('at' in part) return clock(Math.max(0, part.at) / 1_000)
  if ('since' in part) return `since ${clock(Math.max(0, part.since) / 1_000)}`
  if ('code' in part) return part.code
  if ('strong' in part) return onOneLine(part.strong)
  if ('file' in part) return part.file.path
  return onOneLine('person' in part ? `@${part.person.name}` : part.text)
}

/** For a reader whose Slack shows no dates. */
export function clock(seconds: number): string {
  const then = new Date(Math.min(seconds, 8.64e12) * 1_000)
  return `${then.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
