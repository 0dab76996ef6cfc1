// A repository's setup and check, from config.yaml to the summary a person reads.
import { expect, test } from 'vitest'
import { house } from './house.ts'
import { repository } from './repository.ts'
import { cards, wordsOf } from './page.ts'

const LONG = 90_000

test(
  'a repository is set up before the agent begins, and its check is told as it really ended, whatever the agent says',
  { timeout: LONG },
  async () => {
    const { folder } = await repository()
    const repo = [`path: ${folder}`, 'setup: echo setting up; touch .ready', 'check: test -e fixed']
    const here = await house({ config: `repos:\n  api:\n    ${repo.join('\n    ')}\n` })
    const { page } = await here.up()

    const red = await page.start('/bg start --agent demo run test -e .ready && echo is ready\ndone All tests pass')
    const ended = await page.until(red.id, (task) => task.outcome)
    expect(ended.outcome).toMatchObject({
      kind: 'completed',
      ending: { check: { command: 'test -e fixed', exit: { code: 1 } } },
    })
    expect((await here.cli(['logs', red.id])).out).toMatch(/setup: echo setting up; .*\nsetting up\n[^]*is ready\n/)
    const summary = cards(await page.threadOf(red.id)).at(-1)
    expect(summary).toMatchObject({ tone: 'bad', title: expect.stringContaining('its check did not pass') })
    expect(summary && wordsOf(summary)).toContain('exit 1')
    expect((await here.cli(['show', red.id])).out).toContain('test -e fixed: exit 1')

    const green = await page.start('/bg start --agent demo --check "test -e .ready" edit fixed x\ndone well')
    expect(await page.until(green.id, (task) => task.outcome)).toMatchObject({
      outcome: { kind: 'completed', ending: { check: { command: 'test -e .ready', exit: { code: 0 } } } },
    })
    expect(cards(await page.threadOf(green.id)).at(-1)).toMatchObject({ tone: 'good' })

    // A command a person runs is its own check.
    const ran = await page.start('/bg run --worktree true')
    const { outcome } = await page.until(ran.id, (task) => task.outcome)
    expect(outcome?.ending.check).toBeUndefined()
  },
)

test('a setup that fails is said with its output, and the agent was never started', { timeout: LONG }, async () => {
  const { folder } = await repository()
  const here = await house({
    config: `repos:\n  api:\n    path: ${folder}\n    setup: echo no such package >&2; exit 4\n`,
  })
  const { page } = await here.up()
  const { id } = await page.start('/bg start --agent demo edit ran x\ndone well')
  expect((await page.until(id, (task) => task.outcome)).outcome).toMatchObject({
    kind: 'failed',
    reason: expect.stringMatching(/^The workspace could not be set up, so nothing was begun\..*: exit 4$/),
    ending: { output: 'no such package', changes: { files: 0 } },
  })
})
