// What a session reports. Reports carry attempt and seq: of an older attempt, or heard before, they change nothing.

import type { FactBody } from '../facts.ts'
import type { Report } from '../report.ts'
import type { Ask, Field } from '../request.ts'
import { needOf } from '../requirement.ts'
import { currentTurn, heldGuidance, type Phase, type Task } from '../task.ts'
import { carryOn, stopped } from './cancel.ts'
import type { Saying } from './command.ts'
import { withdrawOpen } from './end.ts'
import { whyUnanswerable } from './unanswerable.ts'

type Heard = { attempt: number; seq: number }
type Stopping = Extract<Phase, { kind: 'stopping' }>

export function report(task: Task, { attempt, seq, report: said }: Extract<Saying, { type: 'report' }>): FactBody[] {
  if (attempt !== task.attempt || seq <= task.seq) return []
  const { phase } = currentTurn(task)
  const heard = { attempt, seq }
  if (phase.kind === 'running') return whileRunning(task, said, heard)
  if (phase.kind === 'stopping') return whileStopping(task, said, heard, phase)
  return []
}

function whileRunning(task: Task, said: Report, heard: Heard): FactBody[] {
  switch (said.type) {
    case 'identified':
      return [{ ...heard, ...said }]
    case 'requested':
      return requested(task, said, heard)
    case 'withdrawn':
      return task.requests.some((one) => one.id === said.request && one.state.kind === 'open')
        ? [{ type: 'withdrawn', request: said.request, reason: said.reason, seq: heard.seq }]
        : []
    case 'delivered':
      return delivered(task, said.request, heard)
    case 'guidance_delivered':
      return guidanceDelivered(task, said.guidance, heard)
    case 'completed':
      return [...withdrawOpen(task, 'the turn has ended'), { ...heard, ...said }, ...carryOn(task)]
    case 'failed':
      return [...withdrawOpen(task, 'the turn has ended'), { ...heard, ...said }]
    case 'stopped': {
      const reason = 'Its session process was stopped from outside Backchannel.'
      return [...withdrawOpen(task, 'the turn has ended'), { ...heard, type: 'failed', reason, ending: said.ending }]
    }
  }
}

/** Somebody asked to stop: what was done before that still counts, the end is `cancelled` unless the work was complete. */
function whileStopping(task: Task, said: Report, heard: Heard, phase: Stopping): FactBody[] {
  switch (said.type) {
    case 'delivered':
      return delivered(task, said.request, heard)
    case 'guidance_delivered':
      return guidanceDelivered(task, said.guidance, heard)
    case 'completed':
      return [...withdrawOpen(task, 'the turn has ended'), { ...heard, ...said }]
    case 'stopped':
      return stopped(task, phase, said.ending)
    case 'identified':
    case 'requested':
    case 'withdrawn':
    case 'failed':
      return []
  }
}

function requested(task: Task, { ask }: Extract<Report, { type: 'requested' }>, heard: Heard): FactBody[] {
  const wrong = whyUnanswerable(task, ask)
  if (wrong === null) return [{ ...heard, type: 'requested', ask: demanding(ask), need: needOf(ask.requires ?? []) }]
  // An agent that does this is broken. Its turn ends, so that nobody is asked in vain.
  const reason = `The agent ${wrong}; this is an error in its adapter.`
  return [...withdrawOpen(task, 'the turn has ended'), { ...heard, type: 'failed', reason, ending: {} }]
}

/**
 * Where more is wanted than one yes, a yes is for exactly this, once: what one person edits or allows always the others have not
 * seen. And it has room for a reason where it needs one.
 */
function demanding(ask: Ask): Ask {
  const { requires = [], options } = ask
  if (requires.length === 0) return ask
  const fields: Field[] = requires.some(({ reason }) => reason)
    ? [{ id: 'reason', label: 'Why may it?', required: true }]
    : []
  const plain = options.filter(({ effect, rule, fields: own }) => effect !== 'allow' || (!rule && !own))
  return {
    ...ask,
    options: plain.map((option) =>
      option.effect === 'allow' && fields.length > 0 ? { ...option, label: `${option.label}…`, fields } : option,
    ),
  }
}

function delivered(task: Task, request: string, heard: Heard): FactBody[] {
  const { state } = task.requests.find((one) => one.id === request) ?? {}
  return state?.kind === 'settled' && state.delivered === null ? [{ ...heard, type: 'delivered', request }] : []
}

function guidanceDelivered(task: Task, guidance: string, heard: Heard): FactBody[] {
  return heldGuidance(task).some((one) => one.id === guidance)
    ? [{ ...heard, type: 'guidance_delivered', guidance }]
    : []
}
