// Who types: what a task runs may look and nothing more. It is the same user as the person at the terminal, so it is known by the
// session it belongs to; asked before any verb that does something, also one that joins later.

import { existsSync } from 'node:fs'
import path from 'node:path'
import { callerOf, type Caller } from '../runner/callers.ts'
import { recordHouse } from '../runner/journal.ts'
import { refusedCaller } from '../task/house.ts'
import { HOUSE } from '../task/words.ts'

const LOOKS = ['tasks', 'show', 'logs', 'diff', 'policy', 'verify', 'doctor', 'help']

/** Whether a verb only looks. */
export const isLook = (verb: string, [what]: string[]): boolean =>
  LOOKS.includes(verb) || (verb === 'repo' && (what === undefined || what === 'list' || what === '--json'))

/** Null for a person; else it is said and recorded, and this is the exit code. */
export async function turnAway(verb: string): Promise<number | null> {
  const caller = callerOf(process.pid)
  if (!caller) return null
  process.stderr.write(
    `backchannel: “${verb}” is for people: this process belongs to task ${caller.task}, and what a task runs may only look.\n`,
  )
  await recorded(verb, caller)
  return 1
}

/** A home that is not there, or not in order, refuses as well. */
async function recorded(verb: string, caller: Caller): Promise<void> {
  try {
    const [{ openStore }, { readConfig }] = await Promise.all([
      import('../adapters/store/store.ts'),
      import('../config.ts'),
    ])
    const file = path.join(readConfig().home, 'backchannel.db')
    if (!existsSync(file)) return
    const store = await openStore(file)
    const decide = (facts: Parameters<typeof refusedCaller>[0]) =>
      refusedCaller(facts, { door: 'command line', verb, ...caller })
    await recordHouse(store.house, decide, { by: HOUSE, now: Date.now })
    await store.close()
  } catch (error) {
    process.stderr.write(`backchannel: this could not be recorded: ${(error as Error).message}\n`)
  }
}
