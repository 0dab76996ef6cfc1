// The messages port: which posts exist as messages. The intent is stored before posting, the reference after it.

import type { Instant, MessageRef, TaskId } from '../task/words.ts'

/** `ref` null: intended, perhaps posted, the reference was never stored. `hash`: of the content last put there, empty while that is not known. */
export type Message = { task: TaskId; key: string; ref: MessageRef | null; hash: string }

export interface Messages {
  of(task: TaskId): Promise<Map<string, Message>>
  put(message: Message): Promise<void>
  /** The task whose thread hangs on this message. */
  taskOf(root: MessageRef): Promise<TaskId | null>
  /** The status cards, in this chat, of tasks that have not ended or did so after `since`; the newest tasks first. */
  roots(chat: string, since: Instant, limit: number): Promise<MessageRef[]>
  /** How far this chat was read, in its own order of messages; null at first. */
  cursor(chat: string): Promise<string | null>
  reached(chat: string, cursor: string): Promise<void>
}
