import path from 'node:path'
import { expect, test } from 'vitest'
import { openDatabase } from '../../src/adapters/store/database.ts'
import { openStore } from '../../src/adapters/store/store.ts'
import type { PrismaClient } from '../../src/generated/client.ts'
import { home } from '../support/home.ts'

const NORMAL = 1n
const FULL = 2n

async function synchronous(client: PrismaClient): Promise<bigint> {
  const [row] = await client.$queryRawUnsafe<{ synchronous: bigint }[]>('PRAGMA synchronous')
  return BigInt(row?.synchronous ?? -1)
}

test('only what is derived may be taken back by a power cut: all else waits for the disk', async () => {
  const file = path.join(await home(), 'backchannel.db')
  await (await openStore(file)).close()
  const database = await openDatabase(file)
  const { write, writeDerived } = database
  const seen = await Promise.all([write, writeDerived, writeDerived, write, write].map((one) => one(synchronous)))
  expect(seen).toEqual([FULL, NORMAL, NORMAL, FULL, FULL])
  await expect(writeDerived(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(await write(synchronous)).toBe(FULL)
  await database.close()
})
