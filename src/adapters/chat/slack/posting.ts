// Cards as messages: posted once, edited, and found again. Slack keeps no key of a post, so the key goes along as metadata, and where it is
// not known whether a post arrived it is looked for before it is repeated.

import { z } from 'zod'
import type { Chat } from '../../../bot/chat.ts'
import type { Card } from '../../../task/card.ts'
import type { MessageRef, Place } from '../../../task/words.ts'
import { failureOf, isRefusedWith, patiently, whyRefused, type WebClient } from './api.ts'
import { CHAT, isDirect } from './inbound.ts'
import { edits, lanes, sharedReads } from './lanes.ts'
import { asText, attachment, render, type Rendered } from './render.ts'
import type { Room } from './room.ts'
import { BOT_TOKEN_NAME } from './tokens.ts'
import { uploads } from './uploads.ts'

const BETWEEN_OTHERS =
  'I cannot write in a conversation between people: start it in a channel, or in a direct message to me.'
const EVENT_TYPE = 'bg_task'
/** Between a post of which nothing is known and the look for it. */
const UNSURE_MS = 1_000
const TRIES_MAX = 3
/** A channel that does not let us in is not asked again at once. */
const LOCKED_MS = 10_000
const SHUT =
  /^(not_in_channel|channel_not_found|is_archived|is_inactive|messages_tab_disabled|restricted_action(_read_only_channel|_thread_only_channel)?)$/u
const PAGES_MAX = 10
const PAGE = 200
/** Errors about how a card looks, or about the file it links, and not about who may post where. */
const NOT_TAKEN = /^(invalid_blocks|invalid_blocks_format|msg_blocks_too_long|msg_too_long|block_mismatch|.*file.*)$/u

const Posted = z.object({ channel: z.string(), ts: z.string() })
const Page = z.object({
  messages: z.array(
    z.object({
      ts: z.string(),
      user: z.string().nullish(),
      metadata: z
        .object({ event_payload: z.object({ key: z.string() }) })
        .nullish()
        .catch(null),
    }),
  ),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
})

