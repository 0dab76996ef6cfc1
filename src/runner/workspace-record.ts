// What is known of a task's worktree: the commit it began from and the branch it got. In a file of the task and not in a ref,
// so that nothing of ours shows up in the person's repository. Written before the worktree is made and again after: one that
// is not `made` was never worked in. `setUp`: the repository's setup has run in it to its end.

import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseLine } from './lines.ts'

export type WorkspaceRecord = { base: string; branch: string; made: boolean; setUp?: boolean }

const FILE = 'workspace.json'

export function readRecord(taskDir: string): WorkspaceRecord | null {
  let text: string
  try {
    text = readFileSync(join(taskDir, FILE), 'utf8')
  } catch {
    return null
  }
  const { base, branch, made, setUp } = parseLine(text) ?? {}
  return typeof base === 'string' && typeof branch === 'string'
    ? { base, branch, made: made === true, setUp: setUp === true }
    : null
}

export function writeRecord(taskDir: string, record: WorkspaceRecord): void {
  const temporary = join(taskDir, `${FILE}.new`)
  writeFileSync(temporary, `${JSON.stringify(record)}\n`, { mode: 0o600 })
  renameSync(temporary, join(taskDir, FILE))
}
