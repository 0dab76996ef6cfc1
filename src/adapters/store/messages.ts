// Which posts exist as messages: a row per task and key, written before the message is posted and again with its reference.

import type { Message as MessageRow } from '../../generated/client.ts'
import type { Message, Messages } from '../../bot/messages.ts'
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
})

function toMessage({ task, key, chat, channel, id, hash }: MessageRow): Message {
  const ref = chat === null || channel === null || id === null ? null : { chat, channel, id }
  return { task, key, ref, hash }
}
