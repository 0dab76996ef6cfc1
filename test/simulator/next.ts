// What may happen next in a small world, of everything the search tries.

import { record } from '../../src/runner/journal.ts'
import type { Command } from '../../src/task/decide/command.ts'
import { decide } from '../../src/task/decide/index.ts'
import { currentTurn, openRequests, type Task } from '../../src/task/task.ts'
import { isRefused } from '../../src/task/words.ts'
import { brokenAsks, processMoves } from './agent.ts'
import { breath, crashingAt, open, type Gate } from './gates.ts'
import { runnerOf } from './program.ts'
import { copyState, type State, type Step } from './state.ts'
import { journalIn } from './store.ts'
import { ANN, BOB, HOUR_MS, taskOf, witnessed, type World } from './world.ts'

const SLOTS = 1
const ROUNDS_MAX = 12
const ASKS_MAX = 1
const CHORES_MAX = 2
const CHORES = ['commit', 'discard', 'restore'] as const
const JUMP_MS = 3 * HOUR_MS

export async function nextOf(state: State): Promise<Step[]> {
  const { world } = state
  const tasks = [...world.facts.keys()].flatMap((id) => taskOf(world, id) ?? [])
  return [
    ...(await runnerSteps(state)),
    ...processSteps(world),
    ...tasks.flatMap(peopleSteps),
    ...clockSteps(world, tasks),
  ]
}

/** The runner to the end of what it has to do, or killed right after any of the facts it stores. */
async function runnerSteps(state: State): Promise<Step[]> {
  const looked = copyState(state)
  let appends = 0
  await runTo(looked, (what, call) => {
    if (what === 'journal.append') appends += 1
    return call()
  })
  const looks: Step = {
    what: 'the runner looks',
    do: async (after) => void Object.assign(after, { world: looked.world, store: looked.store }),
  }
  const killed = Array.from({ length: appends }, (_, index): Step => ({
    what: `the runner is killed after storing ${index + 1}`,
    do: (after) => runTo(after, killedAfter(index)),
  }))
  const unborn = state.world.processes.some((one) => one.life === 'unborn' && !one.givenUp)
  const impatient: Step[] = unborn
    ? [{ what: 'the runner gives up what is not born', do: (after) => runTo(after, open, true) }]
    : []
  return [looks, ...killed, ...impatient]
}

function killedAfter(appends: number): Gate {
  const gate = crashingAt(appends, true, () => {})
  let dead = false
  return async (what, call) => {
    if (dead) return new Promise(() => {})
    if (what !== 'journal.append') return call()
    return gate(what, async () => {
      dead = true
      const result = await call()
      dead = false
      return result
    })
  }
}

/** A runner that has just been started, until it has nothing more to do. */
export async function runTo({ world, store }: State, gate: Gate = open, impatient = false): Promise<void> {
  const runner = runnerOf(world, { journal: witnessed(journalIn(store), world), messages: null as never }, gate, SLOTS)
  const stored = () => [...world.facts.values()].reduce((sum, facts) => sum + facts.length, 0)
  let quiet = 0
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const before = stored()
    void runner.look()
    await breath()
    const moves = runner.moves().filter((move) => (move.kind || impatient) && !/once more|killed/.test(move.what))
    quiet = moves.length === 0 && stored() === before ? quiet + 1 : 0
    if (quiet === 2) return
    for (const move of moves) move.do()
    await breath()
  }
}

function processSteps(world: World): Step[] {
  return world.processes.flatMap((process, index) => {
    const asked = process.events.filter((event) => event.type === 'requested').length
    const moves = [...processMoves(world, process), ...(asked > 0 ? brokenAsks(process).slice(-1) : [])]
    const some = moves.filter(
      ({ what }) => !/notes|\(plan\)/.test(what) && (asked < ASKS_MAX || !what.includes(' asks q')),
    )
    return some.map(({ what }): Step => ({
      what,
      do: async (after) => {
        const own = after.world.processes[index]
        const again = own ? [...processMoves(after.world, own), ...brokenAsks(own)] : []
        again.find((move) => move.what === what)?.do()
      },
    }))
  })
}

function peopleSteps(task: Task): Step[] {
  const votes = openRequests(task).flatMap(({ id, options: [first, second] }) => [
    wish(task, { type: 'vote', by: ANN, request: id, option: first?.id ?? '', values: {} }),
    both(
      task,
      { type: 'vote', by: ANN, request: id, option: first?.id ?? '', values: {} },
      { type: 'vote', by: BOB, request: id, option: second?.id ?? '', values: { words: 'blue' } },
    ),
  ])
  const cancel: Command = { type: 'cancel', by: ANN }
  const { phase } = currentTurn(task)
  const words = task.guidance.length + task.turns.length < 3
  const reply: Command = { type: 'reply', by: BOB, id: `g${task.guidance.length}`, text: 'keep the names' }
  return [
    ...votes,
    ...(phase.kind === 'ended' || phase.kind === 'stopping' ? [] : [wish(task, cancel), both(task, cancel, null)]),
    ...(words ? [wish(task, reply)] : []),
    ...(phase.kind === 'ended' && task.turns.length < 2 ? [wish(task, { type: 'again', by: BOB })] : []),
    ...(phase.kind === 'ended' && task.chores.length < CHORES_MAX
      ? CHORES.map((what) => wish(task, { type: 'chore', by: ANN, what }))
      : []),
  ]
}

const wish = ({ id }: Task, command: Command): Step => ({
  what: `${command.by.name}: ${command.type} ${id}${detail(command)}`,
  do: (after) => ask(after, id, command),
})

function detail(command: Command): string {
  if (command.type === 'vote') return ` ${command.request} ${command.option}`
  return command.type === 'chore' ? ` ${command.what}` : ''
}

/** Two at once: one is decided on what the other has just changed. `null`: the runner. */
const both = (task: Task, one: Command, other: Command | null): Step => ({
  what: `at once: ${wish(task, one).what}, ${other ? wish(task, other).what : 'the runner looks'}`,
  do: async (after) => {
    await Promise.all([ask(after, task.id, one), other ? ask(after, task.id, other) : runTo(after)])
  },
})

export async function ask({ world, store }: State, id: string, command: Command): Promise<void> {
  const journal = witnessed(journalIn(store), world)
  const decided = await record(journal, id, (task, now) => decide(task, command, { owners: [ANN, BOB] }, now), {
    by: command.by,
    now: () => world.now,
  })
  if (decided !== 'repeated' && isRefused(decided)) world.refusals.push(decided.refused)
}

/** Time passes once, while something waits for a person. */
function clockSteps(world: World, tasks: Task[]): Step[] {
  const passed = world.now > Math.min(...tasks.map((task) => task.createdAt)) + HOUR_MS
  if (passed || tasks.every((task) => openRequests(task).length === 0)) return []
  return [{ what: 'three hours pass', do: async (after) => void (after.world.now += JUMP_MS) }]
}
