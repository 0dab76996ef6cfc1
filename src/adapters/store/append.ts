// Appends facts: in one transaction with their delivery key, their blobs and the task's head, or not at all. It begins by
// taking the database for writing, so what it reads first is still so when it writes, between processes too.

import assert from 'node:assert/strict'
import type { Append, Head, Journal } from '../../runner/journal.ts'
import type { Instant, TaskId } from '../../task/words.ts'
import type { Database } from './database.ts'
import { NO_HASH, toRows, type BlobRow, type FactRow } from './fact-rows.ts'
import { toHeadRow } from './heads.ts'
import type { Sqlite } from './sqlite.ts'

export async function append(database: Database, entry: Append): ReturnType<Journal['append']> {
  const { task, expected, facts, at, head } = entry
  assert(task !== '' && task.isWellFormed(), 'a task has an id')
  assert(
    facts.length > 0 && head.task === task && head.version === expected + facts.length,
    'the head is of the last fact',
  )
  const delivery = entry.delivery?.toWellFormed()
  return database.write((sqlite) => {
    // First: a repeated delivery is `repeated`, whatever happened to the task since.
    if (delivery !== undefined && sqlite.rows(SEEN, [delivery]).length > 0) return 'repeated'
    const last = lastFact(sqlite, task)
    if (last.version !== expected) return 'conflict'
    const rows = toRows(entry, last.hash)
    if (delivery !== undefined) sqlite.run(`INSERT INTO "Delivery" ("key", "at") VALUES (?, ?)`, [delivery, at])
    for (const fact of rows.facts) insertFact(sqlite, fact)
    for (const blob of rows.blobs) insertBlob(sqlite, blob)
    putHead(sqlite, head, at)
    return 'appended'
  })
}

const SEEN = `SELECT 1 FROM "Delivery" WHERE "key" = ?`

/** Whether a delivery key is known. */
export const seen = async (database: Database, delivery: string): Promise<boolean> =>
  (await database.rows(SEEN, [delivery.toWellFormed()])).length > 0

/** Where the facts of a stream end, and the hash the next one goes on from. */
export function lastFact(sqlite: Sqlite, task: TaskId): { version: number; hash: string } {
  const [last] = sqlite.rows<{ version: number; hash: string }>(
    `SELECT "version", "hash" FROM "Fact" WHERE "task" = ? ORDER BY "version" DESC LIMIT 1`,
    [task],
  )
  return last ?? { version: 0, hash: NO_HASH }
}

export function insertFact(sqlite: Sqlite, { task, version, at, by, type, hash, dataHash, data }: FactRow): void {
  sqlite.run(
    `INSERT INTO "Fact" ("task", "version", "at", "by", "type", "hash", "dataHash", "data") VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    [task, version, Number(at), by, type, hash, dataHash, data],
  )
}

function insertBlob(sqlite: Sqlite, { hash, data }: BlobRow): void {
  sqlite.run(`INSERT INTO "Blob" ("hash", "data") VALUES (?, ?) ON CONFLICT ("hash") DO NOTHING`, [hash, data])
}

/** Marks the task for every reader. */
function putHead(sqlite: Sqlite, head: Head, changedAt: Instant): void {
  const { task, version, status, label, agent, createdAt, endedAt } = toHeadRow(head)
  sqlite.run(
    `INSERT INTO "Head" ("task", "version", "status", "label", "agent", "createdAt", "endedAt", "changedAt", "markRunner", "markBot")
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, true, true)
     ON CONFLICT ("task") DO UPDATE SET
       "version" = excluded."version", "status" = excluded."status", "label" = excluded."label", "agent" = excluded."agent",
       "createdAt" = excluded."createdAt", "endedAt" = excluded."endedAt", "changedAt" = excluded."changedAt",
       "markRunner" = excluded."markRunner", "markBot" = excluded."markBot"`,
    [task, version, status, label, agent, createdAt, endedAt, changedAt],
  )
}
