// Health is what the last looks came to: a look that failed makes its part unwell until one succeeds.

import type { Logger } from 'pino'
import { loop, type Loop } from '../../runner/loop.ts'

export type Parts = ReturnType<typeof parts>

export function parts(log: Logger) {
  const troubles = new Map<string, string>()
  const loops: Loop[] = []
  return {
    /** Looks again and again, and keeps what came of it. */
    run(part: string, look: () => Promise<void>): Loop {
      troubles.set(part, 'starting')
      const running = loop(
        async () => {
          await look()
          troubles.delete(part)
        },
        (error) => {
          troubles.set(part, sentenceOf(error))
          log.error({ err: error, part }, 'a look failed; trying again')
        },
      )
      loops.push(running)
      return running
    },
    health: () => ({ ok: troubles.size === 0, ...Object.fromEntries(troubles) }),
    stop: () => Promise.all(loops.map((one) => one.stop())),
  }
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? (error.message.trim().split('\n').at(-1) ?? error.name) : String(error)
}
