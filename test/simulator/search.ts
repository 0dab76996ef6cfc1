// Every world that can come about from a beginning within a number of steps: two tasks, two people, agents, a program that
// is killed at any moment. States that differ only in how they came about are looked at once.

import type { Fact } from '../../src/task/facts.ts'
import type { TaskId } from '../../src/task/words.ts'
import { check, type Violation } from './check.ts'
import { comesToItsEnd } from './ending.ts'
import { nextOf } from './next.ts'
import { taken, type State } from './state.ts'
import { taskOf, type World } from './world.ts'

export type Found = { violation: Violation; steps: string[] }
export type Searched = { states: number; found: Found | null }

export const told = ({ violation: { invariant, task, what }, steps }: Found): string =>
  [`this breaks: ${invariant}`, `  ${task}: ${what}`, 'after', ...steps].join('\n')

/** Whether everything comes to its end from here is asked of one state in so many: it takes as long as fifty steps. */
const ENDINGS_ONE_IN = 40

export async function search(from: State, depthMax: number): Promise<Searched> {
  const known = new Set([keyOf(from)])
  let frontier = [from]
  for (let depth = 1; depth <= depthMax; depth++) {
    const next: State[] = []
    for (const state of frontier) {
      for (const step of await nextOf(state)) {
        const after = await taken(state, step)
        const key = keyOf(after)
        if (known.has(key)) continue
        known.add(key)
        const violation = check(after.world) ?? (known.size % ENDINGS_ONE_IN === 0 ? await comesToItsEnd(after) : null)
        if (violation) return { states: known.size, found: { violation, steps: after.steps } }
        next.push(after)
      }
    }
    frontier = next
  }
  return { states: known.size, found: null }
}

/** What the future depends on: the folds, the processes, what was taken. Not how many facts it took to get here. */
function keyOf({ world }: State): string {
  const tasks = [...world.facts].map(([id, facts]) => foldName(world, id, facts))
  const processes = world.processes.map(({ spec, life, givenUp, over, stopAsked, events, given, inbox, pending }) => {
    const said = events.map(
      (event) => `${event.type}${'request' in event ? event.request : ''}${'ask' in event ? event.ask.id : ''}`,
    )
    const state = `${life}${givenUp}${over}${stopAsked}`
    return [
      spec.task,
      spec.attempt,
      spec.resume,
      spec.turn,
      spec.answers.length,
      state,
      said,
      given,
      inbox.map((one) => one.id),
      pending,
    ].join()
  })
  return [
    world.now,
    tasks,
    processes.join(';'),
    world.took.map((one) => `${one.attempt}${one.kind}${one.id}${one.option}`),
  ].join('|')
}

const names = new Map<string, number>()
const nameOf = new WeakMap<Fact[], number>()

/** A short name for what some facts fold to, the same for all that fold to the same. */
function foldName(world: World, id: TaskId, facts: Fact[]): number {
  const known = nameOf.get(facts)
  if (known !== undefined) return known
  const folded = JSON.stringify({ ...taskOf(world, id), version: 0 })
  const name = names.get(folded) ?? names.size
  names.set(folded, name)
  nameOf.set(facts, name)
  return name
}
