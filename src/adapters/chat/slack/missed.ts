// What was said in our threads while nobody listened: read when a connection stands again, and handed on before what is said there now.

import type { CatchUp } from '../../../bot/chat.ts'
import type { Cursor } from './cursor.ts'
import { threadOf, type Words } from './inbound.ts'
import { within } from './people.ts'
import type { Room } from './room.ts'
import type { Threads } from './threads.ts'

const AGAIN_MS = 5_000
/** So long words of now wait for those before them: order is worth less than being heard. */
const BEFORE_MS_MAX = 10_000

export type Missed = ReturnType<typeof missed>

type Parts = {
  threads: Threads
  cursor: Cursor
  catchUp: Pick<CatchUp, 'cursor'>
  words: (said: Words) => Promise<void>
}

export function missed({ wait, log }: Pick<Room, 'wait' | 'log'>, { threads, cursor, catchUp, words }: Parts) {
  /** By thread: reads it, once. */
  const unread = new Map<string, () => Promise<void>>()
  let listed: Promise<void> = Promise.resolve()

  async function read(): Promise<void> {
    cursor.hold()
    listed = list()
    await listed
    for (const [thread, readIt] of unread) {
      await readIt()
      unread.delete(thread)
    }
    await cursor.release()
  }

  async function list(): Promise<void> {
    const all = await threads.listed()
    // What was ever heard has moved it: where it never moved, all of our threads are unread.
    const from = (await catchUp.cursor()) ?? '0'
    unread.clear()
    for (const { channel, thread } of all)
      if (thread !== undefined)
        unread.set(
          keyOf(channel, thread),
          once(() => readThread(channel, thread, from)),
        )
  }

  async function readThread(channel: string, thread: string, from: string): Promise<void> {
    for (const message of await threads.missed(channel, thread, from))
      await words({ user: message.user ?? '', channel, direct: false, message: { ...message, thread_ts: thread } })
  }

  return {
    look: again(read, wait, log),
    /** Resolves when what was said before in the same thread has been handed on. */
    async before(said: Words): Promise<void> {
      const thread = threadOf(said)
      if (thread === undefined) return
      const reading = listed.then(() => unread.get(keyOf(said.channel, thread))?.())
      await within(
        reading.catch(() => {}),
        BEFORE_MS_MAX,
        undefined,
      )
    },
  }
}

const keyOf = (channel: string, thread: string): string => `${channel}:${thread}`

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | null = null
  return () => (done ??= work())
}

/** Does it, again after a failure, and once more when it was asked for meanwhile; never twice at a time. */
function again(work: () => Promise<void>, wait: Room['wait'], log: Room['log']): () => void {
  let running = false
  let wanted = false
  async function run(): Promise<void> {
    while (wanted) {
      wanted = false
      try {
        await work()
      } catch (error) {
        log.warn({ err: error }, 'what was said meanwhile could not be read; trying again')
        wanted = true
        await wait(AGAIN_MS)
      }
    }
    running = false
  }
  return () => {
    wanted = true
    if (running) return
    running = true
    run().catch(() => {})
  }
}
