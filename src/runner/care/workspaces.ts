// The workspaces of a home: what the runner can have done with them. Everything here can be asked for again after a crash and
// comes to the same end.

import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Chore } from '../../task/chores.ts'
import type { ChoreResult } from '../../task/facts.ts'
import type { Task } from '../../task/task.ts'
import { isRefused, refuse, type Instant, type Refused, type TaskId } from '../../task/words.ts'
import { taskDir } from '../attempt-files.ts'
import { git } from '../git.ts'
import { readRecord, writeRecord } from '../workspace-record.ts'
import { commit } from './commit.ts'
import { discard } from './discard.ts'
import { restore } from './restore.ts'
import { commitAt, discardedRef, repoOf, type Site } from './site.ts'
import { tidy } from './tidy.ts'

const DAY_MS = 86_400_000
const DISCARDED_KEPT_MS = 30 * DAY_MS

export interface Workspaces {
  /** Does what a person wants, while no process of the task lives; or a sentence about why it cannot be done. */
  chore(task: Task, chore: Chore): Promise<ChoreResult | Refused>
  /** The tasks that have a workspace, or something that is kept although it was discarded. */
  tasks(): Promise<TaskId[]>
  /** Removes the worktree if everything in it exists elsewhere, too. */
  tidy(task: Task): Promise<void>
  /** Lets go of what was discarded, for good. */
  forget(task: Task): Promise<void>
}

type Home = { home: string; env: Record<string, string>; now: () => Instant }

export function workspaces({ home, env, now }: Home): Workspaces {
  const siteOf = ({ id: task, label, work }: Task): Site | null =>
    work.kind === 'worktree' ? { task, label, work, env, taskDir: taskDir(home, task) } : null

  return {
    async chore(task, chore) {
      const site = siteOf(task)
      if (!site || !existsSync(site.work.path)) return refuse(`There is no directory ${task.work.path}.`)
      switch (chore.what) {
        case 'commit':
          return commit(site, chore.id, chore.message ?? task.label)
        case 'discard': {
          const kept = await discard(site)
          if (typeof kept !== 'string') return kept
          return { what: 'discard', ref: discardedRef(task.id), commit: kept, until: now() + DISCARDED_KEPT_MS }
        }
        case 'restore': {
          const restored = await restore(site)
          return isRefused(restored) ? restored : { what: 'restore', ...restored }
        }
      }
    },
    async tasks() {
      const found: TaskId[] = []
      for (const task of await readdir(join(home, 'tasks')).catch((): string[] => [])) {
        const record = readRecord(taskDir(home, task))
        if (record && (record.discarded || existsSync(join(home, 'worktrees', task)))) found.push(task)
      }
      return found
    },
    async tidy(task) {
      const site = siteOf(task)
      if (site && existsSync(site.work.path)) await tidy(site)
    },
    async forget(task) {
      const site = siteOf(task)
      if (!site || !existsSync(site.work.path)) return
      const ref = discardedRef(task.id)
      const kept = await commitAt(ref, repoOf(site))
      if (kept) await git(['update-ref', '-d', ref, kept], repoOf(site))
      const { discarded: _, ...record } = readRecord(site.taskDir) ?? {}
      if ('base' in record) writeRecord(site.taskDir, record)
    },
  }
}
