import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { diff } from '../../src/runner/diff.ts'
import { writeRecord } from '../../src/runner/workspace-record.ts'
import { prepare } from '../../src/runner/workspace.ts'
import { until } from '../support/until.ts'
import { GIT, repository } from './repository.ts'
import { ending, ENV, house } from './support.ts'

test('a task gets a worktree on a branch of its own, from the commit its repository is at', async () => {
  const { sh, worktree, check } = await repository()
  expect(await check('one')).toEqual({ cwd: worktree('one') })
  expect(sh('git branch --show-current; git status --porcelain; cat "a b/ü"', worktree('one'))).toBe('bg/one\nx\n')
  expect(sh('git rev-parse HEAD', worktree('one'))).toBe(sh('git rev-parse main'))
})

test('a base is a branch or a commit to begin from, and no upstream comes of it', async () => {
  const { folder, sh, worktree, check } = await repository()
  sh('git branch old; echo more >> file; git commit -qam second; git clone -q . ../clone')
  await check('one', { base: 'old' })
  expect(sh('git log --oneline | wc -l', worktree('one')).trim()).toBe('1')
  await check('two', { path: `${folder}/clone`, base: 'origin/main' })
  expect(sh('git rev-parse --abbrev-ref "@{u}" 2>&1 || true', worktree('two'))).toContain('no upstream')
})

test("the person's checkout is not touched, whatever state it is in", async () => {
  const { repo, sh, check, worktree, work, place } = await repository()
  sh('echo mine >> file; echo new > new; git add new; git checkout -q -b feature; echo later >> new')
  const look =
    'git status --porcelain; git diff; git diff --cached; git branch --show-current; git stash list; git show-ref HEAD main feature || true; ls -A'
  const before = sh(look)
  await check('one')
  writeFileSync(`${worktree('one')}/file`, 'other\n')
  await diff(work('one'), place('one'))
  expect(sh(look)).toBe(before)
  expect(readFileSync(`${repo}/file`, 'utf8')).toBe('1\n2\n3\nmine\n')
})

test('a later turn works in the same worktree, as it was left', async () => {
  const { check, worktree, sh } = await repository()
  await check('one')
  sh('echo kept > untracked; git checkout -q -b renamed', worktree('one'))
  expect(await check('one')).toEqual({ cwd: worktree('one') })
  expect(readFileSync(`${worktree('one')}/untracked`, 'utf8')).toBe('kept\n')
})

test('a branch that is taken is left alone, and the task gets another', async () => {
  const { check, worktree, sh } = await repository()
  sh('git branch bg/one; git branch bg/two/three; git branch four')
  expect(await check('one')).toEqual({
    cwd: worktree('one'),
    note: 'the branch bg/one was taken, so this is bg/one-one',
  })
  expect(await check('two')).toMatchObject({ note: 'the branch bg/two was taken, so this is bg/two-two' })
  expect(await check('five', { branch: 'four/five' })).toMatchObject({
    note: 'the branch four/five was taken, so this is four-five-five',
  })
})

test('a worktree that was tidied away is made anew from its branch, with the commits that are on it', async () => {
  const { check, worktree, sh } = await repository()
  await check('one')
  sh('echo done > done; git add done; git commit -qm done', worktree('one'))
  rmSync(worktree('one'), { recursive: true })
  expect(await check('one')).toEqual({
    cwd: worktree('one'),
    note: 'the workspace was gone and is made anew from the branch bg/one',
  })
  expect(readFileSync(`${worktree('one')}/done`, 'utf8')).toBe('done\n')
  sh(`git worktree remove '${worktree('one').replaceAll("'", "'\\''")}'`)
  expect(await check('one')).toMatchObject({ note: 'the workspace was gone and is made anew from the branch bg/one' })
})

test('where worktree and branch are gone a task begins anew', async () => {
  const { check, worktree, sh } = await repository()
  await check('one')
  sh(`git worktree remove '${worktree('one').replaceAll("'", "'\\''")}'; git branch -qD bg/one`)
  expect(await check('one')).toEqual({ cwd: worktree('one') })
  expect(sh('git branch --show-current', worktree('one'))).toBe('bg/one\n')
})

test('a branch that somebody checked out elsewhere meanwhile is not taken from them', async () => {
  const { check, worktree, sh, repo } = await repository()
  await check('one')
  sh(`git worktree remove '${worktree('one').replaceAll("'", "'\\''")}'; git checkout -q bg/one`)
  expect(await check('one')).toEqual({ refused: `The branch bg/one of this task is checked out in ${repo} now.` })
})

test('what cannot be is said in a sentence', async () => {
  const { folder, repo, check } = await repository()
  const { check: inEmpty, repo: empty } = await repository({ empty: true })
  mkdirSync(`${folder}/full`)
  writeFileSync(`${folder}/full/theirs`, 'theirs\n')
  writeFileSync(`${folder}/blocked`, '')
  expect(await check('one', { path: `${folder}/gone` })).toEqual({ refused: `There is no directory ${folder}/gone.` })
  expect(await check('one', { path: folder })).toEqual({ refused: `${folder} is not a git repository.` })
  expect(await inEmpty('one')).toEqual({ refused: `${empty} has no commit yet, so there is nothing to begin from.` })
  expect(await check('one', { base: 'nowhere' })).toEqual({
    refused: `${repo} has no branch or commit called nowhere.`,
  })
  expect(await check('one', { base: '--help' })).toEqual({ refused: `${repo} has no branch or commit called --help.` })
  expect(await check('one', { worktree: `${folder}/full` })).toEqual({
    refused: `${folder}/full is already there and is no workspace of this task.`,
  })
  expect(readFileSync(`${folder}/full/theirs`, 'utf8')).toBe('theirs\n')
  expect(await check('one', { worktree: repo })).toEqual({
    refused: `${repo} is already there and is no workspace of this task.`,
  })
  expect(await check('one', { worktree: `${folder}/blocked/one` })).toMatchObject({
    refused: expect.stringContaining('could not be made'),
  })
})

