// A card as a message of Discord: new components (flag 1<<15) in one container. At most 40 components and 4,000 shown characters
// in total: what does not fit is shown with its beginning and its end, and all of it is attached as a file, with a line
// that says so. Pure.

import type { Block, Button, Card, Part, Tone } from '../../../task/card.ts'
import { NEW_COMPONENTS } from './flags.ts'
import {
  codeBlock,
  head,
  inert,
  inertLine,
  isExact,
  part,
  plainPart,
  shortened,
  tail,
  words,
  type Links,
} from './text.ts'

export const SHOWN_CHARS_MAX = 4_000
const TITLE_CHARS_MAX = 200
const LABEL_CHARS_MAX = 80
const OPTION_CHARS_MAX = 100
const ROW_BUTTONS_MAX = 5
/** Beyond, the buttons become the options of selects. */
const BUTTONS_MAX = 20
const SELECT_OPTIONS_MAX = 25
const FILES_MAX = 8
/** Less than this says nothing. */
const BLOCK_CHARS_MIN = 200

export type Attached = { name: string; text: string }
export type Payload = { flags: number; components: object[]; allowed_mentions: { parse: []; users?: string[] } }
export type Rendered = { body: Payload; files: Attached[] }

const SIGNS: Record<Tone, string> = {
  queued: '⏳',
  working: '🔵',
  needs: '🟡',
  good: '✅',
  bad: '🔴',
  stopped: '⏹️',
  plain: '',
}
const COLOURS: Record<Tone, number> = {
  queued: 0x80848e,
  working: 0x5865f2,
  needs: 0xf0b232,
  good: 0x23a55a,
  bad: 0xf23f43,
  stopped: 0x80848e,
  plain: 0x4e5058,
}

/** `mark`: a number the message carries unseen, by which it is found again. */
export function render(card: Card, links: Links, mark?: number): Rendered {
  const mentioned = card.mention.filter(({ chat, id }) => chat === links.chat && /^\d+$/u.test(id)).map(({ id }) => id)
  const users = [...new Set(mentioned)]
  const title = titleOf(card)
  const taken = title.length + 1 + mentionText(users).length + labelChars(card.buttons)
  const blocks = [...longTitle(card), ...card.body, ...longLabels(card.buttons)]
  const { text, files } = fitted(
    blocks.map((block) => laidOut(block, links)),
    SHOWN_CHARS_MAX - taken,
  )
  const said = [title, text].filter((one) => one !== '').join('\n')
  // Where an agent’s words name somebody, that calls nobody.
  const named = card.body.flatMap((block) => (block.kind === 'line' ? block.parts : [])).flatMap(personIn)
  const missing = users.filter((id) => !named.includes(id) || !text.includes(`<@${id}>`))
  const inside: object[] = [
    { type: 10, content: said === '' ? '…' : said },
    ...files.map(({ name }) => ({ type: 13, file: { url: `attachment://${name}` } })),
    ...(card.buttons.length > BUTTONS_MAX ? selects(card.buttons) : rows(card.buttons)),
  ]
  const isLine = card.title === '' && inside.length === 1
  const id = mark === undefined ? {} : { id: mark }
  const components = isLine
    ? [{ ...inside[0], ...id }]
    : [{ type: 17, ...id, accent_color: COLOURS[card.tone], components: inside }]
  const above = missing.length > 0 ? [{ type: 10, content: mentionText(missing) }] : []
  return {
    body: {
      flags: NEW_COMPONENTS,
      components: [...above, ...components],
      allowed_mentions: { parse: [], ...(users.length > 0 && { users }) },
    },
    files,
  }
}

/** What the thread under a card is called. It takes two names in ten minutes, and that work begins is not worth one of them. */
export const threadName = ({ tone, thread }: Card): string =>
  `${SIGNS[tone === 'queued' ? 'working' : tone]} ${thread?.name ?? ''}`

const titleOf = ({ tone, title }: Card): string => {
  const sign = SIGNS[tone]
  if (title === '') return ''
  return `### ${sign ? `${sign} ` : ''}${inertLine(shortened(title, TITLE_CHARS_MAX))}`
}

/** What the heading cannot hold is said under it. */
const longTitle = ({ title }: Card): Block[] =>
  title.length > TITLE_CHARS_MAX ? [{ kind: 'line', parts: [title] }] : []

const personIn = (one: Part): string[] => (typeof one === 'object' && 'person' in one ? [one.person.id] : [])

const mentionText = (users: string[]): string => users.map((id) => `<@${id}>`).join(' ')

/** `full`: all of it as plain text. `cut` shows at most so many characters of it and names the file. */
type LaidOut = {
  shown: string
  full: string
  name: string
  exact: boolean
  cut: (chars: number, file: string) => string
}

