// Reading the event file of an attempt from outside: what a dead session process left, and whether it had begun at all.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { FILES } from './attempt-files.ts'
import { isObject, parseLine, type JsonObject } from './lines.ts'
import type { SessionEvent } from './protocol.ts'

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

/** Whether the agent may have started: the first event is on disk before it does. */
export const readBegan = (dir: string): boolean => readEvents(dir, 0).length > 0

const isEvent = ({ seq, at, type }: JsonObject): boolean =>
  typeof seq === 'number' && typeof at === 'number' && typeof type === 'string'

function readLines(dir: string): string[] {
  try {
    return readFileSync(join(dir, FILES.events), 'utf8').split('\n').slice(0, -1)
  } catch {
    return []
  }
}
