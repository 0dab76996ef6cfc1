// The chat port: a platform people talk in. An adapter turns what arrives into `Inbound` and cards into its payloads;
// it knows no tasks. What a platform cannot do is a value in its limits, not a missing method.

import type { Card, Form, Mark } from '../task/card.ts'
import type { Actor, Instant, MessageRef, Place } from '../task/words.ts'

/** `name` is for reading. */
export type ChatLimits = { name: string; cardCharsMax: number; forms: boolean; marks: boolean }

/** What people do. `key` is the platform's delivery key: the same thing delivered again carries the same key. */
export type Inbound =
  | { kind: 'command'; key: string; actor: Actor; place: Place; text: string; source?: MessageRef }
  | { kind: 'click'; key: string; actor: Actor; place: Place; id: string; values: Record<string, string> }
  | { kind: 'reply'; key: string; actor: Actor; place: Place; text: string; source: MessageRef }

/** What only the person who acted is told: nothing, a sentence, text to read (such as a log), or a form to fill in. */
export type Reply =
  | { kind: 'none' }
  | { kind: 'refused'; text: string }
  | { kind: 'text'; text: string; code?: string }
  | { kind: 'form'; id: string; form: Form }

export type ChatHealth = { state: 'live' | 'reconnecting' | 'down'; since: Instant; detail?: string }

export interface Chat {
  /** What places, actors and messages of this chat carry as `chat`. */
  readonly id: string
  readonly limits: ChatLimits
  /** Begins to receive. Rejects with a clear sentence on bad credentials. `receive` resolves once the journal has it. */
  start(receive: (event: Inbound) => Promise<Reply>): Promise<void>
  stop(): Promise<void>
  health(): ChatHealth
  /** Posts a card; `key` is unique per chat: a platform that can, returns the first message when the key was used before. */
  post(place: Place, card: Card, key: string): Promise<MessageRef>
  /** `gone`: the message was deleted; it is posted anew. */
  edit(ref: MessageRef, card: Card): Promise<'edited' | 'gone'>
  /** Looks for a message posted with this key whose reference was never stored. */
  find(place: Place, key: string): Promise<MessageRef | null>
  mark(ref: MessageRef, mark: Mark): Promise<void>
}
