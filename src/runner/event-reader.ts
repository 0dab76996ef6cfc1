// Reading the event file of an attempt from outside: what a dead session process left, and whether it had begun at all.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { FILES } from './attempt-files.ts'
import { isObject, parseLine, type JsonObject } from './lines.ts'
import type { SessionEvent } from './protocol.ts'

const LAST: ReadonlySet<string> = new Set(['completed', 'failed', 'stopped'])

/** Whether this is the last event of its attempt: told when nothing of the attempt lives any more. */
export const isLast = ({ type }: Pick<SessionEvent, 'type'>): boolean => LAST.has(type)

/** An event as stored or told. Written by a session process of ours, perhaps of another version: unknown types pass. */
export const parseEvent = (value: unknown): SessionEvent | null =>
  isObject(value) && isEvent(value) ? (value as unknown as SessionEvent) : null

/** The whole lines after `seq`. A line that was cut off by a crash was told to nobody and is none. */
export function readEvents(dir: string, after: number): SessionEvent[] {
  return readLines(dir).flatMap((line) => {
    const event = parseEvent(parseLine(line))
    return event && event.seq > after ? event : []
  })
}

const isEvent = ({ seq, at, type }: JsonObject): boolean =>
  typeof seq === 'number' && typeof at === 'number' && typeof type === 'string'

function readLines(dir: string): string[] {
  try {
    return readFileSync(join(dir, FILES.events), 'utf8').split('\n').slice(0, -1)
  } catch {
    return []
  }
}
