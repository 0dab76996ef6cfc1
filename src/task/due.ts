// What time itself brings to a task: one reminder per open request, and parking a task that is blocked for long. Both are
// facts, so a clock that jumps reminds nobody twice.

import type { FactBody } from './facts.ts'
import { currentTurn, openRequests, undeliveredAnswers, type Task } from './task.ts'
import type { Instant } from './words.ts'

export type Patience = { remindAfterMs: number; parkAfterMs: number }

/** The facts that are due now, and when to look again (null: time alone brings nothing more). */
export function due(
  task: Task,
  { remindAfterMs, parkAfterMs }: Patience,
  now: Instant,
): { facts: FactBody[]; next: Instant | null } {
  // Nobody can answer any more what is being stopped.
  const open = currentTurn(task).phase.kind === 'stopping' || task.terminal ? [] : openRequests(task)
  const reminders = open
    .filter((one) => one.remindedAt === null)
    .map((one) => ({ at: one.askedAt + remindAfterMs, request: one.id }))
  const park = canPark(task) ? [{ at: Math.max(...open.map((one) => one.askedAt)) + parkAfterMs }] : []
  const facts: FactBody[] = [
    ...reminders.filter((one) => one.at <= now).map((one): FactBody => ({ type: 'reminded', request: one.request })),
    ...park.filter((one) => one.at <= now).map((): FactBody => ({ type: 'parked', attempt: task.attempt })),
  ]
  const later = [...reminders, ...park].map((one) => one.at).filter((at) => at > now)
  return { facts, next: later.length > 0 ? Math.min(...later) : null }
}

/** Its process waits for people and for nothing else, and another can take over from where it stands. */
const canPark = (task: Task): boolean =>
  currentTurn(task).phase.kind === 'running' &&
  openRequests(task).length > 0 &&
  task.limits.resume &&
  task.session !== null &&
  undeliveredAnswers(task).length === 0
