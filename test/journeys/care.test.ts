// What a person does with the work of a task once it has ended: commit it, discard it, bring it back.
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import type { TaskDetail } from '../../src/bot/views.ts'
import { until } from '../support/until.ts'
import { house, type House } from './house.ts'
import { cards, wordsOf, type Page } from './page.ts'
import { git, repository } from './repository.ts'

const LONG = 180_000

/** Starts a task that commits, changes, removes and makes files, some of them odd. */
function changing(page: Page, label: string, more = ''): Promise<TaskDetail> {
  const script = [
    'echo committed > c; git add c; git -c user.name=x -c user.email=x@x commit -qm c',
    'echo more >> a.txt; rm src/b.txt; head -c 5000 /dev/urandom > binary; printf "#!/bin/sh" > run; chmod +x run; mkdir "new 日本"; echo x > "new 日本/x"',
    more,
  ].filter((line) => line !== '')
  return page.start(
    `/bg start --agent demo --label ${label} ${script.map((line) => `run ${line}`).join('\n')}\ndone All is changed`,
  )
}

async function ended(page: Page, label: string): Promise<TaskDetail> {
  const { id } = await changing(page, label)
  return page.until(id, (task) => task.outcome)
}

/** Every file in a directory but git’s own: names, modes, contents. git knows no empty folders. */
const contents = (directory: string): string =>
  execFileSync(
    'bash',
    ['-c', 'find . -path ./.git -prune -o -type d -o -printf "%P %m " -type f -exec md5sum {} \\; -o -print | sort'],
    {
      cwd: directory,
      encoding: 'utf8',
    },
  )

const chore = (page: Page, id: string, what: string) =>
  page.until(id, (task) => {
    const last = task.chores.at(-1)
    return last?.what === what && last.state.kind !== 'asked'
  })

const press = async (page: Page, id: string, label: string, values: Record<string, string> = {}) =>
  expect(await page.click((await page.button(id, label)).id, values)).toEqual({ kind: 'none' })

async function begun(): Promise<{ here: House; page: Page; folder: string; state: () => unknown }> {
  const { folder, state } = await repository()
  const here = await house({ config: `repos:\n  api: ${folder}\n` })
  return { here, page: (await here.up()).page, folder, state }
}

test('work is committed with the message a person agreed to, and goes on from there', { timeout: LONG }, async () => {
  const { here, page, folder, state } = await begun()
  const before = state()
  const { id, workspace } = await ended(page, 'first')
  expect(await page.say('/bg diff first --stat')).toMatchObject({
    kind: 'text',
    text: expect.stringMatching(/^\+1 −0 a\.txt\n[^]*\n\+\d+ −1 in 6 files$/),
  })
  const button = await page.button(id, 'Commit…')
  expect(button.form?.fields).toMatchObject([{ prefill: 'All is changed' }])
  await press(page, id, 'Commit…', { message: 'Change everything' })
  const { chores } = await chore(page, id, 'commit')
  expect(chores).toMatchObject([{ state: { kind: 'done', result: { branch: 'bg/first' } } }])
  expect(git(folder, 'log', '-1', '--format=%s', 'bg/first')).toBe('Change everything\n')
  expect(git(workspace, 'status', '--porcelain')).toBe('')
  const words = await until(async () =>
    cards(await page.threadOf(id))
      .map(wordsOf)
      .find((one) => one.includes('Committed')),
  )
  expect(words).toContain(git(folder, 'rev-parse', 'bg/first').slice(0, 7))

  expect(await here.cli(['commit', 'first'])).toMatchObject({ code: 0, out: 'first: there was nothing to commit.\n' })
  expect((await here.cli(['guide', 'first', 'run echo 2 >> c\ndone again'])).code).toBe(0)
  await page.until(id, (task) => task.turns === 2 && task.outcome)
  expect(await here.cli(['commit', 'first', 'And', 'more'])).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^first: committed [0-9a-f]{7} on bg\/first\.\n$/),
  })
  expect(git(folder, 'log', '-2', '--format=%s', 'bg/first')).toBe('And more\nChange everything\n')
  expect(state()).toEqual(before)
})

