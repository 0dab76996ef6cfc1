// Where everything of an attempt lies: its directory, its socket, and the marker its processes carry.

import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseLine } from './lines.ts'
import type { Spec } from './protocol.ts'
import type { TaskId } from '../task/words.ts'

/** The kernel's limit for the path of a unix socket, without its final zero. */
const SOCKET_PATH_BYTES_MAX = 107
/** The longest `/s/<task>-<attempt>.sock`. */
const SOCKET_NAME_BYTES_MAX = 32
const HOME_BYTES_MAX = SOCKET_PATH_BYTES_MAX - SOCKET_NAME_BYTES_MAX

export const taskDir = (home: string, task: TaskId): string => join(home, 'tasks', task)
export const attemptDir = (home: string, task: TaskId, attempt: number): string =>
  join(taskDir(home, task), String(attempt))
/** A directory of the task for its agent's own files, kept over attempts and turns. */
export const agentHome = (home: string, task: TaskId): string => join(taskDir(home, task), 'agent')
export const socketDir = (home: string): string => join(home, 's')
export const socketPath = (home: string, task: TaskId, attempt: number): string =>
  join(socketDir(home), `${task}-${attempt}.sock`)

/** The same for every runner of this home, and different for every home on the machine. */
export const markerOf = (home: string, task: TaskId, attempt: number): string => `${hashOf(home)}.${task}.${attempt}`

/** Of a session process that is of no attempt yet. */
export const spareMarker = (home: string, id: string): string => `${hashOf(home)}..${id}`

const hashOf = (home: string): string => createHash('sha256').update(home).digest('hex').slice(0, 12)

/** All markers of an attempt: its own, and the one its session process was born with. */
export const markersIn = ({ marker, bornAs }: Pick<Spec, 'marker' | 'bornAs'>): string[] =>
  bornAs === undefined ? [marker] : [marker, bornAs]

/** The same as far as its spec can be read. */
export function markersOf(home: string, task: TaskId, attempt: number): string[] {
  const marker = markerOf(home, task, attempt)
  try {
    const { bornAs } = parseLine(readFileSync(join(attemptDir(home, task, attempt), FILES.spec), 'utf8')) ?? {}
    return markersIn({ marker, ...(typeof bornAs === 'string' && { bornAs }) })
  } catch {
    return [marker]
  }
}

/** The attempt a marker is of, of whatever home. */
export function taskOf(marker: string): { task: TaskId; attempt: number } {
  const [, task = '', attempt] = marker.split('.')
  return { task, attempt: Number(attempt) || 0 }
}

/** The files in the directory of an attempt. */
export const FILES = {
  spec: 'spec.json',
  owner: 'session.json',
  events: 'events.jsonl',
  log: 'log',
  /** What the session process itself had to say, normally nothing. */
  errors: 'session.err',
  /** Given back to the file system when it is full, so that the end can still be written. */
  reserve: 'reserve',
} as const

/** A sentence when it cannot be made, else null. */
export function makeAgentHome(dir: string): string | null {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 })
    return null
  } catch (error) {
    return `There is no place for the agent’s own files: ${String(error)}.`
  }
}

/** A sentence when sockets in this home would have too long a path, else null. */
export function homeTooLong(home: string): string | null {
  const bytes = Buffer.byteLength(home)
  if (bytes <= HOME_BYTES_MAX) return null
  return `The path of the home has ${bytes} bytes, but at most ${HOME_BYTES_MAX} are possible because of the sockets in it: ${home}`
}
