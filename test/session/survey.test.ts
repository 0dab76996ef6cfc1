import { mkdirSync, renameSync } from 'node:fs'
import { expect, test } from 'vitest'
import { discard } from '../../src/runner/care/discard.ts'
import { survey } from '../../src/runner/care/survey.ts'
import { folded, type Given } from '../core/given.ts'
import { created } from '../core/given.ts'
import { repository } from './repository.ts'
import { ENV } from './support.ts'

test('every worktree is told with its size and what would be lost with it, and what is discarded, until when', async () => {
  const { folder, sh, check, work, place } = await repository()
  const worktrees = `${folder}/worktrees`
  for (const name of ['t1', 't2', 't3']) {
    await check(name, { worktree: `${worktrees}/${name}` })
    expect(place(name)).toBeTruthy()
  }
  sh('echo x > new; echo y > file', `${worktrees}/t2`)
  sh('git commit -q --allow-empty -m a; git commit -q --allow-empty -m b', `${worktrees}/t2`)
  mkdirSync(`${worktrees}/stray`)
  const of = { ...work('t3'), worktree: `${worktrees}/t3` }
  if (of.kind !== 'worktree') throw new Error('no worktree')
  expect(await discard({ ...place('t3'), label: 'x', work: of })).toMatch(/^[0-9a-f]{40}$/)
  const put: Given = [
    { type: 'chore_asked', chore: 'discard1', what: 'discard' },
    { type: 'chore_done', chore: 'discard1', result: { what: 'discard', ref: 'refs/x', commit: 'c', until: 99 } },
  ]
  const ended: Given = [created(), { type: 'cancelled', by: { chat: 'c', id: 'a', name: 'a' }, ending: {} }]
  const load = async (task: string) => (task === 'stray' ? null : folded([...ended, ...(task === 't3' ? put : [])]))
  const found = await survey({ home: folder, env: ENV, load })
  expect(found).toMatchObject([
    { task: 'stray', label: null, state: 'gone' },
    { task: 't1', label: 'fix-it', branch: 'bg/t1', state: 'there', changes: 0, commitsNowhereElse: 0 },
    { task: 't2', state: 'there', changes: 2, commitsNowhereElse: 2 },
    { task: 't3', state: 'discarded', until: 99 },
  ])
  expect(found[1]?.bytes).toBeGreaterThan(4000)
  renameSync(worktrees, `${folder}/elsewhere`)
  expect(await survey({ home: folder, env: ENV, load })).toHaveLength(1)
})
