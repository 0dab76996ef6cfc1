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

  constructor(house: HouseJournal) {
    this.#house = house
  }

  /** True when other rules count than before. */
  async refresh(tasks: Task[]): Promise<boolean> {
    for (const task of tasks) {
      if (this.#seen.get(task.id) === task.version) continue
      for (const { body, by, at } of grantedIn(task))
        await recordHouse(this.#house, (facts) => granting(facts, body), { by, now: () => at })
      this.#seen.set(task.id, task.version)
    }
    const watched = new Set(tasks.map(({ id }) => id))
    for (const id of this.#seen.keys()) if (!watched.has(id)) this.#seen.delete(id)
    const version = await this.#house.version()
    if (version === this.#version) return false
    this.#version = version
    const before = JSON.stringify(this.#grants)
    this.#grants = grantedOf(await this.#house.facts())
    return JSON.stringify(this.#grants) !== before
  }

  rules(task: Task): RuleSource[] {
    return rulesFor(this.#grants, task)
  }
}
