// decide: may this happen, and what is then true? Facts, or a refusal with the sentence a person reads. Pure: the caller
// stores the facts. An empty list means: nothing new.

import { aboutOf, authorize, authorizeAlways, type People } from '../authorize.ts'
import type { FactBody } from '../facts.ts'
import { passedOn } from '../outsider.ts'
import { currentTurn, openRequests, type Task } from '../task.ts'
import { isRefused, refuse, type Instant, type Refused } from '../words.ts'
import { cancel, interrupt } from './cancel.ts'
import { chore, choreOver } from './chore.ts'
import type { Command, Saying } from './command.ts'
import { create } from './create.ts'
import { gone } from './gone.ts'
import { again, questionOf, reply } from './reply.ts'
import { report } from './report.ts'
import { attach, left, whyElsewhere } from './terminal.ts'
import { vote } from './vote.ts'

/** A person's command on a task (null: none yet). */
export function decide(task: Task | null, command: Command, people: People, now: Instant): FactBody[] | Refused {
  const denied = authorize(people, command.by, deedOf(task, command), aboutOf(task, command))
  if (denied) return passedOn(task, command, people) ?? denied
  if (command.type === 'create') return create(task, command)
  if (task === null) return refuse('There is no such task.')
  const { n } = currentTurn(task)
  if ('turn' in command && command.turn !== n) {
    return refuse(`This button is of turn ${command.turn}; ${task.label} is in turn ${n} by now.`)
  }
  if (command.type === 'attach') return attach(task, command.terminal)
  const elsewhere = whyElsewhere(task)
  if (elsewhere) return elsewhere
  // An answer that ends the task is a stop as well.
  const withStop = (facts: FactBody[] | Refused): FactBody[] | Refused => {
    const stops = !isRefused(facts) && facts.some(({ type }) => type === 'stop_asked' || type === 'cancelled')
    return (stops ? authorize(people, command.by, 'cancel', aboutOf(task, command)) : null) ?? facts
  }
  switch (command.type) {
    case 'vote':
      return authorizeGrant(task, command, people) ?? withStop(vote(task, command, people, now))
    case 'reply':
      return reply(task, command, people, now)
    case 'again':
      return again(task)
    case 'cancel':
      return cancel(task, command)
    case 'interrupt':
      return interrupt(task)
    case 'chore':
      return chore(task, command)
  }
}

/** “Always in a repository” is more than an answer. */
function authorizeGrant(
  task: Task,
  { by, request, option }: Extract<Command, { type: 'vote' }>,
  people: People,
): Refused | null {
  const { options = [] } = openRequests(task).find(({ id }) => id === request) ?? {}
  const { grants } = options.find(({ id }) => id === option) ?? {}
  return grants === 'repo' ? authorizeAlways(people, by, task.work.repo) : null
}

/** Words that answer are an answer. */
const deedOf = (task: Task | null, { type }: Command): Command['type'] =>
  type === 'reply' && task !== null && questionOf(task) ? 'vote' : type

/** What the runner or a session says about a task. Never refused: what is outdated changes nothing. */
export function hear(task: Task | null, saying: Saying): FactBody[] {
  if (task === null) return []
  switch (saying.type) {
    case 'start':
      return start(task)
    case 'left':
      return left(task, saying.terminal)
    case 'report':
      return report(task, saying)
    case 'gone':
      return gone(task, saying)
    case 'chore_done':
    case 'chore_failed':
    case 'discard_expired':
      return choreOver(task, saying)
  }
}

function start(task: Task): FactBody[] {
  const queued = task.turns.at(-1)?.phase.kind === 'queued' && task.terminal === null
  return queued ? [{ type: 'attempt_started', attempt: task.attempt + 1 }] : []
}
