import { rmSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { changesOf } from '../../src/runner/changes.ts'
import { diff } from '../../src/runner/diff.ts'
import type { Work } from '../../src/task/facts.ts'
import { repository } from './repository.ts'

test('a diff has what was committed, changed, renamed, removed and never added, in numbers and as text', async () => {
  const { check, work, place, worktree, sh } = await repository()
  await check('one')
  sh(
    'printf "1\\ntwo\\n3\\n4\\n" > file; git commit -qam changed; git mv "a b/ü" moved; printf "n\\n" > "new 日本"; head -c 3000 /dev/zero > binary; echo ignored > .gitignore; echo x > ignored',
    worktree('one'),
  )
  const status = sh('git status --porcelain', worktree('one'))
  const found = await diff(work('one'), place('one'))
  if ('refused' in found) throw new Error(found.refused)
  expect(found.base).toBe(sh('git rev-parse main').trim())
  expect(found.files).toEqual([
    { path: '.gitignore', added: 1, removed: 0 },
    { path: 'binary', added: 0, removed: 0 },
    { path: 'file', added: 2, removed: 1 },
    { path: 'moved', added: 0, removed: 0 },
    { path: 'new 日本', added: 1, removed: 0 },
  ])
  expect(found.text).toContain('-2\n+two\n 3\n+4\n')
  expect(found.text).toContain('rename from a b/ü\nrename to moved\n')
  expect(found.text).toContain('+++ b/new 日本')
  expect(await changesOf(work('one'), place('one'))).toEqual({
    branch: 'bg/one',
    changes: { files: 5, added: 4, removed: 1 },
    files: found.files,
  })
  expect(sh('git status --porcelain', worktree('one'))).toBe(status)
})

test('a diff of a directory worked in as it is, is what is not committed', async () => {
  const { repo, sh, place, folder } = await repository()
  const here: Work = { kind: 'here', repo: null, path: `${repo}/a b` }
  sh('echo 4 >> file; echo n > new')
  expect(await diff(here, place('one'))).toMatchObject({
    files: [
      { path: 'file', added: 1 },
      { path: 'new', added: 1 },
    ],
  })
  expect(await changesOf(here, place('one'))).toEqual({})
  expect(await diff({ ...here, path: folder }, place('one'))).toEqual({ refused: `${folder} is not a git repository.` })
})

test('a diff of a workspace that is gone is what its branch says, and of what never was there is none', async () => {
  const { check, work, place, worktree, sh } = await repository()
  expect(await diff(work('one'), place('one'))).toEqual({ refused: `The workspace ${worktree('one')} is gone.` })
  await check('one')
  sh('echo 4 >> file; git commit -qam more', worktree('one'))
  rmSync(worktree('one'), { recursive: true })
  expect(await diff(work('one'), place('one'))).toMatchObject({
    files: [{ path: 'file', added: 1 }],
    text: expect.stringContaining('+4'),
  })
  sh('git worktree prune; git branch -qD bg/one')
  expect(await diff(work('one'), place('one'))).toEqual({ refused: `The workspace ${worktree('one')} is gone.` })
})

test('a diff too long to show is cut, and says so', async () => {
  const { check, work, place, worktree } = await repository()
  await check('one')
  writeFileSync(`${worktree('one')}/long`, 'a line of some length that is repeated\n'.repeat(600_000))
  const found = await diff(work('one'), place('one'))
  expect(found).toMatchObject({
    files: [{ path: 'long', added: 600_000 }],
    text: expect.stringContaining('the rest is left out'),
  })
})

test('of many changed files the first fifty are told by name, and of new ones those that people read', async () => {
  const { check, work, place, worktree, sh } = await repository()
  sh('echo old > old.md; git add .; git commit -qm old')
  await check('one')
  sh(
    'echo 2 >> old.md; mkdir -p docs .cache src; touch docs/plan.md report.html .cache/x.md package.json src/x.ts table.csv "ein Bild.PNG"; for n in $(seq 60); do echo $n > src/$n.ts; done',
    worktree('one'),
  )
  const found = await changesOf(work('one'), place('one'))
  expect(found).toMatchObject({
    branch: 'bg/one',
    changes: { files: 68 },
    reports: ['docs/plan.md', 'report.html', 'table.csv', 'ein Bild.PNG'],
  })
  expect(found.files).toHaveLength(50)
})
