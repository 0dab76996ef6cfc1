// The only place that removes a worktree. Its directory is first moved aside in one step, then looked at once more: what changed
// in the last moment, or who came to work in it, brings it back.

import { existsSync, renameSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { isRefused, refuse, type Refused } from '../../task/words.ts'
import { git } from '../git.ts'
import { asideOf, listWorktrees, realPath } from '../worktrees.ts'
import { isDirectory, occupants, repoOf, type Site } from './site.ts'

/** Moves the worktree out of the way. `isSafe`: whether all that is in the directory now exists elsewhere. */
export async function setAside(
  site: Site,
  isSafe: (directory: string) => Promise<boolean | Refused>,
): Promise<Refused | null> {
  const { worktree } = site.work
  const aside = asideOf(worktree)
  const busy = whyBusy(worktree)
  if (busy) return busy
  if (!(await clearAside(worktree))) return refuse(`${aside} is in the way: remove it first.`)
  renameSync(worktree, aside)
  const safe = await isSafe(aside)
  const wrong =
    typeof safe === 'object'
      ? safe
      : (whyBusy(aside) ?? (safe ? null : refuse('The workspace is changing right now: try again.')))
  if (wrong) renameSync(aside, worktree)
  return wrong
}

/** What was set aside is removed, and git forgets the worktree. Can be repeated. */
export async function remove(site: Site): Promise<Refused | null> {
  const { worktree } = site.work
  const repo = repoOf(site)
  const listed = await listWorktrees(repo)
  if (isRefused(listed)) return listed
  if (!isDirectory(worktree) && listed.some(({ path }) => path === realPath(worktree))) {
    const forgotten = await git(['worktree', 'remove', '--force', '--force', worktree], repo)
    if (!forgotten.ok) return refuse(`git does not let go of ${worktree}: ${forgotten.sentence}.`)
  }
  await clearAside(worktree)
  return null
}

/** Files of another user, as a container leaves them, cannot be removed: they stay, out of the way, for a person to see. */
async function clearAside(worktree: string): Promise<boolean> {
  const aside = asideOf(worktree)
  await rm(aside, { recursive: true, force: true, maxRetries: 3 }).catch(() => {})
  return !existsSync(aside)
}

/** A branch at this commit, which who calls has seen to exist elsewhere too; unless it is checked out somewhere. */
export async function removeBranch(branch: string, commit: string, site: Site): Promise<void> {
  const repo = repoOf(site)
  const listed = await listWorktrees(repo)
  if (isRefused(listed) || listed.some((one) => one.branch === branch)) return
  // Named with the commit it was at: one that has moved on stays.
  await git(['update-ref', '-d', `refs/heads/${branch}`, commit], repo)
}

function whyBusy(directory: string): Refused | null {
  const [first] = occupants(directory)
  return first ? refuse(`Something works in the workspace, ${first}: end it first.`) : null
}
