// The store alone: facts, head and delivery key in one transaction that is on disk when it returns; and deciding on a task,
// which reads it first.

import { createRequire } from 'node:module'
import path from 'node:path'
import { openStore } from '../../src/adapters/store/store.ts'
import { fold, headOf, record, type Journal } from '../../src/runner/journal.ts'
import type { Fact, FactBody } from '../../src/task/facts.ts'
import { ann, EVERY_FACT } from '../store/every-fact.ts'
import { folder } from './rubble.ts'
import { perSecond, timed, type Found, type Size } from './samples.ts'

const FACTS: FactBody[] = [EVERY_FACT.created, EVERY_FACT.attempt_started, EVERY_FACT.identified]
/** A task that has just begun, one that asked a lot, and a conversation of days. */
const LENGTHS = [3, 50, 500]
const DECISIONS_PART = 0.1

export async function appends({ appends: count }: Size): Promise<Found> {
  const where = folder('a')
  const store = await openStore(path.join(where, 'store.db'))
  const bare = bareInsert(path.join(where, 'bare.db'))
  const ours: number[] = []
  const bareMs: number[] = []
  try {
    for (let i = 0; i < count; i++) {
      ours.push(await timed(() => append(store.journal, `task-${i}`)))
      bareMs.push(await timed(() => bare.insert(`task-${i}`)))
    }
    const decided = []
    for (const length of LENGTHS)
      decided.push(await decisions(store.journal, length, Math.ceil(count * DECISIONS_PART)))
    return {
      hops: [
        { hop: 'append: 3 facts, head, delivery', ours, bareMs, bare: 'better-sqlite3: 3 rows, WAL, synchronous=FULL' },
        ...decided.map((one) => ({ ...one, bareMs, bare: 'the same' })),
      ],
      notes: [
        `${perSecond(ours).toFixed(0)} appends per second, one after another (bare: ${perSecond(bareMs).toFixed(0)}).`,
      ],
    }
  } finally {
    bare.close()
    await store.close()
  }
}

async function append(journal: Journal, task: string): Promise<void> {
  const facts = FACTS.map((body, index): Fact => ({ task, version: index + 1, at: 1, by: ann, body }))
  const after = fold(facts)
  if (!after) throw new Error('nothing was created')
  const entry = { task, expected: 0, facts: FACTS, by: ann, at: 1, head: headOf(after), delivery: `key-${task}` }
  const done = await journal.append(entry)
  if (done !== 'appended') throw new Error(`the append of ${task}: ${done}`)
}

/** Adds one fact, and again, to a task that has this many. */
async function decisions(journal: Journal, length: number, count: number): Promise<{ hop: string; ours: number[] }> {
  const task = `long-${length}`
  const guided = (n: number): FactBody => ({ type: 'guided', guidance: `g${n}`, text: 'keep the old header names' })
  const decide = (facts: FactBody[]) => record(journal, task, () => facts, { by: ann, now: () => 1 })
  await decide([...FACTS, ...Array.from({ length: length - FACTS.length }, (_, n) => guided(n))])
  const ours: number[] = []
  for (let n = 0; n < count; n++) ours.push(await timed(() => decide([guided(length + n)])))
  return { hop: `read, decide, append 1: a task of ${length} to ${length + count} facts`, ours }
}

/** Brings no types of its own. */
type Sqlite = {
  exec(sql: string): void
  prepare(sql: string): { run(...values: (string | number)[]): void }
  transaction<A extends unknown[]>(work: (...args: A) => void): (...args: A) => void
  close(): void
}

function bareInsert(file: string): { insert(task: string): void; close(): void } {
  const Database = createRequire(import.meta.url)('better-sqlite3') as new (file: string) => Sqlite
  const database = new Database(file)
  database.exec(`
    PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    CREATE TABLE "Fact" ("task" TEXT, "version" INTEGER, "type" TEXT, "data" TEXT, PRIMARY KEY ("task", "version")) STRICT`)
  const row = database.prepare('INSERT INTO "Fact" VALUES (?, ?, ?, ?)')
  const data = FACTS.map((fact) => JSON.stringify(fact))
  const insert = database.transaction((task: string) => data.forEach((text, n) => row.run(task, n + 1, 'fact', text)))
  return { insert, close: () => database.close() }
}
