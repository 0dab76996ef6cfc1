// Posts cards, edits them, finds them again and marks messages of people. A post carries a nonce made from its key, so that the
// same post again is the first message; Discord forgets that after minutes, so a number made from the key is also
// in the message, unseen, as the id of a component.

import { createHash } from 'node:crypto'
import type { Card, Mark } from '../../../task/card.ts'
import type { MessageRef, Place } from '../../../task/words.ts'
import { ARCHIVED, codeOf, GONE, Later, troubleIn, type Api } from './api.ts'
import type { Channels } from './channels.ts'
import { CHAT } from './inbound.ts'
import { render, threadName, type Rendered } from './render.ts'
import type { Spot, threads } from './threads.ts'

const NONCE_CHARS_MAX = 25
/** Messages that are looked through for a lost one. */
const LOOKED_THROUGH = 100
/** A place that takes nothing is left alone for so long: Discord shuts out who is refused too often. */
const HELD_BACK_MS = 60_000
const MARKS: Record<Mark, string> = { received: '👀', delivered: '✅' }

type Posted = { id: string; author: { id: string }; components?: { id?: number }[] }
type Options = {
  api: Api
  channels: Channels
  threads: ReturnType<typeof threads>
  me: () => string
  now: () => number
}

export type Messages = ReturnType<typeof messages>

