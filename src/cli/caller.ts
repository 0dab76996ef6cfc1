// Who calls: what a task runs may look at the command line and nothing more. It is the same user as the person at the terminal, so it
// is known by the session it belongs to; asked before any verb that does something, also one that joins later, and by the page.

import { existsSync } from 'node:fs'
import path from 'node:path'
import type { Logger } from 'pino'
import type { Callers } from '../adapters/page/doors.ts'
import type { Store } from '../adapters/store/store.ts'
import { callerBehind, callerOf, type Caller } from '../runner/callers.ts'
import { recordHouse } from '../runner/journal.ts'
import { refusedCaller, type Door } from '../task/house.ts'
import { HOUSE } from '../task/words.ts'

const ASKED_CHARS_MAX = 200

const LOOKS = ['tasks', 'show', 'logs', 'diff', 'policy', 'audit', 'verify', 'doctor', 'help']

/** Whether a verb only looks. */
export const isLook = (verb: string, [what]: string[]): boolean =>
  LOOKS.includes(verb) ||
  (['repo', 'rules'].includes(verb) && (what === undefined || what === '--json')) ||
  (verb === 'repo' && what === 'list')

/** Null for a person; else it is said and recorded, and this is the exit code. */
export async function turnAway(verb: string): Promise<number | null> {
  const caller = callerOf(process.pid)
  if (!caller) return null
  process.stderr.write(
    `backchannel: “${verb}” is for people: this process belongs to task ${caller.task}, and what a task runs may only look.\n`,
  )
  await atHome(verb, caller)
  return 1
}

/** A home that is not there, or not in order, refuses as well. */
async function atHome(verb: string, caller: Caller): Promise<void> {
  try {
    const [{ openStore }, { readConfig }] = await Promise.all([
      import('../adapters/store/store.ts'),
      import('../config.ts'),
    ])
    const file = path.join(readConfig().home, 'backchannel.db')
    if (!existsSync(file)) return
    const store = await openStore(file)
    await record(store, 'command line', verb, caller)
    await store.close()
  } catch (error) {
    process.stderr.write(`backchannel: this could not be recorded: ${(error as Error).message}\n`)
  }
}

/** Who is behind a connection of the page; what is refused is recorded, without anybody waiting for it. */
export const callersOfPage =
  (store: Store, log: Logger): Callers =>
  ({ localAddress: address = '', localPort: port = 0, remoteAddress = '', remotePort = 0 }) => {
    const caller = callerBehind({ address, port, fromAddress: remoteAddress, fromPort: remotePort })
    if (caller === null) return null
    if (caller === 'gone') return () => 'Nobody listens any more: stay connected until there is an answer.'
    return (asked) => {
      log.warn({ caller, asked }, 'a process of a task was turned away')
      record(store, 'page', asked.slice(0, ASKED_CHARS_MAX), caller).catch((error: unknown) =>
        log.error({ err: error }, 'it could not be recorded'),
      )
      return `This page is for people: the process that asks belongs to task ${caller.task}.`
    }
  }

const record = ({ house }: Store, door: Door, verb: string, caller: Caller) =>
  recordHouse(house, (facts) => refusedCaller(facts, { door, verb, ...caller }), { by: HOUSE, now: Date.now })
