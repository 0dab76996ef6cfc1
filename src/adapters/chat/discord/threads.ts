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
  const wanted = new Map<string, ThreadLook & { channel: string }>()
  const timers = new Map<string, NodeJS.Timeout>()

  /** Opens the thread of a root, and says where to post. */
  async function opened({ channel, thread }: Place & { thread: string }, name: string): Promise<Spot> {
    try {
      const body = { name: nameOf(name), auto_archive_duration: AUTO_ARCHIVE_MINUTES }
      await api.post(`/channels/${channel}/messages/${thread}/threads`, { body })
      channels.forget(thread)
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
    return opened({ ...place, thread }, wanted.get(thread)?.name ?? 'task')
  }

  /** What the thread of this root should look like from now on. Nobody waits for it. */
  function look({ channel, id }: MessageRef, want: ThreadLook): void {
    wanted.set(id, { ...want, channel })
    later(id, want.isOver ? archiveMs : 0)
  }

  function later(id: string, ms: number): void {
    clearTimeout(timers.get(id))
    timers.set(
      id,
      setTimeout(() => {
        timers.delete(id)
        void settle(id).catch(failed)
      }, ms).unref(),
    )
  }

  async function settle(id: string): Promise<void> {
    const want = wanted.get(id)
    if (!want) return
    const { kind } = await channels.info(want.channel)
    if (kind !== 'channel') return
    try {
      const is = await api.get<State>(`/channels/${id}`).catch(orNull)
      // What was deleted after the end is not missed.
      if (!is && want.isOver) return void wanted.delete(id)
      if (!is) return void (await opened({ chat: '', channel: want.channel, thread: id }, want.name))
      const isArchived = is.thread_metadata?.archived === true
      const name = nameOf(want.name)
      if (isArchived && is.name !== name) await api.patch(`/channels/${id}`, { body: { archived: false } })
      const body = {
        ...(is.name !== name && { name }),
        ...((is.name !== name || isArchived !== want.isOver) && { archived: want.isOver }),
      }
      if (Object.keys(body).length > 0) await api.patch(`/channels/${id}`, { body })
      if (want.isOver) wanted.delete(id)
    } catch (error) {
      if (error instanceof Later) return later(id, error.ms)
      if (codeOf(error) === null) later(id, AGAIN_MS)
      throw error
    }
  }

  return {
    spot,
    look,
    /** Something is edited in an archived thread: it comes back for that. */
    async reopened(id: string): Promise<void> {
      await api.patch(`/channels/${id}`, { body: { archived: false } })
      const parent = (await channels.info(id)).parent
      const { name } = await api.get<State>(`/channels/${id}`)
      if (!wanted.has(id) && parent) wanted.set(id, { name, isOver: true, channel: parent })
      later(id, archiveMs)
    },
    stop(): void {
      for (const timer of timers.values()) clearTimeout(timer)
      timers.clear()
    },
  }
}

const nameOf = (name: string): string => inertName(name, NAME_CHARS_MAX)

/** A thread that is not there, or is not shown to us. */
const orNull = (error: unknown): null => {
  if (codeOf(error) === GONE.channel) return null
  throw error
}
