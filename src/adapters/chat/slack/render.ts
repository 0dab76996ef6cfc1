// A card as blocks of Slack, pure. Its title is a header, its body rich text, its buttons rows of buttons. What is longer than a
// message may be lies whole in a file that the message links: `attachment` says so first, then the file is uploaded, then `render` is
// given its address.

import type { KnownBlock, RichTextBlockElement } from '@slack/types'
import type { Block, Button, Card, Part, Tone } from '../../../task/card.ts'
import type { Actor, MessageRef } from '../../../task/words.ts'
import {
  BLOCKS_MAX,
  BUTTONS_MAX,
  HEADER_CHARS_MAX,
  LABEL_CHARS_MAX,
  MESSAGE_CHARS_MAX,
  SECTION_CHARS_MAX,
} from './limits.ts'
import { calledBy, clock, fallback, onOneLine, plainly, SIGNS, STATES } from './plainly.ts'
import { allowance, shortened, split } from './shorten.ts'
import { code, plain, revealed, unmarked, type RichTextElement } from './text.ts'
import { preformatted, quoted, words } from './words.ts'

export type Rendered = { text: string; blocks: KnownBlock[] }
export type Attachment = { name: string; content: string }
/** Addresses, fetched before: of the file of this card, and of messages it names. `isOurs`: its words are ours, and not quoted. */
export type Links = { file?: string | null; message?: (ref: MessageRef) => string | null; isOurs?: boolean }

/** What a person reads of a button that opens a form first; the form itself is asked for when it is clicked. */
const ASKS_FIRST = 'form'

/** Of one card; the rest is in its file. */
const PARTS_MAX = 30
/** Far from everything that Slack could mean by too long. */
const PLAIN_CHARS_MAX = 6_000
const PARTS_AT_THE_END = 8
/** For what is ours: the link to the file, counts, quotes. */
const REST_CHARS = 600

/** The whole card as a file, when it is longer than a message may be; else null. */
export function attachment(card: Card): Attachment | null {
  if (!isLong(card)) return null
  return { name: 'all-of-it.txt', content: [card.title, ...card.body.map(plainly)].join('\n\n').toWellFormed() }
}

export function render(card: Card, links: Links = {}): Rendered {
  const { title, body, labels } = isLong(card) ? shortenedParts(card, links) : parts(card, links)
  return {
    text: fallback(card),
    blocks: [
      ...titleBlocks(card.tone, title),
      ...body.map((elements): KnownBlock => ({ type: 'rich_text', elements })),
      ...(labels.length > 0 ? [{ type: 'rich_text', elements: labels } as const] : []),
      ...fileLine(links.file),
      ...mentions(card.mention),
      ...rows(card.buttons),
    ].slice(0, BLOCKS_MAX),
  }
}

/** Without any looks: its words in parts, those that are not ours behind a sign, and its buttons. */
export function asText(card: Card): Rendered {
  const { tone, title, body, buttons } = card
  const all = [`${SIGNS[tone]} ${onOneLine(title)}`, ...body.map(plainlyQuoted), ...longLabels(buttons)]
  const text =
    all
      .map((one) => revealed(one, true))
      .join('\n')
      .trim() || '–'
  const cut = shortened(text, PLAIN_CHARS_MAX)
  const shown = cut ? [cut.head, leftOut(cut.left, {}), cut.tail] : [text]
  return {
    text: fallback(card),
    blocks: [
      ...shown
        .flatMap((part) => split(part, SECTION_CHARS_MAX))
        .filter((part) => part.trim() !== '')
        .map((part) => ({
          type: 'section' as const,
          text: { type: 'plain_text' as const, text: unmarked(part), emoji: false },
        })),
      ...mentions(card.mention),
      ...rows(buttons),
    ],
  }
}

const plainlyQuoted = (block: Block): string =>
  block.kind === 'line' ? plainly(block) : plainly(block).replaceAll(/^/gmu, '> ')

type Parts = { title: string; body: RichTextBlockElement[][]; labels: RichTextBlockElement[] }

const parts = ({ title, body, buttons }: Card, links: Links): Parts => ({
  title: revealed(onOneLine(title), false),
  body: inParagraphs(body, (block) => elementsOf(block, links)),
  labels: longLabels(buttons).map((label) => section(plain(`“${label}”`, { strictly: true }))),
})

