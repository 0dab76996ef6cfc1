// The messages of the chat without a platform. The next `seq` is taken inside the statement that uses it, so two processes
// never take the same one. A message's id is its first seq: ids are in order of appearance, whatever the clock did.

import assert from 'node:assert/strict'
import type { ChatMessage as ChatMessageRow } from '../../generated/client.ts'
import type { ChatLog, ChatMessage, NewChatMessage } from '../../bot/chat-log.ts'
import { chatContent } from './card-schema.ts'
import type { Database } from './database.ts'
import { parseStored } from './stored-json.ts'
import { actor } from './words-schema.ts'

const ID = /^[1-9]\d{0,8}$/

type Row = Omit<ChatMessageRow, 'at' | 'editedAt'> & { at: number; editedAt: number | null }

export const openChatLog = (database: Database): ChatLog => ({
  add: (message) => add(database, message),
  edit: (id, content, at) => edit(database, id, content, at),
  byKey: async (key) =>
    first(await database.rows<Row>(`SELECT * FROM "ChatMessage" WHERE "key" = ?`, [key.toWellFormed()])),
  get: async (id) => first(await database.rows<Row>(BY_ID, [toNumber(id)])),
  since: async (seq, limit) => {
    const newer = `SELECT * FROM "ChatMessage" WHERE "seq" > ? ORDER BY "seq" LIMIT ?`
    return (await database.rows<Row>(newer, [seq, limit])).map(toMessage)
  },
  roots: async (channel, limit, before) => {
    const older = before === undefined ? Number.MAX_SAFE_INTEGER : (toNumber(before) ?? 0)
    const rows = await database.rows<Row>(
      `SELECT * FROM "ChatMessage" WHERE "channel" = ? AND "thread" IS NULL AND "id" < ? ORDER BY "id" DESC LIMIT ?`,
      [channel.toWellFormed(), older, limit],
    )
    return rows.toReversed().map(toMessage)
  },
  thread: async (root) => {
    const id = toNumber(root)
    if (id === null) return []
    const rows = [
      ...(await database.rows<Row>(`${BY_ID} AND "thread" IS NULL`, [id])),
      ...(await database.rows<Row>(`SELECT * FROM "ChatMessage" WHERE "thread" = ? ORDER BY "id"`, [id])),
    ]
    return rows.map(toMessage)
  },
  lastSeq: async () => {
    const [last] = await database.rows<{ seq: number | null }>(`SELECT max("seq") AS "seq" FROM "ChatMessage"`)
    return last?.seq ?? 0
  },
})

const BY_ID = `SELECT * FROM "ChatMessage" WHERE "id" = ?`

async function add(
  database: Database,
  { key, channel, thread, author, at, content }: NewChatMessage,
): Promise<ChatMessage> {
  const root = thread === null ? null : toNumber(thread)
  assert(thread === null || root !== null, `a thread hangs on a message, not on ${thread}`)
  const values = [key.toWellFormed(), channel.toWellFormed(), root, JSON.stringify(author), at, JSON.stringify(content)]
  // A card is made anew where it is missing; a person's words are nowhere else.
  const write = content.kind === 'card' ? database.writeDerived : database.write
  const rows = await write((sqlite) => {
    const added = sqlite.rows<Row>(
      `INSERT INTO "ChatMessage" ("id", "seq", "key", "channel", "thread", "author", "at", "editedAt", "content", "replies")
       SELECT "next", "next", ?, ?, ?, ?, ?, NULL, ?, 0
       FROM (SELECT coalesce(max("seq"), 0) + 1 AS "next" FROM "ChatMessage") AS "counter" WHERE true
       ON CONFLICT ("key") DO NOTHING RETURNING *`,
      values,
    )
    if (added.length === 0) return sqlite.rows<Row>(`SELECT * FROM "ChatMessage" WHERE "key" = ?`, [key.toWellFormed()])
    if (root !== null)
      sqlite.run(`UPDATE "ChatMessage" SET "replies" = "replies" + 1, "seq" = ${NEXT_SEQ} WHERE "id" = ?`, [root])
    return added
  })
  const [row] = rows
  assert(row, 'what was added is there')
  return toMessage(row)
}

const NEXT_SEQ = `(SELECT max("seq") + 1 FROM "ChatMessage")`

async function edit(
  database: Database,
  id: string,
  content: ChatMessage['content'],
  at: number,
): Promise<ChatMessage | null> {
  const rows = await database.writeDerived((sqlite) =>
    sqlite.rows<Row>(
      `UPDATE "ChatMessage" SET "content" = ?, "editedAt" = ?, "seq" = ${NEXT_SEQ} WHERE "id" = ? RETURNING *`,
      [JSON.stringify(content), at, toNumber(id)],
    ),
  )
  return first(rows)
}

const toNumber = (id: string): number | null => (ID.test(id) ? Number(id) : null)

const first = ([row]: Row[]): ChatMessage | null => (row ? toMessage(row) : null)

const toMessage = ({ id, seq, channel, thread, author, at, editedAt, content, replies }: Row): ChatMessage => ({
  id: String(id),
  seq,
  channel,
  thread: thread === null ? null : String(thread),
  author: parseStored(actor, author, `Message ${id}`),
  at,
  editedAt,
  content: parseStored(chatContent, content, `Message ${id}`),
  replies,
})
