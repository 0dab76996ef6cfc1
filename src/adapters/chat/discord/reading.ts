// Messages of people: what they mean, and in which order they are handed on. What was said while we were away is read from
// the threads of tasks with every new session; a message has the same key then as if it had been heard.

import type { CatchUp, Inbound, Reply, Said } from '../../../bot/chat.ts'
import type { Place } from '../../../task/words.ts'
import { codeOf, type Api } from './api.ts'
import { nullIfRefused, type Channels } from './channels.ts'
import { cursor } from './cursor.ts'
import { actorOf, CHAT, isVerb, meaningOf, readMessage, readSaid, type Message, type Standing } from './inbound.ts'

const PAGE = 100
const SAID_MAX = 50
const RETRY_MS = 5_000
/** Clocks differ. */
const SKEW_MS = 60_000
const EPOCH_MS = 1_420_070_400_000

type Options = {
  api: Api
  channels: Channels
  catchUp: CatchUp
  me: () => string
  names: () => string[]
  verbs: readonly string[]
  receive: (event: Inbound) => Promise<Reply>
  /** Tells whoever wrote a message what came of it. */
  answer: (message: Message, reply: Reply) => Promise<void>
  now: () => number
  failed: (error: unknown) => void
}

/** Given again it counts once, because its key is that of the message. */
export const NOT_WRITTEN = 'This could not be written down, so nothing was changed: please try again.'

