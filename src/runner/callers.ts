// Who calls: whether a process belongs to the session of a task. Such a process runs as the same user as the person whose task it
// is, so neither the user nor a cookie tells the two apart; the process itself does. What it cannot find is what `endMarked`
// cannot find either: a process that left its environment, its parents and its kernel session behind.

import type { TaskId } from '../task/words.ts'
import { taskOf } from './attempt-files.ts'
import { inSessions } from './processes.ts'

/** A process of a task's session. */
export type Caller = { task: TaskId; attempt: number; pid: number }

/** The task whose session `pid` belongs to, or null: then it is a person's, or nobody can tell. */
export function callerOf(pid: number): Caller | null {
  const marker = inSessions().get(pid)
  return marker === undefined ? null : { ...taskOf(marker), pid }
}