test(
  'work that was discarded is gone from sight, cannot be gone on with, and comes back as it was',
  { timeout: LONG },
  async () => {
    const { here, page, folder, state } = await begun()
    const before = state()
    const { id, workspace } = await ended(page, 'first')
    const was = contents(workspace)
    const status = git(workspace, 'status', '--porcelain')

    expect(await here.cli(['discard', 'first'])).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringContaining('Nothing was done: add --yes'),
    })
    expect(contents(workspace)).toBe(was)
    await press(page, id, 'Discard…')
    await chore(page, id, 'discard')
    expect(fs.existsSync(workspace)).toBe(false)
    expect(git(folder, 'branch', '--list', 'bg/*')).toBe('')
    expect(state()).toEqual(before)
    expect((await here.cli(['show', 'first'])).out).toMatch(
      /discarded; kept until \d{4}-\d\d-\d\d in refs\/backchannel\/discarded\//,
    )
    expect(await here.cli(['guide', 'first', 'go on'])).toMatchObject({
      code: 1,
      err: 'first is discarded: restore it first.\n',
    })
    expect(await page.say('/bg commit first')).toEqual({
      kind: 'refused',
      text: 'first is discarded: restore it first.',
    })

    await press(page, id, 'Restore')
    await chore(page, id, 'restore')
    expect(contents(workspace)).toBe(was)
    expect(git(workspace, 'status', '--porcelain')).toBe(status)
    expect(git(folder, 'for-each-ref', 'refs/backchannel')).toBe('')
    expect((await here.cli(['guide', 'first', 'run cat c\ndone again'])).code).toBe(0)
    expect((await page.until(id, (task) => task.turns === 2 && task.outcome)).outcome).toMatchObject({
      kind: 'completed',
    })

    expect((await here.cli(['discard', 'first', '--yes'])).code).toBe(0)
    expect(await here.cli(['restore', 'first'])).toMatchObject({ code: 0, out: 'first: restored on bg/first.\n' })
    expect(contents(workspace)).toBe(was)
    expect(state()).toEqual(before)
  },
)

test(
  'a discard survives kill -9 of up anywhere in it, and two tasks of one repository do not disturb each other',
  { timeout: LONG },
  async () => {
    const { folder, state } = await repository()
    const here = await house({ config: `repos:\n  api: ${folder}\n` })
    let up = await here.up()
    const before = state()
    const many = 'for n in $(seq 500); do echo $n > file-$n; done'
    const [one, two] = [await changing(up.page, 'one', many), await changing(up.page, 'two', many)]
    for (const { id } of [one, two]) await up.page.until(id, (task) => task.outcome)
    const was = [one, two].map(({ workspace }) => contents(workspace))
    for (const delay of [30, 200]) {
      await Promise.all([one, two].map(({ id }) => press(up.page, id, 'Discard…')))
      await new Promise((resolve) => setTimeout(resolve, delay))
      await up.kill9()
      up = await here.up()
      for (const { id, workspace } of [one, two]) {
        const { chores } = await chore(up.page, id, 'discard')
        expect(chores.at(-1)?.state.kind).toBe('done')
        expect(fs.existsSync(workspace)).toBe(false)
      }
      expect(fs.readdirSync(path.dirname(one.workspace))).toEqual([])
      await Promise.all([one, two].map(({ id }) => press(up.page, id, 'Restore')))
      await new Promise((resolve) => setTimeout(resolve, delay))
      await up.kill9()
      up = await here.up()
      for (const { id } of [one, two]) await chore(up.page, id, 'restore')
      expect([one, two].map(({ workspace }) => contents(workspace))).toEqual(was)
    }
    expect(state()).toEqual(before)
  },
)
