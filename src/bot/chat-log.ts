// The messages of a chat that has no platform behind it: ours are the only copy. Every change takes the next `seq`, so a
// reader that was cut off asks for all that changed after the last one it saw.

import type { Card, Mark } from '../task/card.ts'
import type { Actor, Instant } from '../task/words.ts'

export type ChatMessage = {
  id: string
  seq: number
  channel: string
  /** Id of the message this one's thread hangs on; null at the root of the channel. */
  thread: string | null
  author: Actor
  at: Instant
  editedAt: Instant | null
  content: { kind: 'text'; text: string; mark: Mark | null } | { kind: 'card'; card: Card }
  /** For a root: how many messages hang on it. */
  replies: number
}

export type NewChatMessage = Pick<ChatMessage, 'channel' | 'thread' | 'author' | 'at' | 'content'> & { key: string }

export interface ChatLog {
  /** Adds a message; the same key again returns the first one unchanged. */
  add(message: NewChatMessage): Promise<ChatMessage>
  /** Replaces the content; null when there is no such message. */
  edit(id: string, content: ChatMessage['content'], at: Instant): Promise<ChatMessage | null>
  byKey(key: string): Promise<ChatMessage | null>
  get(id: string): Promise<ChatMessage | null>
  /** What changed after `seq`, in order of seq, oldest first. */
  since(seq: number, limit: number): Promise<ChatMessage[]>
  /** The newest roots of a channel before `before` (a root's id), oldest first. */
  roots(channel: string, limit: number, before?: string): Promise<ChatMessage[]>
  /** A thread's root and all its messages, oldest first. */
  thread(root: string): Promise<ChatMessage[]>
  lastSeq(): Promise<number>
}
