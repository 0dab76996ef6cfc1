// Stop. `cancelled` is a fact only when nothing of the task lives: where a process may, `stop_asked` comes first and the
// runner says when it is gone.

import type { FactBody } from '../facts.ts'
import { currentTurn, type Phase, type Task } from '../task.ts'
import { refuse, type Refused } from '../words.ts'
import type { Command } from './command.ts'
import { withdrawOpen } from './end.ts'

export function cancel(task: Task, { by }: Extract<Command, { type: 'cancel' }>): FactBody[] | Refused {
  const { phase } = currentTurn(task)
  if (phase.kind === 'ended') return refuse(`${task.label} has ended already: ${phase.outcome.kind}.`)
  if (phase.kind === 'stopping') return refuse(`${task.label} is being stopped already, asked by @${phase.by.name}.`)
  if (mayLive(task, phase)) return [{ type: 'stop_asked' }]
  return [...withdrawOpen(task, 'the task was stopped'), { type: 'cancelled', by, ending: {} }]
}

/**
 * Whether a process of the task may still be there: one that runs, a parked one on its way out, or that of the turn before.
 * Only after a loss, and before the first attempt, it is known that none is.
 */
function mayLive({ attempt }: Task, phase: Exclude<Phase, { kind: 'ended' | 'stopping' }>): boolean {
  return phase.kind === 'running' || (attempt > 0 && phase.why !== 'lost')
}
