// Which posts exist as messages: a row per task and key, written before the message is posted and again with its reference.

import type { Message as MessageRow } from '../../generated/client.ts'
import type { Message, Messages } from '../../bot/messages.ts'
import type { MessageRef } from '../../task/words.ts'
import type { Database } from './database.ts'

export const openMessages = (database: Database): Messages => ({
  of: async (task) => {
    const rows = await database.rows<MessageRow>(`SELECT * FROM "Message" WHERE "task" = ?`, [task])
    return new Map(rows.map((row) => [row.key, toMessage(row)]))
  },
  put: async ({ task, key, ref, hash }) => {
    // The intent is what a post that got lost is known by; the reference can be looked up again by its key.
    const write = ref === null ? database.write : database.writeDerived
    await write((sqlite) =>
      sqlite.run(
        `INSERT INTO "Message" ("task", "key", "chat", "channel", "id", "hash") VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT ("task", "key") DO UPDATE SET
           "chat" = excluded."chat", "channel" = excluded."channel", "id" = excluded."id", "hash" = excluded."hash"`,
        [task, key, ref?.chat ?? null, ref?.channel ?? null, ref?.id ?? null, hash],
      ),
    )
  },
  taskOf: async ({ chat, channel, id }) => {
    const [row] = await database.rows<{ task: string }>(
      `SELECT "task" FROM "Message" WHERE "chat" = ? AND "channel" = ? AND "id" = ? LIMIT 1`,
      [chat, channel, id],
    )
    return row?.task ?? null
  },
  roots: (chat, since, limit) =>
    database.rows<MessageRef>(
      `SELECT m."chat", m."channel", m."id" FROM "Message" m JOIN "Head" h ON h."task" = m."task"
       WHERE m."key" = 'status' AND m."chat" = ? AND m."id" IS NOT NULL AND (h."endedAt" IS NULL OR h."endedAt" > ?)
       ORDER BY h."createdAt" DESC LIMIT ?`,
      [chat, since, limit],
    ),
  cursor: async (chat) => {
    const [row] = await database.rows<{ position: string }>(`SELECT "position" FROM "Cursor" WHERE "chat" = ?`, [chat])
    return row?.position ?? null
  },
  // What is read again after a power cut carries keys that are known.
  reached: async (chat, cursor) => {
    await database.writeDerived((sqlite) =>
      sqlite.run(
        `INSERT INTO "Cursor" ("chat", "position") VALUES (?, ?)
         ON CONFLICT ("chat") DO UPDATE SET "position" = excluded."position"`,
        [chat, cursor],
      ),
    )
  },
})

function toMessage({ task, key, chat, channel, id, hash }: MessageRow): Message {
  const ref = chat === null || channel === null || id === null ? null : { chat, channel, id }
  return { task, key, ref, hash }
}
