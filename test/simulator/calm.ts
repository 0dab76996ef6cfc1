// The world calms down: nothing breaks, agents mean well, people answer what they are asked. Then everything must come to its
// end, everything promised must have happened, and people must see exactly what is true.

import { pendingChore } from '../../src/task/chores.ts'
import { openRequests, currentTurn, status, type Task } from '../../src/task/task.ts'
import type { Violation } from './check.ts'
import { headsWrong, shownWrong } from './shown.ts'
import { EVERY_TASK_ENDS, ungranted } from './invariants.ts'
import { Promises } from './promises.ts'
import { clickOn } from './people.ts'
import { breath } from './gates.ts'
import type { Simulation } from './simulation.ts'
import { ANN, taskOf, type World } from './world.ts'

const ROUNDS_MAX = 300
const ANSWERS_MAX = 12

export async function calm(simulation: Simulation): Promise<Violation | null> {
  const { world } = simulation
  world.trace.push('the world calms down')
  world.chat.mood = 'up'
  const promises = new Promises(world)
  for (let answers = 0; answers < ANSWERS_MAX; answers++) {
    const wrong =
      (await settle(simulation, promises)) ?? shownWrong(world) ?? (await headsWrong(world, simulation.ports.journal))
    if (wrong) return wrong
    const open = tasksOf(world).flatMap((task) => openRequests(task).map((request) => ({ task, request })))
    if (open.length === 0) return unended(world) ?? promises.broken() ?? ungranted(world)
    for (const { task, request } of open) {
      const { id } = simulation.chance.pick(request.options)
      simulation.send(clickOn(ANN, `calm${(world.ids += 1)}`, `v1:vote:${task.id}:${request.id}:${id}`), 'bot')
    }
  }
  return {
    invariant: EVERY_TASK_ENDS,
    task: '',
    what: `after ${ANSWERS_MAX} rounds of answers something is still asked`,
  }
}

/** Until nothing moves any more and a look of everybody finds nothing to do. */
async function settle(simulation: Simulation, promises: Promises): Promise<Violation | null> {
  const { world, gates } = simulation
  let quiet = 0
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const before = JSON.stringify([[...world.facts.values()].map((facts) => facts.length), world.chat.posted])
    const [move] = simulation.moves().filter((one) => one.kind)
    if (move) simulation.do(move)
    simulation.look('runner')
    simulation.look('bot')
    await breath()
    while (gates.waiting.length > 0) await gates.open(0)
    promises.look()
    const wrong = simulation.check()
    if (wrong) return wrong
    const after = JSON.stringify([[...world.facts.values()].map((facts) => facts.length), world.chat.posted])
    quiet = move || before !== after ? 0 : quiet + 1
    if (quiet === 3) return stuck(world)
  }
  return {
    invariant: EVERY_TASK_ENDS,
    task: '',
    what: `after ${ROUNDS_MAX} rounds of calm the world is still restless`,
  }
}

function stuck(world: World): Violation | null {
  const task = tasksOf(world).find((one) => currentTurn(one).phase.kind !== 'ended' && openRequests(one).length === 0)
  return task
    ? {
        invariant: EVERY_TASK_ENDS,
        task: task.id,
        what: `it is ${status(task)} (${currentTurn(task).phase.kind}) and nothing moves`,
      }
    : null
}

function unended(world: World): Violation | null {
  const task = tasksOf(world).find((one) => currentTurn(one).phase.kind !== 'ended' || pendingChore(one) !== null)
  return task
    ? { invariant: EVERY_TASK_ENDS, task: task.id, what: `everything is answered, and it is ${status(task)}` }
    : null
}

const tasksOf = (world: World): Task[] => [...world.facts.keys()].flatMap((id) => taskOf(world, id) ?? [])
