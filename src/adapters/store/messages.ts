// Which posts exist as messages: a row per task and key, written before the message is posted and again with its reference.

import type { Message as MessageRow } from '../../generated/client.ts'
import type { Message, Messages } from '../../bot/messages.ts'
import type { Database } from './database.ts'

export const openMessages = (database: Database): Messages => ({
  of: async (task) => {
    const rows = await database.read((client) => client.message.findMany({ where: { task } }))
    return new Map(rows.map((row) => [row.key, toMessage(row)]))
  },
  put: async ({ task, key, ref, hash }) => {
    const values = { chat: ref?.chat ?? null, channel: ref?.channel ?? null, id: ref?.id ?? null, hash }
    // The intent is what a post that got lost is known by; the reference can be looked up again by its key.
    const write = ref === null ? database.write : database.writeDerived
    await write((client) =>
      client.message.upsert({ where: { task_key: { task, key } }, create: { task, key, ...values }, update: values }),
    )
  },
  taskOf: async ({ chat, channel, id }) => {
    const row = await database.read((client) => client.message.findFirst({ where: { chat, channel, id } }))
    return row?.task ?? null
  },
})

function toMessage({ task, key, chat, channel, id, hash }: MessageRow): Message {
  const ref = chat === null || channel === null || id === null ? null : { chat, channel, id }
  return { task, key, ref, hash }
}
