// Fold one fact into the task. Total and forgiving: what was stored is true, so nothing is refused here, and a fact this
// version does not expect in this state changes nothing but the version.

import { choresAfter, isChoreExpected, type ChoreFact } from './chores.ts'
import type { Fact, FactBody } from './facts.ts'
import type { Request } from './request.ts'
import { currentTurn, openRequests, type Guidance, type Outcome, type Phase, type Task, type Turn } from './task.ts'

export function evolve(task: Task | null, fact: Fact): Task | null {
  const { body } = fact
  if (task === null) return body.type === 'created' ? created(fact, body) : null
  const next = body.type !== 'created' && isExpected(task, body) ? apply(task, fact, body) : task
  return { ...next, version: fact.version }
}

/** What belongs to a turn comes before its end, the next turn after it; a request is asked once and closed once. */
function isExpected(task: Task, body: Exclude<FactBody, { type: 'created' }>): boolean {
  const over = currentTurn(task).phase.kind === 'ended'
  if (body.type === 'attached' || body.type === 'detached') return true
  if (isAboutChore(body)) return isChoreExpected(task, body, over)
  if (body.type === 'prompted') return over
  if (body.type === 'requested') return !over && task.requests.every((one) => one.id !== body.ask.id)
  const closes = body.type === 'voted' || body.type === 'settled' || body.type === 'withdrawn'
  return closes ? openRequests(task).some((one) => one.id === body.request) : !over
}

const isAboutChore = (body: FactBody): body is ChoreFact =>
  body.type.startsWith('chore_') || body.type === 'discard_expired'

function created(fact: Fact, body: Extract<FactBody, { type: 'created' }>): Task {
  return {
    id: fact.task,
    version: fact.version,
    label: body.label,
    agent: body.agent,
    limits: body.limits,
    options: body.options,
    work: body.work,
    place: body.place,
    requester: fact.by,
    createdAt: fact.at,
    turns: [newTurn(1, fact, body.prompt, body.source)],
    requests: [],
    guidance: [],
    chores: [],
    terminal: null,
    session: null,
    attempt: 0,
    seq: 0,
  }
}

const newTurn = (n: number, fact: Fact, prompt: string, source: Turn['source']): Turn => ({
  n,
  prompt,
  by: fact.by,
  at: fact.at,
  ...(source && { source }),
  phase: { kind: 'queued', since: fact.at, why: 'new' },
  begun: false,
  attempts: 0,
  losses: 0,
})

function apply(task: Task, fact: Fact, body: Exclude<FactBody, { type: 'created' }>): Task {
  switch (body.type) {
    case 'prompted':
      return {
        ...task,
        turns: [
          ...task.turns,
          { ...newTurn(body.turn, fact, body.text, body.source), by: speaker(task, body.guidance) ?? fact.by },
        ],
        guidance: changeGuidance(task, body.guidance, { kind: 'carried', turn: body.turn }),
      }
    case 'attempt_started': {
      const begun = changeTurn(task, { attempts: currentTurn(task).attempts + 1 })
      return inPhase({ ...begun, attempt: body.attempt, seq: 0 }, { kind: 'running', since: fact.at })
    }
    case 'identified':
      return changeTurn({ ...heard(task, body.seq), session: body.session }, { begun: true })
    case 'requested':
      return requested(task, fact, body)
    case 'voted':
      return changeRequest(task, body.request, (request) => ({
        ...request,
        votes: [
          ...request.votes,
          { by: fact.by, at: fact.at, option: body.option, values: body.values, ...(body.as && { as: body.as }) },
        ],
      }))
    case 'settled':
      return answered(
        changeRequest(usedGuidance(task, body), body.request, (request) => ({
          ...request,
          // A question of ours ("try again?") has no session to reach: it is delivered by being settled.
          state: { kind: 'settled', vote: body.vote, delivered: request.attempt === 0 ? fact.at : null },
        })),
        fact,
      )
    case 'withdrawn':
      return changeRequest(heard(task, body.seq), body.request, (request) => ({
        ...request,
        state: { kind: 'withdrawn', at: fact.at, reason: body.reason },
      }))
    case 'delivered':
      return changeRequest(heard(task, body.seq), body.request, (request) =>
        request.state.kind === 'settled' ? { ...request, state: { ...request.state, delivered: fact.at } } : request,
      )
    case 'guided':
      return changeTurn(
        { ...task, guidance: [...task.guidance, guided(task, fact, body)] },
        body.outsider ? {} : { losses: 0 },
      )
    case 'guidance_delivered':
      return {
        ...heard(task, body.seq),
        guidance: changeGuidance(task, [body.guidance], { kind: 'delivered', at: fact.at }),
      }
    case 'reminded':
      return changeRequest(task, body.request, (request) => ({ ...request, remindedAt: fact.at }))
    case 'parked':
      return inPhase(task, { kind: 'waiting', since: fact.at, why: 'parked' })
    case 'stop_asked':
      return inPhase(task, {
        kind: 'stopping',
        since: fact.at,
        by: fact.by,
        ...(body.interrupt && { interrupt: body.interrupt }),
      })
    case 'lost':
      return lost(task, fact)
    case 'completed':
      return ended(heard(task, body.seq), {
        kind: 'completed',
        at: fact.at,
        summary: body.summary,
        ending: body.ending,
      })
    case 'failed':
      return ended(heard(task, body.seq), { kind: 'failed', at: fact.at, reason: body.reason, ending: body.ending })
    case 'cancelled':
      return ended(task, {
        kind: 'cancelled',
        at: fact.at,
        by: body.by,
        ending: body.ending,
        ...(body.interrupted && { interrupted: body.interrupted }),
      })
    case 'attached':
      return handedOver(task, fact, body)
    case 'detached':
      return { ...task, terminal: null }
    case 'chore_asked':
    case 'chore_done':
    case 'chore_failed':
    case 'discard_expired':
      return { ...task, chores: choresAfter(task, fact, body) }
  }
}

