// An attempt is gone: no process of it lives, and it did not say how it ended. An agent that can resume gets the next
// attempt; one that cannot has failed, because nobody knows what it did; a few losses in a row ask a person.

import type { FactBody } from '../facts.ts'
import type { Ask } from '../request.ts'
import { currentTurn, openRequests, type Task } from '../task.ts'
import { stopped } from './cancel.ts'
import type { Saying } from './command.ts'
import { withdrawOpen } from './end.ts'

/** Attempts lost in a row after which a person is asked instead of trying on. */
export const ATTEMPTS_MAX = 3
export const GIVE_UP = 'give-up'

export function gone(task: Task, { attempt, began, reason }: Extract<Saying, { type: 'gone' }>): FactBody[] {
  if (attempt !== task.attempt) return []
  const { phase, losses } = currentTurn(task)
  if (phase.kind === 'stopping') return stopped(task, phase, {})
  if (phase.kind !== 'running') return []
  const lost: FactBody = { type: 'lost', attempt, began, reason }
  if (began && !task.limits.resume) return [lost, ...withdrawOpen(task, 'the turn has ended'), neverAgain(task, reason)]
  if (losses + 1 >= ATTEMPTS_MAX && openRequests(task).length === 0)
    return [lost, askWhetherToGoOn(task, losses + 1, reason)]
  return [lost]
}

const neverAgain = (task: Task, why: string): FactBody => ({
  type: 'failed',
  attempt: task.attempt,
  seq: task.seq + 1,
  reason: `${why}. What it had done by then is not known, so it is not run again by itself.`,
  ending: {},
})

function askWhetherToGoOn(task: Task, losses: number, why: string): FactBody {
  const ask: Ask = {
    id: unused(task, `resume${task.attempt}`),
    kind: 'question',
    title: `Lost ${losses} times in a row. Try again?`,
    detail: `Last time: ${why}.`,
    options: [
      { id: 'resume', label: 'Try again', effect: 'answer', style: 'primary' },
      { id: GIVE_UP, label: 'Give up', effect: 'answer', style: 'danger' },
    ],
  }
  return { type: 'requested', attempt: 0, seq: task.seq, ask, need: 1 }
}

/** Names of requests are the agent's to choose; ours gives way. */
const unused = (task: Task, name: string): string =>
  task.requests.some((one) => one.id === name) ? unused(task, `${name}-`) : name
