// The tasks a reader keeps an eye on: those that have not ended, and those that changed since it last looked. A cache of
// folds, thrown away with the process; the marks in the heads say what to fold anew.

import { currentTurn, type Status, type Task } from '../task/task.ts'
import type { TaskId } from '../task/words.ts'
import { fold, type Journal, type Reader } from './journal.ts'

const PAGE = 500
const UNENDED: Status[] = ['queued', 'working', 'input_required']

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

  /** Folds anew what changed. The first time: everything that has not ended, too. */
  async refresh(): Promise<void> {
    const unended = this.#started ? [] : await this.#journal.heads({ status: UNENDED, limit: Number.MAX_SAFE_INTEGER })
    const marked = await this.#journal.marked(this.#reader, PAGE)
    for (const head of marked) this.#marked.add(head.task)
    const changed = [...unended, ...marked].filter((head) => this.tasks.get(head.task)?.version !== head.version)
    const facts = await this.#journal.facts([...new Set(changed.map((head) => head.task))])
    for (const task of [...facts.values()].map(fold)) if (task) this.put(task)
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
    if (this.tasks.get(task.id) === task && currentTurn(task).phase.kind === 'ended') this.tasks.delete(task.id)
  }
}
