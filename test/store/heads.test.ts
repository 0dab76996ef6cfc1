import { describe, expect, test } from 'vitest'
import { openHeads } from '../../src/adapters/store/heads.ts'
import { openDatabase } from '../../src/adapters/store/database.ts'
import { connect, type Value } from '../../src/adapters/store/sqlite.ts'
import { fold, headOf, record, type Head, type Journal } from '../../src/runner/journal.ts'
import { ann, EVERY_FACT } from './every-fact.ts'
import { add, factsOf, newStore, newTask, sql } from './support.ts'

const names = (heads: Head[]) => heads.map((head) => head.task)

const created = (journal: Journal, task: string, at: number, label = task) =>
  record(journal, task, () => [{ ...EVERY_FACT.created, label }], { by: ann, now: () => at })

describe('the head', () => {
  test('is what the fold says, after every fact', async () => {
    const { store } = await newStore()
    for (const body of Object.values(EVERY_FACT)) {
      await add(store.journal, 'a', [body])
      const task = fold(await factsOf(store.journal, 'a'))
      expect(await store.journal.heads({ limit: 9 })).toEqual(task && [headOf(task)])
    }
  })
})

describe('heads', () => {
  test('come newest first, by page, also those of the same instant', async () => {
    const { store } = await newStore()
    for (const [task, at] of [
      ['a', 1],
      ['b', 3],
      ['c', 3],
      ['d', 3],
      ['e', 2],
    ] as const)
      await created(store.journal, task, at)
    const { heads } = store.journal
    expect(names(await heads({ limit: 9 }))).toEqual(['d', 'c', 'b', 'e', 'a'])
    expect(names(await heads({ limit: 2 }))).toEqual(['d', 'c'])
    expect(names(await heads({ limit: 2, before: { createdAt: 3, task: 'c' } }))).toEqual(['b', 'e'])
    expect(names(await heads({ limit: 9, status: ['queued'], before: { createdAt: 3, task: 'b' } }))).toEqual([
      'e',
      'a',
    ])
  })

  test('are only those of the wanted statuses', async () => {
    const { store } = await newStore()
    for (const [n, task] of ['queued', 'working', 'done', 'failed'].entries()) await created(store.journal, task, n + 1)
    await add(store.journal, 'working', [EVERY_FACT.attempt_started])
    await add(store.journal, 'done', [EVERY_FACT.attempt_started, EVERY_FACT.completed])
    await add(store.journal, 'failed', [EVERY_FACT.failed])
    const { heads } = store.journal
    expect(names(await heads({ limit: 9, status: ['queued', 'working', 'input_required'] }))).toEqual([
      'working',
      'queued',
    ])
    expect(names(await heads({ limit: 1, status: ['failed', 'completed'] }))).toEqual(['failed'])
    expect(names(await heads({ limit: 9, status: [] }))).toEqual([])
    expect((await heads({ limit: 9, status: ['completed'] }))[0]).toMatchObject({ endedAt: 1_000, createdAt: 3 })
  })
})

describe('find', () => {
  test('takes an id or label as a whole before the beginning of one', async () => {
    const { store } = await newStore()
    for (const [task, label] of [
      ['t1', 'fix'],
      ['t2', 'fix-login'],
      ['t3', 'fix-login'],
      ['fi', 'other'],
      ['t4', '100%_x'],
      ['t5', '100 x'],
    ]) {
      await newTask(store.journal, String(task), label)
    }
    const find = async (ref: string, limit = 9) => names(await store.journal.find(ref, limit)).toSorted()
    expect(await find('fix')).toEqual(['t1'])
    expect(await find('fix-login')).toEqual(['t2', 't3'])
    expect(await find('fi')).toEqual(['fi'])
    expect(await find('f')).toEqual(['fi', 't1', 't2', 't3'])
    expect(await find('f', 2)).toHaveLength(2)
    expect(await find('t')).toEqual(['t1', 't2', 't3', 't4', 't5'])
    expect(await find('100%')).toEqual(['t4'])
    expect(await find('FIX')).toEqual([])
    expect(await find('')).toEqual([])
    expect(await find('\ud800')).toEqual([])
    expect(await find(`f' OR '1'='1`)).toEqual([])
  })
})

