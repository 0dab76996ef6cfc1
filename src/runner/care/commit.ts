// Commits what is uncommitted in the worktree of a task, on whatever branch is checked out there.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ChoreResult } from '../../task/facts.ts'
import { refuse, type Refused } from '../../task/words.ts'
import { git, type GitPlace } from '../git.ts'
import { parseLine } from '../lines.ts'
import { readRecord } from '../workspace-record.ts'
import { checkedOut, commitAt, isDirectory, type Site } from './site.ts'

/** What was there before, so that who comes after a crash knows a commit that was made already. */
const FILE = 'committing.json'
/** For people who told git neither; git refuses to commit without. */
const NOBODY = { 'user.name': 'Backchannel', 'user.email': 'backchannel@localhost' }

export async function commit(site: Site, chore: string, message: string): Promise<ChoreResult | Refused> {
  const { work, env, taskDir } = site
  const at: GitPlace = { cwd: work.worktree, env }
  const record = readRecord(taskDir)
  if (!record) return refuse('It never had a workspace, so there is nothing to commit.')
  // It was tidied away, because all of it was committed.
  if (!isDirectory(work.worktree)) return { what: 'commit', branch: record.branch, commit: null }
  const [head, ref] = [await commitAt('HEAD', at), await checkedOut(at)]
  if (head === null || ref === null) return refuse('No branch is checked out in the workspace: check one out first.')
  const done = { what: 'commit', branch: ref.replace('refs/heads/', '') } as const
  const before = readBefore(taskDir, chore)
  if (before !== null && before !== head) return { ...done, commit: head }
  const unmerged = await git(['ls-files', '--unmerged'], at)
  if (!unmerged.ok || unmerged.out !== '') return refuse('A merge in the workspace has conflicts: resolve them first.')
  const status = await git(['status', '--porcelain', '--untracked-files=normal'], at)
  if (!status.ok) return refuse(`The workspace cannot be read: ${status.sentence}.`)
  if (status.out === '') return { ...done, commit: null }
  writeFileSync(join(taskDir, FILE), `${JSON.stringify({ chore, head })}\n`, { mode: 0o600 })
  const identity = await identityFor(at)
  for (const args of [
    ['add', '--all', '--', ':/'],
    [...identity, 'commit', '--quiet', '--no-verify', '--no-gpg-sign', '--cleanup=verbatim', `--message=${message}`],
  ]) {
    const result = await git(args, at)
    if (!result.ok) return refuse(`It could not be committed: ${result.sentence}.`)
  }
  return { ...done, commit: await commitAt('HEAD', at) }
}

function readBefore(taskDir: string, chore: string): string | null {
  try {
    const read = parseLine(readFileSync(join(taskDir, FILE), 'utf8'))
    return read?.['chore'] === chore && typeof read['head'] === 'string' ? read['head'] : null
  } catch {
    return null
  }
}

async function identityFor(at: GitPlace): Promise<string[]> {
  const missing = await Promise.all(
    Object.entries(NOBODY).map(async ([name, value]) => {
      const told = await git(['config', '--get', name], at)
      return told.ok && told.out.trim() !== '' ? [] : ['-c', `${name}=${value}`]
    }),
  )
  return missing.flat()
}
