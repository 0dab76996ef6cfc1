// A worktree byte for byte as a tree, and back. git takes line ends, encodings and filters into account when it reads and writes
// files, so what comes back could differ from what was there. This looks at the worktree through a repository directory of our
// own that shares the objects and in which none of that applies; the real one, its index included, is not touched.

import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { refuse, type Refused } from '../../task/words.ts'
import { git, type GitPlace, type GitResult } from '../git.ts'

const AS_THEY_ARE = '* -text !eol !filter !ident !working-tree-encoding\n'
const CONFIG = [
  '[core]',
  'bare = false',
  'filemode = true',
  'symlinks = true',
  'autocrlf = false',
  'ignorecase = false',
  // What is written here is soon the only copy.
  'fsync = all',
]

export type Raw = {
  /** The tree of what is in the directory now, what git ignores left out. Asked again it is fast, and equal if nothing changed. */
  treeOf(directory: string): Promise<string | Refused>
  /** Writes all files of a tree into the directory. */
  write(tree: string, directory: string): Promise<Refused | null>
  close(): void
}

/** `tracked`: a tree whose files count although git ignores them. */
export async function openRaw(repo: GitPlace, taskDir: string, tracked: string): Promise<Raw | Refused> {
  const asked = [
    '--path-format=absolute',
    '--git-path',
    'objects',
    '--git-path',
    'info/exclude',
    '--show-object-format',
  ]
  const found = await git(['rev-parse', ...asked], repo)
  if (!found.ok) return refuse(`git cannot work in ${repo.cwd}: ${found.sentence}.`)
  const [objects = '', exclude = '', format = 'sha1'] = found.out.trimEnd().split('\n')
  const dir = mkdtempSync(join(taskDir, 'raw-'))
  const close = (): void => rmSync(dir, { recursive: true, force: true })
  for (const folder of ['refs', 'info']) mkdirSync(join(dir, folder))
  symlinkSync(objects, join(dir, 'objects'))
  const version =
    format === 'sha1'
      ? ['repositoryformatversion = 0']
      : ['repositoryformatversion = 1', '[extensions]', `objectformat = ${format}`]
  writeFileSync(join(dir, 'config'), `${[...CONFIG, ...version].join('\n')}\n`)
  writeFileSync(join(dir, 'HEAD'), 'ref: refs/heads/none\n')
  writeFileSync(join(dir, 'info/attributes'), AS_THEY_ARE)
  if (existsSync(exclude)) copyFileSync(exclude, join(dir, 'info/exclude'))

  const run = (args: string[], directory: string): Promise<GitResult> =>
    git([`--git-dir=${dir}`, `--work-tree=${directory}`, ...args], { cwd: directory, env: repo.env })
  let isBegun = false
  return {
    close,
    async treeOf(directory) {
      if (!isBegun) {
        const read = await run(['read-tree', tracked], directory)
        if (!read.ok) return refuse(`The workspace cannot be read: ${read.sentence}.`)
        isBegun = true
      }
      const added = await run(['add', '--all', '--', '.'], directory)
      if (!added.ok) return refuse(`The workspace cannot be read: ${added.sentence}.`)
      const nested = await nestedIn(run, directory)
      if (nested) return nested
      const tree = await run(['write-tree'], directory)
      return tree.ok ? tree.out.trim() : refuse(`The workspace cannot be read: ${tree.sentence}.`)
    },
    async write(tree, directory) {
      for (const args of [
        ['read-tree', tree],
        ['checkout-index', '--all', '--force', '--quiet'],
      ]) {
        const done = await run(args, directory)
        if (!done.ok) return refuse(`The workspace cannot be written: ${done.sentence}.`)
      }
      return null
    },
  }
}

type Run = (args: string[], directory: string) => Promise<GitResult>

/** Of a repository within the workspace git keeps only which commit it is at: what it holds would be lost. */
async function nestedIn(run: Run, directory: string): Promise<Refused | null> {
  const listed = await run(['ls-files', '--stage', '-z'], directory)
  if (!listed.ok || listed.cut) return refuse('The workspace has too many files to be looked through.')
  const links = listed.out.split('\0').filter((line) => line.startsWith('160000 '))
  const nested = links
    .map((line) => line.slice(line.indexOf('\t') + 1))
    .find((path) => existsSync(join(directory, path, '.git')))
  return nested === undefined
    ? null
    : refuse(
        `${nested} in the workspace is a git repository of its own, which cannot be kept: move it elsewhere first.`,
      )
}
