// Stop. `cancelled` is a fact only when nothing of the task lives: where a process may, `stop_asked` comes first and the
// runner says when it is gone.

import type { Ending, FactBody } from '../facts.ts'
import { currentTurn, heldOfInsiders, type Phase, type Task } from '../task.ts'
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

/** Only what runs can be interrupted, and only what can go on afterwards: everything else is stopped. */
export function interrupt(task: Task): FactBody[] | Refused {
  const { phase } = currentTurn(task)
  if (!task.limits.resume) return refuse(`${task.agent} could not go on after that: stop it instead.`)
  if (phase.kind === 'stopping') return refuse(`${task.label} is being stopped already, asked by @${phase.by.name}.`)
  if (phase.kind !== 'running') return refuse(`${task.label} is not working, so there is nothing to interrupt.`)
  return [{ type: 'stop_asked', interrupt: true }]
}

/** The end somebody asked for, when nothing lives any more. */
export function stopped(
  task: Task,
  { by, interrupt: isTurn }: Extract<Phase, { kind: 'stopping' }>,
  ending: Ending,
): FactBody[] {
  const end: FactBody = { type: 'cancelled', by, ending, ...(isTurn && { interrupted: true }) }
  return [
    ...withdrawOpen(task, isTurn ? 'it was interrupted' : 'the task was stopped'),
    end,
    ...(isTurn ? carryOn(task) : []),
  ]
}

/** Words no session has taken are not lost: they are the next prompt. */
export function carryOn(task: Task): FactBody[] {
  const held = heldOfInsiders(task)
  if (held.length === 0 || !task.limits.resume) return []
  const text = held.map((one) => one.text).join('\n\n')
  return [{ type: 'prompted', turn: task.turns.length + 1, text, guidance: held.map((one) => one.id) }]
}

/**
 * Whether a process of the task may still be there: one that runs, a parked one on its way out, or that of the turn before.
 * Only after a loss, and before the first attempt, it is known that none is.
 */
function mayLive({ attempt }: Task, phase: Exclude<Phase, { kind: 'ended' | 'stopping' }>): boolean {
  return phase.kind === 'running' || (attempt > 0 && phase.why !== 'lost')
}
