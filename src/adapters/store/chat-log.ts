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

export const openChatLog = (database: Database): ChatLog => ({
  add: (message) => add(database, message),
  edit: (id, content, at) => edit(database, id, content, at),
  byKey: async (key) =>
    toMessageOrNull(
      await database.read((client) => client.chatMessage.findUnique({ where: { key: key.toWellFormed() } })),
    ),
  get: async (id) => {
    const number = toNumber(id)
    if (number === null) return null
    return toMessageOrNull(await database.read((client) => client.chatMessage.findUnique({ where: { id: number } })))
  },
  since: async (seq, limit) => {
    const where = { seq: { gt: seq } }
    const rows = await database.read((client) =>
      client.chatMessage.findMany({ where, orderBy: { seq: 'asc' }, take: limit }),
    )
    return rows.map(toMessage)
  },
  roots: async (channel, limit, before) => {
    const older = before === undefined ? {} : { id: { lt: toNumber(before) ?? 0 } }
    const where = { channel: channel.toWellFormed(), thread: null, ...older }
    const rows = await database.read((client) =>
      client.chatMessage.findMany({ where, orderBy: { id: 'desc' }, take: limit }),
    )
    return rows.toReversed().map(toMessage)
  },
  thread: async (root) => {
    const id = toNumber(root)
    if (id === null) return []
    const rows = await database.read(async (client) => [
      ...(await client.chatMessage.findMany({ where: { id, thread: null } })),
      ...(await client.chatMessage.findMany({ where: { thread: id }, orderBy: { id: 'asc' } })),
    ])
    return rows.map(toMessage)
  },
  lastSeq: async () => {
    const last = await database.read((client) =>
      client.chatMessage.findFirst({ orderBy: { seq: 'desc' }, select: { seq: true } }),
    )
    return last?.seq ?? 0
  },
})

async function add(
  database: Database,
  { key, channel, thread, author, at, content }: NewChatMessage,
): Promise<ChatMessage> {
  const root = thread === null ? null : toNumber(thread)
  assert(thread === null || root !== null, `a thread hangs on a message, not on ${thread}`)
  const by = JSON.stringify(author)
  const json = JSON.stringify(content)
  // A card is made anew where it is missing; a person's words are nowhere else.
  const write = content.kind === 'card' ? database.writeDerived : database.write
  const [, , row] = await write((client) =>
    client.$transaction([
      client.$executeRaw`
        INSERT INTO "ChatMessage" ("id", "seq", "key", "channel", "thread", "author", "at", "editedAt", "content", "replies")
        SELECT "next", "next", ${key.toWellFormed()}, ${channel.toWellFormed()}, ${root}, ${by}, ${BigInt(at)}, NULL, ${json}, 0
        FROM (SELECT coalesce(max("seq"), 0) + 1 AS "next" FROM "ChatMessage") AS "counter" WHERE true
        ON CONFLICT ("key") DO NOTHING`,
      // Counted, not added up: the same key again changes nothing.
      client.$executeRaw`
        UPDATE "ChatMessage" SET
          "replies" = (SELECT count(*) FROM "ChatMessage" AS "reply" WHERE "reply"."thread" = ${root}),
          "seq" = (SELECT max("seq") + 1 FROM "ChatMessage")
        WHERE "id" = ${root} AND "replies" <> (SELECT count(*) FROM "ChatMessage" AS "reply" WHERE "reply"."thread" = ${root})`,
      client.chatMessage.findUniqueOrThrow({ where: { key: key.toWellFormed() } }),
    ]),
  )
  return toMessage(row)
}

async function edit(
  database: Database,
  id: string,
  content: ChatMessage['content'],
  at: number,
): Promise<ChatMessage | null> {
  const number = toNumber(id)
  if (number === null) return null
  const json = JSON.stringify(content)
  const [, row] = await database.writeDerived((client) =>
    client.$transaction([
      client.$executeRaw`
        UPDATE "ChatMessage" SET "content" = ${json}, "editedAt" = ${BigInt(at)}, "seq" = (SELECT max("seq") + 1 FROM "ChatMessage")
        WHERE "id" = ${number}`,
      client.chatMessage.findUnique({ where: { id: number } }),
    ]),
  )
  return toMessageOrNull(row)
}

const toNumber = (id: string): number | null => (ID.test(id) ? Number(id) : null)

const toMessageOrNull = (row: ChatMessageRow | null): ChatMessage | null => (row === null ? null : toMessage(row))

const toMessage = ({
  id,
  seq,
  channel,
  thread,
  author,
  at,
  editedAt,
  content,
  replies,
}: ChatMessageRow): ChatMessage => ({
  id: String(id),
  seq,
  channel,
  thread: thread === null ? null : String(thread),
  author: parseStored(actor, author, `Message ${id}`),
  at: Number(at),
  editedAt: editedAt === null ? null : Number(editedAt),
  content: parseStored(chatContent, content, `Message ${id}`),
  replies,
})
