// The rules people granted, as the runner knows them: made facts of the house where a task says that somebody chose so, and read
// anew when the house has changed. Level-triggered: what was chosen while nobody looked is found by the next look.

import { granting, grantedIn, rulesFor, grantedOf, type GrantedRule } from '../task/granted.ts'
import type { RuleSource } from '../task/policy/rule.ts'
import type { Task } from '../task/task.ts'
import type { TaskId } from '../task/words.ts'
import { recordHouse, type HouseJournal } from './journal.ts'

export class Granted {
  readonly #house: HouseJournal
  #version = -1
  #grants: GrantedRule[] = []
  /** Versions of the tasks whose answers are facts of the house where they have to be. */
  readonly #seen = new Map<TaskId, number>()

  readonly #failed: (task: TaskId, error: unknown) => void

  /** `failed` is told what could not be stored (a full disk); the next look tries again. */
  constructor(house: HouseJournal, failed: (task: TaskId, error: unknown) => void) {
    this.#house = house
    this.#failed = failed
  }

  /** True when other rules count than before. */
  async refresh(tasks: Task[]): Promise<boolean> {
    for (const task of tasks) await this.#record(task).catch((error: unknown) => this.#failed(task.id, error))
    const watched = new Set(tasks.map(({ id }) => id))
    for (const id of this.#seen.keys()) if (!watched.has(id)) this.#seen.delete(id)
    const version = await this.#house.version()
    if (version === this.#version) return false
    this.#version = version
    const before = JSON.stringify(this.#grants)
    this.#grants = grantedOf(await this.#house.facts())
    return JSON.stringify(this.#grants) !== before
  }

  /** Whether somebody in it chose what is no fact of the house yet: nobody may forget the task before it is. */
  isBehind({ id, version }: Task): boolean {
    return this.#seen.get(id) !== version
  }

  async #record(task: Task): Promise<void> {
    if (!this.isBehind(task)) return
    for (const { body, by, at } of grantedIn(task))
      await recordHouse(this.#house, (facts) => granting(facts, body), { by, now: () => at })
    this.#seen.set(task.id, task.version)
  }

  rules(task: Task): RuleSource[] {
    return rulesFor(this.#grants, task)
  }
}
