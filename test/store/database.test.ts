// What the queue, the transactions and the pragmas are there for.
import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { openDatabase, type Database } from '../../src/adapters/store/database.ts'
import type { Sqlite } from '../../src/adapters/store/sqlite.ts'
import { StoreError } from '../../src/adapters/store/store-error.ts'
import { newStore, query, sql, startProcess } from './support.ts'
import { until } from '../support/until.ts'

async function newDatabase(): Promise<{ database: Database; file: string }> {
  const { file } = await newStore()
  const database = openDatabase(file)
  onTestFinished(() => database.close())
  return { database, file }
}

const insert = (database: Database, key: string) => database.write((sqlite) => put(sqlite, key))
const put = (sqlite: Sqlite, key: string) => sqlite.run(`INSERT INTO "Delivery" ("key", "at") VALUES (?, 1)`, [key])
const count = (database: Database) => database.read((client) => client.delivery.count())

test('what is undone takes nothing with it that was asked for beside it', async () => {
  const { database, file } = await newDatabase()
  const batch = database.write((sqlite) => {
    put(sqlite, 'in the batch')
    sqlite.run(`INSERT INTO "Progress" ("task", "json") VALUES ('in the batch', '{}')`)
    put(sqlite, 'in the batch')
  })
  const beside = Array.from({ length: 20 }, (_, n) => insert(database, `beside ${n}`))
  await expect(batch).rejects.toThrow('UNIQUE constraint')
  await Promise.all(beside)
  expect(
    await query(file, `SELECT (SELECT count(*) FROM Delivery) AS a, (SELECT count(*) FROM Progress) AS b`),
  ).toEqual([[20, 0]])
})

test('writes happen in the order they were asked for, also when the first waits for another process longer than one busy time-out', async () => {
  const { database, file } = await newDatabase()
  const holder = startProcess('hold', file, '6000')
  await until(() => holder.lines.includes('held'), { within: 30_000 })
  const derived = database.writeDerived((sqlite) => put(sqlite, 'first'))
  await Promise.all([derived, insert(database, 'second'), insert(database, 'third')])
  await holder.ended
  expect(await query(file, 'SELECT key FROM Delivery ORDER BY rowid')).toEqual([['first'], ['second'], ['third']])
})

test('Prisma sees what was written, and cannot write', async () => {
  const { database } = await newDatabase()
  await insert(database, 'a')
  expect(await count(database)).toBe(1)
  await expect(database.read((client) => client.delivery.deleteMany())).rejects.toThrow(StoreError)
  expect(await count(database)).toBe(1)
})

test('what is acknowledged survives a power cut: the writer waits for the disk, foreign keys hold', async () => {
  const { database } = await newDatabase()
  const pragma = async (name: string): Promise<unknown[]> =>
    (await database.rows<object>(`PRAGMA ${name}`)).flatMap((row): unknown[] => Object.values(row))
  expect(await pragma('synchronous')).toEqual([2])
  expect(await pragma('journal_mode')).toEqual(['wal'])
  expect(await pragma('foreign_keys')).toEqual([1])
  expect(await pragma('busy_timeout')).toEqual([5000])
})

test('a full disk is said in a sentence, and writing works again when there is room', async () => {
  const { database, file } = await newDatabase()
  await insert(database, 'before')
  const room = async (pages: string) => void (await database.rows(`PRAGMA max_page_count = ${pages}`))
  const [pages] = await query(file, 'PRAGMA page_count')
  await room(String(pages?.[0]))
  const fill = database.write((sqlite) => {
    put(sqlite, 'in the batch')
    sqlite.run(`INSERT INTO "Blob" ("hash", "data") VALUES ('x', ?)`, ['x'.repeat(1_000_000)])
  })
  await expect(fill).rejects.toMatchObject({
    name: 'StoreError',
    sentence: `There is no space left on the disk for the database ${file}.`,
  })
  await room('1000000')
  await Promise.all([insert(database, 'after'), insert(database, 'after 2')])
  expect(await query(file, 'SELECT key FROM Delivery ORDER BY key')).toEqual([['after'], ['after 2'], ['before']])
})

test('writing goes on after a commit that failed', async () => {
  const { database, file } = await newDatabase()
  await sql(
    file,
    `CREATE TABLE "Parent" ("id" INTEGER PRIMARY KEY);
     CREATE TABLE "Child" ("parent" INTEGER REFERENCES "Parent" ("id") DEFERRABLE INITIALLY DEFERRED)`,
  )
  const batch = (key: string, parent: number | null) =>
    database.write((sqlite) => {
      put(sqlite, key)
      sqlite.run(`INSERT INTO "Child" VALUES (?)`, [parent])
    })
  await expect(batch('first', 99)).rejects.toThrow('FOREIGN KEY')
  await batch('second', null)
  await insert(database, 'third')
  expect(await query(file, 'SELECT key FROM Delivery ORDER BY key')).toEqual([['second'], ['third']])
})

test('a process that reads or writes without a pause still does everything else', async () => {
  const { database } = await newDatabase()
  for (const access of [
    () => database.rows('SELECT count(*) FROM "Delivery"'),
    () => count(database),
    () => insert(database, randomUUID()),
  ]) {
    let ticked = false
    const tick = setTimeout(1).then(() => (ticked = true))
    await until(async () => {
      for (let n = 0; n < 100; n += 1) await access()
      return ticked
    })
    await tick
  }
  expect(await count(database)).toBeGreaterThan(0)
})

test('closing waits for what was asked for before, and refuses what comes later', async () => {
  const { database, file } = await newDatabase()
  const writes = Array.from({ length: 20 }, (_, n) => insert(database, `${n}`))
  await database.close()
  expect(await query(file, 'SELECT count(*) FROM Delivery')).toEqual([[20]])
  await Promise.all(writes)
  await expect(insert(database, 'late')).rejects.toThrow('closed')
  await expect(count(database)).rejects.toThrow('closed')
  await expect(database.rows('SELECT 1')).rejects.toThrow('closed')
})
