// plan: what must be done so that live sessions agree with the tasks. The table of ARCHITECTURE.md is this file: every
// crash, click, stop and park meets here and nowhere else. Level-triggered: it looks at what is, not at what just happened.

import { pendingChore, type Chore } from './chores.ts'
import { marked } from './outsider.ts'
import {
  currentTurn,
  heldGuidance,
  openRequests,
  undeliveredAnswers,
  type Guidance,
  type Phase,
  type Task,
} from './task.ts'
import type { Answer } from './request.ts'
import type { TaskId } from './words.ts'

/** A session process that is there. `delivered`: ids of answers and guidance it has been handed. */
export type Live = { task: TaskId; attempt: number; delivered: string[] }

export type Effect =
  | { do: 'start'; task: TaskId }
  /** The journal says an attempt runs, and no process of it is there. */
  | { do: 'gone'; task: TaskId; attempt: number }
  | { do: 'answer'; task: TaskId; attempt: number; answer: Answer }
  | { do: 'guide'; task: TaskId; attempt: number; guidance: { id: string; text: string } }
  | { do: 'stop'; task: TaskId; attempt: number }
  | { do: 'chore'; task: TaskId; chore: Chore }

export type Slots = { slots: number }

export function plan(tasks: Task[], live: Live[], { slots }: Slots): Effect[] {
  const liveOf = Map.groupBy(live, (one) => one.task)
  const known = new Set(tasks.map((task) => task.id))
  const effects = tasks.flatMap((task) => agree(task, liveOf.get(task.id) ?? []))
  const strays = live.filter((one) => !known.has(one.task)).map(stop)
  const free = Math.max(0, slots - tasks.filter(holdsSlot).length)
  const startable = line(tasks).filter((task) => !liveOf.has(task.id) && pendingChore(task) === null)
  return [...strays, ...effects, ...startable.slice(0, free).map((task): Effect => ({ do: 'start', task: task.id }))]
}

/** The queue in its order: what was answered or cut off goes on before anything new begins, each by the time it waits. */
export function line(tasks: Task[]): Task[] {
  const queued = tasks.flatMap((task) => {
    const { phase } = currentTurn(task)
    return phase.kind === 'queued' && openRequests(task).length === 0 && task.terminal === null ? [{ task, phase }] : []
  })
  const rank = (phase: Extract<Phase, { kind: 'queued' }>): number => (phase.why === 'new' ? 1 : 0)
  return queued
    .toSorted(
      (a, b) => rank(a.phase) - rank(b.phase) || a.phase.since - b.phase.since || (a.task.id < b.task.id ? -1 : 1),
    )
    .map(({ task }) => task)
}

/** A session that waits for a person holds no slot. */
const holdsSlot = (task: Task): boolean => {
  const { kind } = currentTurn(task).phase
  return kind === 'stopping' || (kind === 'running' && openRequests(task).length === 0)
}

function agree(task: Task, live: Live[]): Effect[] {
  const { phase } = currentTurn(task)
  const old = live.filter((one) => one.attempt !== task.attempt).map(stop)
  const own = live.find((one) => one.attempt === task.attempt)
  switch (phase.kind) {
    case 'running':
      // At most one attempt lives per task: an older one ends before anything is said to this one.
      if (old.length > 0) return old
      return own ? deliver(task, own) : [{ do: 'gone', task: task.id, attempt: task.attempt }]
    case 'stopping':
      return live.length > 0 ? live.map(stop) : [{ do: 'gone', task: task.id, attempt: task.attempt }]
    case 'queued':
    case 'waiting':
    case 'ended':
      return live.length > 0 ? live.map(stop) : choreOf(task)
  }
}

/** The workspace is nobody's now: what a person wants done with it is done before anything else begins in it. */
function choreOf(task: Task): Effect[] {
  const chore = pendingChore(task)
  return chore ? [{ do: 'chore', task: task.id, chore }] : []
}

function deliver(task: Task, { attempt, delivered }: Live): Effect[] {
  const answers = undeliveredAnswers(task).filter((one) => !delivered.includes(one.request))
  // While a permission or a plan waits, words are held: they may be the reason of its answer.
  const guidance = openRequests(task).length > 0 ? [] : heldGuidance(task).filter((one) => !delivered.includes(one.id))
  return [
    ...answers.map((answer): Effect => ({ do: 'answer', task: task.id, attempt, answer })),
    ...guidance.map((one): Effect => ({ do: 'guide', task: task.id, attempt, guidance: words(one) })),
  ]
}

export const words = (one: Guidance): { id: string; text: string } => ({
  id: one.id,
  text: one.outsider ? marked(one) : one.text,
})

const stop = ({ task, attempt }: Live): Effect => ({ do: 'stop', task, attempt })
