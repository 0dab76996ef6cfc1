// One person's answer to a request. The request settles once, when its need is met; a no settles at once.

import type { FactBody } from '../facts.ts'
import type { Option, Request, Vote } from '../request.ts'
import { currentTurn, heldGuidance, type Task } from '../task.ts'
import { isRefused, refuse, type Actor, type Instant, type Refused } from '../words.ts'
import { cancel } from './cancel.ts'
import type { Command } from './command.ts'
import { GIVE_UP } from './gone.ts'
import { cleanText, exactText } from './text.ts'

export function vote(task: Task, wanted: Extract<Command, { type: 'vote' }>, now: Instant): FactBody[] | Refused {
  const request = task.requests.find((one) => one.id === wanted.request)
  if (!request) return refuse(`${task.label} has no request ${wanted.request}.`)
  const closed = whyClosed(task, request)
  if (closed) return closed
  const option = request.options.find((one) => one.id === wanted.option)
  if (!option)
    return refuse(
      `“${request.title}” cannot be answered with “${wanted.option}”; possible: ${request.options.map((one) => one.id).join(', ')}.`,
    )
  if (request.votes.some((one) => sameActor(one.by, wanted.by)))
    return refuse('You have voted on this already; another person must agree.')
  const values = valuesOf(option, wanted.values)
  if (isRefused(values)) return values
  const facts = counted(task, request, option, { by: wanted.by, at: now, option: option.id, values })
  const isSettled = facts.some((fact) => fact.type === 'settled')
  return option.stops && isSettled ? [...facts, ...stop(task, request, wanted.by)] : facts
}

/** The answer of which the end of the task is a part. */
function stop(task: Task, request: Request, by: Actor): FactBody[] {
  const facts = cancel(task, { type: 'cancel', by })
  return isRefused(facts) ? [] : facts.filter((fact) => fact.type !== 'withdrawn' || fact.request !== request.id)
}

function whyClosed(task: Task, request: Request): Refused | null {
  const { state } = request
  if (state.kind === 'settled') {
    const option = request.options.find((one) => one.id === state.vote.option)
    return refuse(`Already answered by @${state.vote.by.name}: ${option?.label ?? state.vote.option}.`)
  }
  if (state.kind === 'withdrawn') return refuse(`This is no longer asked: ${state.reason}.`)
  return currentTurn(task).phase.kind === 'stopping' ? refuse(`${task.label} is being stopped.`) : null
}

/** The option's fields, filled in: required ones must be, what has no field is dropped. What was there to be edited is kept exactly. */
function valuesOf(option: Option, given: Record<string, string>): Record<string, string> | Refused {
  const values: Record<string, string> = {}
  for (const field of option.fields ?? []) {
    const text = given[field.id] ?? ''
    if (text.trim() === '') {
      if (field.required) return refuse(`“${option.label}” needs “${field.label}”.`)
      continue
    }
    const clean = (field.prefill === undefined ? cleanText : exactText)(text, field.label)
    if (typeof clean !== 'string') return clean
    values[field.id] = clean
  }
  return values
}

function counted(task: Task, request: Request, option: Option, cast: Vote): FactBody[] {
  const { values } = cast
  const hash = request.inputHash ? { inputHash: request.inputHash } : {}
  const voted: FactBody = { type: 'voted', request: request.id, option: option.id, values, ...hash }
  const missing = request.need - request.votes.length - 1
  if (missing > 0 && option.effect !== 'deny') return [voted]
  const guidance = option.effect === 'deny' ? reasons(task, values) : []
  const settled: FactBody = {
    type: 'settled',
    request: request.id,
    vote: cast,
    ...(guidance.length > 0 && { guidance }),
  }
  if (request.attempt !== 0 || option.id !== GIVE_UP) return [voted, settled]
  const reason = `Given up by @${cast.by.name} after its session was lost repeatedly.`
  return [voted, settled, { type: 'failed', attempt: 0, seq: 0, reason, ending: {} }]
}

/** Held words that are part of what was given as the reason: they have arrived with it. */
const reasons = (task: Task, values: Record<string, string>): string[] =>
  heldGuidance(task)
    .filter(({ text }) => Object.values(values).some((value) => value.includes(text)))
    .map(({ id }) => id)

const sameActor = (a: Actor, b: Actor): boolean => a.chat === b.chat && a.id === b.id
