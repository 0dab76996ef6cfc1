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
  const listed = read(TCP)
  const [tcp, inode] = inodeOf(theirs, ours, listed)
  // Where not even the socket we listen on is listed, nothing is. An IPv4 connection may be one of an IPv6 socket.
  if (!tcp && !inodeOf(ours, NOBODY, listed)[0]) return null
  const table = tcp ? TCP : TCP6
  const held = tcp ? inode : inodeOf(theirs, ours, read(TCP6))[1]
  if (held === null) return 'gone'
  const sessions = inSessions()
  if (sessions.size === 0) return null
  const pid = [...sessions.keys()].find((one) => holds(one, `socket:[${held}]`))
  // Held when we began and still held now: so it was not handed on or let go while we looked.
  if (pid === undefined) return inodeOf(theirs, ours, read(table))[1] === held ? null : 'gone'
  return { ...taskOf(sessions.get(pid) ?? ''), pid }
}

/** Each costs the kernel some 5 ms, however many connections there are. */
const TCP = '/proc/net/tcp'
const TCP6 = '/proc/net/tcp6'
const NOBODY = '00000000:0000'

/** Whether the socket between these two ends is listed, and its inode; null when no process has it open. */
function inodeOf(local: string, remote: string, table: string): [listed: boolean, inode: string | null] {
  for (const line of table.split('\n').slice(1)) {
    const fields = line.trim().split(/\s+/u)
    // In the table of IPv6 an IPv4 address stands behind a prefix.
    if (fields[1]?.endsWith(local) && fields[2]?.endsWith(remote))
      return [true, fields[9] === '0' ? null : (fields[9] ?? null)]
  }
  return [false, null]
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
