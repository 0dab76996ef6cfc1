// How far the chains of facts had come, noted outside of the database: a file of lines, each of which covers the one before by
// its hash. A chain proves that nothing within it was altered; these lines prove that nothing was taken off its end, and that no
// chain was made anew. Whoever notes the hash of a line elsewhere can prove the lines before it, too.

import { createHash } from 'node:crypto'
import fs from 'node:fs'
import { z } from 'zod'
import type { Instant, TaskId } from '../../task/words.ts'
import type { Database } from './database.ts'

const FILE_MODE = 0o600

const line = z.object({
  at: z.number(),
  /** Of each chain that is longer than before: version and hash of its last fact. */
  ends: z.record(z.string(), z.tuple([z.number(), z.string()])),
  hash: z.string(),
})
type Line = z.infer<typeof line>

/** `ends`: what each chain's fact of this version must have as its hash. `last`: the hash of the last line, empty without one. */
export type Anchors = { ends: Map<TaskId, Map<number, string>>; lines: string[]; last: string; altered: number | null }

/** Reads the file; what a crash cut off at its end counts for nothing. */
export function readAnchors(file: string): Anchors {
  const anchors: Anchors = { ends: new Map(), lines: [], last: '', altered: null }
  const text = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : ''
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  for (const [index, one] of whole.split('\n').slice(0, -1).entries()) {
    const read = lineIn(one)
    if (!read || read.hash !== hashOf(anchors.last, read)) return { ...anchors, altered: index + 1 }
    for (const [task, [version, hash]] of Object.entries(read.ends)) {
      const ends = anchors.ends.get(task) ?? new Map<number, string>()
      anchors.ends.set(task, ends)
      if (!ends.has(version)) ends.set(version, hash)
    }
    anchors.lines.push(read.hash)
    anchors.last = read.hash
  }
  return anchors
}

/** Notes the ends that are new since the last time; all of them the first time. Only one process of a home may do so. */
export function anchoring(database: Database, file: string): (at: Instant) => Promise<void> {
  let anchors: Anchors | null = null
  let upTo = 0
  return async (at) => {
    const rows = await database.rows<{ task: string; version: number; hash: string; row: number }>(
      `SELECT "task", MAX("version") AS "version", "hash", rowid AS "row" FROM "Fact" WHERE rowid > ? GROUP BY "task"`,
      [upTo],
    )
    anchors ??= readAnchors(file)
    // What cannot be read is for verify to tell; lines after it would prove nothing.
    if (anchors.altered !== null) return
    const { ends, last } = anchors
    const fresh = rows.filter(({ task, version }) => !ends.get(task)?.has(version))
    upTo = rows.reduce((most, { row }) => Math.max(most, row), upTo)
    if (fresh.length === 0) return
    const body = {
      at,
      ends: Object.fromEntries(fresh.map(({ task, version, hash }) => [task, [version, hash]])) as Line['ends'],
    }
    const hash = hashOf(last, body)
    append(file, JSON.stringify({ ...body, hash }))
    for (const { task, version, hash: end } of fresh)
      ends.set(task, (ends.get(task) ?? new Map<number, string>()).set(version, end))
    anchors.last = hash
  }
}

function append(file: string, text: string): void {
  const descriptor = fs.openSync(file, 'a+', FILE_MODE)
  try {
    const { size } = fs.fstatSync(descriptor)
    const end = Buffer.alloc(1)
    const isCut = size > 0 && fs.readSync(descriptor, end, 0, 1, size - 1) === 1 && end.toString() !== '\n'
    if (isCut) fs.ftruncateSync(descriptor, fs.readFileSync(file).lastIndexOf('\n') + 1)
    fs.writeSync(descriptor, `${text}\n`)
  } finally {
    fs.closeSync(descriptor)
  }
}

function lineIn(text: string): Line | null {
  try {
    return line.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}

const hashOf = (before: string, { at, ends }: Omit<Line, 'hash'>): string =>
  createHash('sha256')
    .update(JSON.stringify([before, at, ends]))
    .digest('hex')
