// The workspace of a task: the directory as it is, or a git worktree of its own. It is made in the session process, used
// again by later attempts and turns, made anew when somebody tidied it away, and never removed here. The person's own
// checkout is never touched. Whatever cannot be is a sentence.

import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Work } from '../task/facts.ts'
import { isRefused, refuse, type Refused, type TaskId } from '../task/words.ts'
import { git, type GitPlace } from './git.ts'
import { readRecord, writeRecord, type WorkspaceRecord } from './workspace-record.ts'
import { bringBack, listWorktrees, mendEntry, realPath, type Listed } from './worktrees.ts'

type Worktree = Extract<Work, { kind: 'worktree' }>
type Place = { task: TaskId; taskDir: string; env: Record<string, string>; signal?: AbortSignal }
/** `note`: what is different from what was asked for. */
type Prepared = { cwd: string; note?: string }

export async function prepare(work: Work, place: Place): Promise<Prepared | Refused> {
  if (!isDirectory(work.path)) return refuse(`There is no directory ${work.path}.`)
  return work.kind === 'here' ? { cwd: work.path } : prepareWorktree(work, place)
}

async function prepareWorktree(work: Worktree, place: Place): Promise<Prepared | Refused> {
  const repo: GitPlace = { cwd: work.path, env: place.env, ...(place.signal && { signal: place.signal }) }
  const record = readRecord(place.taskDir)
  if (record?.discarded) return refuse('Its work is half discarded: discard it again, then restore it.')
  bringBack(work.worktree)
  if (record && !record.made) await mendEntry(realPath(work.worktree), repo)
  const worktrees = await listWorktrees(repo)
  if (isRefused(worktrees)) return worktrees
  const there = worktrees.find(({ path }) => path === realPath(work.worktree))
  if (isOccupied(work.worktree)) {
    if (!there || !record) return refuse(`${work.worktree} is already there and is no workspace of this task.`)
    if (record.made) return { cwd: work.worktree }
    if (!isBarelyBegun(work.worktree)) return complete(work, there, record, repo, place)
    rmSync(join(work.worktree, '.git'))
  }
  const branched = record && (await bringBranch(record, repo)) ? record : await makeBranch(work, repo, place)
  if (isRefused(branched)) return branched
  const elsewhere = worktrees.find((one) => one.branch === branched.branch && one !== there && isDirectory(one.path))
  if (elsewhere) return refuse(`The branch ${branched.branch} of this task is checked out in ${elsewhere.path} now.`)
  const refused = await addWorktree(work, branched, repo, place)
  if (refused) return refused
  const note = branched === record ? anewNote(record) : takenNote(work, branched)
  return { cwd: work.worktree, ...(note && { note }) }
}

/** The branch comes first, so that making the worktree can be tried again. */
async function makeBranch(
  work: Worktree,
  repo: GitPlace,
  { task, taskDir }: Place,
): Promise<WorkspaceRecord | Refused> {
  const base = work.base ?? 'HEAD'
  const found = await git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${base}^{commit}`], repo)
  if (!found.ok) {
    const nothing = `${work.path} has no commit yet, so there is nothing to begin from.`
    return refuse(work.base === null ? nothing : `${work.path} has no branch or commit called ${base}.`)
  }
  const commit = found.out.trim()
  let why = ''
  // The last one also fits where the part before the slash is a branch itself.
  for (const branch of [work.branch, `${work.branch}-${task}`, `${work.branch.replaceAll('/', '-')}-${task}`]) {
    const made = await git(['branch', '--no-track', branch, commit], repo)
    if (made.ok) {
      const record = { base: commit, branch, made: false }
      writeRecord(taskDir, record)
      return record
    }
    why ||= made.sentence
  }
  return refuse(`The branch ${work.branch} could not be made: ${why}.`)
}

/** Forced, because git may still list the directory, although it is gone. */
async function addWorktree(
  { worktree }: Worktree,
  record: WorkspaceRecord,
  repo: GitPlace,
  { taskDir }: Place,
): Promise<Refused | null> {
  try {
    mkdirSync(dirname(worktree), { recursive: true, mode: 0o700 })
  } catch (error) {
    return refuse(`The workspace ${worktree} could not be made: ${String(error)}.`)
  }
  const added = await git(['worktree', 'add', '--force', '--force', worktree, record.branch], repo)
  if (!added.ok) return refuse(`The workspace ${worktree} could not be made: ${added.sentence}.`)
  writeRecord(taskDir, { ...record, made: true, setUp: false })
  return null
}

/** An attempt was killed while it made it: nothing ever worked in it, so it is brought to what it should have been. */
async function complete(
  { worktree }: Worktree,
  { lock }: Listed,
  record: WorkspaceRecord,
  repo: GitPlace,
  { taskDir }: Place,
): Promise<Prepared | Refused> {
  const inside = { ...repo, cwd: worktree }
  if (lock === 'initializing') await git(['worktree', 'unlock', worktree], repo)
  const indexLock = await git(['rev-parse', '--path-format=absolute', '--git-path', 'index.lock'], inside)
  if (indexLock.ok) rmSync(indexLock.out.trim(), { force: true })
  for (const step of [
    ['symbolic-ref', 'HEAD', `refs/heads/${record.branch}`],
    ['reset', '--hard', '--quiet'],
  ]) {
    const done = await git(step, inside)
    if (!done.ok) return refuse(`The workspace ${worktree} could not be completed: ${done.sentence}.`)
  }
  writeRecord(taskDir, { ...record, made: true, setUp: false })
  return { cwd: worktree }
}

const anewNote = ({ branch, made }: WorkspaceRecord): string | null =>
  made ? `the workspace was gone and is made anew from the branch ${branch}` : null

const takenNote = (work: Worktree, { branch }: WorkspaceRecord): string | null =>
  branch === work.branch ? null : `the branch ${work.branch} was taken, so this is ${branch}`

/** Whether the branch is there; one that was tidied away is made again where it was. */
async function bringBranch({ branch, tip }: WorkspaceRecord, repo: GitPlace): Promise<boolean> {
  if ((await git(['show-ref', '--verify', '--quiet', `refs/heads/${branch}`], repo)).ok) return true
  return tip !== undefined && (await git(['branch', '--no-track', branch, tip], repo)).ok
}

const isDirectory = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false

/** git writes the file that leads to the repository first; killed right then, it may be empty. */
const isBarelyBegun = (path: string): boolean => readdirSync(path).join() === '.git'

const isOccupied = (path: string): boolean => (isDirectory(path) ? readdirSync(path).length > 0 : existsSync(path))
