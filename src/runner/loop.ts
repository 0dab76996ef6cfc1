// A level-triggered loop: look now, and again whenever somebody rings, and once a second in case nobody did. Looks never
// overlap; any number of rings during a look cause one more.

import { setImmediate } from 'node:timers/promises'

const POLL_MS = 1_000

export type Loop = { ring(): void; stop(): Promise<void> }

/** `look` must not throw for what may happen; when it does, `failed` is told and the next look tries again. */
export function loop(look: () => Promise<void>, failed: (error: unknown) => void): Loop {
  let wanted = true
  let stopped = false
  let wake: (() => void) | null = null

  const running = (async () => {
    while (!stopped) {
      if (!wanted) await rung()
      wanted = false
      // Whoever rang finishes first; and the database answers without leaving the thread, so that without this looks that
      // ring for each other would let nobody else have a turn.
      await setImmediate()
      if (!stopped) await look().catch(failed)
    }
  })()

  function rung(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, POLL_MS)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  return {
    ring() {
      wanted = true
      wake?.()
    },
    async stop() {
      stopped = true
      wake?.()
      await running
    },
  }
}
