// Facts as rows and back. A fact's hash covers the previous hash of its task and the hash of its data, not the data itself,
// so that data may be erased later and the chain still verifies. The hash is over a JSON array of strings and numbers,
// which can be read in one way only. Data is JSON too: every text survives, even half a surrogate pair, as an escape.

import { hash } from 'node:crypto'
import type { Fact, FactBody } from '../../task/facts.ts'
import type { Append } from '../../runner/journal.ts'
import type { Fact as PrismaFact, PrismaClient } from '../../generated/client.ts'
import { factBody } from './fact-schema.ts'
import { parseJson, parseStored, parseValue } from './stored-json.ts'
import { StoreError } from './store-error.ts'
import { actor } from './words-schema.ts'

/** Larger data lies in a blob of its own, named by its hash. */
const INLINE_BYTES_MAX = 8 * 1024

/** What the first fact of a task has instead of a previous hash. */
export const NO_HASH = ''

/** A row, whether Prisma read it or we did. */
export type FactRow = Omit<PrismaFact, 'at'> & { at: number | bigint }
export type BlobRow = { hash: string; data: string }

export function toRows(entry: Append, previous: string): { facts: FactRow[]; blobs: BlobRow[] } {
  const facts: FactRow[] = []
  const blobs: BlobRow[] = []
  for (const [index, body] of entry.facts.entries()) {
    const { type, ...rest } = body
    const data = JSON.stringify(rest)
    const inline = Buffer.byteLength(data) <= INLINE_BYTES_MAX
    const row = {
      task: entry.task,
      version: entry.expected + index + 1,
      at: entry.at,
      by: JSON.stringify(entry.by),
      type,
      dataHash: dataHashOf(data),
      data: inline ? data : null,
    }
    // What could not be read back must not be written: a fault of ours, found before it is forever.
    toFact({ ...row, hash: NO_HASH }, data)
    facts.push({ ...row, hash: factHash(facts.at(-1)?.hash ?? previous, row) })
    if (!inline) blobs.push({ hash: row.dataHash, data })
  }
  return { facts, blobs }
}

export function toFact(row: FactRow, data: string | null): Fact {
  const name = `Fact ${row.version} of task ${row.task}`
  if (data === null) throw new StoreError(`${name} cannot be read: its data was erased.`)
  return {
    task: row.task,
    version: row.version,
    at: Number(row.at),
    by: parseStored(actor, row.by, name),
    body: toBody(row.type, data, name),
  }
}

function toBody(type: string, data: string, name: string): FactBody {
  const rest = parseJson(data, name)
  return parseValue(factBody, typeof rest === 'object' ? { ...rest, type } : rest, name)
}

export const dataHashOf = (data: string): string => hash('sha256', data)

export const factHash = (
  previous: string,
  { task, version, type, at, by, dataHash }: Omit<FactRow, 'hash' | 'data'>,
): string => hash('sha256', JSON.stringify([previous, task, version, type, Number(at), by, dataHash]))

/** The data of these facts by its hash, for those that have none in their row. What was erased is missing. */
export async function blobsOf(client: PrismaClient, facts: FactRow[]): Promise<Map<string, string>> {
  const hashes = facts.filter((fact) => fact.data === null).map((fact) => fact.dataHash)
  const blobs = hashes.length === 0 ? [] : await client.blob.findMany({ where: { hash: { in: hashes } } })
  return new Map(blobs.map((blob) => [blob.hash, blob.data]))
}
