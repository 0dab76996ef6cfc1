// Text as Discord shows it. What an agent or a person wrote is shown and nothing else: it makes no link with another face, no
// heading, quote or small print like ours, leaves no code block, and what cannot be seen in it is named. That nobody is
// pinged is not left to this: `allowed_mentions` of a message says who is. Pure.

import type { Part } from '../../../task/card.ts'

/** Characters that turn what is read around, or are no text at all. */
const TURNING = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/gu
/** And those that are only not seen: words of some scripts need them, names and commands do not. */
const HIDDEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu

const named = (char: string): string => `‹U+${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}›`

/** With its unseen characters shown by name. */
const revealed = (text: string, strictly = true): string =>
  text.replaceAll('\r\n', '\n').replaceAll(strictly ? HIDDEN : TURNING, named)

/** An address is a link as it stands; with signs of markup in it, it is text. */
const ADDRESS = /https?:\/\/[^\s<>`*|~[\]\\]+(?=[\s<>]|$)/gu
const SIGNS = /[\\*_~`|<[\]]/gu
/** At the start of a line: headings, quotes, small print, lists. */
const LINE_SIGNS = /^(\s*)(#{1,3}\s|>|-#|[-*+]\s)/gmu

/** Text that is shown to the letter, whatever is in it. */
export function inert(text: string, strictly = true): string {
  const plain = revealed(text, strictly)
  let shown = ''
  let end = 0
  for (const { 0: address, index } of plain.matchAll(ADDRESS)) {
    shown += plain.slice(end, index).replaceAll(SIGNS, '\\$&') + address
    end = index + address.length
  }
  shown += plain.slice(end).replaceAll(SIGNS, '\\$&')
  return shown.replaceAll(LINE_SIGNS, '$1\\$2').replaceAll(/^(\s*)(\d+)([.)]\s)/gmu, '$1$2\\$3')
}

/** Inert text that cannot begin a line of its own. */
export const inertLine = (text: string): string => inert(text).replaceAll('\n', ' ')

/** A name without markup, such as that of a thread. */
export const inertName = (text: string, chars: number): string =>
  shortened(revealed(text).replaceAll(/\s+/gu, ' ').trim() || 'task', chars)

const inCode = (text: string): string =>
  text.trim() === '' || /[`\n]/u.test(text) ? inertLine(text) : `\`${revealed(text)}\``

/** A fence inside would end the block: it is taken apart by a character that is not seen; `isExact` says whether that was needed. */
export const isExact = (code: string): boolean => !code.includes('```')

export function codeBlock(text: string, syntax = ''): string {
  const shown = revealed(text).replaceAll(/`{3,}/gu, (fence) => [...fence].join('\u200b'))
  return `\`\`\`${syntax}\n${shown === '' ? ' ' : shown}\n\`\`\``
}

const FENCE = /^\s*```/u
const HEADING = /^#{1,6}\s+(.*)$/u
const ITEM = /^(\s{0,6})(?:[-*•]|(\d{1,3})[.)])\s+(.*)$/u

/** Words of an agent or a person, quoted, so that they never look like ours; light markup of theirs is kept. */
export function words(text: string): string {
  const lines = text.replaceAll('\r\n', '\n').split('\n')
  const shown: string[] = []
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? ''
    if (!FENCE.test(line)) {
      shown.push(`> ${wordLine(line)}`.trimEnd())
      continue
    }
    const end = lines.findIndex((one, index) => index > at && FENCE.test(one))
    const stop = end === -1 ? lines.length : end
    shown.push(codeBlock(lines.slice(at + 1, stop).join('\n')))
    at = stop
  }
  return shown.join('\n')
}

function wordLine(line: string): string {
  const heading = HEADING.exec(line)
  if (heading) return `**${inert((heading[1] ?? '').replaceAll('**', ''), false)}**`
  const item = ITEM.exec(line)
  if (item) return `${item[1]}${item[2] ? `${item[2]}.` : '-'} ${spans(item[3] ?? '')}`
  return spans(line)
}

function spans(line: string): string {
  let shown = ''
  let end = 0
  for (const match of line.matchAll(/`([^`]+)`|\*\*([^*]+)\*\*/gu)) {
    shown += inert(line.slice(end, match.index), false)
    shown += match[1] === undefined ? `**${inert(match[2] ?? '', false)}**` : inCode(match[1])
    end = match.index + match[0].length
  }
  return shown + inert(line.slice(end), false)
}

/** `guildOf`: the guild a channel is in, or null for a direct conversation. */
export type Links = { chat: string; guildOf: (channel: string) => string | null }

export function part(one: Part, { chat, guildOf }: Links): string {
  if (typeof one === 'string') return inertLine(one)
  if ('at' in one) return `<t:${Math.floor(one.at / 1000)}:f>`
  if ('since' in one) return `<t:${Math.floor(one.since / 1000)}:R>`
  if ('code' in one) return inCode(one.code)
  if ('strong' in one) return one.strong.trim() === '' ? '' : `**${inertLine(one.strong)}**`
  if ('file' in one) return inCode(one.file.path)
  if ('message' in one) {
    const { channel, id } = one.message
    return `[${inertLine(one.text)}](https://discord.com/channels/${guildOf(channel) ?? '@me'}/${channel}/${id})`
  }
  const { person } = one
  return person.chat === chat && /^\d+$/u.test(person.id) ? `<@${person.id}>` : `@${inertLine(person.name)}`
}

/** The same without any markup, for a file. */
export function plainPart(one: Part): string {
  if (typeof one === 'string') return one
  if ('at' in one) return new Date(one.at).toISOString()
  if ('since' in one) return new Date(one.since).toISOString()
  if ('code' in one) return one.code
  if ('strong' in one) return one.strong
  if ('file' in one) return one.file.path
  if ('message' in one) return one.text
  return `@${one.person.name}`
}

/** The beginning or end of a text, never in the middle of a character. */
export function head(text: string, chars: number): string {
  const cut = text.slice(0, Math.max(0, chars))
  return /[\ud800-\udbff]$/u.test(cut) ? cut.slice(0, -1) : cut
}

export function tail(text: string, chars: number): string {
  const cut = chars <= 0 ? '' : text.slice(-chars)
  return /^[\udc00-\udfff]/u.test(cut) ? cut.slice(1) : cut
}

/** At most so many characters, with a sign where some are missing. */
export const shortened = (text: string, chars: number): string =>
  text.length <= chars ? text : `${head(text, chars - 1)}…`
