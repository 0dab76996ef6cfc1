// What is known about channels and threads: of which guild, under which channel, and whose. Only hints: Discord is asked again after
// a restart, and whatever it says then counts.

import type { Place } from '../../../task/words.ts'
import { codeOf, type Api } from './api.ts'

/** A `post` is a thread of a forum: the forum itself takes no messages, so that a task asked for there stands in its post. */
type Kind = 'channel' | 'direct' | 'forum' | 'thread' | 'post'
type Info = { guild: string | null; kind: Kind; parent: string | null; owner: string | null }
type Body = { type: number; guild_id?: string; parent_id?: string | null; owner_id?: string }
type MessageBody = { author: { id: string } }

const KNOWN_MAX = 2_000
const DIRECT = [1, 3]
const THREADS = [10, 11, 12]
const FORUMS = [15, 16]

export type Channels = ReturnType<typeof channels>

export function channels(api: Api, me: () => string) {
  const infos = new Map<string, Promise<Info>>()
  const ours = new Map<string, Promise<boolean>>()
  const groups = new Map<string, Promise<string[]>>()

  const info = (id: string): Promise<Info> =>
    kept(infos, id, async () => {
      const { type, guild_id, parent_id, owner_id } = await api.get<Body>(`/channels/${id}`)
      const parent = THREADS.includes(type) ? (parent_id ?? null) : null
      const kind = parent !== null ? await kindUnder(parent) : kindOf(type)
      return { kind, parent, guild: guild_id ?? null, owner: owner_id ?? null }
    })

  const kindUnder = async (parent: string): Promise<Kind> =>
    (await info(parent).catch(nullIfRefused))?.kind === 'forum' ? 'post' : 'thread'

  /** Whether this thread hangs on a message of ours: we opened it, or somebody did under our message. */
  const isOurs = (thread: string): Promise<boolean> =>
    kept(ours, thread, async () => {
      const { owner, parent } = await info(thread)
      if (owner === me()) return true
      if (parent === null) return false
      const root = await api.get<MessageBody>(`/channels/${parent}/messages/${thread}`).catch(nullIfRefused)
      return root?.author.id === me()
    })

  return {
    info,
    isOurs,
    /** Where a task belongs that is asked for here. */
    async placed(place: Place): Promise<Place> {
      const { chat, thread, channel } = place
      if (thread === undefined || (await info(channel).catch(() => null))?.kind !== 'forum') return place
      return { chat, channel: thread }
    },
    /** The roles of a person, where a message does not say them. */
    groupsOf: (guild: string, person: string): Promise<string[]> =>
      kept(groups, `${guild}:${person}`, async () => {
        const member = await api.get<{ roles: string[] }>(`/guilds/${guild}/members/${person}`).catch(nullIfRefused)
        return member?.roles ?? []
      }),
    /** Roles change. */
    forgetGroups: () => groups.clear(),
  }
}

const kindOf = (type: number): Kind => (DIRECT.includes(type) ? 'direct' : FORUMS.includes(type) ? 'forum' : 'channel')

/** Discord says that it is not there, or not for us; anything else is no answer. */
export function nullIfRefused(error: unknown): null {
  if (codeOf(error) === null) throw error
  return null
}

/** Asked once; an answer that did not come is asked for again. */
function kept<T>(all: Map<string, Promise<T>>, key: string, ask: () => Promise<T>): Promise<T> {
  const known = all.get(key)
  if (known) return known
  const asked = ask()
  all.set(key, asked)
  asked.catch(() => all.delete(key))
  const oldest = all.size > KNOWN_MAX ? all.keys().next().value : undefined
  if (oldest !== undefined) all.delete(oldest)
  return asked
}
