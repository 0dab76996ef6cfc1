// What the runner does by itself with old worktrees, and with what was discarded long ago, as people find it afterwards.
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { openStore } from '../../src/adapters/store/store.ts'
import { load, record } from '../../src/runner/journal.ts'
import { HOUSE } from '../../src/task/words.ts'
import { until } from '../support/until.ts'
import { house } from './house.ts'
import { cards, wordsOf } from './page.ts'
import { git, repository } from './repository.ts'

const LONG = 120_000

test(
  'clean worktrees are tidied away by the runner, others stay, the next turn makes them again, and doctor tells of all',
  { timeout: LONG },
  async () => {
    const { folder, state } = await repository()
    const here = await house({ config: `repos:\n  api: ${folder}\ntidy_after: 1ms\n` })
    const first = await here.up()
    const before = state()
    const start = async (label: string, command: string) => {
      const { id } = await first.page.start(`/bg start --agent demo --label ${label} run ${command}\ndone well`)
      return first.page.until(id, (task) => task.outcome)
    }
    const commit = 'echo x > done; git add .; git -c user.name=x -c user.email=x@x commit -qm x'
    const clean = await start('clean', commit)
    const messy = await start('messy', 'echo x > new')
    expect(JSON.parse((await here.cli(['doctor', '--json'])).out)).toMatchObject(
      expect.arrayContaining([
        expect.objectContaining({
          what: 'worktree messy',
          worktree: expect.objectContaining({ state: 'there', changes: 1, commitsNowhereElse: 0 }),
        }),
      ]),
    )
    // It looks once after a start, when there is nothing more urgent.
    await first.end()
    const { page } = await here.up()
    await until(() => !fs.existsSync(clean.workspace), { within: 30_000 })
    expect(fs.readFileSync(path.join(messy.workspace, 'new'), 'utf8')).toBe('x\n')
    expect(git(folder, 'show', 'bg/clean:done')).toBe('x\n')
    expect((await here.cli(['diff', 'clean', '--stat'])).out).toBe('+1 −0 done\n')
    expect((await here.cli(['doctor'])).out).toMatch(/worktree messy: .*, 1 change\n/)
    await page.click((await page.button(clean.id, 'Continue…')).id, { text: 'run cat done\ndone again' })
    await page.until(clean.id, (task) => task.turns === 2 && task.outcome)
    expect(fs.readFileSync(path.join(clean.workspace, 'done'), 'utf8')).toBe('x\n')
    expect(state()).toEqual(before)
  },
)

test('what was discarded is let go of once it was kept for as long as was said', { timeout: LONG }, async () => {
  const { folder } = await repository()
  const here = await house({ config: `repos:\n  api: ${folder}\n` })
  const up = await here.up()
  const { id } = await up.page.start('/bg start --agent demo --label old run echo x > new\ndone well')
  await up.page.until(id, (task) => task.outcome)
  expect((await here.cli(['discard', 'old', '--yes'])).code).toBe(0)
  expect((await here.cli(['restore', 'old'])).code).toBe(0)
  await up.page.until(id, (task) => task.chores.length === 2)
  await up.end()
  // Thirty days in one moment: the second discard is told with an instant that has passed.
  const store = await openStore(path.join(here.home, 'backchannel.db'))
  const say = (body: Parameters<typeof record>[2]) => record(store.journal, id, body, { by: HOUSE, now: Date.now })
  await say(() => [{ type: 'chore_asked', chore: 'discard3', what: 'discard' }])
  const task = await load(store.journal, id)
  if (task?.work.kind !== 'worktree') throw new Error('no worktree')
  const { discard } = await import('../../src/runner/care/discard.ts')
  const env = { PATH: process.env['PATH'] ?? '' }
  const kept = await discard({
    task: id,
    label: 'old',
    work: task.work,
    env,
    taskDir: path.join(here.home, 'tasks', id),
  })
  if (typeof kept !== 'string') throw new Error(kept.refused)
  const ref = `refs/backchannel/discarded/${id}`
  await say(() => [
    { type: 'chore_done', chore: 'discard3', result: { what: 'discard', ref, commit: kept, until: Date.now() - 1 } },
  ])
  await store.close()
  expect(git(folder, 'rev-parse', ref).trim()).toBe(kept)

  const { page } = await here.up()
  await until(() => spawnSync('git', ['rev-parse', '--verify', '--quiet', ref], { cwd: folder }).status !== 0, {
    within: 30_000,
  })
  expect((await here.cli(['restore', 'old'])).err).toBe('old was discarded and is not kept any more.\n')
  await until(async () =>
    cards(await page.threadOf(id))
      .map(wordsOf)
      .some((words) => words.includes('not kept any more')),
  )
  const summary = cards(await page.threadOf(id)).find(({ title }) => title.startsWith('Done'))
  expect(summary?.buttons.map(({ label }) => label)).toEqual(['Log'])
})
