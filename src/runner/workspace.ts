// The workspace of a task: the directory as it is, or a git worktree of its own. It is made in the session process, used
// again by later attempts and turns, made anew when somebody tidied it away, and never removed here. The person's own
// checkout is never touched. Whatever cannot be is a sentence.

import { existsSync, mkdirSync, readdirSync, realpathSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Work } from '../task/facts.ts'
import { isRefused, refuse, type Refused, type TaskId } from '../task/words.ts'
import { git, type GitPlace } from './git.ts'
import { listWorktrees, type Listed } from './worktrees.ts'
import { readRecord, writeRecord, type WorkspaceRecord } from './workspace-record.ts'

type Worktree = Extract<Work, { kind: 'worktree' }>
export type Place = { task: TaskId; taskDir: string; env: Record<string, string>; signal?: AbortSignal }
/** `note`: what is different from what was asked for. */
export type Prepared = { cwd: string; note?: string }

export async function prepare(work: Work, place: Place): Promise<Prepared | Refused> {
  if (!isDirectory(work.path)) return refuse(`There is no directory ${work.path}.`)
  return work.kind === 'here' ? { cwd: work.path } : prepareWorktree(work, place)
}

async function prepareWorktree(work: Worktree, place: Place): Promise<Prepared | Refused> {
  const repo: GitPlace = { cwd: work.path, env: place.env, ...(place.signal && { signal: place.signal }) }
  const worktrees = await listWorktrees(repo)
  if (!worktrees) return refuse(`${work.path} is not a git repository.`)
  if (isRefused(worktrees)) return worktrees
  const record = readRecord(place.taskDir)
  const there = worktrees.find(({ path }) => path === realPath(work.worktree))
  if (isOccupied(work.worktree)) return there ? use(work, there, record, repo, place) : refuse(occupied(work.worktree))
  const prepared = record ? await makeAgain(work, worktrees, record, repo) : await make(work, repo, place)
  return prepared ?? make(work, repo, place)
}

/** It is there. When an attempt was killed while making it, nothing ever worked in it, and it is completed. */
async function use(
  work: Worktree,
  there: Listed,
  record: WorkspaceRecord | null,
  repo: GitPlace,
  { task, taskDir }: Place,
): Promise<Prepared | Refused> {
  if (record) return { cwd: work.worktree }
  if (!there.branch || !branchNames(work.branch, task).includes(there.branch)) return refuse(occupied(work.worktree))
  const base = await baseOf(work, repo)
  if (isRefused(base)) return base
  if (there.lock === 'initializing') {
    await git(['worktree', 'unlock', work.worktree], repo)
    const found = await git(['rev-parse', '--path-format=absolute', '--git-path', 'index.lock'], {
      ...repo,
      cwd: work.worktree,
    })
    if (found.ok) rmSync(found.out.trim(), { force: true })
    const completed = await git(['reset', '--hard'], { ...repo, cwd: work.worktree })
    if (!completed.ok) return refuse(notMade(work, completed.sentence))
  }
  writeRecord(taskDir, { base: base.commit, branch: there.branch })
  return { cwd: work.worktree }
}

/** Somebody tidied it away: the same branch again, or null when that is gone too. */
async function makeAgain(
  work: Worktree,
  worktrees: Listed[],
  { branch }: WorkspaceRecord,
  repo: GitPlace,
): Promise<Prepared | Refused | null> {
  if (!(await git(['show-ref', '--verify', '--quiet', `refs/heads/${branch}`], repo)).ok) return null
  const elsewhere = worktrees.find(
    (one) => one.branch === branch && one.path !== realPath(work.worktree) && isDirectory(one.path),
  )
  if (elsewhere) return refuse(`The branch ${branch} of this task is checked out in ${elsewhere.path} now.`)
  // Forced, because git still lists the directory that is gone.
  const added = await git(['worktree', 'add', '--force', '--force', work.worktree, branch], repo)
  if (!added.ok) return refuse(notMade(work, added.sentence))
  return { cwd: work.worktree, note: `the workspace was gone and is made anew from the branch ${branch}` }
}

async function make(work: Worktree, repo: GitPlace, { task, taskDir }: Place): Promise<Prepared | Refused> {
  const base = await baseOf(work, repo)
  if (isRefused(base)) return base
  mkdirSync(dirname(work.worktree), { recursive: true, mode: 0o700 })
  let why = ''
  for (const branch of branchNames(work.branch, task)) {
    const added = await git(
      ['worktree', 'add', '--no-track', '--force', '--force', '-b', branch, work.worktree, base.commit],
      repo,
    )
    if (added.ok) {
      writeRecord(taskDir, { base: base.commit, branch })
      return {
        cwd: work.worktree,
        ...(branch !== work.branch && { note: `the branch ${work.branch} was taken, so this is ${branch}` }),
      }
    }
    why ||= added.sentence
    if (!/branch named|cannot lock ref|cannot create/.test(added.sentence)) break
  }
  return refuse(notMade(work, why))
}

/** The last one also fits where the part before the slash is a branch itself. */
const branchNames = (branch: string, task: TaskId): string[] => [
  branch,
  `${branch}-${task}`,
  `${branch.replaceAll('/', '-')}-${task}`,
]

async function baseOf({ base, path }: Worktree, repo: GitPlace): Promise<{ commit: string } | Refused> {
  const found = await git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${base ?? 'HEAD'}^{commit}`], repo)
  if (found.ok) return { commit: found.out.trim() }
  return refuse(
    base === null
      ? `${path} has no commit yet, so there is nothing to begin from.`
      : `${path} has no branch or commit called ${base}.`,
  )
}

/** As git lists it, also while it does not exist. */
function realPath(path: string): string {
  const parent = dirname(path)
  if (existsSync(path)) return realpathSync(path)
  return parent === path ? path : join(realPath(parent), basename(path))
}

const isDirectory = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false

const isOccupied = (path: string): boolean =>
  isDirectory(path) ? readdirSync(path).length > 0 : statSync(path, { throwIfNoEntry: false }) !== undefined

const occupied = (path: string): string => `${path} is already there and is no workspace of this task.`

const notMade = ({ worktree }: Worktree, why: string): string => `The workspace ${worktree} could not be made: ${why}.`
