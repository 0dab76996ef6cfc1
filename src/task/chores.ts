// Chores: what a person wants done with the work of a task whose turn has ended: commit it, discard it (put away, for a
// while), restore it. One at a time, done by the runner while no process of the task lives.

import type { ChoreKind, ChoreResult, Fact, FactBody } from './facts.ts'
import type { Task } from './task.ts'
import type { Actor, Instant } from './words.ts'

/** `expired`: what was discarded has been kept long enough and is gone for good. */
export type ChoreState =
  | { kind: 'asked' }
  | { kind: 'done'; at: Instant; result: ChoreResult }
  | { kind: 'failed'; at: Instant; reason: string }
  | { kind: 'expired'; at: Instant; result: ChoreResult }

export type Chore = {
  id: string
  what: ChoreKind
  /** Of the turn after whose end it was asked for. */
  turn: number
  /** Of a commit. */
  message?: string
  by: Actor
  at: Instant
  state: ChoreState
}

export type ChoreFact = Extract<FactBody, { type: 'chore_asked' | 'chore_done' | 'chore_failed' | 'discard_expired' }>

/** The one that is to be done now, or null. */
export const pendingChore = ({ chores }: Task): Chore | null =>
  chores.findLast(({ state }) => state.kind === 'asked') ?? null

/** Where the work lies while it is discarded, or null while it is in its workspace. `expired`: it is nowhere any more. */
export function discarded({
  chores,
}: Task): (Extract<ChoreResult, { what: 'discard' }> & { chore: string; expired: boolean }) | null {
  for (const { id, state } of chores.toReversed()) {
    if (state.kind !== 'done' && state.kind !== 'expired') continue
    const { result } = state
    if (result.what === 'restore') return null
    if (result.what === 'discard') return { ...result, chore: id, expired: state.kind === 'expired' }
  }
  return null
}

/** Whether this fact can follow: chores are asked one after another, each comes to one end, and a discard may expire. */
export function isChoreExpected(task: Task, body: ChoreFact, over: boolean): boolean {
  switch (body.type) {
    case 'chore_asked':
      return over && pendingChore(task) === null
    case 'chore_done':
    case 'chore_failed':
      return pendingChore(task)?.id === body.chore
    case 'discard_expired':
      return discarded(task)?.chore === body.chore
  }
}

/** The chores of the task after this fact about one of them. */
export function choresAfter({ chores, turns }: Task, { by, at }: Fact, body: ChoreFact): Chore[] {
  const change = (state: (chore: Chore) => ChoreState): Chore[] =>
    chores.map((chore) => (chore.id === body.chore ? { ...chore, state: state(chore) } : chore))
  switch (body.type) {
    case 'chore_asked': {
      const { chore: id, what, message } = body
      return [
        ...chores,
        { id, what, turn: turns.length, ...(message && { message }), by, at, state: { kind: 'asked' } },
      ]
    }
    case 'chore_done':
      return change(() => ({ kind: 'done', at, result: body.result }))
    case 'chore_failed':
      return change(() => ({ kind: 'failed', at, reason: body.reason }))
    case 'discard_expired':
      return change(({ state }) => (state.kind === 'done' ? { kind: 'expired', at, result: state.result } : state))
  }
}
