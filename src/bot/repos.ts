// Which repositories there are, and where a task works: in a directory as it is, or in a worktree of its own.

import fs from 'node:fs/promises'
import path from 'node:path'
import type { Work } from '../task/facts.ts'
import { refuse, type Refused, type TaskId } from '../task/words.ts'
import { unknown } from './words.ts'

export type Repo = { name: string; path: string; base: string | null }

/** `repo`: a name or a path; null takes the default. `directory`: work exactly here, whatever repository it is in. */
export type WorkWish = { worktree: boolean; repo: string | null; directory?: string; base?: string }

export interface Repos {
  all(): Repo[]
  workFor(wish: WorkWish, task: { id: TaskId; label: string }): Promise<Work | Refused>
}

/** `list` is asked anew each time, so that a repository just added counts. The first one is the default. */
export function repos(list: () => Repo[], worktrees: string): Repos {
  return { all: list, workFor }

  async function workFor(wish: WorkWish, task: { id: TaskId; label: string }): Promise<Work | Refused> {
    if (wish.directory !== undefined && !wish.worktree) {
      const gone = await whyNoDirectory(wish.directory)
      return gone ?? { kind: 'here', repo: nameOf(wish.directory), path: wish.directory }
    }
    const repo = find(wish.repo ?? wish.directory ?? null)
    if ('refused' in repo) return repo
    const gone = await whyNoDirectory(repo.path)
    if (gone) return gone
    if (!wish.worktree) return { kind: 'here', repo: repo.name, path: repo.path }
    const base = wish.base ?? repo.base
    return { kind: 'worktree', repo: repo.name, path: repo.path, worktree: path.join(worktrees, task.id), branch: `bg/${task.label}`, base }
  }

  function find(wanted: string | null): Repo | Refused {
    const [first] = list()
    if (wanted === null) return first ?? refuse('No repository is configured: `backchannel repo add PATH` adds one.')
    const named = list().find((one) => one.name === wanted || one.path === wanted)
    if (named) return named
    if (path.isAbsolute(wanted)) return { name: path.basename(wanted), path: wanted, base: null }
    return refuse(unknown(wanted, list().map((one) => one.name), 'known repository'))
  }

  function nameOf(directory: string): string | null {
    return list().find((one) => directory === one.path || directory.startsWith(`${one.path}${path.sep}`))?.name ?? null
  }
}

async function whyNoDirectory(directory: string): Promise<Refused | null> {
  const stat = await fs.stat(directory).catch(() => null)
  if (!stat) return refuse(`${directory} does not exist.`)
  return stat.isDirectory() ? null : refuse(`${directory} is not a directory.`)
}
