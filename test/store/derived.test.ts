import path from 'node:path'
import { expect, test } from 'vitest'
import { openDatabase } from '../../src/adapters/store/database.ts'
import { openStore } from '../../src/adapters/store/store.ts'
import type { Sqlite } from '../../src/adapters/store/sqlite.ts'
import { home } from '../support/home.ts'

const NORMAL = 1
const FULL = 2

const fail = (): never => {
  throw new Error('no')
}

const synchronous = (sqlite: Sqlite): unknown => sqlite.rows<object>('PRAGMA synchronous').flatMap(Object.values)[0]

test('only what is derived may be taken back by a power cut: all else waits for the disk', async () => {
  const file = path.join(await home(), 'backchannel.db')
  await (await openStore(file)).close()
  const database = openDatabase(file)
  const { write, writeDerived } = database
  const seen = await Promise.all([write, writeDerived, writeDerived, write, write].map((one) => one(synchronous)))
  expect(seen).toEqual([FULL, NORMAL, NORMAL, FULL, FULL])
  await expect(writeDerived(() => fail())).rejects.toThrow('no')
  expect(await write(synchronous)).toBe(FULL)
  await database.close()
})
