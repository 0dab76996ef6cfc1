// How a client of a session's socket shows which process it is, because Node.js cannot ask the kernel: it opens a file that was
// made for it alone and says so, and the session sees it open there. Only `node:` modules: session processes load this.

import { randomBytes } from 'node:crypto'
import { closeSync, openSync, readlinkSync, realpathSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { callerOf } from './callers.ts'
import type { Proof } from './protocol.ts'

export type Challenge = {
  /** The file to open; null when it could not be made, and then nobody can show who they are. */
  path: string | null
  /** Null for a process of no session; else a sentence about who it is. */
  whyNot(proof: Proof): string | null
  close(): void
}

/** The session's side. `dir`: where the file lies while the client is there. */
export function challenge(dir: string): Challenge {
  const path = make(join(realpathSync(dir), `proof-${randomBytes(16).toString('hex')}`))
  return {
    path,
    whyNot({ pid, fd }) {
      if (path === null || targetOf(pid, fd) !== path) return `process ${pid} is not who it says it is`
      const caller = callerOf(pid)
      return caller && `process ${pid} belongs to task ${caller.task}`
    },
    close: () => path !== null && rmSync(path, { force: true }),
  }
}

export type Proven = { proof: Proof; close(): void }

/** The client's side: the file stays open until the conversation is over. Null when it is gone. */
export function prove(path: string): Proven | null {
  try {
    const fd = openSync(path, 'r')
    return { proof: { pid: process.pid, fd }, close: () => closeSync(fd) }
  } catch {
    return null
  }
}

function make(path: string): string | null {
  try {
    closeSync(openSync(path, 'wx', 0o600))
    return path
  } catch {
    return null
  }
}

function targetOf(pid: number, fd: number): string {
  try {
    return readlinkSync(`/proc/${pid}/fd/${fd}`)
  } catch {
    return ''
  }
}
