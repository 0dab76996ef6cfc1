// How far words in threads were read. It moves over what the journal has, never past words that are still on their way to it, and stands
// still while what was missed is being read.

import type { CatchUp } from '../../../bot/chat.ts'

export type Cursor = ReturnType<typeof cursor>

export function cursor(catchUp: Pick<CatchUp, 'reached'>) {
  const open = new Set<string>()
  let done: string[] = []
  let held = true
  let failed: string[] = []

  async function move(): Promise<void> {
    if (held) return
    const bound = [...open].reduce((least, ts) => (ts < least ? ts : least), '~')
    const passed = done.filter((ts) => ts < bound)
    if (passed.length === 0) return
    done = done.filter((ts) => ts >= bound)
    await catchUp.reached(passed.reduce((last, ts) => (ts > last ? ts : last), ''))
  }

  return {
    begin: (ts: string): void => void open.add(ts),
    /** The journal has it. What failed stays open, until it comes again. */
    async end(ts: string): Promise<void> {
      open.delete(ts)
      done.push(ts)
      await move()
    },
    hasOpen: (): boolean => open.size > 0,
    hold(): void {
      held = true
      failed = [...open]
    },
    /** What was missed is read; what failed before that and was not among it comes no more. */
    async release(): Promise<void> {
      held = false
      for (const ts of failed) open.delete(ts)
      await move()
    },
  }
}
