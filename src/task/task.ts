// A task: the fold of its journal, with its states carrying their data, and the few questions everybody asks of it.

import type { Chore } from './chores.ts'
import type { Check, Ending, Terminal, Work } from './facts.ts'
import type { Answer, Request } from './request.ts'
import type { Actor, AgentLimits, Instant, MessageRef, Place, TaskId } from './words.ts'

export type Outcome =
  | { kind: 'completed'; at: Instant; summary: string; ending: Ending }
  | { kind: 'failed'; at: Instant; reason: string; ending: Ending }
  | { kind: 'cancelled'; at: Instant; by: Actor; ending: Ending; interrupted?: true }

/** Where a turn stands. `queued` wants an attempt; `waiting` has no process and open requests; `stopping` ends what lives. */
export type Phase =
  | { kind: 'queued'; since: Instant; why: 'new' | 'answered' | 'lost' }
  | { kind: 'running'; since: Instant }
  | { kind: 'waiting'; since: Instant; why: 'parked' | 'lost' }
  | { kind: 'stopping'; since: Instant; by: Actor; interrupt?: true }
  | { kind: 'ended'; outcome: Outcome }

export type Turn = {
  n: number
  prompt: string
  by: Actor
  at: Instant
  source?: MessageRef
  phase: Phase
  /** A session has taken the prompt: a later attempt of this turn resumes and is not given it again. */
  begun: boolean
  /** How many attempts it has had. */
  attempts: number
  /** Attempts lost since a person last had a say: at ATTEMPTS_MAX a person is asked. */
  losses: number
}

export type GuidanceState =
  | { kind: 'held' }
  | { kind: 'delivered'; at: Instant }
  | { kind: 'carried'; turn: number }
  /** It became the reason of a no. */
  | { kind: 'used'; request: string }
  | { kind: 'undelivered' }

export type Guidance = {
  id: string
  turn: number
  text: string
  by: Actor
  at: Instant
  source?: MessageRef
  /** Said by somebody who may not steer the task. */
  outsider?: true
  state: GuidanceState
}

export type Task = {
  id: TaskId
  version: number
  label: string
  agent: string
  limits: AgentLimits
  options: Record<string, string>
  work: Work
  place: Place
  requester: Actor
  createdAt: Instant
  turns: [Turn, ...Turn[]]
  requests: Request[]
  guidance: Guidance[]
  chores: Chore[]
  /** The agent's own name for the conversation, once it said so: what a later attempt resumes. */
  session: string | null
  /** In whose terminal the conversation is now: two writers never share one. */
  terminal: { by: Actor; since: Instant; process: Terminal } | null
  /** The last attempt started, 0 before the first, and the last of its reports that is a fact. */
  attempt: number
  seq: number
}

export type Status = 'queued' | 'working' | 'input_required' | 'completed' | 'failed' | 'cancelled'

export const UNENDED: Status[] = ['queued', 'working', 'input_required']

export const currentTurn = (task: Task): Turn => task.turns.at(-1) as Turn

export const openRequests = (task: Task): Request[] => task.requests.filter((request) => request.state.kind === 'open')

/** Derived, never stored beside the head: what a person reads as "queued", "working", "needs you", … */
export function status(task: Task): Status {
  if (task.terminal) return 'working'
  const { phase } = currentTurn(task)
  switch (phase.kind) {
    case 'ended':
      return phase.outcome.kind
    case 'stopping':
      return 'working'
    case 'waiting':
      return 'input_required'
    case 'queued':
      return openRequests(task).length > 0 ? 'input_required' : 'queued'
    case 'running':
      return openRequests(task).length > 0 ? 'input_required' : 'working'
  }
}

/** The branch as it really is, once a turn has told it; until then as it was asked for. Null where there is none of its own. */
export function branchOf({ work, turns }: Task): string | null {
  if (work.kind !== 'worktree') return null
  const told = turns.flatMap(({ phase }) => (phase.kind === 'ended' ? (phase.outcome.ending.branch ?? []) : []))
  return told.at(-1) ?? work.branch
}

export const isGreen = ({ exit }: Check): boolean => exit !== null && 'code' in exit && exit.code === 0

/** Whether the agent says it is done, and the check of its repository says otherwise. */
export const didNotPass = ({ ending: { check } }: Outcome): boolean => check !== undefined && !isGreen(check)

/** When the current turn ended, or null while it goes on. */
export function endedAt(task: Task): Instant | null {
  const { phase } = currentTurn(task)
  return phase.kind === 'ended' ? phase.outcome.at : null
}

/** Answers of this turn that no session has taken yet: delivered to a living one, given as grants to the next. */
export function undeliveredAnswers(task: Task): Answer[] {
  return task.requests.flatMap((request) => {
    if (request.turn !== currentTurn(task).n || request.attempt === 0) return []
    if (request.state.kind !== 'settled' || request.state.delivered !== null) return []
    const { vote } = request.state
    const option = request.options.find((one) => one.id === vote.option)
    if (!option) return []
    const call = {
      ...(request.tool && { tool: request.tool }),
      ...(request.inputHash && { inputHash: request.inputHash }),
    }
    return [
      {
        request: request.id,
        kind: request.kind,
        ...call,
        option: option.id,
        effect: option.effect,
        values: vote.values,
        by: vote.by.name,
      },
    ]
  })
}

export const heldGuidance = (task: Task): Guidance[] => task.guidance.filter((one) => one.state.kind === 'held')

/** Of people who may steer it: it may become a reason, or the next prompt. */
export const heldOfInsiders = (task: Task): Guidance[] => heldGuidance(task).filter(({ outsider }) => !outsider)
