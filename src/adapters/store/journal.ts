// The journal on the database: its parts put together, and facts read back.

import type { PrismaClient } from '../../generated/client.ts'
import type { Journal } from '../../runner/journal.ts'
import type { Fact } from '../../task/facts.ts'
import type { TaskId } from '../../task/words.ts'
import { append, seen } from './append.ts'
import type { Database } from './database.ts'
import { blobsOf, toFact } from './fact-rows.ts'
import { openHeads } from './heads.ts'
import { openProgress } from './progress.ts'

/** Databases limit the parameters of one statement. */
const TASKS_PER_QUERY_MAX = 200

export const openJournal = (database: Database): Journal => ({
  append: (entry) => append(database, entry),
  facts: (tasks) => readFacts(database, tasks),
  seen: (delivery) => seen(database, delivery),
  ...openHeads(database),
  ...openProgress(database),
})

async function readFacts(database: Database, tasks: TaskId[]): Promise<Map<TaskId, Fact[]>> {
  const found = new Map<TaskId, Fact[]>()
  for (let first = 0; first < tasks.length; first += TASKS_PER_QUERY_MAX) {
    const some = tasks.slice(first, first + TASKS_PER_QUERY_MAX)
    for (const fact of await database.read((client) => factsOf(client, some))) {
      const facts = found.get(fact.task)
      if (facts) facts.push(fact)
      else found.set(fact.task, [fact])
    }
  }
  return found
}

async function factsOf(client: PrismaClient, tasks: TaskId[]): Promise<Fact[]> {
  const where = { task: { in: tasks.filter((task) => task.isWellFormed()) } }
  const rows = await client.fact.findMany({ where, orderBy: [{ task: 'asc' }, { version: 'asc' }] })
  const blobs = await blobsOf(client, rows)
  return rows.map((row) => toFact(row, row.data ?? blobs.get(row.dataHash) ?? null))
}
