// What is known of a task's worktree: the commit it began from and the branch it got. In a file of the task and not in a ref,
// so that nothing of ours shows up in the person's repository. Written before the worktree is made and again after: one that
// is not `made` was never worked in. `setUp`: the repository's setup has run in it to its end. `discarded`: the commit
// that holds all of it, set before anything is removed; `restoring`: what lies in its place is half of it. `tip`: where the branch
// was when it was tidied away, because its commits are elsewhere too.

import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseLine } from './lines.ts'

export type WorkspaceRecord = {
  base: string
  branch: string
  made: boolean
  setUp?: boolean
  discarded?: string
  restoring?: boolean
  tip?: string
}

const FILE = 'workspace.json'

export function readRecord(taskDir: string): WorkspaceRecord | null {
  let text: string
  try {
    text = readFileSync(join(taskDir, FILE), 'utf8')
  } catch {
    return null
  }
  const { base, branch, made, setUp, discarded, restoring, tip } = parseLine(text) ?? {}
  if (typeof base !== 'string' || typeof branch !== 'string') return null
  return {
    base,
    branch,
    made: made === true,
    setUp: setUp === true,
    restoring: restoring === true,
    ...(typeof discarded === 'string' && { discarded }),
    ...(typeof tip === 'string' && { tip }),
  }
}

export function writeRecord(taskDir: string, record: WorkspaceRecord): void {
  const temporary = join(taskDir, `${FILE}.new`)
  writeFileSync(temporary, `${JSON.stringify(record)}\n`, { mode: 0o600 })
  renameSync(temporary, join(taskDir, FILE))
}
