import { describe, expect, test } from 'vitest'
import { dataHashOf, factHash } from '../../src/adapters/store/fact-rows.ts'
import type { Verification } from '../../src/adapters/store/verify.ts'
import { ann, EVERY_FACT, EVERY_HOUSE_FACT } from './every-fact.ts'
import { add, newStore, newTask, query, sql, type Opened } from './support.ts'

/** Three tasks; `b` has four facts, the third of them with its data in a blob. */
async function threeTasks(): Promise<Opened> {
  const opened = await newStore()
  const { journal } = opened.store
  for (const task of ['a', 'b', 'c']) await newTask(journal, task)
  await add(journal, 'b', [EVERY_FACT.attempt_started])
  await add(journal, 'b', [{ ...EVERY_FACT.guided, text: 'x'.repeat(20_000) }, EVERY_FACT.stop_asked])
  return opened
}

async function afterwards(tampering: string): Promise<Verification> {
  const { store, file } = await threeTasks()
  await sql(file, tampering)
  return store.verify()
}

const altered = (version: number, what: Extract<Verification, { kind: 'altered' }>['what']): Verification => ({
  kind: 'altered',
  task: 'b',
  version,
  what,
})
const of = (version: number) => `WHERE task = 'b' AND version = ${version}`

test('what nobody altered verifies, and is counted', async () => {
  const { store } = await threeTasks()
  expect(await store.verify()).toEqual({ kind: 'verified', tasks: 3, facts: 6, erased: 0, noted: '' })
})

test('an empty database verifies', async () => {
  const { store } = await newStore()
  expect(await store.verify()).toEqual({ kind: 'verified', tasks: 0, facts: 0, erased: 0, noted: '' })
})

describe('verify names the first fact that', () => {
  test.each([
    ['has other data', `UPDATE Fact SET data = '{"attempt":2}' ${of(2)}`, altered(2, 'data altered')],
    ['has another blob', `UPDATE Blob SET data = replace(data, 'xxx', 'yyy')`, altered(3, 'data altered')],
    ['has data where it had a blob', `UPDATE Fact SET data = '{}' ${of(3)}`, altered(3, 'data altered')],
    ['has another hash', `UPDATE Fact SET hash = '00' ${of(2)}`, altered(2, 'hash altered')],
    ['has another data hash', `UPDATE Fact SET data = NULL, dataHash = '00' ${of(2)}`, altered(2, 'hash altered')],
    ['is by somebody else', `UPDATE Fact SET "by" = replace("by", 'ann', 'bob') ${of(2)}`, altered(2, 'hash altered')],
    ['is of another time', `UPDATE Fact SET at = at + 1 ${of(4)}`, altered(4, 'hash altered')],
    ['is of another type', `UPDATE Fact SET type = 'parked' ${of(2)}`, altered(2, 'hash altered')],
    ['is missing at the beginning', `DELETE FROM Fact ${of(1)}`, altered(1, 'fact missing')],
    ['is missing in the middle', `DELETE FROM Fact ${of(2)}`, altered(2, 'fact missing')],
    ['is missing at the end', `DELETE FROM Fact ${of(4)}`, altered(4, 'fact missing')],
    [
      'is missing and closed up',
      `DELETE FROM Fact ${of(2)}; UPDATE Fact SET version = version - 1 WHERE task = 'b' AND version > 2`,
      altered(2, 'hash altered'),
    ],
    ['is missing with its whole task', `DELETE FROM Fact WHERE task = 'b'`, altered(1, 'fact missing')],
    ['belongs to another task', `UPDATE Fact SET task = 'b', version = 5 WHERE task = 'c'`, altered(5, 'hash altered')],
  ])('%s', async (_, tampering, expected) => {
    expect(await afterwards(tampering)).toEqual(expected)
  })
})

