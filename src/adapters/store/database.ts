// The ways to the database. What is asked often and all that is written goes straight to the driver; Prisma answers what is
// asked rarely, and is loaded when it first is. A write is one transaction, done within one turn of the event loop, so nothing
// of this process comes between its statements. Writes happen in the order they were asked for, also when one has to wait for
// another process.
//
// SQLite answers without ever leaving JavaScript's own queue, so whoever reads in a loop would let nothing else run: no
// socket, no timer, not even the write it waits for. Hence one turn of the event loop before each access, about 10 µs.

import { setImmediate } from 'node:timers/promises'
import type { PrismaClient } from '../../generated/client.ts'
import { connect, type Sqlite, type Value } from './sqlite.ts'
import { isBusy, storeError } from './store-error.ts'

/** Each try waits for the busy timeout. */
const BUSY_TRIES_MAX = 3

/** Whether a commit waits for the disk. */
type Synchronous = 'FULL' | 'NORMAL'

export type Database = {
  /** The rows of one statement, by hand and trusted to be of this type: who asks knows its table. */
  rows<Row>(sql: string, values?: Value[]): Promise<Row[]>
  read<T>(work: (client: PrismaClient) => Promise<T>): Promise<T>
  /** One transaction, after all writes asked for before. What `work` throws undoes it. */
  write<T>(work: (sqlite: Sqlite) => T): Promise<T>
  /**
   * A write that a power cut may take back: what is derived and made anew by the next look. It does not wait for the disk,
   * and keeps its place among the other writes, so a later write is never on disk without it.
   */
  writeDerived<T>(work: (sqlite: Sqlite) => T): Promise<T>
  /** Waits for the writes asked for before. */
  close(): Promise<void>
}

export function openDatabase(file: string): Database {
  const sqlite = connect(file)
  let prisma: Promise<PrismaClient> | null = null
  let queue: Promise<unknown> = Promise.resolve()
  let closing: Promise<void> | null = null
  let synchronous: Synchronous = 'FULL'

  async function asked<T>(work: () => T | Promise<T>): Promise<T> {
    if (closing) throw new Error('the store is closed')
    await setImmediate()
    try {
      return await work()
    } catch (error) {
      throw storeError(file, error)
    }
  }

  function client(): Promise<PrismaClient> {
    prisma ??= import('./prisma.ts').then(({ connectReader }) => connectReader(file))
    // Asked again, it is tried again.
    prisma.catch(() => (prisma = null))
    return prisma
  }

  function write<T>(work: (sqlite: Sqlite) => T, wanted: Synchronous): Promise<T> {
    if (closing) return Promise.reject(new Error('the store is closed'))
    const done = queue.then(() => writeNow(work, wanted))
    queue = done.catch(() => undefined)
    return done
  }

  async function writeNow<T>(work: (sqlite: Sqlite) => T, wanted: Synchronous): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      await setImmediate()
      try {
        if (synchronous !== wanted) sqlite.script(`PRAGMA synchronous = ${wanted}`)
        synchronous = wanted
        return sqlite.transaction(() => work(sqlite))
      } catch (error) {
        if (!isBusy(error) || tries === BUSY_TRIES_MAX) throw storeError(file, error)
      }
    }
  }

  const close = (): Promise<void> => (closing ??= closeAfter(queue))

  async function closeAfter(writes: Promise<unknown>): Promise<void> {
    await writes
    // Reads that were asked for before have their turn.
    await setImmediate()
    sqlite.close()
    await (await prisma)?.$disconnect()
  }

  return {
    rows: (sql, values) => asked(() => sqlite.rows(sql, values)),
    read: (work) => asked(async () => work(await client())),
    write: (work) => write(work, 'FULL'),
    writeDerived: (work) => write(work, 'NORMAL'),
    close,
  }
}
