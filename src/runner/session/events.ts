// The event file of an attempt: one JSON line per event, on disk before anybody is told. When the disk is full the lines wait
// here in order, the reserve is given back to the file system, and writing is tried again until it works.

import { createHash, randomFillSync } from 'node:crypto'
import { closeSync, fdatasyncSync, ftruncateSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { FILES } from '../attempt-files.ts'
import { isLast } from '../event-reader.ts'
import type { SessionEvent } from '../protocol.ts'
import { isCode } from './claim.ts'

const RESERVE_BYTES = 64 * 1024
const RETRY_MS = 1000

type WithoutPlace<T> = T extends unknown ? Omit<T, 'seq' | 'at'> : never
export type EventBody = WithoutPlace<SessionEvent>

type Hooks = {
  /** Told of every event once it is on disk, in order. */
  written(event: SessionEvent): void
  /** Told once, when an event could not be written: the agent has to be stopped. `reason` is a sentence. */
  stuck(reason: string): void
}

export class EventFile {
  /** The last event that is on disk. */
  seq = 0
  readonly #path: string
  readonly #reserve: string
  readonly #hooks: Hooks
  readonly #file: number
  readonly #hash = createHash('sha256')
  #appended = 0
  #over = false
  #bytes = 0
  #waiting: { event: SessionEvent; line: Buffer }[] = []
  #stuck = false
  #idle: (() => void)[] = []

  constructor(dir: string, hooks: Hooks) {
    this.#path = join(dir, FILES.events)
    this.#reserve = join(dir, FILES.reserve)
    this.#hooks = hooks
    this.#file = openSync(this.#path, 'ax', 0o600)
    // Chance, because a file system may store zeros without taking room for them.
    writeAll(openSync(this.#reserve, 'wx', 0o600), randomFillSync(Buffer.alloc(RESERVE_BYTES)), closeSync)
  }

  /** How it ended is the last event: what comes after is not heard of. */
  append(body: EventBody): void {
    if (this.#over) return
    this.#over = isLast(body)
    const event = { seq: ++this.#appended, at: Date.now(), ...body }
    const line = Buffer.from(`${JSON.stringify(event)}\n`)
    this.#hash.update(line)
    this.#waiting.push({ event, line })
    if (this.#waiting.length === 1) this.#write()
  }

  /** SHA-256 of all lines so far, those that still wait included. */
  hash(): string {
    return this.#hash.copy().digest('hex')
  }

  /** The lines on disk that come after `seq`. */
  after(seq: number): string[] {
    return readFileSync(this.#path, 'utf8').split('\n').slice(seq, this.seq)
  }

  /** Resolves when nothing waits to be written any more. */
  async flushed(): Promise<void> {
    if (this.#waiting.length > 0) await new Promise<void>((resolve) => this.#idle.push(resolve))
  }

  close(): void {
    closeSync(this.#file)
    rmSync(this.#reserve, { force: true })
  }

  #write(): void {
    for (let next = this.#waiting[0]; next; next = this.#waiting[0]) {
      if (!this.#put(next.line)) return void setTimeout(() => this.#write(), RETRY_MS)
      this.#waiting.shift()
      this.seq = next.event.seq
      this.#hooks.written(next.event)
    }
    for (const resolve of this.#idle.splice(0)) resolve()
  }

  /** Writes a line whole or not at all. */
  #put(line: Buffer): boolean {
    try {
      return this.#tryPut(line)
    } catch (error) {
      if (!this.#stuck) {
        this.#stuck = true
        rmSync(this.#reserve, { force: true })
        this.#hooks.stuck(reasonOf(error))
        return this.#put(line)
      }
      return false
    }
  }

  #tryPut(line: Buffer): boolean {
    try {
      writeAll(this.#file, line)
      fdatasyncSync(this.#file)
    } catch (error) {
      ftruncateSync(this.#file, this.#bytes)
      throw error
    }
    this.#bytes += line.length
    return true
  }
}

const reasonOf = (error: unknown): string =>
  isCode(error, 'ENOSPC', 'EDQUOT')
    ? 'The disk is full: it was stopped, because what it does could not be recorded any more.'
    : `It was stopped, because what it does could not be recorded any more (${String(error)}).`

function writeAll(file: number, bytes: Buffer, then?: (file: number) => void): void {
  try {
    for (let from = 0; from < bytes.length;) from += writeSync(file, bytes, from)
  } finally {
    then?.(file)
  }
}
