// When the worktree of a task that ended may be tidied away, if it is clean.

import { discarded, pendingChore } from './chores.ts'
import { endedAt, type Task } from './task.ts'
import type { Instant } from './words.ts'

export function mayTidy(task: Task, tidyAfterMs: number, now: Instant): boolean {
  const ended = endedAt(task)
  const lastWord = Math.max(ended ?? 0, ...task.chores.map(({ at }) => at))
  return ended !== null && pendingChore(task) === null && discarded(task) === null && lastWord + tidyAfterMs <= now
}

/** Whether what was discarded has been kept for as long as was promised. */
export const isKeptLongEnough = (task: Task, now: Instant): boolean => {
  const away = discarded(task)
  return away !== null && away.until <= now
}
