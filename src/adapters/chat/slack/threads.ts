// Which threads are ours, and what was said in a thread: before somebody mentioned us there, or while we were away.

import { z } from 'zod'
import type { CatchUp, Said } from '../../../bot/chat.ts'
import type { Place } from '../../../task/words.ts'
import { failureOf, isOfToken, patiently } from './api.ts'
import { CHAT, historic, human, mentioned, named, typed, type SlackMessage } from './inbound.ts'
import type { People } from './people.ts'
import type { Room } from './room.ts'

const PAGE = 200
const PAGES_MAX = 10
const SAID_MAX = 200
/** Threads come to be ours through us or through another process of this home. */
const LOOK_AGAIN_MS = 3_000
const KNOWN_MAX = 20_000

const More = z.object({ response_metadata: z.object({ next_cursor: z.string().optional() }).optional() })

export type Threads = ReturnType<typeof threads>

export function threads(
  { client, now, wait, mayRead, us, log }: Room,
  people: People,
  catchUp: Pick<CatchUp, 'threads'>,
) {
  const known = new Set<string>()
  let lookedAt = Number.NEGATIVE_INFINITY
  const keyOf = (channel: string, thread: string): string => `${channel}:${thread}`

  async function listed(): Promise<Place[]> {
    const all = await catchUp.threads()
    lookedAt = now()
    for (const { channel, thread } of all) if (thread !== undefined) add(channel, thread)
    return all
  }

  function add(channel: string, thread: string): void {
    if (known.size >= KNOWN_MAX) known.clear()
    known.add(keyOf(channel, thread))
  }

  /** Messages of a thread after `oldest` and before `latest`, oldest first, its root included where it is in between. */
  async function read(
    channel: string,
    thread: string,
    { oldest = '0', latest }: { oldest?: string; latest?: string | undefined },
  ): Promise<SlackMessage[]> {
    const found: SlackMessage[] = []
    for (let pages = 0, cursor = ''; pages < PAGES_MAX; pages++) {
      const asked = {
        channel,
        ts: thread,
        oldest,
        limit: PAGE,
        ...(latest !== undefined && { latest }),
        ...(cursor !== '' && { cursor }),
      }
      await mayRead()
      const page = await patiently(() => client.conversations.replies(asked), wait)
      found.push(...historic(page.messages))
      cursor = More.parse(page).response_metadata?.next_cursor ?? ''
      if (cursor === '') break
    }
    const within = found.filter(({ ts }) => ts > oldest && (latest === undefined || ts < latest))
    return [...new Map(within.map((message) => [message.ts, message])).values()].toSorted((a, b) =>
      a.ts < b.ts ? -1 : 1,
    )
  }

  return {
    add,
    listed,
    /** Whether words there may be for a task. In a channel we see everything that is said. */
    async isOurs(channel: string, thread: string, parent: string | undefined): Promise<boolean> {
      if (parent === us().user || known.has(keyOf(channel, thread))) return true
      if (now() - lookedAt > LOOK_AGAIN_MS) await listed()
      return known.has(keyOf(channel, thread))
    },
    /** What people said in a thread after the message `oldest`; nothing where it cannot be read any more. */
    async missed(channel: string, thread: string, oldest: string): Promise<SlackMessage[]> {
      try {
        return (await read(channel, thread, { oldest })).filter((one) => one.ts !== thread && human(one))
      } catch (error) {
        if (failureOf(error).kind !== 'refused' || isOfToken(error)) throw error
        log.warn({ err: error, channel, thread }, 'a thread could not be read')
        return []
      }
    },
    /** What was said in a thread by people and by other bots, before a message of it where one is named. */
    async before(channel: string, thread: string, latest: string | undefined): Promise<Said[]> {
      const messages = (await read(channel, thread, { latest })).filter(
        // A mention alone says nothing.
        (one) => one.user !== us().user && mentioned(one.text, us().user) !== '',
      )
      return Promise.all(messages.slice(-SAID_MAX).flatMap((one) => (one.text === '' ? [] : [saidBy(one)])))
    },
    saidBy,
    textOf,
  }

  async function saidBy(message: SlackMessage): Promise<Said> {
    const { user, bot_id: bot, username } = message
    const author =
      user === undefined
        ? { chat: CHAT, id: bot ?? 'unknown', name: username ?? bot ?? 'somebody' }
        : await people.actor(user)
    return { author, groups: user === undefined ? [] : await people.groups(user), text: await textOf(message.text) }
  }

  async function textOf(text: string): Promise<string> {
    const names = new Map(await Promise.all(named(text).map(async (user) => [user, await people.name(user)] as const)))
    return typed(text, (user) => names.get(user) ?? null)
  }
}