function laidOut(block: Block, links: Links): LaidOut {
  switch (block.kind) {
    case 'line': {
      const full = block.parts.map(plainPart).join('')
      return { ...asText(full, 'text.txt', inert), shown: block.parts.map((one) => part(one, links)).join('') }
    }
    case 'words':
      return asText(block.text, 'words.md', words)
    case 'checklist': {
      const lines = block.items.map(({ text, state }) => ({ text, sign: CHECKS[state] }))
      return {
        ...asText(lines.map(({ text, sign }) => `${sign} ${text}`).join('\n'), 'checklist.txt', inert),
        shown: lines.map(({ text, sign }) => `${sign} ${inertLine(text)}`).join('\n'),
      }
    }
    case 'code': {
      const { text, title, syntax } = block
      const above = title ? `**${inertLine(shortened(title, 100))}**\n` : ''
      const show = (some: string): string => codeBlock(some, syntax)
      const name = syntax === 'diff' ? 'changes.diff' : `${slug(title ?? 'command')}.txt`
      const laid = asText(text, name, show)
      return {
        ...laid,
        shown: above + laid.shown,
        exact: isExact(text),
        cut: (chars, file) => above + laid.cut(chars - above.length, file),
      }
    }
  }
}

const CHECKS = { todo: '☐', doing: '▶', done: '☑' } as const

const slug = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/gu, '-')
    .slice(0, 40) || 'text'

function asText(full: string, name: string, show: (text: string) => string): LaidOut {
  return { full, name, shown: show(full), exact: true, cut: (chars, file) => cutText(full, chars, file, show) }
}

/** Its beginning and its end: what somebody concludes stands at the end. */
function cutText(full: string, chars: number, file: string, show: (text: string) => string): string {
  for (let share = chars; share > 8; share = Math.floor(share * 0.85)) {
    const [first, last] = [head(full, Math.floor(share * 0.4)), tail(full, Math.ceil(share * 0.6))]
    const left = full.length - first.length - last.length
    const note = `-# … ${left} characters are left out here; all of it is in ${file} …`
    const text = `${show(first)}\n${note}\n${show(last)}`
    if (text.length <= chars) return text
  }
  return `-# All of it is in ${file}.`
}

/** All blocks within so many characters; the longest give way first. */
function fitted(blocks: LaidOut[], chars: number): { text: string; files: Attached[] } {
  const lengths = blocks.map(({ shown }) => shown.length + 1)
  const total = (cap: number): number => lengths.reduce((sum, length) => sum + Math.min(length, cap), 0)
  let cap = Math.max(BLOCK_CHARS_MIN, ...lengths)
  while (total(cap) > chars && cap > BLOCK_CHARS_MIN) cap = Math.max(BLOCK_CHARS_MIN, Math.floor(cap * 0.9))
  const isLong = (one: LaidOut): boolean => one.shown.length + 1 > cap
  const attached = blocks.filter((one) => isLong(one) || !one.exact)
  if (total(cap) > chars || attached.length > FILES_MAX) return together(blocks, chars)
  const names = uniqueNames(attached)
  const text = blocks
    .map((one) => (isLong(one) ? one.cut(cap - 1, names.get(one) ?? '') : one.shown))
    .filter((one) => one !== '')
    .join('\n')
  return { text, files: attached.map((one) => ({ name: names.get(one) ?? one.name, text: one.full })) }
}

/** Too many to be shown one by one. */
function together(blocks: LaidOut[], chars: number): { text: string; files: Attached[] } {
  const full = blocks.map((one) => one.full).join('\n\n')
  const name = 'all-of-it.txt'
  return { text: cutText(full, chars, name, words), files: [{ name, text: full }] }
}

function uniqueNames(blocks: LaidOut[]): Map<LaidOut, string> {
  const names = new Map<LaidOut, string>()
  for (const block of blocks) {
    const taken = new Set(names.values())
    let name = block.name
    for (let n = 2; taken.has(name); n++) name = block.name.replace(/\.(\w+)$/u, `-${n}.$1`)
    names.set(block, name)
  }
  return names
}

const STYLES = { primary: 1, danger: 4, secondary: 2 } as const

const rows = (buttons: Button[]): object[] =>
  inGroups(buttons, ROW_BUTTONS_MAX).map((row) => ({
    type: 1,
    components: row.map(({ id, label, style }) => ({
      type: 2,
      style: STYLES[style ?? 'secondary'],
      custom_id: id,
      label: labelOf(label, LABEL_CHARS_MAX),
    })),
  }))

/** The value of an option is what the button's id would be. */
export const SELECT_ID = 'v1s'
const selects = (buttons: Button[]): object[] =>
  inGroups(buttons, SELECT_OPTIONS_MAX).map((some, index) => ({
    type: 1,
    components: [
      {
        type: 3,
        custom_id: `${SELECT_ID}:${index}`,
        placeholder: 'Choose',
        options: some.map(({ id, label }) => ({ value: id, label: labelOf(label, OPTION_CHARS_MAX) })),
      },
    ],
  }))

const labelOf = (label: string, chars: number): string => shortened(label.trim() === '' ? '…' : label, chars)

const labelChars = (buttons: Button[]): number =>
  buttons.length > BUTTONS_MAX
    ? 0
    : buttons.reduce((sum, { label }) => sum + Math.min(Math.max(label.length, 1), LABEL_CHARS_MAX), 0)

/** What a button cannot hold is said above it. */
const longLabels = (buttons: Button[]): Block[] =>
  buttons.flatMap(({ label }): Block[] =>
    label.length > LABEL_CHARS_MAX ? [{ kind: 'line', parts: ['• ', label] }] : [],
  )

function inGroups<T>(all: T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) => all.slice(index * size, (index + 1) * size))
}
