import path from 'node:path'
import { expect, test } from 'vitest'
import { openStore } from '../../src/adapters/store/store.ts'
import { deeds } from '../../src/bot/deeds.ts'
import { repos } from '../../src/bot/repos.ts'
import type { Task } from '../../src/task/task.ts'
import { home } from '../support/home.ts'

const ANN = { chat: 'test', id: 'ann', name: 'ann' }

async function started(prompts: string[]): Promise<string[]> {
  const folder = await home()
  const store = await openStore(path.join(folder, 'backchannel.db'))
  let ids = 0
  const able = {
    name: 'able',
    limits: { guidance: true, resume: true, questions: true },
    missing: null,
    blank: null,
    options: {},
  }
  const does = deeds({
    journal: store.journal,
    people: async () => ({ owners: [ANN] }),
    repos: repos(async () => [], folder),
    agents: [able],
    startAgent: 'able',
    notify: { of: async () => null, set: async () => {} },
    mask: async (text) => text,
    now: () => 0,
    newId: () => `t${(ids += 1)}`,
    ring: () => {},
  })
  const work = { worktree: false, repo: null, directory: folder }
  const labels: string[] = []
  for (const prompt of prompts) {
    const task = (await does.start({ by: ANN }, { prompt, place: { chat: 'test', channel: 'c' }, work })) as Task
    labels.push(task.label)
  }
  await store.close()
  return labels
}

test('every task gets a label of its own, however often the same is asked for', async () => {
  expect(await started(['Fix the tests', 'Fix the tests', 'fix the tests!', 'Fix the tests', 'Fix'])).toEqual([
    'fix-the-tests',
    'fix-the-tests-2',
    'fix-the-tests-3',
    'fix-the-tests-4',
    'fix',
  ])
})
