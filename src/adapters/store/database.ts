// The two ways to the database: one connection for writes with a queue in front, one for reads. The adapter keeps every
// statement of a client on one connection, so a write beside an open transaction would be rolled back with it although it
// was acknowledged. Hence the queue, and hence no interactive transactions: a write is one statement or one batch, and
// its first statement writes, so that it waits for another process's write instead of failing on a stale snapshot.
//
// SQLite answers without ever leaving JavaScript's own queue, so whoever reads in a loop would let nothing else run: no
// socket, no timer, not even the write it waits for. Hence one turn of the event loop before each access, about 10 µs.

import { setImmediate } from 'node:timers/promises'
import type { PrismaClient } from '../../generated/client.ts'
import { connectReader, connectWriter } from './connect.ts'
import { isBusy, isUniqueViolation, storeError } from './store-error.ts'

/** Each try waits for the busy timeout. */
const BUSY_TRIES_MAX = 3

/** Of the writing connection: whether a commit waits for the disk. */
type Synchronous = 'FULL' | 'NORMAL'

export type Database = {
  read<T>(work: (client: PrismaClient) => Promise<T>): Promise<T>
  /** Runs after all writes asked for before. A unique violation comes back as Prisma's own error. */
  write<T>(work: (client: PrismaClient) => Promise<T>): Promise<T>
  /**
   * A write that a power cut may take back: what is derived and made anew by the next look. It does not wait for the disk,
   * and keeps its place among the other writes, so a later write is never on disk without it.
   */
  writeDerived<T>(work: (client: PrismaClient) => Promise<T>): Promise<T>
  /** Waits for the writes asked for before. */
  close(): Promise<void>
}

export async function openDatabase(file: string): Promise<Database> {
  const reader = await connectReader(file)
  let writer = await connectWriter(file)
  let queue: Promise<unknown> = Promise.resolve()
  let closing: Promise<void> | null = null
  let synchronous: Synchronous = 'FULL'

  async function read<T>(work: (client: PrismaClient) => Promise<T>): Promise<T> {
    if (closing) throw new Error('the store is closed')
    await setImmediate()
    try {
      return await work(reader)
    } catch (error) {
      throw storeError(file, error)
    }
  }

  function write<T>(work: (client: PrismaClient) => Promise<T>, wanted: Synchronous = 'FULL'): Promise<T> {
    if (closing) return Promise.reject(new Error('the store is closed'))
    const done = queue.then(() => writeNow(work, wanted))
    queue = done.catch(() => undefined)
    return done
  }

  async function writeNow<T>(work: (client: PrismaClient) => Promise<T>, wanted: Synchronous): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      await setImmediate()
      try {
        if (synchronous !== wanted) await writer.$executeRawUnsafe(`PRAGMA synchronous = ${wanted}`)
        synchronous = wanted
        return await work(writer)
      } catch (error) {
        if (isUniqueViolation(error)) throw error
        await renewWriter()
        if (!isBusy(error) || tries === BUSY_TRIES_MAX) throw storeError(file, error)
      }
    }
  }

  /** A failed COMMIT or ROLLBACK leaves the adapter's connection locked for good; a fresh one is the way out. */
  async function renewWriter(): Promise<void> {
    await writer.$disconnect().catch(() => undefined)
    writer = await connectWriter(file)
    synchronous = 'FULL'
  }

  const close = (): Promise<void> => (closing ??= closeAfter(queue))

  async function closeAfter(writes: Promise<unknown>): Promise<void> {
    await writes
    await reader.$disconnect()
    await writer.$disconnect()
  }

  return { read, write: (work) => write(work), writeDerived: (work) => write(work, 'NORMAL'), close }
}
