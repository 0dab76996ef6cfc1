import { expect, test } from 'vitest'
import { ann, EVERY_HOUSE_FACT } from './every-fact.ts'
import { newStore, reopen, sql } from './support.ts'

const { repo_added: added, repo_removed: removed } = EVERY_HOUSE_FACT

test('what concerns no task comes back as it was appended, also after a restart', async () => {
  const { store, file } = await newStore()
  for (const [n, body] of Object.values(EVERY_HOUSE_FACT).entries()) {
    expect(await store.house.append(n, body, ann, 7 + n)).toBe('appended')
  }
  await store.close()
  expect(await (await reopen(file)).house.facts()).toEqual(
    Object.values(EVERY_HOUSE_FACT).map((body, n) => ({ version: n + 1, at: 7 + n, by: ann, body })),
  )
})

test('who decided on older or not yet existing facts of the house gets a conflict', async () => {
  const { store, file } = await newStore()
  const other = await reopen(file)
  expect(await store.house.append(0, added, ann, 1)).toBe('appended')
  expect(await other.house.append(0, removed, ann, 2)).toBe('conflict')
  expect(await other.house.append(2, removed, ann, 2)).toBe('conflict')
  const both = await Promise.all([store.house.append(1, removed, ann, 3), other.house.append(1, removed, ann, 3)])
  expect(both.toSorted((a, b) => a.localeCompare(b))).toEqual(['appended', 'conflict'])
  expect(await store.house.facts()).toHaveLength(2)
})

test('a fact of the house that cannot be read is named', async () => {
  const { store, file } = await newStore()
  await store.house.append(0, added, ann, 1)
  await sql(file, `UPDATE Fact SET type = 'house_burned'`)
  await expect(store.house.facts()).rejects.toThrow('Fact 1 of the house cannot be read')
})
