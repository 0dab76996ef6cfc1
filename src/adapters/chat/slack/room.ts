// What the parts of this chat share: the client, the clock, and who we are once Slack has said it.

import type { WebClient } from './api.ts'

/** `url`: of the workspace, ending with a slash. */
export type Us = { user: string; bot: string; name: string; url: string }

export type Log = Record<'debug' | 'info' | 'warn' | 'error', (what: object, message: string) => void>

export type Room = {
  client: WebClient
  now: () => number
  /** Ends with an error when the chat stops. */
  wait: (ms: number) => Promise<void>
  /** Resolves when a history may be read. */
  mayRead: () => Promise<void>
  us: () => Us
  log: Log
  /** A channel does not let us in: whoever asked for something there is told. */
  locked: (channel: string, sentence: string) => void
}
