// Tasks as folds of their facts, and those folded last: beside each journal, bounded, gone with it. A fold that is kept may be
// behind the journal, because other processes append too. So it is good for what the journal itself checks: that an append
// is of the version it was decided on, or that a head is of this version.

import { evolve } from '../task/evolve.ts'
import type { Fact } from '../task/facts.ts'
import type { Task } from '../task/task.ts'
import type { TaskId } from '../task/words.ts'
import type { Head, Journal } from './journal.ts'

const KEPT_MAX = 2_000

const kept = new WeakMap<Journal, Map<TaskId, Task>>()

export const fold = (facts: Fact[]): Task | null => facts.reduce<Task | null>((task, fact) => evolve(task, fact), null)

/** A task by its id, folded from its facts as they are now; null when there is none. */
export async function load(journal: Journal, id: TaskId): Promise<Task | null> {
  const task = fold((await journal.facts([id])).get(id) ?? [])
  if (task) keep(journal, task)
  return task
}

/** The tasks of these heads, none of them older than its head. */
export async function tasksOf(journal: Journal, heads: Head[]): Promise<Task[]> {
  const tasks = new Map<TaskId, Task>()
  for (const { task: id, version } of heads) {
    const task = known(journal, id)
    if (task && task.version >= version) tasks.set(id, task)
  }
  const changed = new Set(heads.map((head) => head.task).filter((id) => !tasks.has(id)))
  for (const facts of (await journal.facts([...changed])).values()) {
    const task = fold(facts)
    if (!task) continue
    keep(journal, task)
    tasks.set(task.id, task)
  }
  return heads.flatMap((head) => tasks.get(head.task) ?? [])
}

/** A task as it was folded last; null when none is kept. */
export const known = (journal: Journal, id: TaskId): Task | null => kept.get(journal)?.get(id) ?? null

/** Keeps what is in the journal, and lets go of what was kept longest ago. */
export function keep(journal: Journal, task: Task): void {
  const tasks = kept.get(journal) ?? new Map<TaskId, Task>()
  kept.set(journal, tasks)
  tasks.delete(task.id)
  tasks.set(task.id, task)
  for (const id of tasks.keys()) {
    if (tasks.size <= KEPT_MAX) return
    tasks.delete(id)
  }
}
