// How far the script is, in a file of the task: written before whatever must not happen twice, so that a resumed attempt
// goes on where the last one was killed, with what was answered and without what was done.

import { randomUUID } from 'node:crypto'
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Answer } from '../../../task/request.ts'

export type State = {
  session: string
  turn: number
  /** The step that is next or under way. */
  next: number
  /** Of the step under way: the ids it was asked by, the answer it got, and whether its command was begun. */
  asked: string[]
  answer: Answer | null
  begun: boolean
  /** What the plan under way was sent back with. */
  revised: string[]
  /** Ids of answers and guidance that were taken, in all turns. */
  taken: string[]
  /** Of this turn: what was decided, what was said, and how much of that a `wait` has used up. */
  decisions: string[]
  words: string[]
  waited: number
  counts: { read: number; edited: number; commands: number }
}

const FILE = 'demo.json'

/** The state to go on with: of this turn if there is one, else a fresh one in the same conversation. */
export function openState(home: string, turn: number, resume: string | null): State {
  const before = read(home)
  if (before?.turn === turn) return before
  return {
    session: before?.session ?? resume ?? randomUUID(),
    turn,
    next: 0,
    asked: [],
    answer: null,
    begun: false,
    revised: [],
    taken: before?.taken ?? [],
    decisions: [],
    words: [],
    waited: 0,
    counts: { read: 0, edited: 0, commands: 0 },
  }
}

export function saveState(home: string, state: State): void {
  const temporary = join(home, `${FILE}.new`)
  writeFileSync(temporary, JSON.stringify(state), { mode: 0o600 })
  renameSync(temporary, join(home, FILE))
}

/** Written by this agent alone, whole or not at all. */
function read(home: string): State | null {
  try {
    return JSON.parse(readFileSync(join(home, FILE), 'utf8')) as State
  } catch {
    return null
  }
}