export function messages({ api, channels, threads: look, me, now }: Options) {
  const heldBack = new Map<string, { until: number; sentence: string }>()
  /** Of a message that was found again: an edit must leave it findable. */
  const numbers = new Map<string, number>()
  /** What a message says already whose thread does not yet look as it should. */
  const shown = new Map<string, string>()

  /** Runs a call about a channel; what is refused there is not tried again at once. Who may not post may still edit. */
  async function inChannel<T>(what: 'post' | 'edit', channel: string, call: () => Promise<T>): Promise<T> {
    const subject = `${what} ${channel}`
    const held = heldBack.get(subject)
    if (held && now() < held.until) throw new Error(held.sentence)
    try {
      const done = await call()
      heldBack.delete(subject)
      return done
    } catch (error) {
      const sentence = troubleIn(channel, error)
      if (sentence === null) throw error
      heldBack.set(subject, { until: now() + HELD_BACK_MS, sentence })
      throw new Error(sentence, { cause: error })
    }
  }

  function named(ref: MessageRef, card: Card): void {
    if (card.thread) look.look(ref, { ...card.thread, name: threadName(card) })
  }

  async function drawn(card: Card, number?: number): Promise<Rendered> {
    const guilds = new Map<string, string | null>()
    const linked = card.body.flatMap((block) => (block.kind === 'line' ? block.parts : []))
    for (const one of linked)
      if (typeof one === 'object' && 'message' in one)
        guilds.set(one.message.channel, await guildOf(one.message.channel))
    return render(card, { chat: CHAT, guildOf: (channel) => guilds.get(channel) ?? null }, number)
  }

  const guildOf = async (channel: string): Promise<string | null> =>
    (await channels.info(channel).catch(() => null))?.guild ?? null

  async function send(spot: Spot, { body, files }: Rendered, key: string): Promise<MessageRef> {
    const { channel, answers } = spot
    const reference = answers === null ? {} : { message_reference: { message_id: answers, fail_if_not_exists: false } }
    const wish = { body: { ...body, ...reference, ...once(key) }, files }
    const { id } = await api.post<{ id: string }>(`/channels/${channel}/messages`, wish)
    return { chat: CHAT, channel, id }
  }

  async function post(place: Place, card: Card, key: string): Promise<MessageRef> {
    return inChannel('post', place.channel, async () => {
      const sent = await drawn(card, numberOf(key))
      const spot = await look.spot(place)
      const ref = await send(spot, sent, key).catch((error: unknown) => elsewhere(error, place, sent, key))
      if (place.thread === undefined) named(ref, card)
      return ref
    })
  }

  /** The thread was deleted, or is closed to us: a new one, or in the channel as an answer. */
  async function elsewhere(error: unknown, place: Place, sent: Rendered, key: string): Promise<MessageRef> {
    const { channel, thread } = place
    const code = codeOf(error)
    if (thread === undefined || code === null) throw error
    const answer: Spot = { channel, answers: thread }
    const spot =
      code === GONE.channel ? await look.spot(place, true) : code === ARCHIVED ? await reopenedSpot(thread) : answer
    return send(spot ?? answer, sent, key).catch((again: unknown) => {
      // Nor does it take another one.
      if (spot?.channel !== thread || codeOf(again) === null) throw again
      return send(answer, sent, key)
    })
  }

  const reopenedSpot = (thread: string): Promise<Spot | null> =>
    look.reopened(thread).then(
      () => ({ channel: thread, answers: null }),
      () => null,
    )

  async function edit(ref: MessageRef, card: Card): Promise<'edited' | 'gone' | 'later'> {
    return inChannel('edit', ref.channel, async () => {
      const { body, files } = await drawn(card, numbers.get(ref.id))
      const content = JSON.stringify([body, files])
      if (shown.get(ref.id) === content) return settled(ref.id)
      // Files that were there before are of what it said before.
      const attachments = files.map(({ name }, id) => ({ id, filename: name }))
      const patch = () =>
        api.patch(`/channels/${ref.channel}/messages/${ref.id}`, { body: { ...body, attachments }, files })
      try {
        await patch().catch(async (error: unknown) => {
          if (codeOf(error) !== ARCHIVED) throw error
          await look.reopened(ref.channel)
          return patch()
        })
        if (!card.thread) return 'edited'
        named(ref, card)
        shown.set(ref.id, content)
        return 'later'
      } catch (error) {
        if (error instanceof Later) return 'later'
        const code = codeOf(error)
        if (code === GONE.message || code === GONE.channel) return 'gone'
        throw error
      }
    })
  }

  /** A name that waits, or the archiving, would be forgotten by a restart: so it is asked for until it is so. */
  function settled(id: string): 'edited' | 'later' {
    if (look.isPending(id)) return 'later'
    shown.delete(id)
    return 'edited'
  }

  async function find(place: Place, key: string): Promise<MessageRef | null> {
    const number = numberOf(key)
    for (const channel of place.thread === undefined ? [place.channel] : [place.thread, place.channel]) {
      const query = { limit: String(LOOKED_THROUGH) }
      const recent = await api.get<Posted[]>(`/channels/${channel}/messages`, { query }).catch((error: unknown) => {
        if (codeOf(error) === GONE.channel) return []
        throw error
      })
      const found = recent.find(
        ({ author, components = [] }) => author.id === me() && components.some(({ id }) => id === number),
      )
      if (found) {
        numbers.set(found.id, number)
        return { chat: CHAT, channel, id: found.id }
      }
    }
    return null
  }

  /** 👀 while we have it, ✅ once the agent has it; it never goes back. */
  async function mark({ channel, id }: MessageRef, wanted: Mark): Promise<void> {
    const at = (emoji: string) =>
      `/channels/${channel}/messages/${id}/reactions/${encodeURIComponent(emoji)}/@me` as const
    try {
      await inOpen(channel, async () => {
        if (wanted === 'received') {
          const { reactions = [] } = await api.get<{ reactions?: { me: boolean; emoji: { name: string } }[] }>(
            `/channels/${channel}/messages/${id}`,
          )
          if (reactions.some(({ me: isOurs, emoji }) => isOurs && emoji.name === MARKS.delivered)) return
          return void (await api.put(at(MARKS.received)))
        }
        await api.put(at(MARKS.delivered))
        await api.delete(at(MARKS.received)).catch(() => {})
      })
    } catch (error) {
      // A mark is a courtesy: where it cannot be, nothing is held up for it.
      if (codeOf(error) === null) throw error
    }
  }

  async function inOpen(thread: string, call: () => Promise<unknown>): Promise<void> {
    await call().catch(async (error: unknown) => {
      if (codeOf(error) !== ARCHIVED) throw error
      await look.reopened(thread)
      await call()
    })
  }

  return {
    post,
    edit,
    find,
    mark,
    drawn,
    /** Why something cannot be shown somewhere, if so. */
    trouble: (): string | null => [...heldBack.values()].find(({ until }) => now() < until)?.sentence ?? null,
  }
}

const digest = (key: string): Buffer => createHash('sha256').update(key).digest()

/** Posted again with the same key, it is the first message. */
export const once = (key: string) => ({
  nonce: digest(key).toString('base64url').slice(0, NONCE_CHARS_MAX),
  enforce_nonce: true,
})

/** Far above the numbers Discord gives itself. */
const numberOf = (key: string): number => (digest(key).readUInt32BE(8) % 0x3fff_ffff) + 0x4000_0000
