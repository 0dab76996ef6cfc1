// The threads under status cards: opened when something is to be said in them, named after their task, archived a while after its
// end, brought back when something is to be edited in them. Discord takes two new names in ten minutes, so a name waits for
// its turn, the newest counts, and nobody waits for it.

import type { ThreadLook } from '../../../task/card.ts'
import type { MessageRef, Place } from '../../../task/words.ts'
import { codeOf, GONE, Later, THREAD_EXISTS, type Api } from './api.ts'
import type { Channels } from './channels.ts'
import { inertName } from './text.ts'

/** So long nothing is expected there any more: the longest there is. */
const AUTO_ARCHIVE_MINUTES = 10_080
const NAME_CHARS_MAX = 100
const AGAIN_MS = 30_000

type State = { name: string; thread_metadata?: { archived: boolean; locked: boolean } }
/** Where something of a thread is posted: in it, or where there can be none, as an answer to its root. */
export type Spot = { channel: string; answers: string | null }

type Options = { api: Api; channels: Channels; archiveMs: number; failed: (error: unknown) => void }

export function threads({ api, channels, archiveMs, failed }: Options) {
  const wanted = new Map<string, ThreadLook & { channel: string; since: number }>()
  const timers = new Map<string, NodeJS.Timeout>()
  const settling = new Set<string>()

  /** Opens the thread of a root, and says where to post. */
  async function opened(channel: string, thread: string, name: string): Promise<Spot> {
    try {
      const body = { name: nameOf(name), auto_archive_duration: AUTO_ARCHIVE_MINUTES }
      await api.post(`/channels/${channel}/messages/${thread}/threads`, { body })
    } catch (error) {
      const code = codeOf(error)
      if (code === null || code === GONE.channel) throw error
      // It is not allowed, or there can be none here: what is said stands in the channel, as an answer.
      if (code !== THREAD_EXISTS) return { channel, answers: thread }
    }
    return { channel: thread, answers: null }
  }

  async function spot(place: Place, isRetry = false): Promise<Spot> {
    const { channel, thread } = place
    if (thread === undefined) return { channel, answers: null }
    if ((await channels.info(channel)).kind !== 'channel') return { channel, answers: thread }
    const known = isRetry ? null : await channels.info(thread).catch(orNull)
    if (known) return { channel: thread, answers: null }
    return opened(channel, thread, wanted.get(thread)?.name ?? 'task')
  }

  /** What the thread of this root should look like from now on. Nobody waits for it. */
  function look({ channel, id }: MessageRef, want: ThreadLook): void {
    wanted.set(id, { ...want, channel, since: Date.now() })
    later(id, 0)
  }

  function later(id: string, ms: number): void {
    clearTimeout(timers.get(id))
    timers.set(
      id,
      setTimeout(() => {
        timers.delete(id)
        settling.add(id)
        void settle(id)
          .catch(failed)
          .finally(() => settling.delete(id))
      }, ms).unref(),
    )
  }

  async function settle(id: string): Promise<void> {
    const want = wanted.get(id)
    if (!want) return
    if ((await channels.info(want.channel)).kind !== 'channel') return void wanted.delete(id)
    try {
      const is = await api.get<State>(`/channels/${id}`).catch(orNull)
      // What was deleted after the end is not missed.
      if (!is && want.isOver) return void wanted.delete(id)
      if (!is) return void (await opened(want.channel, id, want.name))
      await named(id, is, nameOf(want.name))
      const archivesIn = want.isOver ? want.since + archiveMs - Date.now() : 0
      if (archivesIn > 0) return later(id, archivesIn)
      if (isArchived(is) !== want.isOver) await patch(id, { archived: want.isOver })
      if (want.isOver) wanted.delete(id)
    } catch (error) {
      if (error instanceof Later) return later(id, error.ms)
      if (codeOf(error) === null) later(id, AGAIN_MS)
      throw error
    }
  }

  async function named(id: string, is: State, name: string): Promise<void> {
    if (is.name === name) return
    if (isArchived(is)) Object.assign(is, await patch(id, { archived: false }))
    await patch(id, { name })
  }

  const patch = (id: string, body: Partial<{ name: string; archived: boolean }>): Promise<State> =>
    api.patch(`/channels/${id}`, { body })

  return {
    spot,
    look,
    /** Whether it is still to look as wanted. */
    isPending: (id: string): boolean => timers.has(id) || settling.has(id),
    /** Something is edited in an archived thread: it comes back for that. */
    async reopened(id: string): Promise<void> {
      const { name } = await patch(id, { archived: false })
      const { parent } = await channels.info(id)
      if (!wanted.has(id) && parent) wanted.set(id, { name, isOver: true, channel: parent, since: Date.now() })
      later(id, archiveMs)
    },
    stop(): void {
      for (const timer of timers.values()) clearTimeout(timer)
      timers.clear()
    },
  }
}

const nameOf = (name: string): string => inertName(name, NAME_CHARS_MAX)

const isArchived = ({ thread_metadata }: State): boolean => thread_metadata?.archived === true

/** A thread that is not there, or is not shown to us. */
const orNull = (error: unknown): null => {
  if (codeOf(error) === GONE.channel) return null
  throw error
}