/** Lines that follow each other stand together, everything else apart. */
function inParagraphs(blocks: Block[], show: (block: Block) => RichTextBlockElement[]): RichTextBlockElement[][] {
  const paragraphs: RichTextBlockElement[][] = []
  for (const [index, block] of blocks.entries()) {
    const [first, ...others] = show(block)
    const above = paragraphs.at(-1)?.at(-1)
    const follows = block.kind === 'line' && blocks[index - 1]?.kind === 'line'
    if (follows && above?.type === 'rich_text_section' && first?.type === 'rich_text_section') {
      above.elements.push({ type: 'text', text: '\n' }, ...first.elements)
      paragraphs.at(-1)?.push(...others)
    } else if (first) paragraphs.push([first, ...others])
  }
  return paragraphs
}

/** What a button has no room for stands above it. */
const longLabels = (buttons: Button[]): string[] =>
  buttons.map(({ label }) => onOneLine(label)).filter((label) => revealed(label, true).length > LABEL_CHARS_MAX)

function isLong(card: Card): boolean {
  const { title, body, labels } = parts(card, {})
  return card.body.length > PARTS_MAX || title.length + charsOf([body, labels]) > roomOf(card)
}

/** For title and body; what remains is for buttons, the link to the file and the mentions. */
const roomOf = ({ buttons }: Card): number =>
  MESSAGE_CHARS_MAX -
  REST_CHARS -
  buttons.reduce((sum, { label }) => sum + Math.min(LABEL_CHARS_MAX, revealed(label, true).length), 0)

/** As much of each part as has room: its beginning and its end. */
function shortenedParts(card: Card, links: Links): Parts {
  const labels = longLabels(card.buttons)
  const title = revealed(onOneLine(card.title), false)
  const all = [title, ...card.body.map(shownPlainly), ...labels]
  const most = allowance(
    all.map((text) => text.length),
    roomOf(card),
  )
  const short = (text: string): string => {
    const cut = shortened(text, most)
    return cut ? `${cut.head} ${leftOut(cut.left, links)} ${cut.tail}` : text
  }
  return {
    title: short(title),
    body: inParagraphs(middleLeftOut(card.body, links), (block) => fitting(block, most, links)),
    labels: labels.map((label) => section(plain(short(`“${label}”`), { strictly: true }))),
  }
}

function middleLeftOut(body: Block[], { file }: Links): Block[] {
  if (body.length <= PARTS_MAX) return body
  const left = body.length - PARTS_MAX
  const note: Block = { kind: 'line', parts: [`… ${left} parts are left out here; ${whereAll(file)} …`] }
  return [...body.slice(0, PARTS_MAX - PARTS_AT_THE_END), note, ...body.slice(-PARTS_AT_THE_END)]
}