test('a repository whose place cannot be written to is said in a sentence', async () => {
  const { folder, check } = await repository()
  symlinkSync('/proc', `${folder}/worktrees`)
  expect(await check('one')).toMatchObject({ refused: expect.stringMatching(/^The workspace .* could not be made: /) })
})

test('without git it is said that there is none', async () => {
  const { work, place } = await repository()
  const prepared = await prepare(work('one'), { ...place('one'), env: { PATH: '/nonexistent' } })
  expect(prepared).toMatchObject({ refused: expect.stringContaining('git is not installed') })
})

test('many tasks begin in one repository at once', async () => {
  const { check, worktree, sh } = await repository()
  const names = Array.from({ length: 12 }, (_, index) => `task${index}`)
  const heads = `${sh('git rev-parse --absolute-git-dir').trim()}/refs/heads/bg`
  mkdirSync(heads)
  writeFileSync(`${heads}/task0.lock`, '')
  setTimeout(() => rmSync(`${heads}/task0.lock`), 300)
  const prepared = await Promise.all(names.map((name) => check(name)))
  expect(prepared).toEqual(names.map((name) => ({ cwd: worktree(name) })))
})

test('hooks of the repository do not run, and the settings of a person change nothing', async () => {
  const { repo, sh, check, work, place, worktree } = await repository()
  writeFileSync(`${repo}/.git/hooks/post-checkout`, '#!/bin/sh\ntouch hooked; exit 1\n', { mode: 0o755 })
  sh(
    'git config diff.noprefix true; git config color.ui always; git config diff.external /bin/false; git config core.pager false',
  )
  sh('git config diff.mnemonicPrefix true; git config branch.autoSetupMerge always; git config core.quotePath true')
  expect(await check('one')).toEqual({ cwd: worktree('one') })
  expect(existsSync(`${worktree('one')}/hooked`)).toBe(false)
  writeFileSync(`${worktree('one')}/a b/ü`, 'y\n')
  const found = await diff(work('one'), place('one'))
  expect(found).toMatchObject({ text: expect.stringContaining('diff --git a/a b/ü b/a b/ü\n') })
})

test('an environment that points git elsewhere does not lead it astray', async () => {
  const { folder, work, place, worktree } = await repository()
  const env = { ...ENV, GIT_DIR: `${folder}/elsewhere`, GIT_WORK_TREE: '/', GIT_INDEX_FILE: '/nowhere' }
  expect(await prepare(work('one'), { ...place('one'), env })).toEqual({ cwd: worktree('one') })
})

test('a worktree that was killed while it was made is completed by the next attempt', async () => {
  const { repo, sh, check, worktree, place } = await repository()
  sh(
    'echo "*.slow filter=slow" > .gitattributes; for n in 1 2 3; do echo $n > $n.slow; done; git add .; git commit -qm slow',
  )
  sh('git config filter.slow.smudge "sleep 2; cat"')
  const add = spawn('git', ['worktree', 'add', '-q', '-b', 'bg/one', worktree('one')], {
    cwd: repo,
    env: GIT,
    detached: true,
    stdio: 'ignore',
  })
  await until(() => existsSync(`${worktree('one')}/.git`))
  process.kill(-(add.pid ?? 0), 'SIGKILL')
  writeRecord(place('one').taskDir, { base: sh('git rev-parse main').trim(), branch: 'bg/one', made: false })
  sh('git config filter.slow.smudge cat')
  expect(await check('one')).toEqual({ cwd: worktree('one') })
  expect(
    sh('git status --porcelain; cat 3.slow; git worktree list --porcelain | grep -c ^locked || true', worktree('one')),
  ).toBe('3\n0\n')
})

test('a command in a worktree tells at its end what it changed', async () => {
  const { work, worktree } = await repository()
  const { start } = await house()
  const last = await ending(start({ prompt: 'pwd; echo 4 >> file; echo new > new', work: work('one') }))
  expect(last).toMatchObject({
    type: 'completed',
    ending: { output: worktree('one'), changes: { files: 2, added: 2, removed: 0 } },
  })
})

test('a worktree that cannot be made is how the attempt has failed', async () => {
  const { work, repo } = await repository()
  const { start } = await house()
  const last = await ending(start({ prompt: 'touch ran', work: work('one', { base: 'nowhere' }) }))
  expect(last).toMatchObject({ type: 'failed', reason: `${repo} has no branch or commit called nowhere.` })
})

test('an attempt that is stopped while its worktree is made stops, and the next one completes it', async () => {
  const { sh, work, worktree, check } = await repository()
  const { start, sessions } = await house()
  sh(
    'echo "*.slow filter=slow" > .gitattributes; echo 1 > 1.slow; git add .; git commit -qm slow; git config filter.slow.smudge "sleep 60"',
  )
  const heard = start({ prompt: 'touch ran', work: work('one') })
  await until(() => existsSync(`${worktree('one')}/.git`))
  sessions.stop('t1', 1, 500)
  expect((await ending(heard)).type).toBe('stopped')
  sh('git config filter.slow.smudge cat')
  expect(await check('one')).toMatchObject({ cwd: worktree('one') })
  expect(readFileSync(`${worktree('one')}/1.slow`, 'utf8')).toBe('1\n')
  expect(existsSync(`${worktree('one')}/ran`)).toBe(false)
})
