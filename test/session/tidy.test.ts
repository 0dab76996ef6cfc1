// Nothing removes a worktree whose work exists nowhere else: what is tidied away, what is not, and that nobody else removes one.
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { occupants, type Site } from '../../src/runner/care/site.ts'
import { diff } from '../../src/runner/diff.ts'
import { tidy } from '../../src/runner/care/tidy.ts'
import { asideOf } from '../../src/runner/worktrees.ts'
import { until } from '../support/until.ts'
import { repository } from './repository.ts'
import { ENV } from './support.ts'

async function task() {
  const made = await repository()
  await made.check('one')
  const work = made.work('one')
  if (work.kind !== 'worktree') throw new Error('no worktree')
  const site: Site = { task: 'one', label: 'fix-it', taskDir: made.place('one').taskDir, work, env: ENV }
  const inTree = (script: string) => made.sh(script, work.worktree)
  const branches = () => made.sh('git branch --list --format="%(refname:short)"').trim().split('\n')
  return { ...made, site, tree: work.worktree, inTree, branches }
}

describe('nothing removes a worktree whose work exists nowhere else', () => {
  test.each([
    ['a changed file', 'echo x > file'],
    ['a new file', 'echo x > new'],
    ['a staged file', 'echo x > new; git add new'],
    ['a removed file', 'rm file'],
    ['a commit on no branch', 'git checkout -q --detach; echo x > new; git add new; git commit -qm x'],
    [
      'a merge in the middle',
      'git checkout -qb b HEAD; git commit -q --allow-empty -m b; git checkout -q bg/one; git commit -q --allow-empty -m a; git merge -q --no-commit b',
    ],
    [
      'a repository of its own',
      'echo inner > .gitignore; git add .; git commit -qm i; git init -q inner2; cd inner2; git commit -q --allow-empty -m x; cd ..; git add inner2 2>/dev/null; git commit -qm x',
    ],
    ['a lock of a person', 'git worktree lock .'],
  ])('%s stays', async (_what, mess) => {
    const { site, tree, inTree } = await task()
    inTree(mess)
    const before = inTree('git status --porcelain; git rev-parse HEAD; ls -A')
    expect(await tidy(site)).toBe(false)
    expect(existsSync(tree)).toBe(true)
    expect(inTree('git status --porcelain; git rev-parse HEAD; ls -A')).toBe(before)
  })

  test('where a program works, it stays', async () => {
    const { site, tree } = await task()
    const child = spawn('sleep', ['60'], { cwd: tree })
    onTestFinished(() => void child.kill('SIGKILL'))
    await until(() => occupants(tree).length === 1)
    expect(await tidy(site)).toBe(false)
    expect(existsSync(tree)).toBe(true)
  })

  test('and there is one place in the sources that removes any', () => {
    const folder = join(import.meta.dirname, '../../src')
    const removes = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
      (name) =>
        name.endsWith('.ts') && /'worktree', 'remove'|'branch', '-[dD]'/.test(readFileSync(join(folder, name), 'utf8')),
    )
    expect(removes).toEqual(['runner/care/removal.ts'])
  })
})

test('a clean worktree is tidied away, its branch stays while it alone has its commits, and the next turn makes it again', async () => {
  const { site, tree, inTree, sh, check, branches } = await task()
  inTree('echo ignored > .gitignore; echo x > done; git add .; git commit -qm done; mkdir ignored; echo x > ignored/x')
  expect(await tidy(site)).toBe(true)
  expect([existsSync(tree), branches()]).toEqual([false, ['bg/one', 'main']])
  expect(sh('git worktree list --porcelain | grep -c ^worktree')).toBe('1\n')
  expect(await tidy(site)).toBe(false)
  expect(await check('one')).toMatchObject({ cwd: tree, note: expect.stringContaining('made anew') })
  expect(inTree('cat done')).toBe('x\n')
})

test('a branch goes with its worktree when all its commits are elsewhere too, and comes back where it was', async () => {
  const { site, tree, inTree, sh, check, branches } = await task()
  inTree('echo x > done; git add .; git commit -qm done')
  sh('git merge -q bg/one; git commit -q --allow-empty -m later')
  const tip = sh('git rev-parse bg/one')
  expect(await tidy(site)).toBe(true)
  expect(branches()).toEqual(['main'])
  expect(await diff(site.work, site)).toMatchObject({ files: [{ path: 'done' }] })
  expect(await check('one')).toMatchObject({ cwd: tree })
  expect(inTree('git rev-parse HEAD; git branch --show-current')).toBe(`${tip}bg/one\n`)
})

test('a branch that was pushed is elsewhere too', async () => {
  const { site, inTree, sh, branches, folder } = await task()
  inTree('echo x > done; git add .; git commit -qm done')
  sh(`git init -q --bare ../bare; git remote add origin '${folder}/bare'; git push -q origin bg/one`)
  expect(await tidy(site)).toBe(true)
  expect(branches()).toEqual(['main'])
})

test('a worktree that was moved aside when the machine went down is back for the next turn, and for the next tidying', async () => {
  const { site, tree, inTree, check } = await task()
  inTree('echo x > new')
  renameSync(tree, asideOf(tree))
  expect(await tidy(site)).toBe(false)
  expect(existsSync(tree)).toBe(true)
  renameSync(tree, asideOf(tree))
  expect(await check('one')).toEqual({ cwd: tree })
  expect(inTree('cat new')).toBe('x\n')
})