export function reading({ api, channels, catchUp, me, names, verbs, receive, answer, now, failed }: Options) {
  const read = cursor((id) => void catchUp.reached(id).catch(failed))
  /** One after another within a channel. */
  const queues = new Map<string, Promise<void>>()
  let missed: Promise<void> | null = null
  let again = false
  let retry: NodeJS.Timeout | null = null
  let isStopped = false

  function heard(payload: unknown): Promise<void> {
    const message = readMessage(payload)
    if (!message) return Promise.resolve()
    read.begins(message.id)
    const { channel_id: channel } = message
    const next = (queues.get(channel) ?? Promise.resolve()).then(() => one(message))
    queues.set(channel, next)
    return next.finally(() => queues.get(channel) === next && queues.delete(channel))
  }

  async function one(message: Message): Promise<void> {
    let event: Inbound | null = null
    try {
      event = await eventOf(message).catch(nullIfRefused)
      if (!event) return read.leaves(message.id)
      const reply = await receive(event)
      read.ends(message.id, true)
      await answer(message, reply).catch(failed)
    } catch (error) {
      failed(error)
      read.ends(message.id, false)
      soon()
      // Only threads of tasks are read again: a command may stand elsewhere, and who gave it must know.
      if (event?.kind === 'command') await answer(message, { kind: 'refused', text: NOT_WRITTEN }).catch(failed)
    }
  }

  async function eventOf(message: Message): Promise<Inbound | null> {
    const { standing, place, guild } = await standingOf(message)
    const meaning = meaningOf(message.content, standing)
    if (!meaning) return null
    const { id, channel_id: channel, author, member } = message
    const groups = member?.roles ?? (guild === null ? [] : await channels.groupsOf(guild, author.id))
    const source = { chat: CHAT, channel, id }
    const who = { key: id, actor: actorOf(author, member?.nick), groups, place, source }
    if (meaning.kind === 'reply') return { ...who, ...meaning, kind: 'reply' }
    const said = standing.kind === 'other thread' ? await saidBefore(channel, id, guild) : []
    return { ...who, ...meaning, kind: 'command', ...(said.length > 0 && { said }) }
  }

  async function standingOf(message: Message): Promise<{ standing: Standing; place: Place; guild: string | null }> {
    const { channel_id: channel } = message
    const { kind, parent, guild } = await channels.info(channel)
    const base = { names: names(), verbs, root: null }
    if (kind === 'thread' && parent !== null) {
      const isOurs = await channels.isOurs(channel)
      const standing = { ...base, kind: isOurs ? ('thread of ours' as const) : ('other thread' as const) }
      return { standing, place: { chat: CHAT, channel: parent, thread: channel }, guild }
    }
    const root = await rootOf(message, kind === 'direct')
    const where: Standing['kind'] = kind === 'direct' ? kind : kind === 'post' ? 'other thread' : 'channel'
    const standing = { ...base, kind: where, root }
    return { standing, place: { chat: CHAT, channel, ...(root !== null && { thread: root }) }, guild }
  }

  /** The root of the task that is meant by answering a message of ours where there is no thread. */
  async function rootOf(
    { referenced_message: answered, channel_id: channel, content }: Message,
    isDirect: boolean,
  ): Promise<string | null> {
    if (answered?.author.id !== me()) return null
    const root = answered.message_reference?.message_id ?? answered.id
    const known = await catchUp.threads()
    if (known.some((place) => place.channel === channel && place.thread === root)) return root
    // It may be a task that ended long ago, or nothing of a task.
    return isDirect && !isVerb(content, verbs) ? root : null
  }

  /** What people said in a thread before a message, oldest first; what cannot be read keeps nothing from being done. */
  async function saidBefore(thread: string, message: string, guild: string | null): Promise<Said[]> {
    channels.forgetGroups()
    const query = { before: message, limit: String(SAID_MAX) }
    const before = await api.get<unknown[]>(`/channels/${thread}/messages`, { query }).catch((error: unknown) => {
      failed(error)
      return []
    })
    const said = before.toReversed().flatMap((payload) => readSaid(payload) ?? [])
    return Promise.all(
      said.map(async (words) => ({
        ...words,
        groups: guild === null ? [] : await channels.groupsOf(guild, words.author.id).catch(() => []),
      })),
    )
  }

  /** A new session: reads what it does not bring. */
  function fresh(): void {
    read.opens()
    begin()
  }

  function begin(): void {
    if (isStopped) return
    if (missed) return void (again = true)
    again = false
    missed = catchUpNow().finally(() => {
      missed = null
      if (again) begin()
    })
  }

  function soon(): void {
    if (retry || isStopped) return
    retry = setTimeout(() => {
      retry = null
      begin()
    }, RETRY_MS).unref()
  }

  async function catchUpNow(): Promise<void> {
    const gaps = read.gaps()
    try {
      const from = await catchUp.cursor()
      if (from === null) await catchUp.reached(idAt(now() - SKEW_MS))
      else await readAll(from)
      read.closes(gaps)
    } catch (error) {
      failed(error)
      soon()
    }
  }

  async function readAll(from: string): Promise<void> {
    channels.forgetGroups()
    for (const place of await catchUp.threads()) {
      for (const channel of await sourcesOf(place)) await readSince(channel, from)
    }
  }

  /** Where words for a task may stand: in its thread, or where there is none, in its channel. */
  async function sourcesOf({ channel, thread = channel }: Place): Promise<string[]> {
    try {
      return ['direct', 'post'].includes((await channels.info(channel)).kind) ? [channel] : [thread]
    } catch (error) {
      if (codeOf(error) === null) throw error
      return []
    }
  }

  async function readSince(channel: string, from: string): Promise<void> {
    for (let after = from; ;) {
      const query = { after, limit: String(PAGE) }
      const page = await api
        .get<{ id: string }[]>(`/channels/${channel}/messages`, { query })
        .catch((error: unknown) => {
          // Gone, or closed to us: nothing can be read there.
          if (codeOf(error) === null) throw error
          return []
        })
      const inOrder = page.toSorted((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1))
      for (const payload of inOrder) await heard(payload)
      after = inOrder.at(-1)?.id ?? after
      if (page.length < PAGE) return
    }
  }

  return {
    heard,
    fresh,
    saidBefore,
    /** Resolves when nothing is being handed on. */
    async stop(): Promise<void> {
      isStopped = true
      if (retry) clearTimeout(retry)
      await missed
      await Promise.all(queues.values())
    },
  }
}

const idAt = (ms: number): string => String(BigInt(Math.max(0, ms - EPOCH_MS)) << 22n)
