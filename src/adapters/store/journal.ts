// The journal on the database: its parts put together, and facts read back.

import type { Journal } from '../../runner/journal.ts'
import type { Fact } from '../../task/facts.ts'
import type { TaskId } from '../../task/words.ts'
import { append, seen } from './append.ts'
import type { Database } from './database.ts'
import { toFact, type FactRow } from './fact-rows.ts'
import { openHeads } from './heads.ts'
import { openProgress } from './progress.ts'

/** Between two reads everybody else has a turn. */
const TASKS_PER_READ_MAX = 200

export const openJournal = (database: Database): Journal => ({
  append: (entry) => append(database, entry),
  facts: (tasks) => readFacts(database, tasks),
  seen: (delivery) => seen(database, delivery),
  ...openHeads(database),
  ...openProgress(database),
})

async function readFacts(database: Database, tasks: TaskId[]): Promise<Map<TaskId, Fact[]>> {
  const found = new Map<TaskId, Fact[]>()
  for (let first = 0; first < tasks.length; first += TASKS_PER_READ_MAX) {
    for (const row of await rowsOf(database, tasks.slice(first, first + TASKS_PER_READ_MAX))) {
      const facts = found.get(row.task)
      const fact = toFact(row, row.data)
      if (facts) facts.push(fact)
      else found.set(fact.task, [fact])
    }
  }
  return found
}

/** With the data that lies in blobs. */
const rowsOf = (database: Database, tasks: TaskId[]): Promise<FactRow[]> =>
  database.rows<FactRow>(
    `SELECT "task", "version", "at", "by", "type", "Fact"."hash", "dataHash", coalesce("Fact"."data", "Blob"."data") AS "data"
     FROM "Fact" LEFT JOIN "Blob" ON "Fact"."data" IS NULL AND "Blob"."hash" = "dataHash"
     WHERE "task" IN (SELECT "value" FROM json_each(?)) ORDER BY "task", "version"`,
    [JSON.stringify(tasks.filter((task) => task.isWellFormed()))],
  )
