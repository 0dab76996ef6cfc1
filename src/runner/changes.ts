// What a turn changed, in numbers, for its end: how much, which files, which new ones people may want to read.

import { extname } from 'node:path'
import type { Ending, FileChange, Work } from '../task/facts.ts'
import { isRefused } from '../task/words.ts'
import { openChanges, parseNumstat, STYLE } from './diff.ts'
import { git, type GitPlace } from './git.ts'
import { readRecord } from './workspace-record.ts'

/** Of more files the first are told one by one, the rest only counted. */
const FILES_MAX = 50
const REPORTS_MAX = 5
/** What people read rather than run, the most telling first. */
const READ_BY_PEOPLE = [
  '.md',
  '.html',
  '.pdf',
  '.csv',
  '.txt',
  '.svg',
  '.png',
  '.jpg',
  '.jpeg',
  '.gif',
  '.webp',
  '.json',
]
/** Named like something to read, and written for programs. */
const READ_BY_PROGRAMS = /(^|\/)(\.|node_modules\/|(package|package-lock|tsconfig|composer|requirements|robots)[^/]*$)/u

type Place = { taskDir: string; env: Record<string, string> }
type Told = Pick<Ending, 'changes' | 'files' | 'reports' | 'branch'>

/** Nothing where changes cannot be told from what was there before. */
export async function changesOf(work: Work, place: Place): Promise<Told> {
  const record = work.kind === 'worktree' ? readRecord(place.taskDir) : null
  if (!record) return {}
  const { branch } = record
  const opened = await openChanges(work, place)
  if (isRefused(opened)) return { branch }
  const { base, at, close } = opened
  try {
    const stat = await git(['diff', ...STYLE, '--numstat', '-z', base, '--'], at)
    if (!stat.ok || stat.cut) return { branch }
    const files = parseNumstat(stat.out)
    const sum = (of: (file: FileChange) => number): number => files.reduce((total, file) => total + of(file), 0)
    const changes = { files: files.length, added: sum(({ added }) => added), removed: sum(({ removed }) => removed) }
    const reports = files.length === 0 ? [] : await newReports(base, at)
    return {
      branch,
      changes,
      ...(files.length > 0 && { files: files.slice(0, FILES_MAX) }),
      ...(reports.length > 0 && { reports }),
    }
  } finally {
    close()
  }
}

async function newReports(base: string, at: GitPlace): Promise<string[]> {
  const added = await git(['diff', ...STYLE, '--name-only', '--diff-filter=A', '-z', base, '--'], at)
  if (!added.ok || added.cut) return []
  const rank = (path: string): number => READ_BY_PEOPLE.indexOf(extname(path).toLowerCase())
  const depth = (path: string): number => path.split('/').length
  return added.out
    .split('\0')
    .filter((path) => rank(path) >= 0 && !READ_BY_PROGRAMS.test(path))
    .toSorted((a, b) => rank(a) - rank(b) || depth(a) - depth(b))
    .slice(0, REPORTS_MAX)
}