function requested(task: Task, fact: Fact, body: Extract<FactBody, { type: 'requested' }>): Task {
  const request: Request = {
    ...body.ask,
    turn: currentTurn(task).n,
    attempt: body.attempt,
    askedAt: fact.at,
    need: body.need,
    votes: [],
    remindedAt: null,
    state: { kind: 'open' },
  }
  const asked = { ...heard(task, body.seq), requests: [...task.requests, request] }
  // Our own question comes when no process lives: the turn waits for its answer.
  return body.attempt === 0 ? inPhase(asked, { kind: 'waiting', since: fact.at, why: 'lost' }) : asked
}

/** Guidance that came too late for its turn is the next prompt: in the name of the person who gave it. */
const speaker = (task: Task, ids: string[]) => task.guidance.find((one) => ids.includes(one.id))?.by

const guided = (task: Task, fact: Fact, body: Extract<FactBody, { type: 'guided' }>): Guidance => ({
  id: body.guidance,
  turn: currentTurn(task).n,
  text: body.text,
  by: fact.by,
  at: fact.at,
  ...(body.source && { source: body.source }),
  ...(body.outsider && { outsider: body.outsider }),
  state: { kind: 'held' },
})

const usedGuidance = (task: Task, { request, guidance = [] }: Extract<FactBody, { type: 'settled' }>): Task => ({
  ...task,
  guidance: changeGuidance(task, guidance, { kind: 'used', request }),
})

/** A person had a say: losses count anew, and a turn that waited without a process wants its next attempt. */
function answered(task: Task, fact: Fact): Task {
  const fresh = changeTurn(task, { losses: 0 })
  const waits = currentTurn(fresh).phase.kind === 'waiting' && openRequests(fresh).length === 0
  return waits ? inPhase(fresh, { kind: 'queued', since: fact.at, why: 'answered' }) : fresh
}

/** What ran is ended, as when it is parked; what it asked stays open, and it goes on once the person has left. */
function handedOver(task: Task, fact: Fact, { terminal }: Extract<FactBody, { type: 'attached' }>): Task {
  const open = { ...task, terminal: { by: fact.by, since: fact.at, process: terminal } }
  if (currentTurn(task).phase.kind !== 'running') return open
  const waits = openRequests(task).length > 0
  return inPhase(
    open,
    waits ? { kind: 'waiting', since: fact.at, why: 'parked' } : { kind: 'queued', since: fact.at, why: 'answered' },
  )
}

function lost(task: Task, fact: Fact): Task {
  const counted = changeTurn(task, { losses: currentTurn(task).losses + 1 })
  const waits = openRequests(counted).length > 0
  return inPhase(
    counted,
    waits ? { kind: 'waiting', since: fact.at, why: 'lost' } : { kind: 'queued', since: fact.at, why: 'lost' },
  )
}

/** A turn ends once. What was said to it and never reached it stays on record as undelivered. */
function ended(task: Task, outcome: Outcome): Task {
  const held = task.guidance.filter((one) => one.state.kind === 'held').map((one) => one.id)
  return { ...inPhase(task, { kind: 'ended', outcome }), guidance: changeGuidance(task, held, { kind: 'undelivered' }) }
}

const heard = (task: Task, seq: number | undefined): Task =>
  seq === undefined ? task : { ...task, seq: Math.max(task.seq, seq) }

const inPhase = (task: Task, phase: Phase): Task => changeTurn(task, { phase })

function changeTurn(task: Task, change: Partial<Turn>): Task {
  const [first, ...rest] = task.turns
  const last = rest.length - 1
  return rest.length === 0
    ? { ...task, turns: [{ ...first, ...change }] }
    : { ...task, turns: [first, ...rest.map((turn, index) => (index === last ? { ...turn, ...change } : turn))] }
}

const changeRequest = (task: Task, id: string, change: (request: Request) => Request): Task => ({
  ...task,
  requests: task.requests.map((request) => (request.id === id ? change(request) : request)),
})

const changeGuidance = (task: Task, ids: string[], state: Guidance['state']): Guidance[] =>
  task.guidance.map((one) => (ids.includes(one.id) ? { ...one, state } : one))
