// What people see, said without any platform: cards, their buttons and forms, and where they belong. A renderer of a chat
// turns a card into its payload. Cards carry instants, never durations, so that the clock alone changes no card.

import type { Field } from './request.ts'
import type { Actor, Instant, MessageRef, TaskId } from './words.ts'

/** What a card says at a glance; a renderer chooses colour and sign. */
export type Tone = 'queued' | 'working' | 'needs' | 'good' | 'bad' | 'stopped' | 'plain'

/** A file in the workspace of a task: what can open it does, elsewhere its path is shown. */
export type WorkspaceFile = { task: TaskId; path: string }

/** `at` is shown as a clock time in the reader's zone, `since` as the platform's relative time. */
export type Part =
  | string
  | { at: Instant }
  | { since: Instant }
  | { code: string }
  | { strong: string }
  | { person: Actor }
  | { file: WorkspaceFile }
  | { message: MessageRef; text: string }

export type ChecklistItem = { text: string; state: 'todo' | 'doing' | 'done' }

/** `line` is ours; `words` come from an agent or a person: shown as text, never as markup of ours, and cannot ping. */
export type Block =
  | { kind: 'line'; parts: Part[] }
  | { kind: 'words'; text: string }
  | { kind: 'code'; text: string; title?: string; syntax?: 'diff' }
  | { kind: 'checklist'; items: ChecklistItem[] }

/** `says`: what will happen; a form without fields asks for nothing but a yes. */
export type Form = { title: string; says?: string; submit: string; fields: Field[] }

/** `id` is an action id (see action-id.ts). With `form`, the chat asks for its fields first and sends them with the click. */
export type Button = { id: string; label: string; style?: 'primary' | 'danger'; form?: Form }

/** Of a root: what the thread under it is called, and whether nothing is expected there any more. */
export type ThreadLook = { name: string; isOver: boolean }

export type Card = {
  tone: Tone
  title: string
  body: Block[]
  buttons: Button[]
  mention: Actor[]
  thread?: ThreadLook
}

/** A mark on a person's own message: we have it / the agent has it. */
export type Mark = 'received' | 'delivered'

/**
 * Something that should exist: a card at the root of the task's thread, in that thread, in the channel, or in the thread the
 * task was asked for in (`origin`); or a mark on a message.
 */
export type Post =
  | { kind: 'card'; where: 'root' | 'thread' | 'channel' | 'origin'; card: Card }
  | { kind: 'mark'; on: MessageRef; mark: Mark }
