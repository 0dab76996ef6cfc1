// The workspace of a task: the directory as it is, or a git worktree of its own. It is made in the session process, used
// again by later attempts and turns, made anew when somebody tidied it away, and never removed here.

import { mkdirSync, statSync } from 'node:fs'
import type { Changes, Work } from '../task/facts.ts'
import { refuse, type Refused, type TaskId } from '../task/words.ts'

type Prepared = { cwd: string; note?: string }
type Place = { task: TaskId; agentHome: string; env: Record<string, string>; signal?: AbortSignal }

export async function prepare(work: Work, { agentHome }: Place): Promise<Prepared | Refused> {
  mkdirSync(agentHome, { recursive: true, mode: 0o700 })
  if (!statSync(work.path, { throwIfNoEntry: false })?.isDirectory())
    return refuse(`There is no directory ${work.path} any more.`)
  if (work.kind === 'worktree') return refuse('Worktrees are not there yet.')
  return { cwd: work.path }
}

export async function countChanges(_work: Work, _place: Pick<Place, 'agentHome' | 'env'>): Promise<Changes | null> {
  return null
}
