// What only the person who acted is told: under their command, as a message that nobody else sees, as a window, or in their home.

import type { HomeView, KnownBlock } from '@slack/types'
import type { Reply } from '../../../bot/chat.ts'
import type { Block, Form } from '../../../task/card.ts'
import type { Place } from '../../../task/words.ts'
import { isRefusedWith, patiently } from './api.ts'
import { modal } from './forms.ts'
import { ASK_AGAIN, type Window } from './inbound.ts'
import { paced } from './lanes.ts'
import { MESSAGE_CHARS_MAX, TIER_4_BURST, TIER_4_PER_MINUTE, VIEW_BLOCKS_MAX, VIEW_BYTES_MAX } from './limits.ts'
import { render, rows, type Rendered } from './render.ts'
import type { Room } from './room.ts'
import { split } from './shorten.ts'

export type Asker = { user: string; place: Place; respond: string | null; trigger: string | null; home: boolean }

const NOT_IN_TIME = 'Slack did not open the form in time: click again.'
/** Room for what is ours around a text. */
const AROUND = 500
const MESSAGES_MAX = 6

export type Answers = ReturnType<typeof answers>

export function answers({ client, now, wait, log }: Room) {
  const mayWhisper = paced({ now, wait }, TIER_4_BURST, TIER_4_PER_MINUTE)

  /** Seen by one person, where they are. Not being able to tell them undoes nothing. */
  async function whisper({ user, place, respond }: Asker, { text, blocks }: Rendered): Promise<void> {
    const where = { channel: place.channel, ...(place.thread !== undefined && { thread_ts: place.thread }) }
    try {
      if (/^[UW]/u.test(place.channel))
        await patiently(() => client.chat.postMessage({ channel: user, text, blocks }), wait)
      else {
        await mayWhisper()
        await patiently(() => client.chat.postEphemeral({ ...where, user, text, blocks }), wait)
      }
    } catch (error) {
      if (respond !== null && isRefusedWith(error, 'not_in_channel', 'channel_not_found', 'user_not_in_channel'))
        return byUrl(respond, { response_type: 'ephemeral', text, blocks })
      log.warn({ err: error }, 'somebody could not be told an answer')
    }
  }

  async function byUrl(url: string, body: object): Promise<void> {
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(10_000),
      })
      await response.arrayBuffer()
    } catch (error) {
      log.warn({ err: error }, 'somebody could not be told an answer')
    }
  }

  /** Within three seconds of what the person did, and once. */
  async function open(asker: Asker, id: string, form: Form): Promise<void> {
    const { place, trigger, home } = asker
    // Where there is nothing to open it with, a button is offered that brings it.
    if (trigger === null) return whisper(asker, offer())
    try {
      await client.views.open({ trigger_id: trigger, view: modal(form, windowOf(id, place, home)) })
    } catch (error) {
      log.warn({ err: error }, 'a form could not be opened')
      await whisper(asker, plainly(NOT_IN_TIME))
    }
  }

  async function tell(asker: Asker, reply: Reply): Promise<void> {
    if (reply.kind === 'form') return open(asker, reply.id, reply.form)
    for (const message of messagesOf(reply)) await whisper(asker, message)
  }

  return {
    tell,
    open,
    byUrl,
    /** A message that only its person saw goes away once it is done. */
    dismiss: (url: string): Promise<void> => byUrl(url, { delete_original: true }),
    publish: (user: string, reply: Reply, note: string | null): Promise<unknown> =>
      patiently(() => client.views.publish({ user_id: user, view: homeView(reply, note) }), wait),
  }
}

const windowOf = (id: string, { channel, thread }: Place, home: boolean): Window => ({
  id,
  channel,
  ...(thread !== undefined && { thread }),
  ...(home && { home }),
})

const offer = (): Rendered => ({
  text: 'What is to be done?',
  blocks: [
    { type: 'section', text: { type: 'plain_text', text: 'What is to be done?', emoji: false } },
    ...rows([{ id: ASK_AGAIN, label: 'Open the form', style: 'primary' }]),
  ],
})

/** A reply as messages, none when there is nothing to say. */
export function messagesOf(reply: Reply): Rendered[] {
  switch (reply.kind) {
    case 'none':
    case 'form':
      return []
    case 'refused':
      return parts(reply.text)
    case 'text':
      return parts(reply.text, reply.code)
    case 'cards':
      return [...parts(reply.text), ...reply.cards.map((card) => render({ ...card, mention: [] }))]
  }
}

const plainly = (text: string): Rendered => parts(text)[0] ?? { text, blocks: [] }

/** Text and code of any length, in as many messages as it takes; beyond that it says how much is left. */
function parts(text: string, code = ''): Rendered[] {
  const room = MESSAGE_CHARS_MAX - AROUND
  const all: Block[] = [
    ...(text.trim() === '' ? [] : split(text, room).map((part): Block => ({ kind: 'words', text: part }))),
    ...(code === '' ? [] : split(code, room).map((part): Block => ({ kind: 'code', text: part }))),
  ]
  const groups: Block[][] = text.length + code.length <= room ? [all] : all.map((block) => [block])
  const left = groups
    .slice(MESSAGES_MAX)
    .flat()
    .reduce((sum, block) => sum + ('text' in block ? block.text.length : 0), 0)
  const note: Block = {
    kind: 'line',
    parts: [`… and ${left} characters more: the page and the command line show all of it.`],
  }
  const shown = [...groups.slice(0, MESSAGES_MAX), ...(left > 0 ? [[note]] : [])]
  return shown
    .filter((body) => body.length > 0)
    .map((body) => render({ tone: 'plain', title: '', body, buttons: [], mention: [] }, { isOurs: true }))
}

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value))

/** The tasks of one person with their buttons, as the first thing they see of the app. `note`: what came of their last click. */
function homeView(reply: Reply, note: string | null): HomeView {
  const noted = note === null ? [] : plainly(note).blocks
  const cards = reply.kind === 'cards' ? reply.cards : []
  const head = reply.kind === 'cards' ? parts(reply.text) : messagesOf(reply)
  const blocks: KnownBlock[] = [...noted, ...head.flatMap((one) => one.blocks)]
  const seen = new Set<string>()
  let shown = 0
  for (const card of cards) {
    const buttons = card.buttons.filter(({ id }) => !seen.has(id))
    const more = [{ type: 'divider' as const }, ...render({ ...card, buttons, mention: [] }).blocks]
    if (blocks.length + more.length >= VIEW_BLOCKS_MAX || bytesOf([...blocks, ...more]) > VIEW_BYTES_MAX) break
    for (const { id } of buttons) seen.add(id)
    blocks.push(...more)
    shown += 1
  }
  if (shown < cards.length) blocks.push(...plainly(`and ${cards.length - shown} more: /bg mine`).blocks)
  return { type: 'home', blocks: blocks.length > 0 ? blocks : plainly('Nothing waits for you.').blocks }
}
