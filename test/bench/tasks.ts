// Listing tasks, however many there are: the view behind `backchannel tasks`, and the board of the page.

import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { openHouse } from '../../src/cli/house.ts'
import { readConfig } from '../../src/config.ts'
import { newHome } from './rubble.ts'
import { timed, type Found, type Look, type Size } from './samples.ts'
import { up } from './up.ts'

const LIMIT = 50
/** The first looks are at a machine that has forgotten. */
const WARM_UP = 5
/** So that the write-ahead log stays small. */
const TASKS_PER_TRANSACTION = 10_000

export async function tasks({ tasks: counts, looks }: Size): Promise<Found> {
  const home = newHome()
  const it = await up(home)
  await it.say('/bg start --agent demo --here --label first\nquestion Go on? yes | no\ndone Done')
  const vote = await it.stream.first(
    ({ message: { content } }) => content.kind === 'card' && content.card.title === 'Go on?',
    'a question',
  )
  const { content, thread } = vote.data.message
  await it.click(content.kind === 'card' ? (content.card.buttons[0]?.id ?? '') : '', thread)
  await it.until('done', 1)

  const house = await openHouse(readConfig({ BACKCHANNEL_HOME: home }))
  const found: Look[] = []
  try {
    for (const count of counts) {
      seed(path.join(home, 'backchannel.db'), count)
      for (let i = 0; i < WARM_UP; i++) await Promise.all([house.views.tasks({ limit: LIMIT }), it.board()])
      const viewed: number[] = []
      const asked: number[] = []
      for (let i = 0; i < looks; i++) {
        viewed.push(await timed(() => house.views.tasks({ limit: LIMIT })))
        asked.push(await timed(() => it.board()))
      }
      found.push({ asked: `views.tasks, the newest ${LIMIT}`, tasks: count, ms: viewed })
      found.push({ asked: 'GET /api/tasks', tasks: count, ms: asked })
    }
  } finally {
    await house.close()
  }
  return { looks: found.toSorted((a, b) => (a.asked < b.asked ? 1 : a.asked > b.asked ? -1 : a.tasks - b.tasks)) }
}

/** Copies the one task that was really done under other ids, until there are so many. */
function seed(file: string, count: number): void {
  const database = new DatabaseSync(file, { timeout: 60_000 })
  try {
    database.exec('PRAGMA synchronous = OFF')
    const there = Number(database.prepare('SELECT count(*) AS "n" FROM "Head"').get()?.['n'])
    for (let from = there; from < count; from += TASKS_PER_TRANSACTION)
      database.exec(copies(from, Math.min(from + TASKS_PER_TRANSACTION, count)))
  } finally {
    database.close()
  }
}

const copies = (from: number, to: number): string => `
  BEGIN IMMEDIATE;
  CREATE TEMP TABLE "new" AS
    WITH RECURSIVE "n"("i") AS (VALUES (${from}) UNION ALL SELECT "i" + 1 FROM "n" WHERE "i" + 1 < ${to})
    SELECT "i", printf('copy%06d', "i") AS "id" FROM "n";
  INSERT INTO "Fact" ("task", "version", "at", "by", "type", "hash", "dataHash", "data")
    SELECT "id", "version", "at", "by", "type", "hash", "dataHash", "data"
    FROM "new", "Fact" WHERE "task" = (SELECT "task" FROM "Head" WHERE "label" = 'first');
  INSERT INTO "Head" ("task", "version", "status", "label", "agent", "createdAt", "endedAt", "changedAt", "markRunner", "markBot")
    SELECT "id", "version", "status", "id", "agent", "createdAt" - "i", "endedAt", "changedAt", 0, 0
    FROM "new", "Head" WHERE "label" = 'first';
  DROP TABLE "new";
  COMMIT`
