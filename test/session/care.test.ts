// What happens to the worktree of an ended task, with real git: commit, discard, restore, and cut off anywhere in between.
import { spawn } from 'node:child_process'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { commit } from '../../src/runner/care/commit.ts'
import { discard } from '../../src/runner/care/discard.ts'
import { restore } from '../../src/runner/care/restore.ts'
import { discardedRef, occupants, type Site } from '../../src/runner/care/site.ts'
import { diff } from '../../src/runner/diff.ts'
import { readRecord, writeRecord } from '../../src/runner/workspace-record.ts'
import { asideOf } from '../../src/runner/worktrees.ts'
import { until } from '../support/until.ts'
import { repository } from './repository.ts'
import { ENV } from './support.ts'

/** A task `one` with its worktree, and all of the checkout that its person could notice. */
async function task() {
  const made = await repository()
  made.sh(
    'echo "*.txt text" > .gitattributes; git add .; git commit -qm attributes; echo mine >> file; echo new > mine; git add mine',
  )
  await made.check('one')
  const work = made.work('one')
  if (work.kind !== 'worktree') throw new Error('no worktree')
  const site: Site = { task: 'one', label: 'fix-it', taskDir: made.place('one').taskDir, work, env: ENV }
  const inTree = (script: string) => made.sh(script, work.worktree)
  const mine = () =>
    made.sh(
      'git status --porcelain=v2; git diff HEAD; git stash list; git config --local --list; ls -A; md5sum .git/index',
    )
  return { ...made, site, tree: work.worktree, inTree, mine, ref: discardedRef('one') }
}

/** Names, modes and contents of everything that is neither git's own nor ignored. */
function contents(directory: string, below = ''): Record<string, string> {
  const names = readdirSync(directory).filter((name) => name !== '.git' && name !== 'ignored')
  const found = names.map((name): Record<string, string> => {
    const path = `${directory}/${name}`
    const stat = lstatSync(path)
    if (stat.isDirectory()) return contents(path, `${below}${name}/`)
    const what = stat.isSymbolicLink() ? readlinkSync(path) : readFileSync(path, 'latin1')
    return { [below + name]: `${(stat.mode & 0o170100).toString(8)} ${what}` }
  })
  return Object.assign({}, ...found) as Record<string, string>
}

/** All one may leave behind: committed, staged, changed, removed, new, a binary, a script, a link, odd line ends and names. */
const MESS = `
  echo committed > committed; git add committed; git commit -qm "own commit"
  echo staged > staged; git add staged; echo "and changed" >> staged
  printf "1\\ntwo\\n3\\n" > file
  rm "a b/ü"
  echo new > "new 日本"; mkdir -p deep/er; echo deep > deep/er/file
  head -c 3000 /dev/urandom > binary
  printf '#!/bin/sh\\n' > run; chmod +x run
  printf 'crlf\\r\\n' > crlf.txt; git add crlf.txt; printf 'more\\r\\n' >> crlf.txt
  ln -s "new 日本" link
  printf 'ignored\\n' > .gitignore; echo x > ignored; echo kept > forced.log; echo '*.log' >> .gitignore; git add -f forced.log
`
const LOOK = 'git status --porcelain; git diff --cached; git log --oneline; git branch --show-current'

test('what was discarded comes back as it was: every byte and mode, what was staged staged, and the checkout never changes', async () => {
  const { site, tree, inTree, sh, mine, ref, repo } = await task()
  inTree(MESS)
  const [before, looked, checkout] = [contents(tree), inTree(LOOK), mine()]
  const changed = await diff(site.work, site)
  const kept = await discard(site)
  if ('refused' in changed) throw new Error(changed.refused)
  expect(await diff(site.work, site)).toMatchObject({ base: changed.base, files: changed.files })
  expect(sh(`git rev-parse ${ref}`).trim()).toBe(kept)
  expect([existsSync(tree), existsSync(asideOf(tree))]).toEqual([false, false])
  expect(sh('git branch --list "bg/*"; git worktree list --porcelain | grep -c ^worktree')).toBe('1\n')
  expect(sh(`git ls-tree -r --name-only -z ${ref}`).split('\0').toSorted()).toEqual(
    [...Object.keys(before), ''].toSorted(),
  )
  expect(mine()).toBe(checkout)

  sh('git gc --prune=now --quiet')
  expect(await restore(site)).toEqual({ branch: 'bg/one' })
  expect(contents(tree)).toEqual(before)
  expect(inTree(LOOK)).toBe(looked)
  expect(sh(`git show-ref ${ref} || true`)).toBe('')
  expect(mine()).toBe(checkout)
  expect(readRecord(site.taskDir)).toMatchObject({ branch: 'bg/one', made: true, setUp: false, restoring: false })
  expect(repo).toBeTruthy()

  // And once more, from there.
  await discard(site)
  await restore(site)
  expect(contents(tree)).toEqual(before)
})

