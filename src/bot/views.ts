// The read port: everything that lists, shows, or ranges over logs and diffs. Chat commands, the command line and the page
// all read through it, so that a bot on another host can swap it. Shapes here are what `--json` prints.

import type { Chore } from '../task/chores.ts'
import type { Outcome, Status } from '../task/task.ts'
import type { Diff, Fact, Work } from '../task/facts.ts'
import type { Progress } from '../task/report.ts'
import type { Request } from '../task/request.ts'
import type { Instant, TaskId } from '../task/words.ts'

export type { Diff } from '../task/facts.ts'

export type TaskRow = {
  id: TaskId
  label: string
  status: Status
  agent: string
  repo: string | null
  branch: string | null
  workspace: string
  /** ISO 8601, as all times in JSON. */
  createdAt: string
  endedAt: string | null
  outcome: Outcome | null
  requests: { id: string; kind: Request['kind']; title: string }[]
  /** Place in line of a queued task, from 1. */
  line: number | null
  progress: Progress | null
  prompt: string
  requester: string
  /** Until when its discarded work is kept, or null. */
  discardedUntil: string | null
}

export type TaskDetail = TaskRow & {
  work: Work
  turns: number
  session: string | null
  open: Request[]
  chores: Chore[]
  facts: Fact[]
}

/** `from`: byte offset. `tail`: last lines. `grep`: only lines that contain this. `bytes` is the whole log's size. */
export type LogQuery = { from?: number; tail?: number; grep?: string; bytesMax?: number }
export type LogRange = { text: string; from: number; next: number; bytes: number; ended: boolean }

export type TaskFilter = { status?: Status[]; limit: number; before?: { createdAt: Instant; task: TaskId } }

/** A file of a workspace; whoever gets it reads `body` to its end or cancels it. */
export type OpenedFile = { bytes: number; body: ReadableStream }

export interface Views {
  tasks(filter: TaskFilter): Promise<TaskRow[]>
  /** By id, label, or an unambiguous beginning of either; a sentence when there is none or more than one. */
  find(ref: string): Promise<TaskId | { refused: string }>
  task(id: TaskId): Promise<TaskDetail | null>
  log(id: TaskId, query: LogQuery): Promise<LogRange>
  /** Path of the complete log, to open or to follow. */
  logFile(id: TaskId): Promise<string | null>
  diff(id: TaskId): Promise<Diff | { refused: string }>
  /** `path` in the worktree of a task. */
  file(id: TaskId, path: string): Promise<OpenedFile | { refused: string }>
}
