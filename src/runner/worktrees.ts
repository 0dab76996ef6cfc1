// The worktrees git knows of a repository.

import { existsSync, readdirSync, readFileSync, realpathSync, renameSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { refuse, type Refused } from '../task/words.ts'
import { git, type GitPlace } from './git.ts'

/** `lock`: why it is locked; git itself says `initializing` while it makes one. */
export type Listed = { path: string; branch: string | null; lock: string | null }

export async function listWorktrees(repo: GitPlace): Promise<Listed[] | Refused> {
  const listed = await git(['worktree', 'list', '--porcelain'], repo)
  if (listed.ok) return listed.out.trimEnd().split('\n\n').map(parse)
  if (/not a git repository/.test(listed.sentence)) return refuse(`${repo.cwd} is not a git repository.`)
  return refuse(`git cannot work in ${repo.cwd}: ${listed.sentence}.`)
}

/** As git lists it, also while it does not exist. */
export function realPath(path: string): string {
  const parent = dirname(path)
  if (existsSync(path)) return realpathSync(path)
  return parent === path ? path : join(realPath(parent), basename(path))
}

/** A worktree is moved there in one step before it is removed, so that it is either whole or out of the way. */
export const asideOf = (worktree: string): string => `${worktree}.gone`

/** Back to its place, where a crash left it aside before it was known that nothing is lost with it. */
export function bringBack(worktree: string): void {
  if (existsSync(asideOf(worktree)) && !existsSync(worktree)) renameSync(asideOf(worktree), worktree)
}

function parse(text: string): Listed {
  const fields = new Map(
    text.split('\n').map((line) => {
      const space = line.indexOf(' ')
      return space === -1 ? [line, ''] : [line.slice(0, space), line.slice(space + 1)]
    }),
  )
  const branch = fields.get('branch')?.replace('refs/heads/', '')
  return { path: fields.get('worktree') ?? '', branch: branch ?? null, lock: fields.get('locked') ?? null }
}

/**
 * A `git worktree add` that was killed at the wrong moment leaves an entry without a word in its `commondir`, and git refuses
 * to list any worktree of the repository. Mends that entry if it is the one of `worktree` and git was just making it.
 */
export async function mendEntry(worktree: string, repo: GitPlace): Promise<void> {
  const found = await git(['rev-parse', '--path-format=absolute', '--git-common-dir'], repo)
  if (!found.ok) return
  const entries = join(found.out.trimEnd(), 'worktrees')
  const read = (id: string, file: string): string | null => {
    const path = join(entries, id, file)
    return existsSync(path) ? readFileSync(path, 'utf8').trim() : null
  }
  for (const id of existsSync(entries) ? readdirSync(entries) : []) {
    const ours = read(id, 'gitdir') === join(worktree, '.git') && read(id, 'locked') === 'initializing'
    if (ours && !read(id, 'commondir')) writeFileSync(join(entries, id, 'commondir'), '../..\n')
  }
}
