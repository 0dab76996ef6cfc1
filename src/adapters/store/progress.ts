// What tasks do right now: one overwritten row each, gone when the turn ends. No fact, so nothing that is ever verified.

import type { Journal } from '../../runner/journal.ts'
import type { Database } from './database.ts'
import { progressNow } from './card-schema.ts'
import { parseStored } from './stored-json.ts'

export const openProgress = (database: Database): Pick<Journal, 'putProgress' | 'progress'> => ({
  putProgress: async (task, progress) => {
    await database.writeDerived((sqlite) =>
      progress === null
        ? sqlite.run(`DELETE FROM "Progress" WHERE "task" = ?`, [task])
        : sqlite.run(
            `INSERT INTO "Progress" ("task", "json") VALUES (?, ?) ON CONFLICT ("task") DO UPDATE SET "json" = excluded."json"`,
            [task, JSON.stringify(progress)],
          ),
    )
  },
  progress: async (tasks) => {
    const rows = await database.rows<{ task: string; json: string }>(
      `SELECT "task", "json" FROM "Progress" WHERE "task" IN (SELECT "value" FROM json_each(?))`,
      [JSON.stringify(tasks)],
    )
    return new Map(rows.map(({ task, json }) => [task, parseStored(progressNow, json, `The progress of task ${task}`)]))
  },
})
