// The losses of the bare adapter, which the queue, the pragmas and the fresh connection after a failure are there against.
import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { openDatabase, type Database } from '../../src/adapters/store/database.ts'
import { StoreError } from '../../src/adapters/store/store-error.ts'
import { EVERY_FACT } from './every-fact.ts'
import { add, factsOf, newStore, newTask, query, sql, startProcess } from './support.ts'
import { until } from '../support/until.ts'

async function newDatabase(): Promise<{ database: Database; file: string }> {
  const { file } = await newStore()
  const database = await openDatabase(file)
  onTestFinished(() => database.close())
  return { database, file }
}

const insert = (database: Database, key: string) =>
  database.write((client) => client.delivery.create({ data: { key, at: 1n } }))

test('a write asked for while a batch is under way is not rolled back with it', async () => {
  const { database, file } = await newDatabase()
  const batch = database.write((client) =>
    client.$transaction([
      client.delivery.create({ data: { key: 'in the batch', at: 1n } }),
      client.progress.create({ data: { task: 'in the batch', json: '{}' } }),
      client.delivery.create({ data: { key: 'in the batch', at: 1n } }),
    ]),
  )
  const beside = Array.from({ length: 20 }, (_, n) => insert(database, `beside ${n}`))
  await expect(batch).rejects.toThrow('Unique constraint')
  await Promise.all(beside)
  expect(await query(file, `SELECT count(*) FROM Delivery`)).toEqual([[20]])
})

test('a write begins when the one before it has ended, whatever that waits for', async () => {
  const { database } = await newDatabase()
  const order: string[] = []
  const slow = database.write(async () => {
    order.push('slow begins')
    await setTimeout(20)
    order.push('slow ends')
  })
  const failing = database.write(() => Promise.reject(new Error('no')))
  const next = database.write(async () => void order.push('next'))
  await expect(failing).rejects.toThrow('no')
  await Promise.all([slow, next])
  expect(order).toEqual(['slow begins', 'slow ends', 'next'])
})

test('the reader sees nothing that is not committed, and cannot write', async () => {
  const { database } = await newDatabase()
  const seen: number[] = []
  const batch = database.write((client) =>
    client.$transaction(
      Array.from({ length: 50 }, (_, n) => client.delivery.create({ data: { key: `${n}`, at: 1n } })),
    ),
  )
  const reading = (async () => {
    while (seen.at(-1) !== 50) {
      seen.push(await database.read((client) => client.delivery.count()))
    }
  })()
  await Promise.all([batch, reading])
  expect(new Set(seen)).toEqual(new Set([0, 50]))
  await expect(database.read((client) => client.delivery.deleteMany())).rejects.toThrow(StoreError)
})

test('what is acknowledged survives a power cut: the writer waits for the disk, foreign keys hold', async () => {
  const { database } = await newDatabase()
  const pragma = async (name: string) =>
    (await database.write((client) => client.$queryRawUnsafe<object[]>(`PRAGMA ${name}`))).map(Object.values)
  expect(await pragma('synchronous')).toEqual([[2n]])
  expect(await pragma('journal_mode')).toEqual([['wal']])
  expect(await pragma('foreign_keys')).toEqual([[1n]])
  expect(await pragma('busy_timeout')).toEqual([[5000n]])
})

test('a full disk is said in a sentence, and writing works again when there is room', async () => {
  const { database, file } = await newDatabase()
  await insert(database, 'before')
  // The limit belongs to the connection, so the fresh one after the failure has room again.
  const limit = await query(file, 'PRAGMA page_count')
  await database.write((client) => client.$queryRawUnsafe(`PRAGMA max_page_count = ${String(limit[0]?.[0])}`))
  const fill = database.write((client) =>
    client.$transaction([
      client.delivery.create({ data: { key: 'in the batch', at: 1n } }),
      client.blob.create({ data: { hash: 'x', data: 'x'.repeat(1_000_000) } }),
    ]),
  )
  await expect(fill).rejects.toMatchObject({
    name: 'StoreError',
    sentence: `There is no space left on the disk for the database ${file}.`,
  })
  await Promise.all([insert(database, 'after'), insert(database, 'after 2')])
  await database.write((client) => client.$transaction([client.delivery.create({ data: { key: 'after 3', at: 1n } })]))
  expect(await query(file, 'SELECT key FROM Delivery ORDER BY key')).toEqual([
    ['after'],
    ['after 2'],
    ['after 3'],
    ['before'],
  ])
})

test('writing goes on after a commit that failed, which the bare adapter never gets over', async () => {
  const { database, file } = await newDatabase()
  await sql(
    file,
    `CREATE TABLE "Parent" ("id" INTEGER PRIMARY KEY);
     CREATE TABLE "Child" ("parent" INTEGER REFERENCES "Parent" ("id") DEFERRABLE INITIALLY DEFERRED)`,
  )
  const batch = (key: string, parent: number | null) =>
    database.write((client) =>
      client.$transaction([
        client.delivery.create({ data: { key, at: 1n } }),
        client.$executeRaw`INSERT INTO "Child" VALUES (${parent})`,
      ]),
    )
  await expect(batch('first', 99)).rejects.toThrow('ForeignKeyConstraintViolation')
  await batch('second', null)
  await insert(database, 'third')
  expect(await query(file, 'SELECT key FROM Delivery ORDER BY key')).toEqual([['second'], ['third']])
})

test('a write waits for one of another process, even longer than one busy time-out', async () => {
  const { store, file } = await newStore()
  await newTask(store.journal, 'a')
  const holder = startProcess('hold', file, '6000')
  await until(() => holder.lines.includes('held'), { within: 30_000 })
  await add(store.journal, 'a', [EVERY_FACT.guided])
  await holder.ended
  expect(await factsOf(store.journal, 'a')).toHaveLength(2)
})

test('a process that reads or writes without a pause still does everything else', async () => {
  const { database } = await newDatabase()
  for (const access of [
    () => database.read((client) => client.delivery.count()),
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
  expect(await database.read((client) => client.delivery.count())).toBeGreaterThan(0)
})

test('closing waits for what was asked for before, and refuses what comes later', async () => {
  const { database, file } = await newDatabase()
  const writes = Array.from({ length: 20 }, (_, n) => insert(database, `${n}`))
  await database.close()
  expect(await query(file, 'SELECT count(*) FROM Delivery')).toEqual([[20]])
  await Promise.all(writes)
  await expect(insert(database, 'late')).rejects.toThrow('closed')
  await expect(database.read((client) => client.delivery.count())).rejects.toThrow('closed')
})
