// One person's answer to a request. The request settles once, when its need and all that rules require is met; a no settles at once.

import { isSamePerson, rolesOf, type People } from '../authorize.ts'
import type { FactBody } from '../facts.ts'
import type { Option, Request, Vote } from '../request.ts'
import { helps, hoursText, isOpen, rolesIn, standing, unmet } from '../requirement.ts'
import { currentTurn, heldOfInsiders, type Task } from '../task.ts'
import { isRefused, refuse, type Actor, type Instant, type Refused } from '../words.ts'
import { cancel } from './cancel.ts'
import type { Command } from './command.ts'
import { GIVE_UP } from './gone.ts'
import { cleanText, exactText } from './text.ts'

export function vote(
  task: Task,
  wanted: Extract<Command, { type: 'vote' }>,
  people: People,
  now: Instant,
): FactBody[] | Refused {
  const request = task.requests.find((one) => one.id === wanted.request)
  if (!request) return refuse(`${task.label} has no request ${wanted.request}.`)
  const closed = whyClosed(task, request)
  if (closed) return closed
  const option = request.options.find((one) => one.id === wanted.option)
  if (!option)
    return refuse(
      `“${request.title}” cannot be answered with “${wanted.option}”; possible: ${request.options.map((one) => one.id).join(', ')}.`,
    )
  const useless = option.effect === 'deny' ? null : whyUseless(task, request, wanted.by, people, now)
  if (useless) return useless
  const values = valuesOf(option, wanted.values)
  if (isRefused(values)) return values
  const as = rolesOf(people, wanted.by).filter((role) => rolesIn(request.requires ?? []).includes(role))
  const cast = { by: wanted.by, at: now, option: option.id, values, ...(as.length > 0 && { as }) }
  const facts = counted(task, request, option, cast)
  const isSettled = facts.some((fact) => fact.type === 'settled')
  return option.stops && isSettled ? [...facts, ...stop(task, request, wanted.by)] : facts
}

/** The answer of which the end of the task is a part. */
function stop(task: Task, request: Request, by: Actor): FactBody[] {
  const facts = cancel(task, { type: 'cancel', by })
  return isRefused(facts) ? [] : facts.filter((fact) => fact.type !== 'withdrawn' || fact.request !== request.id)
}

/** Why this person's yes would not count, or not now. A no always does. */
function whyUseless(task: Task, request: Request, by: Actor, people: People, now: Instant): Refused | null {
  if (request.votes.some((one) => isSamePerson(people, one.by, by)))
    return refuse('You have voted on this already; another person must agree.')
  const { requires = [] } = request
  const closed = requires.find(({ hours }) => hours && !isOpen(hours, now))
  if (closed?.hours)
    return refuse(`${closed.rule} may be allowed from ${hoursText(closed.hours)} only; it can be denied now.`)
  const askers = [task.requester, currentTurn(task).by]
  if (requires.some(({ approvers }) => approvers) && askers.some((one) => isSamePerson(people, one, by)))
    return refuse('You asked for this yourself: somebody else has to allow it.')
  if (requires.length === 0 || helps(requires, request.votes, rolesOf(people, by))) return null
  const [missing] = unmet(requires, request.votes)
  return refuse(
    `Your yes does not count here. ${missing ? `${missing.rule}: ${standing(missing, request.votes)}.` : ''}`,
  )
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
  const more = { ...(request.inputHash && { inputHash: request.inputHash }), ...(cast.as && { as: cast.as }) }
  const voted: FactBody = { type: 'voted', request: request.id, option: option.id, values, ...more }
  const votes = [...request.votes, cast]
  const isEnough = votes.length >= request.need && unmet(request.requires ?? [], votes).length === 0
  if (!isEnough && option.effect !== 'deny') return [voted]
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
  heldOfInsiders(task)
    .filter(({ text }) => Object.values(values).some((value) => value.includes(text)))
    .map(({ id }) => id)
