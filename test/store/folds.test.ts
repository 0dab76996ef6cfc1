// Folds that are kept spare reading, and nothing is ever decided from one that is behind: two stores of one file stand for two
// processes, of which neither hears of the other.
import { expect, test } from 'vitest'
import { known, tasksOf } from '../../src/runner/folds.ts'
import { load, record, type Journal } from '../../src/runner/journal.ts'
import type { FactBody } from '../../src/task/facts.ts'
import type { Task } from '../../src/task/task.ts'
import { refuse, type Refused } from '../../src/task/words.ts'
import { emptyStore, journalIn } from '../simulator/store.ts'
import { ann, EVERY_FACT } from './every-fact.ts'
import { add, expectVerified, factsOf, newStore, newTask, reopen } from './support.ts'

/** A journal that counts how often facts are read, in a process that has seen the task, and one of another process. */
async function twoProcesses() {
  const { store, file } = await newStore()
  const counts = { reads: 0 }
  const ours: Journal = {
    ...store.journal,
    facts: (tasks) => {
      counts.reads += tasks.length
      return store.journal.facts(tasks)
    },
  }
  await newTask(ours, 'a')
  counts.reads = 0
  return { store, ours, theirs: (await reopen(file)).journal, counts }
}

/** Decides, and says on which versions of the task. */
async function decided(journal: Journal, decide: (task: Task) => FactBody[] | Refused) {
  const on: number[] = []
  const result = await record(
    journal,
    'a',
    (task) => {
      if (!task) throw new Error('there is no task')
      on.push(task.version)
      return decide(task)
    },
    { by: ann, now: () => 1 },
  )
  return { on, result }
}

test('what this process appended is read by it no more', async () => {
  const { ours, counts } = await twoProcesses()
  for (let n = 0; n < 3; n += 1) await add(ours, 'a', [EVERY_FACT.guided])
  expect(await tasksOf(ours, await ours.marked('bot', 9))).toMatchObject([{ id: 'a', version: 4 }])
  expect(counts.reads).toBe(0)
  expect(known(ours, 'a')).toEqual(await load(ours, 'a'))
})

test('who appended in between is not overwritten: it is decided again on the fresh task', async () => {
  const { store, ours, theirs } = await twoProcesses()
  await add(theirs, 'a', [EVERY_FACT.attempt_started])
  const { on, result } = await decided(ours, () => [EVERY_FACT.guided])
  expect(on).toEqual([1, 2])
  expect(result).toMatchObject({ task: { version: 3, attempt: EVERY_FACT.attempt_started.attempt } })
  expect((await factsOf(ours, 'a')).map(({ body }) => body.type)).toEqual(['created', 'attempt_started', 'guided'])
  await expectVerified(store)
})

test('nobody is refused because of what is no longer so', async () => {
  const { ours, theirs } = await twoProcesses()
  await add(theirs, 'a', [EVERY_FACT.attempt_started])
  const { on, result } = await decided(ours, ({ attempt }) =>
    attempt === 0 ? refuse('It has not begun.') : [EVERY_FACT.guided],
  )
  expect(on).toEqual([1, 2])
  expect(result).toMatchObject({ task: { version: 3 } })
})

test('that there is nothing to do is decided on the fresh task, too', async () => {
  const { ours, theirs } = await twoProcesses()
  await add(theirs, 'a', [EVERY_FACT.attempt_started])
  const { on, result } = await decided(ours, ({ attempt }) => (attempt === 0 ? [] : [EVERY_FACT.guided]))
  expect(on).toEqual([1, 2])
  expect(result).toMatchObject({ task: { version: 3 } })
})

test('a task is never older than its head says', async () => {
  const { ours, theirs } = await twoProcesses()
  await add(theirs, 'a', [EVERY_FACT.guided])
  expect(await tasksOf(ours, await ours.heads({ limit: 9 }))).toMatchObject([{ version: 2 }])
})

test('however many tasks there are, only the last are kept, and none is missing', async () => {
  const journal = journalIn(emptyStore())
  const count = 2_100
  for (let n = 0; n < count; n += 1) await newTask(journal, `t${n}`)
  expect(known(journal, 't0')).toBeNull()
  expect(known(journal, `t${count - 1}`)).not.toBeNull()
  expect(await tasksOf(journal, await journal.heads({ limit: count }))).toHaveLength(count)
})
