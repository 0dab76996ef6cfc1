// What was promised in a world that means well: an answer reaches a session, words do or are the next prompt. Unless the turn
// ends otherwise than by being complete: by a person's word, or because its agent is broken.

import type { Guidance, Task } from '../../src/task/task.ts'
import { currentTurn } from '../../src/task/task.ts'
import type { Request } from '../../src/task/request.ts'
import type { Violation } from './check.ts'
import { PROMISES_KEPT } from './invariants.ts'
import { taskOf, type Process, type World } from './world.ts'

type Promised = { task: string; turn: number; kind: 'answer' | 'guidance'; id: string }

export class Promises {
  readonly #world: World
  readonly #made = new Map<string, Promised>()

  constructor(world: World) {
    this.#world = world
    this.look()
  }

  /** Takes note of what is promised now. */
  look(): void {
    for (const [id] of this.#world.facts) {
      const task = taskOf(this.#world, id)
      for (const one of task ? promisedOf(task, this.#processOf(task)) : [])
        this.#made.set(`${one.task} ${one.kind} ${one.id}`, one)
    }
  }

  broken(): Violation | null {
    const lost = [...this.#made.values()].find((one) => !this.#kept(one))
    return lost
      ? { invariant: PROMISES_KEPT, task: lost.task, what: `the ${lost.kind} ${lost.id} never reached a session` }
      : null
  }

  #processOf({ id, attempt }: Task): Process | undefined {
    return this.#world.processes.find((one) => one.spec.task === id && one.spec.attempt === attempt)
  }

  #kept({ task: id, turn, kind, id: what }: Promised): boolean {
    const task = taskOf(this.#world, id)
    const phase = task?.turns[turn - 1]?.phase
    if (phase?.kind === 'ended' && (phase.outcome.kind !== 'completed' || wasStopped(this.#world, id, turn)))
      return true
    const taken = this.#world.took.some((one) => one.task === id && one.kind === kind && one.id === what)
    return taken || (task?.guidance.some((one) => one.id === what && one.state.kind === 'carried') ?? false)
  }
}

function promisedOf(task: Task, process: Process | undefined): Promised[] {
  const { phase, n: turn } = currentTurn(task)
  if (phase.kind === 'ended' || phase.kind === 'stopping' || !task.limits.resume) return []
  const answers = task.requests.filter(
    (one) => isOnItsWay(one, turn) && (phase.kind !== 'running' || isWaitedFor(one, process)),
  )
  const held = process?.stopAsked ? [] : task.guidance.filter(isHeld)
  return [
    ...answers.map(({ id }) => ({ task: task.id, turn, kind: 'answer' as const, id })),
    ...held.map(({ id }) => ({ task: task.id, turn, kind: 'guidance' as const, id })),
  ]
}

const isHeld = ({ state }: Guidance): boolean => state.kind === 'held'

const isOnItsWay = ({ turn, attempt, state }: Request, now: number): boolean =>
  turn === now && attempt > 0 && state.kind === 'settled' && state.delivered === null

/** By an agent that still lives: it asked and did not take it back, or it was given it as a grant and has not come to it yet. */
const isWaitedFor = ({ id }: Request, process: Process | undefined): boolean => {
  if (!process || process.over || process.stopAsked) return false
  const granted = process.spec.answers.some((one) => one.request === id)
  return process.pending.includes(id) || (granted && process.inbox.some((one) => one.id === id))
}

/** Somebody asked to stop, and the work was complete before that reached it. */
function wasStopped({ facts }: World, task: string, turn: number): boolean {
  let now = 0
  return (facts.get(task) ?? []).some(({ body }) => {
    if (body.type === 'created' || body.type === 'prompted') now += 1
    return body.type === 'stop_asked' && now === turn
  })
}
