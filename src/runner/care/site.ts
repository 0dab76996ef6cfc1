// The worktree of one task as its care sees it, and the questions all of its care asks of git.

import { existsSync, readdirSync, readlinkSync, readFileSync, statSync } from 'node:fs'
import { sep } from 'node:path'
import type { Work } from '../../task/facts.ts'
import type { TaskId } from '../../task/words.ts'
import { git, type GitPlace } from '../git.ts'

export type Site = {
  task: TaskId
  label: string
  taskDir: string
  work: Extract<Work, { kind: 'worktree' }>
  env: Record<string, string>
}

/** Where what a task had is kept once it is discarded. */
export const discardedRef = (task: TaskId): string => `refs/backchannel/discarded/${task}`

export const repoOf = ({ work, env }: Site): GitPlace => ({ cwd: work.path, env })

export const commitAt = async (name: string, at: GitPlace): Promise<string | null> => {
  const found = await git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`], at)
  return found.ok ? found.out.trim() : null
}

/** The branch that is checked out, as a ref, or null when none is. */
export const checkedOut = async (at: GitPlace): Promise<string | null> => {
  const found = await git(['symbolic-ref', '--quiet', 'HEAD'], at)
  return found.ok ? found.out.trim() : null
}

export const isAncestor = async (commit: string, of: string, at: GitPlace): Promise<boolean> =>
  (await git(['merge-base', '--is-ancestor', commit, of], at)).ok

export const isDirectory = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false

/** Who works in the directory right now, for people: a program and its number. Best effort: others' processes are not seen. */
export function occupants(directory: string): string[] {
  return readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return []
    try {
      const cwd = readlinkSync(`/proc/${pid}/cwd`)
      const isThere = cwd === directory || cwd.startsWith(`${directory}${sep}`)
      return isThere ? [`${readFileSync(`/proc/${pid}/comm`, 'utf8').trim()} (${pid})`] : []
    } catch {
      return []
    }
  })
}

const UNFINISHED = ['MERGE_HEAD', 'CHERRY_PICK_HEAD', 'REVERT_HEAD', 'rebase-merge', 'rebase-apply', 'BISECT_LOG']

/** Whether a merge, rebase or the like waits in the worktree to be finished. */
export async function isUnfinished(at: GitPlace): Promise<boolean> {
  const names = UNFINISHED.flatMap((name) => ['--git-path', name])
  const found = await git(['rev-parse', '--path-format=absolute', ...names], at)
  return !found.ok || found.out.trimEnd().split('\n').some(existsSync)
}
