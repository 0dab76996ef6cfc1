// A person takes the conversation into a terminal of their own. Two writers never share one, so nothing else happens to the
// task until they have left; then it goes on here.

import type { FactBody, Terminal } from '../facts.ts'
import { currentTurn, type Task } from '../task.ts'
import { refuse, type Refused } from '../words.ts'
import { whyDiscarded } from './chore.ts'

export function attach(task: Task, terminal: Terminal): FactBody[] | Refused {
  const elsewhere = whyElsewhere(task)
  if (elsewhere) return elsewhere
  const { phase } = currentTurn(task)
  if (task.session === null) return refuse(`${task.label} has no conversation yet: wait until it has begun to work.`)
  if (phase.kind === 'stopping') return refuse(`${task.label} is being stopped; attach when it has stopped.`)
  const away = whyDiscarded(task)
  return away ? refuse(away) : [{ type: 'attached', terminal }]
}

/** The person has left: said by their own process at its end, or by a runner that sees it is gone. */
export const left = (task: Task, terminal: Terminal): FactBody[] =>
  task.terminal && isSame(task.terminal.process, terminal) ? [{ type: 'detached' }] : []

/** Why nothing can be done about the task here, or null. */
export const whyElsewhere = ({ label, terminal }: Task): Refused | null =>
  terminal && refuse(`${label} is in the terminal of @${terminal.by.name}: it goes on here when they leave it.`)

const isSame = (one: Terminal, other: Terminal): boolean =>
  one.pid === other.pid && one.start === other.start && one.boot === other.boot