test('a fact rewritten together with its own hash is given away by the next one', async () => {
  const { store, file } = await threeTasks()
  const [first, row] = await query(
    file,
    `SELECT * FROM (SELECT hash, at, "by" FROM Fact WHERE task = 'b' ORDER BY version) LIMIT 2`,
  )
  const data = '{"attempt":2}'
  const fact = {
    task: 'b',
    version: 2,
    type: 'attempt_started',
    at: BigInt(Number(row?.[1])),
    by: String(row?.[2]),
    dataHash: dataHashOf(data),
  }
  await sql(
    file,
    `UPDATE Fact SET data = '${data}', dataHash = '${fact.dataHash}', hash = '${factHash(String(first?.[0]), fact)}' ${of(2)}`,
  )
  expect(await store.verify()).toEqual(altered(3, 'hash altered'))
})

describe('verify names a head that', () => {
  test.each([
    ['is missing', `DELETE FROM Head WHERE task = 'b'`, altered(4, 'head disagrees')],
    ['is behind', `UPDATE Head SET version = 3 WHERE task = 'b'`, altered(4, 'head disagrees')],
    ['is ahead', `UPDATE Head SET version = 9 WHERE task = 'b'`, altered(5, 'fact missing')],
    ['has another status', `UPDATE Head SET status = 'completed' WHERE task = 'b'`, altered(4, 'head disagrees')],
    ['has an unknown status', `UPDATE Head SET status = 'sleeping' WHERE task = 'b'`, altered(4, 'head disagrees')],
    ['has another label', `UPDATE Head SET label = 'x' WHERE task = 'b'`, altered(4, 'head disagrees')],
    ['has another end', `UPDATE Head SET endedAt = 5 WHERE task = 'b'`, altered(4, 'head disagrees')],
    ['has another beginning', `UPDATE Head SET createdAt = 5 WHERE task = 'b'`, altered(4, 'head disagrees')],
  ])('%s', async (_, tampering, expected) => {
    expect(await afterwards(tampering)).toEqual(expected)
  })
})

test.each([
  [
    'is another',
    `UPDATE Fact SET data = replace(data, 'api', 'web') WHERE task = 'house' AND version = 1`,
    1,
    'data altered',
  ],
  [
    'is by another',
    `UPDATE Fact SET "by" = replace("by", 'ann', 'bob') WHERE task = 'house' AND version = 2`,
    2,
    'hash altered',
  ],
  ['is missing', `DELETE FROM Fact WHERE task = 'house' AND version = 1`, 1, 'fact missing'],
] as const)('verify names the first fact of the house that %s', async (_, tampering, version, what) => {
  const { store, file } = await threeTasks()
  const { repo_added, repo_removed } = EVERY_HOUSE_FACT
  for (const [n, body] of [repo_added, repo_removed, repo_added].entries()) await store.house.append(n, body, ann, n)
  expect(await store.verify()).toMatchObject({ kind: 'verified', tasks: 3, facts: 9 })
  await sql(file, tampering)
  expect(await store.verify()).toEqual({ kind: 'altered', task: 'house', version, what })
})

test('data erased on purpose leaves a chain that verifies', async () => {
  const found = await afterwards(`UPDATE Fact SET data = NULL ${of(2)}; DELETE FROM Blob`)
  expect(found).toEqual({ kind: 'verified', tasks: 3, facts: 6, erased: 2, noted: '' })
})

test('an erased fact does not hide one that is altered after it', async () => {
  const found = await afterwards(`UPDATE Fact SET data = NULL ${of(1)}; UPDATE Fact SET data = '{}' ${of(2)}`)
  expect(found).toEqual(altered(2, 'data altered'))
})

test('verifies while others append, and across pages', async () => {
  const { store } = await newStore()
  for (let n = 0; n < 30; n += 1) {
    await add(store.journal, `t${n}`, [EVERY_FACT.created, ...Array.from({ length: 39 }, () => EVERY_FACT.guided)])
  }
  let goesOn = true
  const appending = (async () => {
    for (let n = 0; goesOn; n += 1) await add(store.journal, `t${n % 30}`, [EVERY_FACT.guided])
  })()
  const found = await store.verify()
  goesOn = false
  await appending
  expect(found).toMatchObject({ kind: 'verified', tasks: 30, erased: 0 })
  expect(found.kind === 'verified' && found.facts).toBeGreaterThanOrEqual(1_200)
})
