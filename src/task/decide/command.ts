// What a person wants, and what a session or the runner says: the inputs of decide.

import type { ChoreKind, FactBody, Terminal } from '../facts.ts'
import type { Report } from '../report.ts'
import type { Actor, MessageRef, TaskId } from '../words.ts'

/** Wanted by a person; every one is authorized before it is decided. `turn`: meant for this turn and for no other, as a button is. */
export type Command =
  | Create
  | { type: 'vote'; by: Actor; request: string; option: string; values: Record<string, string> }
  /** Words for a task, wherever it stands: an answer, guidance, or the prompt of its next turn. `id` names the guidance. */
  | { type: 'reply'; by: Actor; id: string; text: string; source?: MessageRef; turn?: number }
  /** The same prompt once more, as the next turn. */
  | { type: 'again'; by: Actor; turn?: number }
  | { type: 'cancel'; by: Actor; turn?: number }
  /** Takes the conversation into a terminal, which is open as long as this process lives. */
  | { type: 'attach'; by: Actor; terminal: Terminal }
  /** Ends the turn and nothing more: what was said meanwhile, or will be, goes on with it. */
  | { type: 'interrupt'; by: Actor; turn?: number }
  /** `message` of a commit; without one it gets what the agent says it did. */
  | { type: 'chore'; by: Actor; what: ChoreKind; message?: string; turn?: number }

/** All that the fact will say, and the id of the task. */
export type Create = { type: 'create'; by: Actor; id: TaskId } & Omit<Extract<FactBody, { type: 'created' }>, 'type'>

/** Said by a session (through the runner) or seen by the runner itself. */
export type Saying =
  | { type: 'start' }
  /** The process of a terminal the task was taken to is gone. */
  | { type: 'left'; terminal: Terminal }
  | { type: 'report'; attempt: number; seq: number; report: Report }
  /** Nothing of the attempt lives any more; `began` false when its agent was never started. */
  | { type: 'gone'; attempt: number; began: boolean; reason: string }
  | Extract<FactBody, { type: 'chore_done' | 'chore_failed' | 'discard_expired' }>
