// The chat port: a platform people talk in. An adapter turns what arrives into `Inbound` and cards into its payloads;
// it knows no tasks. What a platform cannot do is a value in its limits, not a missing method.

import type { Card, Form, Mark } from '../task/card.ts'
import type { Actor, Instant, MessageRef, Place } from '../task/words.ts'

/**
 * `name` is for reading. `lines`: a finished task is also told by a line in the channel, because there nobody notices an
 * edit. `editsPerMinute`: what it takes of all tasks together; null, as many as come.
 */
export type ChatLimits = {
  name: string
  cardCharsMax: number
  forms: boolean
  marks: boolean
  lines: boolean
  editsPerMinute: number | null
}

/** What somebody said before or elsewhere, carried along with a command. */
export type Said = { author: Actor; groups: string[]; text: string }

/**
 * What people do. `key` is the platform's delivery key: the same thing delivered again carries the same key. `groups`: ids of
 * the groups or roles of the platform that the person is in. A command without text asks for the form to start a task;
 * `said` is then what it is about, else what was said in its thread before.
 */
export type Inbound = { key: string; actor: Actor; groups?: string[]; place: Place } & (
  | { kind: 'command'; text: string; source?: MessageRef; said?: Said[] }
  | { kind: 'click'; id: string; values: Record<string, string> }
  | { kind: 'reply'; text: string; source: MessageRef }
)

/** What only the person who acted is told: nothing, a sentence, text to read (such as a log), cards, or a form to fill in. */
export type Reply =
  | { kind: 'none' }
  | { kind: 'refused'; text: string }
  | { kind: 'text'; text: string; code?: string }
  | { kind: 'cards'; text: string; cards: Card[] }
  | { kind: 'form'; id: string; form: Form }

/** What a chat that keeps nothing itself may ask: to read what was said while it was away, and what a button asks for. */
export type CatchUp = {
  /** Threads in which somebody may have said something to a task. */
  threads(): Promise<Place[]>
  /** How far it had read, in the platform's own order of messages; null at the very first start. */
  cursor(): Promise<string | null>
  reached(cursor: string): Promise<void>
  /** What the button with this id asks for before it is sent, as its card stands now; null when it asks for nothing. */
  form(button: string): Promise<Form | null>
}

export type ChatHealth = { state: 'live' | 'reconnecting' | 'down'; since: Instant; detail?: string }

export interface Chat {
  /** What places, actors and messages of this chat carry as `chat`. */
  readonly id: string
  readonly limits: ChatLimits
  /** Begins to receive. Rejects with a clear sentence on bad credentials. `receive` resolves once the journal has it. */
  start(receive: (event: Inbound) => Promise<Reply>, catchUp: CatchUp): Promise<void>
  stop(): Promise<void>
  health(): ChatHealth
  /** Posts a card; `key` is unique per chat: a platform that can, returns the first message when the key was used before. */
  post(place: Place, card: Card, key: string): Promise<MessageRef>
  /** `gone`: the message was deleted; it is posted anew. `later`: the platform does not take all of it now; it is asked again. */
  edit(ref: MessageRef, card: Card): Promise<'edited' | 'gone' | 'later'>
  /** Looks for a message posted with this key whose reference was never stored. */
  find(place: Place, key: string): Promise<MessageRef | null>
  mark(ref: MessageRef, mark: Mark): Promise<void>
}
