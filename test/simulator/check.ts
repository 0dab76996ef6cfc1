// Runs the invariants over a world and says which one broke, for which task and how.

import type { Fact } from '../../src/task/facts.ts'
import { INVARIANTS, type Invariant } from './invariants.ts'
import { taskOf, type World } from './world.ts'

export type Violation = { invariant: string; task: string; what: string }

/** Checks of facts alone, by the facts they were done on. */
const done = new WeakSet<Fact[]>()

export function check(world: World, invariants: Invariant[] = INVARIANTS): Violation | null {
  for (const [id, facts] of world.facts) {
    const task = taskOf(world, id)
    if (!task) return { invariant: 'facts fold to a task', task: id, what: 'they do not' }
    const fresh = !done.has(facts)
    const processes = world.processes.filter((one) => one.spec.task === id)
    const took = world.took.filter((one) => one.task === id)
    for (const { name, of, check: wrong } of invariants) {
      if (of === 'facts' && !fresh) continue
      const what = wrong({ world, facts, task, processes, took })
      if (what !== null) return { invariant: name, task: id, what }
    }
    done.add(facts)
  }
  return null
}