export function posting(room: Room): Pick<Chat, 'post' | 'edit' | 'find'> {
  const { client, now, wait, mayRead, us, log, locked } = room
  const lane = lanes({ now, wait })
  const budget = edits({ now })
  const upload = uploads(room)
  const closed = new Map<string, { until: number; why: string }>()
  const directs = new Map<string, string>()
  const shared = sharedReads<Map<string, string>>()

  const address = ({ channel, id }: MessageRef): string => `${us().url}archives/${channel}/p${id.replace('.', '')}`

  /** Shows a card as it looks best, and as plain text where Slack does not take that: what is asked has to be seen. */
  async function shown<T>(card: Card, show: (content: Rendered, hasFile: boolean) => Promise<T>): Promise<T> {
    const all = attachment(card)
    const file = all && (await upload(all))
    try {
      return await show(render(card, { file, message: address }), file !== null)
    } catch (error) {
      const failure = failureOf(error)
      if (failure.kind !== 'refused' || !NOT_TAKEN.test(failure.error)) throw error
      log.warn({ err: error }, 'Slack does not take a card as it is; it is shown as plain text')
      return show(asText(card), false)
    }
  }

  async function post(place: Place, card: Card, key: string): Promise<MessageRef> {
    const shut = closed.get(place.channel)
    if (shut && now() < shut.until) throw new Error(shut.why)
    try {
      return await shown(card, ({ text, blocks }, hasFile) =>
        lane.run(place.channel, (pause) =>
          posted(place, key, pause, {
            channel: place.channel,
            text,
            blocks,
            metadata: { event_type: EVENT_TYPE, event_payload: { key } },
            unfurl_links: false,
            // What an agent names is not unfolded; a file of ours is shown.
            unfurl_media: hasFile,
            ...(place.thread !== undefined && { thread_ts: place.thread }),
          }),
        ),
      )
    } catch (error) {
      throw refusal(place.channel, error)
    }
  }

  async function posted(
    place: Place,
    key: string,
    pause: (ms: number) => Promise<void>,
    message: Parameters<WebClient['chat']['postMessage']>[0],
  ): Promise<MessageRef> {
    for (let tries = 1; ; tries++) {
      try {
        return refOf(await client.chat.postMessage(message))
      } catch (error) {
        const failure = failureOf(error)
        if (failure.kind === 'refused') throw error
        if (failure.kind === 'limited') await pause(failure.ms)
        else {
          await wait(UNSURE_MS)
          const there = await find(place, key)
          if (there) return there
          if (tries >= TRIES_MAX) throw error
        }
      }
    }
  }

  /** As a sentence for whoever asked for something there, where one can say what to do. */
  function refusal(channel: string, error: unknown): unknown {
    const failure = failureOf(error)
    const isApart = isDirect(channel) && isRefusedWith(error, 'channel_not_found', 'not_in_channel')
    const why = isApart ? BETWEEN_OTHERS : whyRefused(error, BOT_TOKEN_NAME, us().name)
    if (why === null) return error
    if (failure.kind === 'refused' && SHUT.test(failure.error)) {
      closed.set(channel, { until: now() + LOCKED_MS, why })
      locked(channel, why)
    }
    return new Error(why, { cause: error })
  }

  async function edit(ref: MessageRef, card: Card): ReturnType<Chat['edit']> {
    if (!budget.may()) return 'later'
    try {
      await shown(card, ({ text, blocks }) => client.chat.update({ channel: ref.channel, ts: ref.id, text, blocks }))
      return 'edited'
    } catch (error) {
      const failure = failureOf(error)
      if (failure.kind === 'limited') budget.pause(failure.ms)
      // Done or not: the same edit again does no harm.
      if (failure.kind !== 'refused') return 'later'
      if (/^(message_not_found|cant_update_message|edit_window_closed)$/u.test(failure.error)) return 'gone'
      if (/^(streaming_state_conflict|update_failed)$/u.test(failure.error)) return 'later'
      throw refusal(ref.channel, error)
    }
  }

  async function find({ channel, thread }: Place, key: string): Promise<MessageRef | null> {
    const where = await channelOf(channel)
    const ts = (await shared(`${where}:${thread ?? ''}`, () => keysIn(where, thread))).get(key)
    return ts === undefined ? null : { chat: CHAT, channel: where, id: ts }
  }

  /** The keys of our messages in a place, each with the message that has it. */
  async function keysIn(channel: string, thread: string | undefined): Promise<Map<string, string>> {
    const keys = new Map<string, string>()
    for (let pages = 0, cursor = ''; pages < PAGES_MAX; pages++) {
      const page = await messagesOf(channel, thread, cursor)
      for (const { ts, user, metadata } of page?.messages ?? [])
        if (metadata && user === us().user) keys.set(metadata.event_payload.key, ts)
      cursor = page?.response_metadata?.next_cursor ?? ''
      if (cursor === '') break
    }
    return keys
  }

  async function messagesOf(
    channel: string,
    thread: string | undefined,
    cursor: string,
  ): Promise<z.infer<typeof Page> | null> {
    await mayRead()
    const wanted = { channel, include_all_metadata: true, limit: PAGE, ...(cursor !== '' && { cursor }) }
    try {
      return Page.parse(
        await patiently(
          () =>
            thread === undefined
              ? client.conversations.history(wanted)
              : client.conversations.replies({ ...wanted, ts: thread }),
          wait,
        ),
      )
    } catch (error) {
      if (isRefusedWith(error, 'thread_not_found')) return null
      throw refusal(channel, error)
    }
  }

  /** Somebody's direct messages are a channel of their own, which posts find by the person and histories do not. */
  async function channelOf(channel: string): Promise<string> {
    if (!/^[UW]/u.test(channel)) return channel
    const known = directs.get(channel)
    if (known !== undefined) return known
    const opened = await patiently(() => client.conversations.open({ users: channel }), wait)
    const id = z.object({ channel: z.object({ id: z.string() }) }).parse(opened).channel.id
    directs.set(channel, id)
    return id
  }

  return { post, edit, find }
}

function refOf(posted: unknown): MessageRef {
  const { channel, ts } = Posted.parse(posted)
  return { chat: CHAT, channel, id: ts }
}
