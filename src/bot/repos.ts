// Which repositories there are, and where a task works: in a directory as it is, or in a worktree of its own.

import fs from 'node:fs/promises'
import path from 'node:path'
import type { Work } from '../task/facts.ts'
import type { Repo } from '../task/house.ts'
import { refuse, type Refused, type TaskId } from '../task/words.ts'
import { unknown } from './words.ts'

/** `repo`: a name or a path; null takes the default. `directory`: work exactly here, whatever repository it is in. */
export type WorkWish = { worktree: boolean; repo: string | null; directory?: string; base?: string }

/** Where a task works, and what its repository has for that. */
export type WorkPlace = { work: Work } & Pick<Repo, 'setup' | 'check' | 'options'>

export interface Repos {
  all(): Promise<Repo[]>
  workFor(wish: WorkWish, task: { id: TaskId; label: string }): Promise<WorkPlace | Refused>
}

/** `list` is asked anew each time, so that a repository just added counts. The first one is the default. */
export function repos(list: () => Promise<Repo[]>, worktrees: string): Repos {
  return { all: list, workFor }

  async function workFor(wish: WorkWish, task: { id: TaskId; label: string }): Promise<WorkPlace | Refused> {
    const known = await list()
    if (!wish.worktree && wish.base !== undefined)
      return refuse('--base is for a worktree: add --worktree, or leave it out.')
    if (wish.directory !== undefined && !wish.worktree) {
      const repo = around(known, wish.directory)
      const work: Work = { kind: 'here', repo: repo?.name ?? null, path: wish.directory }
      return (await whyNoDirectory(wish.directory)) ?? { work, ...customsOf(repo) }
    }
    const repo = find(known, wish.repo ?? wish.directory ?? null)
    if ('refused' in repo) return repo
    const gone = await whyNoDirectory(repo.path)
    if (gone) return gone
    if (!wish.worktree) return { work: { kind: 'here', repo: repo.name, path: repo.path }, ...customsOf(repo) }
    const own = { worktree: path.join(worktrees, task.id), branch: `bg/${task.label}`, base: wish.base ?? repo.base }
    return { work: { kind: 'worktree', repo: repo.name, path: repo.path, ...own }, ...customsOf(repo) }
  }
}

/** The default is the first one. A path needs no name, so that one may work where one is. */
function find(known: Repo[], wanted: string | null): Repo | Refused {
  const [first] = known
  if (wanted === null) return first ?? refuse('No repository is known: “backchannel repo add PATH” adds one.')
  const named = known.find((one) => one.name === wanted || one.path === wanted)
  if (named) return named
  if (path.isAbsolute(wanted)) return { name: path.basename(wanted), path: wanted, base: null }
  return refuse(
    unknown(
      wanted,
      known.map((one) => one.name),
      'known repository',
    ),
  )
}

const around = (known: Repo[], directory: string): Repo | undefined =>
  known.find((one) => directory === one.path || directory.startsWith(`${one.path}${path.sep}`))

const customsOf = (repo: Repo | undefined): Pick<Repo, 'setup' | 'check' | 'options'> => ({
  ...(repo?.setup && { setup: repo.setup }),
  ...(repo?.check && { check: repo.check }),
  ...(repo?.options && { options: repo.options }),
})

async function whyNoDirectory(directory: string): Promise<Refused | null> {
  const stat = await fs.stat(directory).catch(() => null)
  if (!stat) return refuse(`${directory} does not exist.`)
  return stat.isDirectory() ? null : refuse(`${directory} is not a directory.`)
}