test('discard and restore can be said again, and change nothing the second time', async () => {
  const { site, tree, inTree } = await task()
  inTree(MESS)
  const before = contents(tree)
  const kept = await discard(site)
  expect(await discard(site)).toBe(kept)
  await restore(site)
  expect(await restore(site)).toEqual({ branch: 'bg/one' })
  expect(contents(tree)).toEqual(before)
})

test('an agent that left its branch, its head or a merge in the middle loses nothing', async () => {
  const { site, tree, inTree, sh } = await task()
  inTree(
    'echo own > own; git add own; git commit -qm own; git checkout -qb other main; echo o > o; git add o; git commit -qm o',
  )
  inTree('git checkout -q --detach; echo d > d; git add d; git commit -qm d')
  const [head, own] = [inTree('git rev-parse HEAD'), sh('git rev-parse bg/one')]
  expect(await discard(site)).toMatch(/^[0-9a-f]{40}$/)
  expect(sh('git branch --list --format="%(refname:short)"')).toBe('main\nother\n')
  expect(await restore(site)).toEqual({ branch: head.trim() })
  expect(inTree('git rev-parse HEAD; git branch --show-current; cat o d')).toBe(`${head}o\nd\n`)
  expect(sh('git rev-parse bg/one')).toBe(own)

  inTree(
    'git checkout -q bg/one; echo a > file; git commit -qam a; git checkout -q other; echo b > file; git commit -qam b',
  )
  inTree('git merge bg/one 2>&1 || true')
  const merging = contents(tree)
  expect(merging['file']).toContain('<<<<<<<')
  expect(await discard(site)).toMatch(/^[0-9a-f]{40}$/)
  expect(await restore(site)).toEqual({ branch: 'other' })
  expect(contents(tree)).toEqual(merging)
})

test('a worktree that somebody removed is discarded as what its branch holds', async () => {
  const { site, tree, inTree, sh } = await task()
  inTree('echo c > c; git add c; git commit -qm c')
  rmSync(tree, { recursive: true })
  expect(await discard(site)).toMatch(/^[0-9a-f]{40}$/)
  expect(sh('git branch --list "bg/*"')).toBe('')
  await restore(site)
  expect(inTree('cat c; git status --porcelain')).toBe('c\n')
})

test('nothing is removed while a program works in the worktree', async () => {
  const { site, tree, inTree } = await task()
  inTree('mkdir deep; echo x > deep/x')
  const child = spawn('sleep', ['60'], { cwd: `${tree}/deep` })
  onTestFinished(() => void child.kill('SIGKILL'))
  await until(() => occupants(tree).length === 1)
  expect(await discard(site)).toEqual({
    refused: `Something works in the workspace, sleep (${child.pid}): end it first.`,
  })
  expect(readFileSync(`${tree}/deep/x`, 'utf8')).toBe('x\n')
  child.kill('SIGKILL')
  await until(() => occupants(tree).length === 0)
  expect(await discard(site)).toMatch(/^[0-9a-f]{40}$/)
})

test('what git would keep only the name of is not discarded: a repository in the worktree', async () => {
  const { site, tree, inTree } = await task()
  inTree('git init -q inner; cd inner; echo x > x; git add x; git commit -qm x')
  expect(await discard(site)).toEqual({
    refused: 'inner in the workspace is a git repository of its own, which cannot be kept: move it elsewhere first.',
  })
  expect(readFileSync(`${tree}/inner/x`, 'utf8')).toBe('x\n')
})

test('a discard that was cut off is completed by the next, wherever it stood', async () => {
  const { site, tree, inTree, ref, sh } = await task()
  inTree(MESS)
  const before = contents(tree)
  // Moved aside, and not known to be safe yet.
  renameSync(tree, asideOf(tree))
  const first = await discard(site)
  expect(first).toMatch(/^[0-9a-f]{40}$/)
  await restore(site)
  expect(contents(tree)).toEqual(before)

  // Kept, and half of it removed: what is left is not what is kept.
  const kept = await discard(site)
  mkdirSync(asideOf(tree))
  writeFileSync(`${asideOf(tree)}/half`, 'of it')
  expect(await discard(site)).toBe(kept)
  expect(existsSync(asideOf(tree))).toBe(false)
  expect(sh(`git rev-parse ${ref}`).trim()).toBe(kept)

  // Restored to a half.
  writeRecord(site.taskDir, {
    ...(readRecord(site.taskDir) as never as { base: string; branch: string; made: boolean }),
    restoring: true,
  })
  sh(`git branch bg/one ${ref}^1; git worktree add -q '${tree.replaceAll("'", "'\\''")}' bg/one`)
  rmSync(`${tree}/file`)
  await restore(site)
  expect(contents(tree)).toEqual(before)

  // Restored, and the ref not deleted yet.
  sh(`git update-ref ${ref} HEAD`)
  expect(await restore(site)).toEqual({ branch: 'bg/one' })
  expect(sh(`git show-ref ${ref} || true`)).toBe('')
  expect(contents(tree)).toEqual(before)
})

