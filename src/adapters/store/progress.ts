// What tasks do right now: one overwritten row each, gone when the turn ends. No fact, so nothing that is ever verified.

import type { Journal } from '../../runner/journal.ts'
import type { Database } from './database.ts'
import { progressNow } from './card-schema.ts'
import { parseStored } from './stored-json.ts'

export const openProgress = (database: Database): Pick<Journal, 'putProgress' | 'progress'> => ({
  putProgress: async (task, progress) => {
    if (progress === null) {
      await database.writeDerived((client) => client.progress.deleteMany({ where: { task } }))
      return
    }
    const json = JSON.stringify(progress)
    await database.writeDerived((client) =>
      client.progress.upsert({ where: { task }, create: { task, json }, update: { json } }),
    )
  },
  progress: async (tasks) => {
    const rows = await database.read((client) => client.progress.findMany({ where: { task: { in: tasks } } }))
    return new Map(rows.map(({ task, json }) => [task, parseStored(progressNow, json, `The progress of task ${task}`)]))
  },
})
