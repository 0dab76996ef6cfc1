// Brings back what was discarded: branch, worktree at the same path, every file as it was, what was staged staged again and the
// rest uncommitted. A restore that was cut off begins again; the ref goes last.

import { existsSync, readdirSync, renameSync } from 'node:fs'
import { isRefused, refuse, type Refused } from '../../task/words.ts'
import { git, type GitPlace } from '../git.ts'
import { isObject, parseLine } from '../lines.ts'
import { readRecord, writeRecord, type WorkspaceRecord } from '../workspace-record.ts'
import { asideOf, listWorktrees } from '../worktrees.ts'
import type { Kept } from './discard.ts'
import { openRaw } from './raw.ts'
import { remove } from './removal.ts'
import { commitAt, discardedRef, isDirectory, repoOf, type Site } from './site.ts'

/** Resolves with the branch that is checked out then. */
export async function restore(site: Site): Promise<{ branch: string } | Refused> {
  const { work, task, taskDir } = site
  const repo = repoOf(site)
  const ref = discardedRef(task)
  const record = readRecord(taskDir)
  const commit = await commitAt(ref, repo)
  if (record && !record.discarded && isDirectory(work.worktree)) {
    if (commit) await git(['update-ref', '-d', ref, commit], repo)
    return { branch: record.branch }
  }
  if (!record || !commit) return refuse(`${ref} is not in ${work.path}, so it cannot be restored.`)
  const kept = await readKept(commit, repo)
  if (!kept) return refuse(`${ref} is not what Backchannel put there, so it is not restored.`)
  const refused = (await clear(site, record)) ?? (await whyTaken(kept, repo))
  if (refused) return refused
  writeRecord(taskDir, { ...record, restoring: true })
  const wrong = await bring(site, commit, kept)
  if (wrong) return wrong
  writeRecord(taskDir, { base: record.base, branch: kept.branch, made: true })
  await git(['update-ref', '-d', ref, commit], repo)
  return { branch: kept.on?.replace('refs/heads/', '') ?? kept.head }
}

async function readKept(commit: string, repo: GitPlace): Promise<Kept | null> {
  const told = await git(['log', '-1', '--format=%B', commit], repo)
  const kept = told.ok ? parseLine(told.out.trim().split('\n').at(-1) ?? '') : null
  const isKept =
    isObject(kept) && ['branch', 'branchAt', 'head', 'staged'].every((key) => typeof kept[key] === 'string')
  return isKept ? (kept as Kept) : null
}

/** Room at its place: half of an earlier restore is removed, anything else is not ours. */
async function clear(site: Site, record: WorkspaceRecord): Promise<Refused | null> {
  const { worktree } = site.work
  const isEmpty = !existsSync(worktree) || (isDirectory(worktree) && readdirSync(worktree).length === 0)
  if (!isEmpty && !record.restoring) return refuse(`${worktree} is there already: move it away first.`)
  // What an earlier removal left aside goes first.
  const refused = await remove(site)
  if (refused || !existsSync(worktree)) return refused
  renameSync(worktree, asideOf(worktree))
  return remove(site)
}

/** Its branch may have been made anew meanwhile, or checked out by a person. */
async function whyTaken({ branch, branchAt, on }: Kept, repo: GitPlace): Promise<Refused | null> {
  const now = await commitAt(`refs/heads/${branch}`, repo)
  if (now !== null && now !== branchAt)
    return refuse(`There is another branch ${branch} by now: rename it, then restore again.`)
  const listed = await listWorktrees(repo)
  if (isRefused(listed)) return listed
  const elsewhere = listed.find((one) => on === `refs/heads/${one.branch}`)
  return elsewhere
    ? refuse(`${elsewhere.branch} is checked out in ${elsewhere.path} now: check out another one there first.`)
    : null
}

async function bring({ work, env, taskDir, ...site }: Site, commit: string, kept: Kept): Promise<Refused | null> {
  const { worktree } = work
  const repo = repoOf({ work, env, taskDir, ...site })
  const { branch, branchAt, head, on, staged } = kept
  if ((await commitAt(`refs/heads/${branch}`, repo)) === null) {
    const made = await git(['update-ref', `refs/heads/${branch}`, branchAt, ''], repo)
    if (!made.ok) return refuse(`The branch ${branch} could not be made: ${made.sentence}.`)
  }
  // A branch of the agent's own that has moved on since is left where it is.
  const isThere = on !== null && (await commitAt(on, repo)) === head
  const what = isThere ? [worktree, on.replace('refs/heads/', '')] : ['--detach', worktree, head]
  const added = await git(['worktree', 'add', '--force', '--force', '--no-checkout', ...what], repo)
  if (!added.ok) return refuse(`The workspace ${worktree} could not be made: ${added.sentence}.`)
  const raw = await openRaw(repo, taskDir, staged)
  if (isRefused(raw)) return raw
  try {
    const wrong = await raw.write(`${commit}^{tree}`, worktree)
    if (wrong) return wrong
  } finally {
    raw.close()
  }
  const inside = { cwd: worktree, env }
  const read = await git(['read-tree', staged], inside)
  if (!read.ok) return refuse(`The workspace ${worktree} could not be completed: ${read.sentence}.`)
  // Says by its exit code that something is uncommitted, which is what was wanted.
  await git(['update-index', '-q', '--refresh'], inside)
  return null
}
