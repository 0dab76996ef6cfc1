// A repository as people have them, and all of its checkout that a person could notice.
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { home } from '../support/home.ts'

export const git = (cwd: string, ...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=ann', '-c', 'user.email=ann@localhost', ...args], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })

/** With commits, a stash, a staged, a changed and a new file. */
export async function repository(name = 'api'): Promise<{ folder: string; state: () => unknown }> {
  const folder = path.join(await home(), name)
  fs.mkdirSync(path.join(folder, 'src'), { recursive: true })
  git(folder, 'init', '--quiet', '--initial-branch=main')
  const write = (file: string, text: string) => fs.writeFileSync(path.join(folder, file), text)
  write('a.txt', 'one\n')
  write('src/b.txt', 'one\n')
  git(folder, 'add', '.')
  git(folder, 'commit', '--quiet', '-m', 'Begin')
  write('a.txt', 'stashed\n')
  git(folder, 'stash', '--quiet')
  write('a.txt', 'staged\n')
  git(folder, 'add', 'a.txt')
  write('src/b.txt', 'changed\n')
  write('new.txt', 'new\n')
  return { folder, state: () => stateOf(folder) }
}

const stateOf = (repo: string): unknown => [
  git(repo, 'status', '--porcelain=v2', '--branch', '--untracked-files=all'),
  git(repo, 'rev-parse', 'HEAD', 'stash@{0}'),
  git(repo, 'stash', 'list'),
  git(repo, 'diff', 'HEAD'),
  git(repo, 'config', '--local', '--list'),
  fs.readdirSync(repo),
]