function fitting(block: Block, charsMax: number, links: Links): RichTextBlockElement[] {
  const whole = elementsOf(block, links)
  const cut = shortened(shownPlainly(block), charsMax)
  if (!cut && charsOf(whole) <= charsMax) return whole
  const { head, left, tail } = cut ?? { head: shownPlainly(block), left: 0, tail: '' }
  const isCode = block.kind === 'code'
  const isQuoted = block.kind === 'words' && !links.isOurs
  const show = (part: string): RichTextBlockElement[] =>
    isCode ? preformatted(part) : words(part, { isAligned: false })
  // A fence that was open before the cut is open after it.
  const reopened = !isCode && (head.match(/^\s*```/gmu) ?? []).length % 2 === 1 ? '```\n' : ''
  const note =
    left > 0 ? [section([{ type: 'text', text: leftOut(left, links), style: { italic: true } } as const])] : []
  const [first, last] = [show(head), show(reopened + tail)]
  return isQuoted ? [...quoted(first), ...note, ...quoted(last)] : [...first, ...note, ...last]
}

/** The text of a block with its unseen characters by name: what is cut is what is shown. */
const shownPlainly = (block: Block): string => revealed(plainly(block), block.kind !== 'words')

const charsOf = (value: unknown): number => {
  if (Array.isArray(value)) return value.reduce((sum: number, one) => sum + charsOf(one), 0)
  if (typeof value !== 'object' || value === null) return 0
  return Object.entries(value).reduce(
    (sum, [key, one]) => sum + (key === 'text' && typeof one === 'string' ? one.length : charsOf(one)),
    0,
  )
}

const leftOut = (chars: number, { file }: Links): string =>
  `… ${chars} characters are left out here; ${whereAll(file)} …`

const whereAll = (file: Links['file']): string => (file ? 'the file has them' : 'the page has them')

function elementsOf(block: Block, links: Links): RichTextBlockElement[] {
  switch (block.kind) {
    case 'line': {
      const elements = block.parts.flatMap((part) => partElements(part, links))
      return elements.length > 0 ? [section(elements)] : []
    }
    case 'words':
      return links.isOurs ? words(block.text) : quoted(words(block.text))
    case 'code':
      return [...titleOf(block), ...preformatted(block.text)]
    case 'checklist': {
      const done = block.items.filter(({ state }) => state === 'done').length
      const head = plain(`${done} of ${block.items.length} done`)
      return [
        section([...head, ...block.items.flatMap(({ text, state }) => plain(`\n${STATES[state]} ${onOneLine(text)}`))]),
      ]
    }
  }
}

const section = (elements: RichTextElement[]): RichTextBlockElement => ({ type: 'rich_text_section', elements })
const textBlock = (elements: RichTextElement[]): KnownBlock => ({ type: 'rich_text', elements: [section(elements)] })

const titleOf = (block: Block): RichTextBlockElement[] =>
  block.kind === 'code' && block.title ? [section(plain(block.title, { style: { bold: true } }))] : []

function partElements(part: Part, links: Links): RichTextElement[] {
  if (typeof part === 'string') return plain(onOneLine(part))
  if ('at' in part) return [date(part.at, '{date_short_pretty} {time}')]
  if ('since' in part) return [date(part.since, '{ago}')]
  if ('code' in part) return code(part.code)
  if ('strong' in part) return plain(onOneLine(part.strong), { style: { bold: true }, strictly: true })
  if ('file' in part) return code(part.file.path)
  // Named, not mentioned: only who is needed is called.
  if ('person' in part) return plain(onOneLine(`@${part.person.name}`), { strictly: true })
  const url = links.message?.(part.message)
  return url
    ? [{ type: 'link', url, text: unmarked(revealed(onOneLine(part.text), true)) || url }]
    : plain(onOneLine(part.text))
}

/** Slack takes no instants before 1970 and none that are no whole seconds. */
const date = (at: number, format: string): RichTextElement => {
  const seconds = Number.isFinite(at) ? Math.max(0, Math.floor(at / 1_000)) : 0
  return { type: 'date', timestamp: seconds, format, fallback: clock(seconds) }
}

function titleBlocks(tone: Tone, title: string): KnownBlock[] {
  const text = revealed([SIGNS[tone], title].filter((one) => one.trim() !== '').join(' '), false)
  if (text.trim() === '') return []
  // In a header nothing can be taken apart: what could be read as markup goes where nothing is.
  const isHeader = text.length <= HEADER_CHARS_MAX && !/[<>&]/u.test(text)
  return [
    isHeader
      ? { type: 'header', text: { type: 'plain_text', text, emoji: false } }
      : textBlock(plain(text, { style: { bold: true } })),
  ]
}

const fileLine = (file: string | null | undefined): KnownBlock[] =>
  file ? [textBlock([...plain('All of it: '), { type: 'link', url: file, text: 'file' }])] : []

/** Rows of buttons; one id is one button. */
export function rows(buttons: Button[]): KnownBlock[] {
  const each = [...new Map(buttons.map((button) => [button.id, button])).values()]
  const elements = each.map(({ id, label, style, form }) => ({
    type: 'button' as const,
    action_id: id,
    text: { type: 'plain_text' as const, text: buttonLabel(label), emoji: false },
    ...(style && { style }),
    ...(form && { value: ASKS_FIRST }),
  }))
  return Array.from({ length: Math.ceil(elements.length / BUTTONS_MAX) }, (_, row) => ({
    type: 'actions',
    elements: elements.slice(row * BUTTONS_MAX, (row + 1) * BUTTONS_MAX),
  }))
}

/** A longer one stands whole above the buttons. */
function buttonLabel(label: string): string {
  const text = unmarked(revealed(onOneLine(label), true))
  if (text.length <= LABEL_CHARS_MAX) return text.trim() === '' ? '–' : text
  return `${split(text, LABEL_CHARS_MAX - 1)[0]}…`
}

function mentions(actors: Actor[]): KnownBlock[] {
  const ids = calledBy(actors)
  if (ids.length === 0) return []
  return [
    textBlock(
      ids.flatMap((id, at): RichTextElement[] => [...(at > 0 ? plain(' ') : []), { type: 'user', user_id: id }]),
    ),
  ]
}
