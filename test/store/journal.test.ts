import { describe, expect, test } from 'vitest'
import type { FactBody } from '../../src/task/facts.ts'
import { ann, EVERY_FACT } from './every-fact.ts'
import { add, entryAfter, expectVerified, factsOf, newStore, newTask, query, reopen, sql } from './support.ts'

const bodies = Object.values(EVERY_FACT)
const guided = (n: number | string): FactBody => ({ ...EVERY_FACT.guided, guidance: `g${n}` })

describe('append', () => {
  test('every kind of fact comes back exactly as it was appended, also after a restart', async () => {
    const { store, file } = await newStore()
    expect(await store.journal.append(entryAfter([], bodies))).toBe('appended')
    await store.close()
    const facts = await factsOf((await reopen(file)).journal, 'a')
    expect(facts).toEqual(bodies.map((body, index) => ({ task: 'a', version: index + 1, at: 1_000, by: ann, body })))
  })

  test('facts of several tasks come back each in order', async () => {
    const { store } = await newStore()
    const names = Array.from({ length: 450 }, (_, n) => `t${n}`)
    for (const name of names) await newTask(store.journal, name)
    await add(store.journal, 't449', [guided(1), guided(2)])
    const found = await store.journal.facts([...names, 'nobody'])
    expect(found.size).toBe(450)
    expect(found.get('t449')?.map((fact) => fact.version)).toEqual([1, 2, 3])
  })

  test('who decided on an older version gets a conflict, and nothing is stored', async () => {
    const { store, file } = await newStore()
    await newTask(store.journal, 'a')
    const created = await factsOf(store.journal, 'a')
    expect(await store.journal.append(entryAfter(created, [guided(1)]))).toBe('appended')
    expect(await store.journal.append(entryAfter(created, [guided(2), guided(3)], 'a', { delivery: 'd' }))).toBe(
      'conflict',
    )
    expect(await store.journal.seen('d')).toBe(false)
    expect((await factsOf(store.journal, 'a')).map(({ body }) => body)).toEqual([created[0]?.body, guided(1)])
    expect(await query(file, 'SELECT version FROM Head')).toEqual([[2]])
  })

  test('a version that does not exist yet is a conflict, never a gap', async () => {
    const { store } = await newStore()
    await newTask(store.journal, 'a')
    const [created] = await factsOf(store.journal, 'a')
    if (!created) throw new Error('nothing was created')
    expect(await store.journal.append(entryAfter([created, { ...created, version: 2 }], [guided(1)]))).toBe('conflict')
    expect(await factsOf(store.journal, 'a')).toHaveLength(1)
  })

  test('the same delivery again is repeated, even when the task has moved on', async () => {
    const { store } = await newStore()
    await newTask(store.journal, 'a')
    const created = await factsOf(store.journal, 'a')
    expect(await store.journal.append(entryAfter(created, [guided(1)], 'a', { delivery: 'click-1' }))).toBe('appended')
    expect(await store.journal.seen('click-1')).toBe(true)
    expect(await store.journal.append(entryAfter(created, [guided(1)], 'a', { delivery: 'click-1' }))).toBe('repeated')
    expect(await add(store.journal, 'a', [guided(1)], 'click-1')).toBe('repeated')
    expect(await add(store.journal, 'b', [EVERY_FACT.created], 'click-1')).toBe('repeated')
    expect(await factsOf(store.journal, 'a')).toHaveLength(2)
    expect(await factsOf(store.journal, 'b')).toEqual([])
  })

  test('fifty appends at once on one version: one is appended, all others are conflicts', async () => {
    const { store } = await newStore()
    await newTask(store.journal, 'a')
    const created = await factsOf(store.journal, 'a')
    const results = await Promise.all(
      Array.from({ length: 50 }, (_, n) => store.journal.append(entryAfter(created, [guided(n)]))),
    )
    expect(results.filter((result) => result === 'appended')).toHaveLength(1)
    expect(results.filter((result) => result === 'conflict')).toHaveLength(49)
    await expectVerified(store)
  })

  test('a fact that could not be read back is not written', async () => {
    const { store } = await newStore()
    const ending = { costUsd: Number.NaN }
    const entry = entryAfter([], [EVERY_FACT.created, { ...EVERY_FACT.cancelled, ending }])
    await expect(store.journal.append(entry)).rejects.toThrow('Fact 2 of task a cannot be read')
    expect(await factsOf(store.journal, 'a')).toEqual([])
  })
})

