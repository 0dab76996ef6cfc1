// The journal port: the append-only facts, the truth everything else is derived from, and the one way to add to it.
// A lost race is decided again on the fresh task; only the decision refuses, and only on the fresh task.

import { evolve } from '../task/evolve.ts'
import type { Fact, FactBody } from '../task/facts.ts'
import type { HouseFact, HouseFactBody } from '../task/house.ts'
import type { Progress } from '../task/report.ts'
import { endedAt, status, type Status, type Task } from '../task/task.ts'
import { isRefused, type Actor, type Instant, type Refused, type TaskId } from '../task/words.ts'
import { keep, known, load } from './folds.ts'

export { fold, load } from './folds.ts'

/** Who keeps an eye on tasks: each append marks the task for every reader, a reader unmarks what it has dealt with. */
export type Reader = 'runner' | 'bot'

/** The one stored projection, written in the append's transaction and always equal to what the fold says. */
export type Head = {
  task: TaskId
  version: number
  status: Status
  label: string
  agent: string
  createdAt: Instant
  endedAt: Instant | null
}

export type HeadFilter = { status?: Status[]; limit: number; before?: { createdAt: Instant; task: TaskId } }

export type Append = {
  task: TaskId
  /** The version the decision was made on; 0 for a task that does not exist yet. */
  expected: number
  facts: FactBody[]
  by: Actor
  at: Instant
  /** The platform's delivery key: stored in the same transaction; the same key again is `repeated`. */
  delivery?: string
  head: Head
}

export interface Journal {
  /** `conflict`: somebody appended first, decide again. `repeated`: this delivery was recorded before, nothing is to be done. */
  append(entry: Append): Promise<'appended' | 'conflict' | 'repeated'>
  /** All facts of these tasks, each task's in order of version. */
  facts(tasks: TaskId[]): Promise<Map<TaskId, Fact[]>>
  /** Whether a delivery key is known, for what must not be answered twice although it became no fact. */
  seen(delivery: string): Promise<boolean>
  heads(filter: HeadFilter): Promise<Head[]>
  /** Heads whose id or label is `ref`, else those whose id or label begins with it (at most `limit`). */
  find(ref: string, limit: number): Promise<Head[]>
  /** Heads marked for a reader, oldest change first. */
  marked(reader: Reader, limit: number): Promise<Head[]>
  /** Clears a reader's mark unless the task has moved on since `version`. */
  unmark(reader: Reader, task: TaskId, version: number): Promise<void>
  /** Overwrites what a task does right now; null when it does nothing any more. */
  putProgress(task: TaskId, progress: Progress | null): Promise<void>
  progress(tasks: TaskId[]): Promise<Map<TaskId, Progress>>
}

/** The stream of what concerns no task. */
export interface HouseJournal {
  facts(): Promise<HouseFact[]>
  /** How many facts there are. */
  version(): Promise<number>
  /** `expected`: how many facts the decision was made on. */
  append(expected: number, body: HouseFactBody, by: Actor, at: Instant): Promise<'appended' | 'conflict'>
}

export type Recorded = { task: Task; facts: Fact[] }
export type RecordOptions = { by: Actor; now: () => Instant; delivery?: string }

/**
 * Decide on the task and append what was decided; when somebody else appended first, decide again on the fresh task.
 * Resolves with the task as it is then, with no facts when there was nothing to record; `repeated` when this
 * delivery was recorded before.
 */
export async function record(
  journal: Journal,
  id: TaskId,
  decide: (task: Task | null, now: Instant) => FactBody[] | Refused,
  { by, now, delivery }: RecordOptions,
): Promise<Recorded | Refused | 'repeated'> {
  for (let last = known(journal, id); ; last = null) {
    const task = last ?? (await load(journal, id))
    const at = now()
    const bodies = decide(task, at)
    // What was folded last may be behind. An append finds that out; a refusal, or nothing to append, would not.
    if (last && (isRefused(bodies) || bodies.length === 0)) continue
    // Delivered again after it was done, it may be refused now; who did it is not told so.
    if (isRefused(bodies)) return delivery && (await journal.seen(delivery)) ? 'repeated' : bodies
    const version = task?.version ?? 0
    const facts = bodies.map((body, index): Fact => ({ task: id, version: version + index + 1, at, by, body }))
    const next = facts.reduce<Task | null>((folded, fact) => evolve(folded, fact), task)
    if (next === null) throw new Error(`nothing was decided about a task that does not exist: ${id}`)
    if (facts.length === 0) return { task: next, facts }
    const head = headOf(next)
    const result = await journal.append({
      task: id,
      expected: version,
      facts: bodies,
      by,
      at,
      head,
      ...(delivery && { delivery }),
    })
    if (result === 'repeated') return result
    if (result === 'appended') {
      keep(journal, next)
      return { task: next, facts }
    }
  }
}

/**
 * The same for what concerns no task: decides on its facts, and again when somebody appended first. Resolves with what was
 * decided; of several facts only the first is appended.
 */
export async function recordHouse(
  house: HouseJournal,
  decide: (facts: HouseFact[], now: Instant) => HouseFactBody[] | Refused | Promise<HouseFactBody[] | Refused>,
  { by, now }: RecordOptions,
): Promise<HouseFactBody[] | Refused> {
  for (;;) {
    const facts = await house.facts()
    const at = now()
    const bodies = await decide(facts, at)
    if (isRefused(bodies)) return bodies
    const [body] = bodies
    if (!body || (await house.append(facts.length, body, by, at)) === 'appended') return bodies
  }
}

export const headOf = (task: Task): Head => ({
  task: task.id,
  version: task.version,
  status: status(task),
  label: task.label,
  agent: task.agent,
  createdAt: task.createdAt,
  endedAt: endedAt(task),
})
