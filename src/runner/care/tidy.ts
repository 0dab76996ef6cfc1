// Removes the worktree of a task that ended long ago, if nothing is lost by it: everything is committed, and on a branch. The
// branch goes only when all its commits are on another branch, too; a next turn makes both again.

import { git, type GitPlace } from '../git.ts'
import { isRefused } from '../../task/words.ts'
import { readRecord, writeRecord } from '../workspace-record.ts'
import { bringBack, listWorktrees, realPath } from '../worktrees.ts'
import { remove, removeBranch, setAside } from './removal.ts'
import { checkedOut, commitAt, isDirectory, isUnfinished, occupants, repoOf, type Site } from './site.ts'
import { openRaw } from './raw.ts'

/** Whether it was removed. */
export async function tidy(site: Site): Promise<boolean> {
  const { work, env, taskDir } = site
  const record = readRecord(taskDir)
  if (!record?.made || record.discarded || record.restoring) return false
  bringBack(work.worktree)
  if (!isDirectory(work.worktree)) return false
  const repo = repoOf(site)
  const head = await cleanHead(site, { cwd: work.worktree, env })
  if (head === null) return false
  const raw = await openRaw(repo, taskDir, head)
  if (isRefused(raw)) return false
  try {
    const tree = await raw.treeOf(work.worktree)
    if (typeof tree !== 'string') return false
    const refused = await setAside(site, async (directory) => (await raw.treeOf(directory)) === tree)
    if (refused) return false
  } finally {
    raw.close()
  }
  if (await remove(site)) return false
  const tip = await commitAt(`refs/heads/${record.branch}`, repo)
  if (tip !== null && (await othersWith(tip, record.branch, repo)) > 0) {
    writeRecord(taskDir, { ...record, tip })
    await removeBranch(record.branch, tip, site)
  }
  return true
}

/** The commit it is at, if all of it is committed and on a branch, nothing waits to be finished and nobody keeps or uses it. */
async function cleanHead({ work }: Site, at: GitPlace): Promise<string | null> {
  const head = await commitAt('HEAD', at)
  const status = await git(['status', '--porcelain', '--untracked-files=all', '--ignore-submodules=none'], at)
  if (head === null || !status.ok || status.out !== '' || (await isUnfinished(at))) return null
  const listed = await listWorktrees(at)
  const entry = isRefused(listed) ? undefined : listed.find(({ path }) => path === realPath(work.worktree))
  if (entry?.lock !== null || occupants(work.worktree).length > 0) return null
  const isKept = (await checkedOut(at)) !== null || (await othersWith(head, null, at)) > 0
  return isKept ? head : null
}

/** How many branches, remote ones included, have this commit, `except` one. */
async function othersWith(commit: string, except: string | null, at: GitPlace): Promise<number> {
  const found = await git(
    ['for-each-ref', '--contains', commit, '--format=%(refname)', 'refs/heads', 'refs/remotes'],
    at,
  )
  if (!found.ok) return 0
  return found.out.split('\n').filter((ref) => ref !== '' && ref !== `refs/heads/${except}`).length
}
