// What people granted becomes a fact of the house by looking: once, whoever died in between, and it is taken back for what runs.
import { expect, test } from 'vitest'
import { Granted } from '../../src/runner/granted.ts'
import { load, record, type HouseJournal } from '../../src/runner/journal.ts'
import { alwaysOptions } from '../../src/task/granted.ts'
import type { Task } from '../../src/task/task.ts'
import { ann, asked, bob, created, NOW, permission, settled, started } from '../core/given.ts'
import { newStore } from './support.ts'

const grantedBy = (house: HouseJournal, failed: (task: string) => void = () => {}) => new Granted(house, failed)

async function granting() {
  const { store } = await newStore()
  const ask = { ...permission(), options: [...permission().options, ...alwaysOptions('Bash(npm install *)', 'api')] }
  const by = { by: ann, now: () => 1 }
  await record(store.journal, 't1', () => [created(), started(), asked(ask)], by)
  return {
    store,
    chooses: (option: string) => record(store.journal, 't1', () => [settled('q1', option, bob)], by),
    tasks: async (): Promise<Task[]> => [(await load(store.journal, 't1')) as Task],
  }
}

test('a choice that was stored before a crash is a fact of the house after the next look, with who and when, and only once', async () => {
  const { store, chooses, tasks } = await granting()
  const before = grantedBy(store.house)
  expect(await before.refresh(await tasks())).toBe(false)
  await chooses('always-repo')
  const looks = [before, grantedBy(store.house), grantedBy(store.house)]
  const changed = []
  for (const one of looks) changed.push(await one.refresh(await tasks()))
  expect(changed).toEqual([true, true, true])
  await Promise.all(looks.map(async (one) => one.refresh(await tasks())))
  expect(await store.house.facts()).toEqual([
    {
      version: 1,
      at: NOW,
      by: bob,
      body: { type: 'rule_granted', rule: 'Bash(npm install *)', repo: 'api', task: 't1', request: 'q1' },
    },
  ])
  const [task] = await tasks()
  for (const one of looks)
    expect(task && one.rules(task)).toEqual([
      { list: 'allow', text: 'Bash(npm install *)', at: 'r1, granted by @bob', granted: true },
    ])
})

test('what is revoked counts no more with the next look, and is not granted again', async () => {
  const { store, chooses, tasks } = await granting()
  await chooses('always-task')
  const granted = grantedBy(store.house)
  await granted.refresh(await tasks())
  await store.house.append(1, { type: 'rule_revoked', granted: 1 }, ann, 2)
  expect(await granted.refresh(await tasks())).toBe(true)
  expect(await granted.refresh(await tasks())).toBe(false)
  const [task] = await tasks()
  expect(task && granted.rules(task)).toEqual([])
  expect(await grantedBy(store.house).refresh(await tasks())).toBe(false)
  expect(await store.house.version()).toBe(2)
})

test('a choice that grants nothing is no fact of the house', async () => {
  const { store, chooses, tasks } = await granting()
  await chooses('allow')
  expect(await grantedBy(store.house).refresh(await tasks())).toBe(false)
  expect(await store.house.version()).toBe(0)
})

test('a choice that cannot be stored keeps its task from being forgotten, and nothing else from going on', async () => {
  const { store, chooses, tasks } = await granting()
  await chooses('always-repo')
  const told: string[] = []
  let isFull = true
  const house: HouseJournal = {
    ...store.house,
    append: async (...all) => (isFull ? Promise.reject(new Error('disk full')) : store.house.append(...all)),
  }
  const granted = grantedBy(house, (task) => told.push(task))
  const [task] = (await tasks()) as [Task]
  expect(await granted.refresh([task])).toBe(false)
  expect([told, granted.isBehind(task)]).toEqual([['t1'], true])
  isFull = false
  expect(await granted.refresh([task])).toBe(true)
  expect([told, granted.isBehind(task)]).toEqual([['t1'], false])
})