describe('marks', () => {
  test('an append marks for both readers; each clears its own', async () => {
    const { store } = await newStore()
    await newTask(store.journal, 'a')
    await store.journal.unmark('bot', 'a', 1)
    expect(names(await store.journal.marked('bot', 9))).toEqual([])
    expect(names(await store.journal.marked('runner', 9))).toEqual(['a'])
    await add(store.journal, 'a', [EVERY_FACT.guided])
    expect(names(await store.journal.marked('bot', 9))).toEqual(['a'])
  })

  test('a mark stays when the task has moved on meanwhile', async () => {
    const { store } = await newStore()
    await newTask(store.journal, 'a')
    const [looked] = await store.journal.marked('runner', 9)
    await add(store.journal, 'a', [EVERY_FACT.guided])
    await store.journal.unmark('runner', 'a', looked?.version ?? 0)
    expect(await store.journal.marked('runner', 9)).toMatchObject([{ task: 'a', version: 2 }])
  })

  test('no change goes unseen when appends and unmarks race', async () => {
    const { store } = await newStore()
    await newTask(store.journal, 'a')
    let seen = 0
    const appending = (async () => {
      for (let n = 0; n < 100; n += 1) await add(store.journal, 'a', [EVERY_FACT.guided])
    })()
    while (seen < 101) {
      const [head] = await store.journal.marked('bot', 9)
      if (!head) continue
      seen = head.version
      await store.journal.unmark('bot', 'a', head.version)
    }
    await appending
    expect(await store.journal.marked('bot', 9)).toEqual([])
  })

  test('come oldest change first', async () => {
    const { store } = await newStore()
    for (const [task, at] of [
      ['a', 1],
      ['b', 2],
      ['c', 3],
    ] as const)
      await created(store.journal, task, at)
    await record(store.journal, 'a', () => [EVERY_FACT.guided], { by: ann, now: () => 4 })
    expect(names(await store.journal.marked('bot', 9))).toEqual(['b', 'c', 'a'])
    expect(names(await store.journal.marked('bot', 1))).toEqual(['b'])
  })
})

test('every question about heads is answered from an index, without sorting', async () => {
  const { store, file } = await newStore()
  await store.close()
  await sql(
    file,
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
     INSERT INTO Head SELECT 't' || i, 1, CASE i % 500 WHEN 0 THEN 'working' ELSE 'completed' END, 'label-' || i, 'demo', i, NULL, i, 0, 0 FROM n;
     ANALYZE`,
  )
  const asked: [statement: string, values: Value[]][] = []
  const database = openDatabase(file)
  const journal = openHeads({
    ...database,
    rows: (statement, values = []) => {
      asked.push([statement, values])
      return database.rows(statement, values)
    },
    writeDerived: (work) =>
      database.writeDerived((sqlite) =>
        work({
          ...sqlite,
          run: (statement, values = []) => {
            asked.push([statement, values])
            return sqlite.run(statement, values)
          },
        }),
      ),
  })
  await journal.marked('bot', 50)
  await journal.marked('runner', 50)
  await journal.heads({ limit: 50 })
  await journal.heads({ limit: 50, before: { createdAt: 9, task: 't9' } })
  await journal.heads({ status: ['working', 'completed'], limit: 50, before: { createdAt: 9, task: 't9' } })
  await journal.find('label-9', 5)
  await journal.unmark('bot', 't1', 1)
  await database.close()
  const sqlite = connect(file)
  const plans = asked.map(([statement, values]) =>
    sqlite.rows<{ detail: string }>(`EXPLAIN QUERY PLAN ${statement}`, values),
  )
  sqlite.close()
  const steps = plans.flat().map(({ detail }) => detail)
  expect(plans.length).toBeGreaterThanOrEqual(9)
  expect(steps.filter((step) => /SCAN(?!.*USING (COVERING )?INDEX)|TEMP B-TREE/.test(step))).toEqual([])
})
