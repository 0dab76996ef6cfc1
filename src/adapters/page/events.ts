// The one stream of a browser: what changed in the chat, each change with its seq so that a cut connection loses none, and
// that something on the board changed, at most twice a second. Like everything here it looks at what is: a ring means "look".

import type { Context } from 'hono'
import { streamSSE, type SSEStreamingApi } from 'hono/streaming'

const BOARD_INTERVAL_MS = 500
const COMMENT_INTERVAL_MS = 15_000
const RETRY_MS = 1_000
const CHANGES_PER_LOOK = 200

/** What happened in the chat, in order of `seq`. The page hands it on and need not know what is in it. */
export type Feed = {
  lastSeq(): Promise<number>
  since(seq: number, limit: number): Promise<{ seq: number }[]>
  changed(listener: () => void): () => void
}

/** Calls the listener after each change; returns how to end that. */
export type Changes = (listener: () => void) => () => void

export function events(c: Context, feed: Feed, changes: Changes): Response {
  // Compression and buffering would hold events back.
  c.header('X-Accel-Buffering', 'no')
  return streamSSE(c, async (stream) => {
    const bell = doorbell()
    stream.onAbort(bell.ring)
    const ends = [
      feed.changed(bell.ring),
      changes(() => bell.ring('board')),
      every(COMMENT_INTERVAL_MS, () => bell.ring('comment')),
    ]
    try {
      let seen = await startOf(c, feed)
      let boardAt = 0
      await stream.writeSSE({
        event: 'hello',
        data: JSON.stringify({ seq: await feed.lastSeq() }),
        id: String(seen),
        retry: RETRY_MS,
      })
      while (!stream.aborted) {
        seen = await replay(stream, feed, seen)
        if (bell.took('comment')) await stream.write(': still here\n\n')
        const wait = boardAt + BOARD_INTERVAL_MS - performance.now()
        if (wait <= 0 && bell.took('board')) {
          boardAt = performance.now()
          await stream.writeSSE({ event: 'board', data: '{}' })
        }
        await bell.rung(bell.has('board') ? Math.max(1, wait) : undefined)
      }
    } finally {
      for (const end of ends) end()
    }
  })
}

async function startOf(c: Context, feed: Feed): Promise<number> {
  const last = await feed.lastSeq()
  const asked = Number.parseInt(c.req.header('last-event-id') ?? c.req.query('after') ?? '', 10)
  // A seq from the future is of another database: the reader is told ours and reads anew.
  return Number.isInteger(asked) && asked >= 0 && asked <= last ? asked : last
}

async function replay(stream: SSEStreamingApi, feed: Feed, after: number): Promise<number> {
  for (let seen = after; ;) {
    const changes = await feed.since(seen, CHANGES_PER_LOOK)
    for (const change of changes) {
      await stream.writeSSE({ event: 'message', data: JSON.stringify(change), id: String(change.seq) })
      seen = change.seq
    }
    if (changes.length < CHANGES_PER_LOOK || stream.aborted) return seen
  }
}

type Doorbell = {
  ring(what?: string): void
  has(what: string): boolean
  took(what: string): boolean
  rung(withinMs?: number): Promise<void>
}

/** Remembers rings, so that one between two looks is not missed. */
function doorbell(): Doorbell {
  const rings = new Set<string>()
  let wake: (() => void) | null = null
  return {
    ring(what = 'look') {
      rings.add(what)
      wake?.()
    },
    has: (what) => rings.has(what),
    took: (what) => rings.delete(what),
    async rung(withinMs) {
      const { promise, resolve } = Promise.withResolvers<void>()
      const others = [...rings].filter((what) => withinMs === undefined || what !== 'board')
      if (others.length > 0) resolve()
      wake = resolve
      const timer = withinMs === undefined ? undefined : setTimeout(resolve, withinMs)
      await promise
      clearTimeout(timer)
      wake = null
      rings.delete('look')
    },
  }
}

function every(ms: number, act: () => void): () => void {
  const timer = setInterval(act, ms)
  return () => clearInterval(timer)
}
