// What a task changed: its workspace against the commit it began from, with what is committed, changed and new. git works on
// a copy of the index, so that looking changes nothing.

import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Diff, FileChange, Work } from '../task/facts.ts'
import { isRefused, refuse, type Refused } from '../task/words.ts'
import { git, type GitPlace } from './git.ts'
import { readRecord } from './workspace-record.ts'

const TEXT_CHARS_MAX = 2_000_000
export const STYLE = ['--no-ext-diff', '--no-textconv', '--find-renames', '--submodule=short']

type Place = { taskDir: string; env: Record<string, string> }

/** Of a directory worked in as it is, only what is not committed: nobody recorded what was there before. */
export async function diff(work: Work, place: Place): Promise<Diff | Refused> {
  const opened = await openChanges(work, place)
  if (isRefused(opened)) return opened
  const { base, to, at, close } = opened
  try {
    const stat = await git(['diff', ...STYLE, '--numstat', '-z', base, ...to, '--'], at)
    const text = await git(['diff', ...STYLE, base, ...to, '--'], at)
    if (!stat.ok) return refuse(`The changes cannot be read: ${stat.sentence}.`)
    if (!text.ok) return refuse(`The changes cannot be read: ${text.sentence}.`)
    return { base, files: parseNumstat(stat.out), text: cut(text.out, text.cut) }
  } finally {
    close()
  }
}

/** `to`: what it is compared with, where that is a commit and not the workspace. */
type Opened = { base: string; to: string[]; at: GitPlace; close: () => void }

/** The workspace with an index of its own, in which new files are known by name. */
export async function openChanges(work: Work, { taskDir, env }: Place): Promise<Opened | Refused> {
  const cwd = work.kind === 'here' ? work.path : work.worktree
  if (!existsSync(cwd)) return work.kind === 'here' ? goneFrom(cwd) : elsewhere(work, { taskDir, env })
  const found = await git(['rev-parse', '--path-format=absolute', '--git-path', 'index', '--show-toplevel'], {
    cwd,
    env,
  })
  if (!found.ok) return refuse(`${cwd} is not a git repository.`)
  const base = work.kind === 'here' ? await headOf({ cwd, env }) : readRecord(taskDir)?.base
  if (!base) return refuse(work.kind === 'here' ? `${cwd} has no commit yet.` : 'The workspace was never made.')
  const [index = '', root = cwd] = found.out.trimEnd().split('\n')
  const own = mkdtempSync(join(taskDir, 'diff-'))
  const close = (): void => rmSync(own, { recursive: true, force: true })
  const at = { cwd: root, env, indexFile: join(own, 'index') }
  if (existsSync(index)) copyFileSync(index, at.indexFile)
  const named = await git(['add', '--intent-to-add', '--', '.'], at)
  if (named.ok) return { base, to: [], at, close }
  close()
  return refuse(`The changes cannot be read: ${named.sentence}.`)
}

const goneFrom = (path: string): Refused => refuse(`The workspace ${path} is gone.`)

/** A workspace that was tidied away or discarded is what its branch, or the commit it was kept as, says. */
async function elsewhere(
  work: Extract<Work, { kind: 'worktree' }>,
  { taskDir, env }: Place,
): Promise<Opened | Refused> {
  const record = readRecord(taskDir)
  const at = { cwd: work.path, env }
  const commit = record && (record.discarded ?? record.tip ?? `refs/heads/${record.branch}`)
  const found = await git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${commit}^{commit}`], at)
  if (!record || !found.ok) return goneFrom(work.worktree)
  // What was kept as it was has the line ends of the checkout.
  const to = [...(record.discarded ? ['--ignore-cr-at-eol'] : []), found.out.trim()]
  return { base: record.base, to, at, close() {} }
}

async function headOf(at: GitPlace): Promise<string | null> {
  const head = await git(['rev-parse', '--verify', '--quiet', 'HEAD'], at)
  return head.ok ? head.out.trim() : null
}

/** `added TAB removed TAB path NUL`, of a renamed file `added TAB removed TAB NUL old NUL new NUL`; a dash for binary files. */
export function parseNumstat(text: string): FileChange[] {
  const parts = text.split('\0')
  const files: FileChange[] = []
  for (let at = 0; at < parts.length - 1; at++) {
    const [added, removed, path] = (parts[at] ?? '').split('\t')
    const counts = { added: Number(added) || 0, removed: Number(removed) || 0 }
    if (path) files.push({ path, ...counts })
    else files.push({ path: parts[(at += 2)] ?? '', ...counts })
  }
  return files
}

const cut = (text: string, already: boolean): string =>
  already || text.length > TEXT_CHARS_MAX
    ? `${text.slice(0, TEXT_CHARS_MAX)}\n… the rest is left out: more than ${TEXT_CHARS_MAX} characters …\n`
    : text
