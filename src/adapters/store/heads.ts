// One head row per task: listed newest first, found by the beginning of a name, and marked for the readers that keep an eye
// on tasks. Every question is answered from an index, so that it costs the same with a hundred thousand tasks.

import { z } from 'zod'
import type { Prisma, PrismaClient, Head as HeadRow } from '../../generated/client.ts'
import type { Head, HeadFilter, Journal, Reader } from '../../runner/journal.ts'
import type { Status } from '../../task/task.ts'
import type { Database } from './database.ts'
import { parseValue } from './stored-json.ts'
import { exactly } from './words-schema.ts'

const status = exactly<Status>()(z.enum(['queued', 'working', 'input_required', 'completed', 'failed', 'cancelled']))

/** Sorts after every text that begins with the same characters: SQLite compares text by code point. */
const LAST_CHARACTER = '\u{10ffff}'

type Heads = Pick<Journal, 'heads' | 'find' | 'marked' | 'unmark'>

export const openHeads = (database: Database): Heads => ({
  heads: (filter) => database.read((client) => list(client, filter)),
  // Typed by people: half a surrogate pair is found as what it is stored as.
  find: (ref, limit) => database.read((client) => find(client, ref.toWellFormed(), limit)),
  marked: (reader, limit) => database.read((client) => marked(client, reader, limit)),
  unmark: async (reader, task, version) => {
    const data = reader === 'runner' ? { markRunner: false } : { markBot: false }
    await database.writeDerived((client) => client.head.updateMany({ where: { task, version }, data }))
  },
})

/** What the row says of the task itself, not of who has looked at it. */
type TaskRow = Omit<HeadRow, 'changedAt' | 'markRunner' | 'markBot'>

export const toHeadRow = ({ label, createdAt, endedAt, ...head }: Head): TaskRow => ({
  ...head,
  label: label.toWellFormed(),
  createdAt: BigInt(createdAt),
  endedAt: endedAt === null ? null : BigInt(endedAt),
})

export const isRowOf = (row: TaskRow, head: Head): boolean =>
  Object.entries(toHeadRow(head)).every(([key, value]) => row[key as keyof TaskRow] === value)

const toHead = (row: HeadRow): Head => ({
  task: row.task,
  version: row.version,
  status: parseValue(status, row.status, `The head of task ${row.task}`),
  label: row.label,
  agent: row.agent,
  createdAt: Number(row.createdAt),
  endedAt: row.endedAt === null ? null : Number(row.endedAt),
})

/** One query for each status: an index gives each its newest in order, while several at once would be sorted whole. */
async function list(client: PrismaClient, { status: wanted, limit, before }: HeadFilter): Promise<Head[]> {
  const older = before && olderThan(before)
  const wheres = wanted ? wanted.map((one): Prisma.HeadWhereInput => ({ status: one, ...older })) : [{ ...older }]
  const found = await Promise.all(
    wheres.map((where) =>
      client.head.findMany({ where, orderBy: [{ createdAt: 'desc' }, { task: 'desc' }], take: limit }),
    ),
  )
  return found.flat().map(toHead).toSorted(newestFirst).slice(0, limit)
}

const olderThan = ({ createdAt, task }: NonNullable<HeadFilter['before']>): Prisma.HeadWhereInput => ({
  createdAt: { lte: BigInt(createdAt) },
  OR: [{ createdAt: { lt: BigInt(createdAt) } }, { task: { lt: task } }],
})

const newestFirst = (a: Head, b: Head): number => b.createdAt - a.createdAt || (a.task < b.task ? 1 : -1)

async function find(client: PrismaClient, ref: string, limit: number): Promise<Head[]> {
  if (ref === '') return []
  const named = await either(client, { task: ref }, { label: ref }, limit)
  if (named.length > 0) return named
  const beginning = { gte: ref, lt: ref + LAST_CHARACTER }
  return either(client, { task: beginning }, { label: beginning }, limit)
}

/** Two queries, because an OR over two columns is answered from no one index. */
async function either(
  client: PrismaClient,
  byId: Prisma.HeadWhereInput,
  byLabel: Prisma.HeadWhereInput,
  limit: number,
): Promise<Head[]> {
  const found = [
    ...(await client.head.findMany({ where: byId, orderBy: { task: 'asc' }, take: limit })),
    ...(await client.head.findMany({ where: byLabel, orderBy: [{ label: 'asc' }, { createdAt: 'asc' }], take: limit })),
  ]
  const heads = new Map(found.map((row) => [row.task, toHead(row)]))
  return [...heads.values()].toSorted(newestFirst).slice(0, limit)
}

async function marked(client: PrismaClient, reader: Reader, limit: number): Promise<Head[]> {
  const where = reader === 'runner' ? { markRunner: true } : { markBot: true }
  const rows = await client.head.findMany({ where, orderBy: { changedAt: 'asc' }, take: limit })
  return rows.map(toHead)
}
