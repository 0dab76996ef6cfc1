// Words for a task, wherever it stands: while a question waits they answer it, while it works they guide, after the end
// they are the prompt of the next turn.

import type { People } from '../authorize.ts'
import type { FactBody } from '../facts.ts'
import { optionForWords, type Request } from '../request.ts'
import { currentTurn, openRequests, type Task } from '../task.ts'
import { refuse, type Instant, type Refused } from '../words.ts'
import { whyDiscarded } from './chore.ts'
import type { Command } from './command.ts'
import { cleanText } from './text.ts'
import { vote } from './vote.ts'

export function reply(
  task: Task,
  said: Extract<Command, { type: 'reply' }>,
  people: People,
  now: Instant,
): FactBody[] | Refused {
  const text = cleanText(said.text, 'message')
  if (typeof text !== 'string') return text
  const { phase } = currentTurn(task)
  if (phase.kind === 'ended') return nextTurn(task, text, said)
  if (phase.kind === 'stopping' && !phase.interrupt)
    return refuse(`${task.label} is being stopped; write again when it has stopped.`)
  const questions = openRequests(task).filter((request) => request.kind === 'question')
  const question = questionOf(task)
  if (question) {
    const words = optionForWords(question, text)
    return vote(task, { type: 'vote', by: said.by, request: question.id, ...words }, people, now)
  }
  if (questions.length > 1)
    return refuse(`${task.label} asks ${questions.length} questions at once: answer with their buttons.`)
  if (!task.limits.guidance) return refuse(`${task.agent} takes no words while it runs; Stop ends it.`)
  return [{ type: 'guided', guidance: said.id, text, ...(said.source && { source: said.source }) }]
}

/** The one question that words answer now. */
export function questionOf(task: Task): Request | null {
  const questions = openRequests(task).filter((request) => request.kind === 'question')
  const { phase } = currentTurn(task)
  return phase.kind !== 'ended' && questions.length === 1 ? (questions[0] ?? null) : null
}

function nextTurn(task: Task, text: string, said: Extract<Command, { type: 'reply' }>): FactBody[] | Refused {
  const why = whyDiscarded(task)
  if (why) return refuse(why)
  if (!task.limits.resume) return refuse(`${task.agent} cannot be continued: start a new task, or run this one again.`)
  return [
    { type: 'prompted', turn: task.turns.length + 1, text, guidance: [], ...(said.source && { source: said.source }) },
  ]
}

/** The last prompt once more: for what is never repeated by itself. */
export function again(task: Task): FactBody[] | Refused {
  const { phase, prompt } = currentTurn(task)
  if (phase.kind !== 'ended') return refuse(`${task.label} has not ended yet.`)
  const why = whyDiscarded(task)
  if (why) return refuse(why)
  return [{ type: 'prompted', turn: task.turns.length + 1, text: prompt, guidance: [] }]
}
