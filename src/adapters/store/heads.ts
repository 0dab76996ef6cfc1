// One head row per task: listed newest first, found by the beginning of a name, and marked for the readers that keep an eye
// on tasks. Every question is answered from an index, so that it costs the same with a hundred thousand tasks.

import { z } from 'zod'
import type { Head as PrismaHead } from '../../generated/client.ts'
import type { Head, HeadFilter, Journal, Reader } from '../../runner/journal.ts'
import type { Status } from '../../task/task.ts'
import type { Database } from './database.ts'
import type { Value } from './sqlite.ts'
import { parseValue } from './stored-json.ts'
import { exactly } from './words-schema.ts'

const status = exactly<Status>()(z.enum(['queued', 'working', 'input_required', 'completed', 'failed', 'cancelled']))

/** Sorts after every text that begins with the same characters: SQLite compares text by code point. */
const LAST_CHARACTER = '\u{10ffff}'

const MARK: Record<Reader, string> = { runner: '"markRunner"', bot: '"markBot"' }

type Heads = Pick<Journal, 'heads' | 'find' | 'marked' | 'unmark'>

export const openHeads = (database: Database): Heads => ({
  heads: (filter) => list(database, filter),
  // Typed by people: half a surrogate pair is found as what it is stored as.
  find: (ref, limit) => find(database, ref.toWellFormed(), limit),
  marked: (reader, limit) => ask(database, `WHERE ${MARK[reader]} = true ORDER BY "changedAt" LIMIT ?`, [limit]),
  unmark: async (reader, task, version) => {
    await database.writeDerived((sqlite) =>
      sqlite.run(`UPDATE "Head" SET ${MARK[reader]} = false WHERE "task" = ? AND "version" = ?`, [task, version]),
    )
  },
})

/** What the row says of the task itself, not of who has looked at it. */
type HeadRow = Omit<Head, 'status'> & { status: string }

export const toHeadRow = (head: Head): HeadRow => ({ ...head, label: head.label.toWellFormed() })

export const isRowOf = (row: PrismaHead, head: Head): boolean =>
  Object.entries(toHeadRow(head)).every(([key, value]) => {
    const stored = row[key as keyof HeadRow]
    return (typeof stored === 'bigint' ? Number(stored) : stored) === value
  })

const toHead = (row: HeadRow): Head => ({
  ...row,
  status: parseValue(status, row.status, `The head of task ${row.task}`),
})

async function ask(database: Database, where: string, values: Value[]): Promise<Head[]> {
  const rows = await database.rows<HeadRow>(
    `SELECT "task", "version", "status", "label", "agent", "createdAt", "endedAt" FROM "Head" ${where}`,
    values,
  )
  return rows.map(toHead)
}

/** One query for each status: an index gives each its newest in order, while several at once would be sorted whole. */
async function list(database: Database, { status: wanted, limit, before }: HeadFilter): Promise<Head[]> {
  const older = before ? `"createdAt" <= ? AND ("createdAt" < ? OR "task" < ?)` : 'true'
  const values = before ? [before.createdAt, before.createdAt, before.task] : []
  const newest = `${older} ORDER BY "createdAt" DESC, "task" DESC LIMIT ?`
  const found = wanted
    ? wanted.map((one) => ask(database, `WHERE "status" = ? AND ${newest}`, [one, ...values, limit]))
    : [ask(database, `WHERE ${newest}`, [...values, limit])]
  return (await Promise.all(found)).flat().toSorted(newestFirst).slice(0, limit)
}

const newestFirst = (a: Head, b: Head): number => b.createdAt - a.createdAt || (a.task < b.task ? 1 : -1)

async function find(database: Database, ref: string, limit: number): Promise<Head[]> {
  if (ref === '') return []
  const named = await either(database, '= ?', [ref], limit)
  if (named.length > 0) return named
  return either(database, 'BETWEEN ? AND ?', [ref, ref + LAST_CHARACTER], limit)
}

/** Two queries, because an OR over two columns is answered from no one index. */
async function either(database: Database, is: string, values: string[], limit: number): Promise<Head[]> {
  const found = [
    ...(await ask(database, `WHERE "task" ${is} ORDER BY "task" LIMIT ?`, [...values, limit])),
    ...(await ask(database, `WHERE "label" ${is} ORDER BY "label", "createdAt" LIMIT ?`, [...values, limit])),
  ]
  const heads = new Map(found.map((head) => [head.task, head]))
  return [...heads.values()].toSorted(newestFirst).slice(0, limit)
}