test('what is not ours is neither removed nor written over', async () => {
  const { site, tree, inTree, sh, ref } = await task()
  inTree('echo x > x; git add x; git commit -qm x')
  const kept = await discard(site)
  if (typeof kept !== 'string') throw new Error(kept.refused)
  mkdirSync(tree)
  writeFileSync(`${tree}/theirs`, 'theirs')
  expect(await restore(site)).toEqual({ refused: `${tree} is there already: move it away first.` })
  rmSync(tree, { recursive: true })
  sh('git branch bg/one')
  expect(await restore(site)).toEqual({
    refused: 'There is another branch bg/one by now: rename it, then restore again.',
  })
  sh('git branch -m bg/one mine')
  sh(`git update-ref ${ref} HEAD`)
  expect(await discard(site)).toEqual({ refused: `${ref} is not what was put there, so nothing is removed.` })
  expect(await restore(site)).toEqual({ refused: `${ref} is not what Backchannel put there, so it is not restored.` })
  sh(`git update-ref -d ${ref}`)
  expect(await restore(site)).toMatchObject({ refused: expect.stringMatching(/so it cannot be restored\.$/) })
  sh(`git update-ref ${ref} ${kept}`)
  expect(await restore(site)).toEqual({ branch: 'bg/one' })
})

test('a branch that a person checked out or added to stays', async () => {
  const { site, tree, inTree, sh, repo } = await task()
  inTree('echo x > x; git add x; git commit -qm x; git checkout -q --detach')
  sh('git stash -q; git checkout -q bg/one')
  await discard(site)
  expect(sh('git branch --show-current')).toBe('bg/one\n')
  expect(await restore(site)).toMatchObject({ branch: expect.stringMatching(/^[0-9a-f]{40}$/) })
  expect([existsSync(tree), existsSync(repo)]).toEqual([true, true])
})

test('a commit has everything that git does not ignore, and the words it was asked with', async () => {
  const { site, inTree, mine } = await task()
  const checkout = mine()
  inTree('printf "1\\n" > file; echo n > new; rm "a b/ü"; echo ignored > .gitignore; echo x > ignored')
  const made = await commit(site, 'commit1', '# Limit per user\n\nAnd why.')
  expect(made).toEqual({ what: 'commit', branch: 'bg/one', commit: inTree('git rev-parse HEAD').trim() })
  expect(inTree('git status --porcelain; git log -1 --format="%B%an"')).toBe(
    '# Limit per user\n\nAnd why.\nBackchannel\n',
  )
  // Said again after a crash it is that commit, and a new one has nothing to do.
  expect(await commit(site, 'commit1', 'Again')).toEqual(made)
  expect(await commit(site, 'commit2', 'More')).toMatchObject({ commit: null })
  inTree('git config user.name Ann; git config user.email ann@localhost; echo more >> new')
  await commit(site, 'commit3', 'More')
  expect(inTree('git log -1 --format="%an %s"; git config --unset user.name; git config --unset user.email')).toBe(
    'Ann More\n',
  )
  expect(mine()).toBe(checkout)
})

test('what cannot be committed is said in a sentence', async () => {
  const { site, tree, inTree } = await task()
  inTree(
    'echo a > file; git commit -qam a; git checkout -qb other HEAD^; echo b > file; git commit -qam b; git merge bg/one 2>&1 || true',
  )
  expect(await commit(site, 'c1', 'x')).toEqual({
    refused: 'A merge in the workspace has conflicts: resolve them first.',
  })
  inTree('git merge --abort; git checkout -q --detach; echo c > file')
  expect(await commit(site, 'c2', 'x')).toEqual({
    refused: 'No branch is checked out in the workspace: check one out first.',
  })
  rmSync(tree, { recursive: true })
  expect(await commit(site, 'c3', 'x')).toEqual({ what: 'commit', branch: 'bg/one', commit: null })
  rmSync(`${site.taskDir}/workspace.json`)
  expect(await commit(site, 'c4', 'x')).toEqual({
    refused: 'It never had a workspace, so there is nothing to commit.',
  })
})
