// The worktrees git knows of a repository.

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
