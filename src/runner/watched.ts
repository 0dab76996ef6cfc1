// The tasks a reader keeps an eye on: those that have not ended, and those that changed since it last looked. The marks in the
// heads say which did.

import { currentTurn, UNENDED, type Task } from '../task/task.ts'
import type { TaskId } from '../task/words.ts'
import { tasksOf } from './folds.ts'
import type { Journal, Reader } from './journal.ts'

const PAGE = 500

export class Watched {
  readonly tasks = new Map<TaskId, Task>()
  readonly #journal: Journal
  readonly #reader: Reader
  readonly #marked = new Set<TaskId>()
  #started = false

  constructor(journal: Journal, reader: Reader) {
    this.#journal = journal
    this.#reader = reader
  }

  /** Takes what changed. The first time: everything that has not ended, too. */
  async refresh(): Promise<void> {
    const unended = this.#started ? [] : await this.#journal.heads({ status: UNENDED, limit: Number.MAX_SAFE_INTEGER })
    const marked = await this.#journal.marked(this.#reader, PAGE)
    for (const head of marked) this.#marked.add(head.task)
    for (const task of await tasksOf(this.#journal, [...unended, ...marked])) this.put(task)
    this.#started = true
  }

  /** Takes a task that was just folded elsewhere. */
  put(task: Task): void {
    const known = this.tasks.get(task.id)
    if (!known || known.version < task.version) this.tasks.set(task.id, task)
  }

  /** The reader has dealt with a task as it was at this version. One that ended is watched no longer. */
  async done(task: Task): Promise<void> {
    if (this.#marked.delete(task.id)) await this.#journal.unmark(this.#reader, task.id, task.version)
    if (this.tasks.get(task.id) === task && currentTurn(task).phase.kind === 'ended' && !task.terminal)
      this.tasks.delete(task.id)
  }
}
