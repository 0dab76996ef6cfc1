// What a session says about its attempt. Only reports become facts; progress and log lines never do.

import type { ChecklistItem } from './card.ts'
import type { Ending } from './facts.ts'
import type { Ask } from './request.ts'
import type { Instant } from './words.ts'

export type Report =
  /** By every attempt, once the agent has taken the prompt of its turn: from then on it is resumed, not prompted again. */
  | { type: 'identified'; session: string }
  | { type: 'requested'; ask: Ask }
  | { type: 'withdrawn'; request: string; reason: string }
  | { type: 'delivered'; request: string }
  | { type: 'guidance_delivered'; guidance: string }
  | { type: 'completed'; summary: string; ending: Ending }
  | { type: 'failed'; reason: string; ending: Ending }
  /** Asked to stop, and nothing of the attempt lives any more. */
  | { type: 'stopped'; ending: Ending }

/** What the agent does right now: overwritten at most once a second, never a fact, gone when the turn ends. */
export type Progress = {
  at: Instant
  now: string
  counts: { read: number; edited: number; commands: number }
  checklist: ChecklistItem[]
  /** Those it has set to work, and what each does. */
  subagents?: { name: string; now: string }[]
}
