// What workspaces there are and how they are, for people who look after a machine: how large, and what would be lost with each.

import { execFile } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { discarded } from '../../task/chores.ts'
import type { Task } from '../../task/task.ts'
import type { Instant, TaskId } from '../../task/words.ts'
import { taskDir } from '../attempt-files.ts'
import { git } from '../git.ts'
import { readRecord } from '../workspace-record.ts'

/** `state`: `gone` is a directory no task of this home knows, or what a removal left behind. */
export type Surveyed = { task: TaskId; label: string | null; path: string; bytes: number | null } & (
  | { state: 'there'; branch: string | null; changes: number; commitsNowhereElse: number }
  | { state: 'discarded'; until: Instant }
  | { state: 'gone' }
)

type Home = { home: string; env: Record<string, string>; load: (task: TaskId) => Promise<Task | null> }

export async function survey({ home, env, load }: Home): Promise<Surveyed[]> {
  const folder = join(home, 'worktrees')
  const names = await entries(folder)
  const found: Surveyed[] = []
  for (const name of names) {
    const path = join(folder, name)
    const task = await load(name)
    const about = { task: name, label: task?.label ?? null, path, bytes: await sizeOf(path) }
    const record = task ? readRecord(taskDir(home, name)) : null
    const at = { cwd: path, env }
    const status = record && (await git(['status', '--porcelain', '-z', '--untracked-files=all'], at))
    if (!record || !status?.ok) found.push({ ...about, state: 'gone' })
    else {
      const commitsNowhereElse = await ownCommits(record.branch, at)
      const changes = status.out.split('\0').filter((line) => /^.. /.test(line)).length
      found.push({ ...about, state: 'there', branch: record.branch, changes, commitsNowhereElse })
    }
  }
  for (const name of await entries(join(home, 'tasks'))) {
    const task = readRecord(taskDir(home, name))?.discarded ? await load(name) : null
    const away = task && discarded(task)
    if (task && away && !away.expired)
      found.push({ task: name, label: task.label, path: away.ref, bytes: null, state: 'discarded', until: away.until })
  }
  return found
}

const entries = async (folder: string): Promise<string[]> =>
  (await readdir(folder).catch((): string[] => [])).toSorted()

/** On no other branch, remote ones included. */
async function ownCommits(branch: string, at: { cwd: string; env: Record<string, string> }): Promise<number> {
  const others = ['--not', `--exclude=${branch}`, '--branches', '--remotes']
  const found = await git(['rev-list', '--count', 'HEAD', ...others], at)
  return found.ok ? Number(found.out) : 0
}

async function sizeOf(path: string): Promise<number | null> {
  const told = await promisify(execFile)('du', ['-sk', '--', path]).catch(() => null)
  const kilobytes = Number(told?.stdout.split('\t')[0])
  return Number.isFinite(kilobytes) ? kilobytes * 1024 : null
}
