// The words everything shares. One word, one thing: the glossary of ARCHITECTURE.md as types.

export type TaskId = string
/** Milliseconds since the epoch. Given as a parameter everywhere: the core has no clock. */
export type Instant = number

/** A person (or Backchannel itself) in one chat. `id` is what the chat calls them and is what counts; `name` is for reading. */
export type Actor = { chat: string; id: string; name: string }

/** A channel of a chat, or a thread in it. `thread` is the id of the message the thread hangs on. */
export type Place = { chat: string; channel: string; thread?: string }

/** A message as its chat knows it. */
export type MessageRef = { chat: string; channel: string; id: string }

/** What an agent can do, as data; nobody asks an agent for its name. */
export type AgentLimits = { guidance: boolean; resume: boolean; questions: boolean }

/** What a person asked for and may not have: `sentence` is shown to them as it is. */
export type Refused = { refused: string }

export const refuse = (sentence: string): Refused => ({ refused: sentence })
export const isRefused = (value: object): value is Refused => 'refused' in value

/** Who acts when time or a process acts, not a person. */
export const HOUSE: Actor = { chat: 'house', id: 'backchannel', name: 'Backchannel' }
