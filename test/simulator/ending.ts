// From a state of the search to the end of everything: nothing breaks any more, agents mean well, ann answers.

import { pendingChore } from '../../src/task/chores.ts'
import { currentTurn, openRequests } from '../../src/task/task.ts'
import { processMoves } from './agent.ts'
import { check, type Violation } from './check.ts'
import { EVERY_TASK_ENDS, ungranted } from './invariants.ts'
import { Promises } from './promises.ts'
import { ask, runTo } from './next.ts'
import { copyState, type State } from './state.ts'
import { ANN, taskOf } from './world.ts'

const ROUNDS_MAX = 40

export async function comesToItsEnd(from: State): Promise<Violation | null> {
  const state = copyState(from)
  const { world } = state
  const promises = new Promises(world)
  for (let round = 0; round < ROUNDS_MAX; round++) {
    await runTo(state)
    promises.look()
    for (const process of world.processes)
      processMoves(world, process)
        .find((move) => move.kind)
        ?.do()
    const wrong = check(world)
    if (wrong) return wrong
    const tasks = [...world.facts.keys()].flatMap((id) => taskOf(world, id) ?? [])
    for (const task of tasks) {
      const [request] = openRequests(task)
      const option = request?.options[0]
      if (request && option)
        await ask(state, task.id, { type: 'vote', by: ANN, request: request.id, option: option.id, values: {} })
    }
    if (tasks.every((task) => currentTurn(task).phase.kind === 'ended' && pendingChore(task) === null))
      return promises.broken() ?? ungranted(world)
  }
  const stuck = [...world.facts.keys()]
    .flatMap((id) => taskOf(world, id) ?? [])
    .find((task) => currentTurn(task).phase.kind !== 'ended')
  return {
    invariant: EVERY_TASK_ENDS,
    task: stuck?.id ?? '',
    what: `it is ${stuck && currentTurn(stuck).phase.kind} and nothing moves`,
  }
}
