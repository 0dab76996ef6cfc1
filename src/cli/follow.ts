// Prints a task's log as it grows, until the task ends.

import { setTimeout as sleep } from 'node:timers/promises'
import type { House } from './house.ts'

const LOOK_MS = 200

/** Resolves with the exit code: 0 completed, the command's own code when it failed with one, else 1. */
export async function follow(house: House, id: string, from = 0): Promise<number> {
  for (let next = from; ;) {
    const range = await house.views.log(id, { from: next })
    process.stdout.write(range.text)
    const caughtUp = range.next === next || range.next === range.bytes
    next = range.next
    if (range.ended && caughtUp) break
    if (caughtUp) await sleep(LOOK_MS)
  }
  const outcome = (await house.views.task(id))?.outcome
  if (outcome?.kind === 'completed') return 0
  if (outcome?.kind === 'failed') process.stderr.write(`${outcome.reason}\n`)
  const exit = outcome?.ending.exit
  return exit && 'code' in exit ? exit.code || 1 : 1
}
