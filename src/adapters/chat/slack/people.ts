// Who somebody is: their name, and the user groups they are in. Both are asked of Slack and kept for some minutes. Nobody waits long for
// a name, which is for reading; groups decide, so they are waited for.

import { z } from 'zod'
import type { Actor } from '../../../task/words.ts'
import { failureOf } from './api.ts'
import { CHAT } from './inbound.ts'
import { paced } from './lanes.ts'
import { TIER_4_BURST, TIER_4_PER_MINUTE } from './limits.ts'
import type { Room } from './room.ts'

const KEPT_MS = 5 * 60_000
const NAME_MS_MAX = 500
const NAMES_MAX = 5_000

const User = z.object({
  user: z.object({
    name: z.string().optional(),
    real_name: z.string().optional(),
    profile: z.object({ display_name: z.string().optional(), real_name: z.string().optional() }).optional(),
  }),
})
const Groups = z.object({
  usergroups: z.array(z.object({ id: z.string(), users: z.array(z.string()).optional() })),
})

export type People = ReturnType<typeof people>

export function people({ client, now, wait }: Pick<Room, 'client' | 'now' | 'wait'>) {
  const mayAsk = paced({ now, wait }, TIER_4_BURST, TIER_4_PER_MINUTE)
  const names = new Map<string, { name: string; at: number }>()
  const asking = new Map<string, Promise<string | null>>()
  let groups: { of: Map<string, string[]>; at: number } | null = null
  let askingGroups: Promise<void> | null = null

  async function ask(user: string): Promise<string | null> {
    try {
      await mayAsk()
      const { user: found } = User.parse(await client.users.info({ user }))
      const said = [found.profile?.display_name, found.profile?.real_name, found.real_name, found.name].find(
        (one) => one !== undefined && one !== '',
      )
      if (said === undefined) return null
      if (names.size >= NAMES_MAX) names.clear()
      names.set(user, { name: said, at: now() })
      return said
    } catch {
      return null
    } finally {
      asking.delete(user)
    }
  }

  /** The name, if it is known in time. */
  async function name(user: string): Promise<string | null> {
    const known = names.get(user)
    if (known && now() - known.at < KEPT_MS) return known.name
    const asked = asking.get(user) ?? ask(user)
    if (names.get(user) === known) asking.set(user, asked)
    return known?.name ?? within(asked, NAME_MS_MAX, null)
  }

  async function askGroups(): Promise<void> {
    try {
      const { usergroups } = Groups.parse(await client.usergroups.list({ include_users: true }))
      const of = new Map<string, string[]>()
      for (const { id, users = [] } of usergroups) for (const user of users) of.set(user, [...(of.get(user) ?? []), id])
      groups = { of, at: now() }
    } catch (error) {
      if (failureOf(error).kind !== 'refused') throw error
      // Without the scope, or in a workspace without groups, nobody is in one.
      groups = { of: new Map(), at: now() }
    } finally {
      askingGroups = null
    }
  }

  return {
    name,
    /** `said`: the name that came with what they did, where Slack does not say a better one in time. */
    async actor(user: string, said: string | null = null): Promise<Actor> {
      return { chat: CHAT, id: user, name: (await name(user)) ?? said ?? user }
    },
    /** Rejects while Slack has not said it: who may do something because of a group must not be taken for somebody who may not. */
    async groups(user: string): Promise<string[]> {
      if (!groups || now() - groups.at > KEPT_MS) {
        askingGroups ??= askGroups()
        if (groups) askingGroups.catch(() => {})
        else await askingGroups
      }
      return groups?.of.get(user) ?? []
    },
  }
}

/** What it resolves with, or something else when it takes too long. */
export function within<T, U>(work: Promise<T>, ms: number, otherwise: U): Promise<T | U> {
  const { promise, resolve, reject } = Promise.withResolvers<T | U>()
  const timer = setTimeout(() => resolve(otherwise), ms)
  work.then(resolve, reject).finally(() => clearTimeout(timer))
  return promise
}
