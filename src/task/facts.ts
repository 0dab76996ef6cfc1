// The facts: immutable, past-tense records about one task. The journal stores them; evolve folds them. A fact once
// released is never changed or removed here, only joined by others: old journals must load forever.

import type { Ask, Vote } from './request.ts'
import type { Actor, AgentLimits, Instant, MessageRef, Place, TaskId } from './words.ts'

/** Where a task works: in the directory as it is, or in a worktree of its own on `branch`, made from `base`. */
export type Work =
  | { kind: 'here'; repo: string | null; path: string }
  | { kind: 'worktree'; repo: string; path: string; worktree: string; branch: string; base: string | null }

/** What a turn changed in its workspace, counted against the commit it began from. */
export type Changes = { files: number; added: number; removed: number }

export type FileChange = { path: string; added: number; removed: number }

/** The changes themselves, against the commit `base`; `text` in git's form. */
export type Diff = { base: string; files: FileChange[]; text: string }

/** How a command ended: by itself or by a signal. */
export type Exit = { code: number } | { signal: string }

/**
 * The check of a repository, run by us when a turn completed. `exit` null: it could not be run, `why` says why; else `why`
 * says why we ended it before its own end.
 */
export type Check = { command: string; exit: Exit | null; output: string; why?: string }

/**
 * What is known at the end of a turn, whatever the outcome. `output` is head and tail of the log, ready to show; `files` the
 * first of the changed ones; `reports` new files people may want to read, as paths in the workspace; `branch` as it really is.
 */
export type Ending = {
  durationMs?: number
  exit?: Exit
  output?: string
  changes?: Changes
  files?: FileChange[]
  reports?: string[]
  branch?: string
  check?: Check
  costUsd?: number
  tokens?: number
  eventsHash?: string
}

export type ChoreKind = 'commit' | 'discard' | 'restore'

/** `commit` null: nothing was uncommitted. Discarded work is the commit at `ref`, and is kept until then. */
export type ChoreResult =
  | { what: 'commit'; commit: string | null; branch: string }
  | { what: 'discard'; ref: string; commit: string; until: Instant }
  | { what: 'restore'; branch: string }

/** The process of a person's terminal: not the pid alone, because pids come back. */
export type Terminal = { pid: number; start: string; boot: string }

export type FactBody =
  | {
      type: 'created'
      label: string
      agent: string
      limits: AgentLimits
      prompt: string
      work: Work
      place: Place
      /** What the agent is given besides the prompt, as text by name: `timeout_ms`, `model`, … */
      options: Record<string, string>
      source?: MessageRef
    }
  | { type: 'prompted'; turn: number; text: string; guidance: string[]; source?: MessageRef }
  | { type: 'attempt_started'; attempt: number }
  | { type: 'identified'; attempt: number; seq: number; session: string }
  | { type: 'requested'; attempt: number; seq: number; ask: Ask; need: number }
  /** `as`: roles of who voted, of those the request asks for. */
  | {
      type: 'voted'
      request: string
      option: string
      values: Record<string, string>
      inputHash?: string
      as?: string[]
    }
  /** `guidance`: words that were held, and are the reason that was given. */
  | { type: 'settled'; request: string; vote: Vote; guidance?: string[] }
  | { type: 'withdrawn'; request: string; reason: string; seq?: number }
  | { type: 'delivered'; request: string; attempt: number; seq: number }
  /** `outsider`: said by somebody who may not steer the task. */
  | { type: 'guided'; guidance: string; text: string; source?: MessageRef; outsider?: true }
  | { type: 'guidance_delivered'; guidance: string; attempt: number; seq: number }
  | { type: 'reminded'; request: string }
  | { type: 'parked'; attempt: number }
  /** `interrupt`: only the turn is to end, and words that were held go on with the task. */
  | { type: 'stop_asked'; interrupt?: true }
  | { type: 'lost'; attempt: number; began: boolean; reason: string }
  | { type: 'completed'; attempt: number; seq: number; summary: string; ending: Ending }
  | { type: 'failed'; attempt: number; seq: number; reason: string; ending: Ending }
  | { type: 'cancelled'; by: Actor; ending: Ending; interrupted?: true }
  /** A person goes on with the conversation in a terminal of their own, until that process is gone. */
  | { type: 'attached'; terminal: Terminal }
  | { type: 'detached' }
  | { type: 'chore_asked'; chore: string; what: ChoreKind; message?: string }
  | { type: 'chore_done'; chore: string; result: ChoreResult }
  | { type: 'chore_failed'; chore: string; reason: string }
  | { type: 'discard_expired'; chore: string }

/** A fact as stored: the `version`th about its task. */
export type Fact = { task: TaskId; version: number; at: Instant; by: Actor; body: FactBody }
