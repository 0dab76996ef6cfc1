// The world outside the program: the clock, session processes, the chat, and what really happened in it, whoever knows.
// Plain data, so that a search can copy it.

import type { HouseJournal, Journal } from '../../src/runner/journal.ts'
import type { SessionEvent } from '../../src/runner/protocol.ts'
import type { Card, Mark } from '../../src/task/card.ts'
import { evolve } from '../../src/task/evolve.ts'
import type { Fact } from '../../src/task/facts.ts'
import type { HouseFact } from '../../src/task/house.ts'
import type { Begin } from '../../src/runner/sessions.ts'
import type { Answer } from '../../src/task/request.ts'
import type { Task } from '../../src/task/task.ts'
import type { Actor, Instant, Place, TaskId } from '../../src/task/words.ts'

export type Handed = { kind: 'answer'; id: string; answer: Answer } | { kind: 'guidance'; id: string }

/** A session process with its agent. `unborn`: spawned, but it does not own its attempt yet. `over`: its agent has ended. */
export type Process = {
  spec: Begin
  resumes: boolean
  life: 'unborn' | 'alive' | 'gone'
  givenUp: boolean
  over: boolean
  stopAsked: boolean
  events: SessionEvent[]
  /** Ids it was ever handed, and what of it its agent has not taken yet. */
  given: string[]
  inbox: Handed[]
  /** Asked and neither answered nor withdrawn. */
  pending: string[]
}

export type Posted = { id: string; place: Place; key: string; card: Card; deleted: boolean }
export type Took = {
  task: TaskId
  attempt: number
  turn: number
  kind: 'answer' | 'guidance' | 'prompt'
  id: string
  option: string
}
/** `keepsKeys`: the same key posted again is the first message; else a posted key can be found. `lossy`: does it, then fails. */
export type ChatState = {
  posted: Posted[]
  marks: Map<string, Mark>
  /** Every button ever shown. */
  buttons: string[]
  keepsKeys: boolean
  mood: 'up' | 'down' | 'lossy'
}
/** A command whose sender was told that it counts. */
export type Acknowledged = { delivery: string; what: string }

export type World = {
  now: Instant
  /** Every fact that was stored, as seen at the journal's door. */
  facts: Map<TaskId, Fact[]>
  deliveries: Map<string, Fact[]>
  /** What concerns no task. */
  house: HouseFact[]
  processes: Process[]
  chat: ChatState
  took: Took[]
  /** Chores that were done, with how many processes of the task lived then. */
  chores: { task: TaskId; chore: string; alive: number }[]
  acknowledged: Acknowledged[]
  /** Sentences people were refused with. */
  refusals: string[]
  /** What the program says went wrong that should not. */
  errors: string[]
  /** How many ids were given out. */
  ids: number
  /** What happened, one line each, for people who read a failure. */
  trace: string[]
}

export const ANN: Actor = { chat: 'sim', id: 'ann', name: 'ann' }
export const BOB: Actor = { chat: 'sim', id: 'bob', name: 'bob' }
export const MALLORY: Actor = { chat: 'sim', id: 'mallory', name: 'mallory' }
export const PEOPLE = { owners: [ANN, BOB] }
export const CHANNEL: Place = { chat: 'sim', channel: 'c' }

export const HOUR_MS = 3_600_000
export const DAY_MS = 24 * HOUR_MS
export const PATIENCE = { remindAfterMs: HOUR_MS, parkAfterMs: 2 * HOUR_MS }

export const emptyWorld = (keepsKeys: boolean): World => ({
  now: 1_000 * DAY_MS,
  facts: new Map(),
  deliveries: new Map(),
  house: [],
  processes: [],
  chat: { posted: [], marks: new Map(), buttons: [], keepsKeys, mood: 'up' },
  took: [],
  chores: [],
  acknowledged: [],
  refusals: [],
  errors: [],
  ids: 0,
  trace: [],
})

export const copyWorld = (world: World): World => ({
  ...world,
  facts: new Map(world.facts),
  deliveries: new Map(world.deliveries),
  house: [...world.house],
  processes: world.processes.map((one) => ({
    ...one,
    events: [...one.events],
    given: [...one.given],
    inbox: [...one.inbox],
    pending: [...one.pending],
  })),
  chat: {
    ...world.chat,
    posted: world.chat.posted.map((one) => ({ ...one })),
    marks: new Map(world.chat.marks),
    buttons: [...world.chat.buttons],
  },
  took: [...world.took],
  chores: [...world.chores],
  acknowledged: [...world.acknowledged],
  refusals: [...world.refusals],
  errors: [...world.errors],
  trace: [...world.trace],
})

/** The journal with a witness at its door, who knows what was stored even if nobody lived to hear it. */
export function witnessed(journal: Journal, world: World): Journal {
  return {
    ...journal,
    async append(entry) {
      const result = await journal.append(entry)
      const { task, expected, facts: bodies, by, at, delivery } = entry
      const said = `${task} v${expected}: ${bodies.map((body) => body.type).join(', ')}`
      world.trace.push(result === 'appended' ? `  stored ${said}` : `  ${result} ${said}`)
      if (result !== 'appended') return result
      const facts = bodies.map((body, index): Fact => ({ task, version: expected + index + 1, at, by, body }))
      world.facts.set(task, [...(world.facts.get(task) ?? []), ...facts])
      if (delivery !== undefined) world.deliveries.set(delivery, facts)
      return result
    },
  }
}

/** The stream of what concerns no task, kept in the world. */
export const houseIn = (world: World): HouseJournal => ({
  facts: async () => [...world.house],
  version: async () => world.house.length,
  async append(expected, body, by, at) {
    if (world.house.length !== expected) return 'conflict'
    world.house.push({ version: expected + 1, at, by, body })
    world.trace.push(`  stored ${body.type} of the house`)
    return 'appended'
  },
})

const folds = new WeakMap<Fact[], Task>()

export function taskOf(world: World, id: TaskId): Task | null {
  const facts = world.facts.get(id)
  if (!facts) return null
  const known = folds.get(facts)
  if (known) return known
  const folded = facts.reduce<Task | null>((task, fact) => evolve(task, fact), null)
  if (folded) folds.set(facts, folded)
  return folded
}
