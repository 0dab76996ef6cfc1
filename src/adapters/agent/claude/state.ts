// What must outlive an attempt, in a file of the task: written before the program is started or a person is asked.

import { randomUUID } from 'node:crypto'
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Input } from './calls.ts'
import type { Always, Mode } from './launch.ts'

/** Running totals of the conversation; what a turn cost is the difference to the turn before. */
export type Spent = { costUsd: number; tokens: number }

/** `brief` says the call in a line; `input` is kept where an answer cannot be told without it; `reaches` are files it led to. */
export type Asked = { turn: number; brief: string; input?: Input; reaches?: string[] }

export const NOTHING: Spent = { costUsd: 0, tokens: 0 }

export type State = {
  /** The conversation's id, chosen by us, so that it is known before the program starts. */
  session: string
  /** The turn that begins it: later ones must find it on disk. */
  since: number
  turn: number
  /** The id of the message that carries the turn's prompt: whether it is in the transcript says whether Claude has it. */
  promptId: string
  mode: Mode
  always: Always
  /** Calls a person was asked about, by id. */
  asked: Record<string, Asked>
  /** At the end of the turn before. */
  before: Spent
}

const FILE = 'claude.json'

/** The state to go on with: of this turn if there is one, else a fresh turn of the same conversation. */
export function openState(
  home: string,
  { turn, resume, mode }: { turn: number; resume: string | null; mode: Mode },
): State {
  const known = read(home)
  if (known?.turn === turn) return known
  const since = known?.since ?? (resume === null ? turn : 0)
  return {
    session: known?.session ?? resume ?? randomUUID(),
    since,
    turn,
    promptId: randomUUID(),
    mode: known?.mode ?? mode,
    always: known?.always ?? { rules: [], directories: [] },
    asked: known?.asked ?? {},
    before: known?.before ?? NOTHING,
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
