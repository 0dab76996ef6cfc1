// Walks all facts and says which is the first that is not as it was written. Reads page by page, one task in memory at a
// time, while others go on appending: a head is read after the facts it stands for, and facts it is ahead of are fetched.
// Finds what was changed by accident or by hand. Whoever rewrites every later hash of a task, or takes facts and heads off its
// end, is found by what was noted outside of the database.

import type { Head as HeadRow, PrismaClient } from '../../generated/client.ts'
import { fold, headOf } from '../../runner/journal.ts'
import type { Fact } from '../../task/facts.ts'
import type { TaskId } from '../../task/words.ts'
import type { Anchors } from './anchors.ts'
import type { Database } from './database.ts'
import { blobsOf, dataHashOf, factHash, NO_HASH, toFact, type FactRow } from './fact-rows.ts'
import { isRowOf } from './heads.ts'
import { HOUSE } from './house.ts'

const PAGE_FACTS = 500

/** `hash altered`: the hash or anything it covers, such as who or when. */
type Damage = 'data altered' | 'hash altered' | 'fact missing' | 'head disagrees' | 'not as it was noted'
type Altered = { kind: 'altered'; task: TaskId; version: number; what: Damage }
/** `line`: of the notes themselves, which cover one another; 0 when the one that was asked for is not among them. */
type NotesAltered = { kind: 'notes altered'; line: number }

/** `erased`: facts whose data was taken away on purpose; their place in the chain still verifies. */
/** `noted`: the hash of the last note, to keep elsewhere; empty when nothing was noted yet. */
export type Verification =
  | { kind: 'verified'; tasks: number; facts: number; erased: number; noted: string }
  | Altered
  | NotesAltered

/** `mustHold`: the hash of a note that somebody kept elsewhere. */
export async function verify(database: Database, anchors: Anchors, mustHold?: string): Promise<Verification> {
  if (anchors.altered !== null) return { kind: 'notes altered', line: anchors.altered }
  if (mustHold !== undefined && !anchors.lines.includes(mustHold)) return { kind: 'notes altered', line: 0 }
  const counts = { tasks: 0, facts: 0, erased: 0 }
  const unseen = new Set(anchors.ends.keys())
  for await (const rows of tasksOf(database)) {
    const result = await database.read((client) => verifyTask(client, rows, anchors.ends.get(rows[0].task)))
    unseen.delete(rows[0].task)
    if ('kind' in result) return result
    counts.tasks += rows[0].task === HOUSE ? 0 : 1
    counts.facts += result.version
    counts.erased += result.erased
  }
  const [gone] = unseen
  if (gone !== undefined) return altered(gone, 1, 'fact missing')
  return (await database.read(headWithoutFacts)) ?? { kind: 'verified', ...counts, noted: anchors.last }
}

/** The facts of each task, in order of task and version. */
async function* tasksOf(database: Database): AsyncGenerator<[FactRow, ...FactRow[]]> {
  let task: [FactRow, ...FactRow[]] | null = null
  for await (const row of allRows(database)) {
    if (task?.[0].task === row.task) {
      task.push(row)
      continue
    }
    if (task) yield task
    task = [row]
  }
  if (task) yield task
}

async function* allRows(database: Database): AsyncGenerator<FactRow> {
  for (let after = { task: '', version: 0 }; ;) {
    const { task, version } = after
    const where = { task: { gte: task }, OR: [{ task: { gt: task } }, { version: { gt: version } }] }
    const page = await database.read((client) =>
      client.fact.findMany({ where, orderBy: [{ task: 'asc' }, { version: 'asc' }], take: PAGE_FACTS }),
    )
    yield* page
    const last = page.at(-1)
    if (!last) return
    after = last
  }
}

/** What was walked over of one task so far. */
type Walked = { task: TaskId; version: number; hash: string; facts: Fact[]; erased: number }

async function verifyTask(
  client: PrismaClient,
  rows: [FactRow, ...FactRow[]],
  noted: ReadonlyMap<number, string> = new Map(),
): Promise<Walked | Altered> {
  const [{ task }] = rows
  const mustReach = Math.max(0, ...noted.keys())
  const walked: Walked = { task, version: 0, hash: NO_HASH, facts: [], erased: 0 }
  for (let next: FactRow[] = rows; next.length > 0; next = await rowsAfter(client, walked)) {
    for (const row of next) {
      const what = await walkOver(client, walked, row)
      if (what) return altered(task, walked.version + 1, what)
      if ((noted.get(row.version) ?? row.hash) !== row.hash) return altered(task, row.version, 'not as it was noted')
    }
    // The house has no head.
    if (task === HOUSE) {
      if ((await rowsAfter(client, walked)).length > 0) continue
      return walked.version < mustReach ? altered(task, walked.version + 1, 'fact missing') : walked
    }
    const head = await client.head.findUnique({ where: { task } })
    if (walked.version < mustReach && (head?.version ?? 0) <= walked.version)
      return altered(task, walked.version + 1, 'fact missing')
    if (head?.version === walked.version && agrees(head, walked)) return walked
    if (head === null || head.version <= walked.version) return altered(task, walked.version, 'head disagrees')
  }
  return altered(task, walked.version + 1, 'fact missing')
}

const rowsAfter = (client: PrismaClient, { task, version }: Walked): Promise<FactRow[]> =>
  client.fact.findMany({ where: { task, version: { gt: version } }, orderBy: { version: 'asc' } })

async function walkOver(client: PrismaClient, walked: Walked, row: FactRow): Promise<Damage | null> {
  if (row.version !== walked.version + 1) return 'fact missing'
  const data = row.data ?? (await blobsOf(client, [row])).get(row.dataHash) ?? null
  if (data !== null && dataHashOf(data) !== row.dataHash) return 'data altered'
  if (factHash(walked.hash, row) !== row.hash) return 'hash altered'
  walked.version = row.version
  walked.hash = row.hash
  if (data === null) walked.erased += 1
  else if (row.task !== HOUSE) walked.facts.push(toFact(row, data))
  return null
}

/** A task cannot be folded without all of its data; then its head is held against its version alone. */
function agrees(head: HeadRow, { facts, erased }: Walked): boolean {
  if (erased > 0) return true
  const task = fold(facts)
  return task !== null && isRowOf(head, headOf(task))
}

async function headWithoutFacts(client: PrismaClient): Promise<Altered | null> {
  const [found] = await client.$queryRaw<{ task: string }[]>`
    SELECT "task" FROM "Head" WHERE NOT EXISTS (SELECT 1 FROM "Fact" WHERE "Fact"."task" = "Head"."task") LIMIT 1`
  return found ? altered(found.task, 1, 'fact missing') : null
}

const altered = (task: TaskId, version: number, what: Damage): Altered => ({ kind: 'altered', task, version, what })