describe('large data', () => {
  const large = (text: string): FactBody => ({ ...EVERY_FACT.guided, text })

  test('lies in a blob named by its hash and comes back', async () => {
    const { store, file } = await newStore()
    await newTask(store.journal, 'a')
    const body = large('x'.repeat(100_000))
    await add(store.journal, 'a', [body])
    expect((await factsOf(store.journal, 'a')).at(-1)?.body).toEqual(body)
    expect(
      await query(
        file,
        'SELECT Fact.data IS NULL, length(Blob.data) > 100000 FROM Fact JOIN Blob ON Blob.hash = dataHash',
      ),
    ).toEqual([[1, 1]])
    await expectVerified(store)
  })

  test('is stored once when it comes twice', async () => {
    const { store, file } = await newStore()
    await newTask(store.journal, 'a')
    const body = large('x'.repeat(9_000))
    await add(store.journal, 'a', [body, body])
    await add(store.journal, 'a', [body])
    expect((await factsOf(store.journal, 'a')).slice(1).map((fact) => fact.body)).toEqual([body, body, body])
    expect(await query(file, 'SELECT count(*) FROM Blob')).toEqual([[1]])
  })
})

describe('what is read', () => {
  test('a fact of an unknown type is named, not skipped', async () => {
    const { store, file } = await newStore()
    await newTask(store.journal, 'a')
    await sql(file, `UPDATE Fact SET type = 'teleported'`)
    await expect(factsOf(store.journal, 'a')).rejects.toMatchObject({
      name: 'StoreError',
      sentence: expect.stringContaining('Fact 1 of task a cannot be read') as string,
    })
  })

  test.each([['not json'], ['null'], ['[]'], ['{"attempt":"one"}']])('so is one whose data is %s', async (data) => {
    const { store, file } = await newStore()
    await add(store.journal, 'a', [EVERY_FACT.created, EVERY_FACT.attempt_started])
    await sql(file, `UPDATE Fact SET data = '${data}' WHERE version = 2`)
    await expect(factsOf(store.journal, 'a')).rejects.toThrow('Fact 2 of task a cannot be read')
  })

  test('a key that a later version added is ignored', async () => {
    const { store, file } = await newStore()
    await add(store.journal, 'a', [EVERY_FACT.created, EVERY_FACT.attempt_started])
    await sql(file, `UPDATE Fact SET data = '{"attempt":1,"host":"h2"}' WHERE version = 2`)
    expect((await factsOf(store.journal, 'a')).at(-1)?.body).toEqual(EVERY_FACT.attempt_started)
  })
})

describe('progress', () => {
  const progress = {
    at: 5,
    now: 'npm test',
    counts: { read: 12, edited: 2, commands: 1 },
    checklist: [{ text: 'x', state: 'doing' as const }],
  }

  test('is overwritten, and gone with null', async () => {
    const { store } = await newStore()
    await store.journal.putProgress('a', progress)
    await store.journal.putProgress('b', progress)
    await store.journal.putProgress('a', { ...progress, now: 'npm run lint' })
    expect(await store.journal.progress(['a', 'b', 'c'])).toEqual(
      new Map([
        ['a', { ...progress, now: 'npm run lint' }],
        ['b', progress],
      ]),
    )
    await store.journal.putProgress('a', null)
    await store.journal.putProgress('never', null)
    expect([...(await store.journal.progress(['a', 'b'])).keys()]).toEqual(['b'])
  })
})
