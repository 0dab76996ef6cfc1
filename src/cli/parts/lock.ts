// One runner and one bot per home: `up` is both.

import path from 'node:path'
import { ConfigError } from '../../config.ts'
import type { Reader } from '../../runner/journal.ts'
import { takeLock, type Held } from '../../runner/lock.ts'

/** Throws ConfigError, saying who holds the home. */
export function lockHome(home: string, verb: string, roles: Reader[]): Held {
  const words = `“backchannel ${verb}”, process ${process.pid}, since ${new Date().toISOString()}`
  const held = roles.map((role) => {
    const lock = takeLock(path.join(home, `${role}.lock`), words)
    if ('release' in lock) return lock
    throw new ConfigError(
      `${home} is held by ${lock.heldBy}: end that one first, or set BACKCHANNEL_HOME to another folder.`,
    )
  })
  return { release: () => held.forEach((lock) => lock.release()) }
}
