// Who calls: whether a process belongs to the session of a task. Such a process runs as the same user as the person whose task it
// is, so neither the user nor a cookie tells the two apart; the process itself does. What it cannot find is what `endMarked`
// cannot find either: a process that left its environment, its parents and its kernel session behind.

import { readFileSync, readdirSync, readlinkSync } from 'node:fs'
import { endianness } from 'node:os'
import type { TaskId } from '../task/words.ts'
import { taskOf } from './attempt-files.ts'
import { inSessions, markerOfSession } from './processes.ts'

/** A process of a task's session. */
export type Caller = { task: TaskId; attempt: number; pid: number }

/** The task whose session `pid` belongs to, or null: then it is a person's, or nobody can tell. */
export function callerOf(pid: number): Caller | null {
  const marker = markerOfSession(pid)
  return marker === null ? null : { ...taskOf(marker), pid }
}

/** Both ends of a TCP connection to us, with IPv4 addresses. */
export type Connection = { address: string; port: number; fromAddress: string; fromPort: number }

/**
 * Whose process holds the other end: a session's, or `gone`, when nobody does any more: who sends and leaves at once cannot be
 * asked who they were. Null for everybody else, and where the kernel does not list connections.
 */
export function callerBehind({ address, port, fromAddress, fromPort }: Connection): Caller | 'gone' | null {
  const ours = `${hexOf(address)}:${hexPort(port)}`
  const theirs = `${hexOf(fromAddress)}:${hexPort(fromPort)}`
  if (inodeOf(ours, theirs) === null) return null
  const inode = inodeOf(theirs, ours)
  if (inode === null) return 'gone'
  const sessions = inSessions()
  const pid = [...sessions.keys()].find((one) => holds(one, `socket:[${inode}]`))
  // Held when we began and still held now: so it was not handed on or let go while we looked.
  if (pid === undefined) return inodeOf(theirs, ours) === inode ? null : 'gone'
  return { ...taskOf(sessions.get(pid) ?? ''), pid }
}

/** Of the socket between these two ends; null when there is none, or no process has it open. */
function inodeOf(local: string, remote: string): string | null {
  for (const line of ['tcp', 'tcp6'].flatMap((table) => read(`/proc/net/${table}`).split('\n').slice(1))) {
    const fields = line.trim().split(/\s+/u)
    // An IPv4 connection of an IPv6 socket has the same address behind a prefix.
    if (fields[1]?.endsWith(local) && fields[2]?.endsWith(remote)) return fields[9] === '0' ? null : (fields[9] ?? null)
  }
  return null
}

/** As the kernel prints an address: one number in the byte order of the machine. */
function hexOf(address: string): string {
  const bytes = address.split('.').map((byte) => Number(byte).toString(16).padStart(2, '0').toUpperCase())
  return (endianness() === 'LE' ? bytes.toReversed() : bytes).join('')
}

const hexPort = (port: number): string => port.toString(16).padStart(4, '0').toUpperCase()

function holds(pid: number, target: string): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => linkOf(`/proc/${pid}/fd/${fd}`) === target)
  } catch {
    return false
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}
