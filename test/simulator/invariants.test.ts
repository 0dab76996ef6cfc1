// Each invariant by its name: it holds in random worlds (simulator.test.ts, search.test.ts), and here it notices a world that
// was doctored to break it. A check that notices nothing protects nothing.

import { beforeAll, describe, expect, test } from 'vitest'
import type { Fact, FactBody } from '../../src/task/facts.ts'
import type { HouseFact } from '../../src/task/house.ts'
import { HOUSE, type Actor } from '../../src/task/words.ts'
import { AGENTS } from './people.ts'
import { askOf } from './agent.ts'
import { check, type Violation } from './check.ts'
import {
  ALWAYS_ONCE,
  EVERY_TASK_ENDS,
  HEADS_EQUAL_THE_FOLD,
  INVARIANTS,
  MESSAGES_CONVERGE,
  NOTHING_FAILS,
  ungranted,
} from './invariants.ts'
import { inMemory, liveSeed } from './seeds.ts'
import { headsWrong, shownWrong } from './shown.ts'
import { ANN, CHANNEL, emptyWorld, MALLORY, type Process, type Took, type World } from './world.ts'

const SEEDS = 30
const WITHIN_MS = 120_000
const [able] = AGENTS
const ending = {}
const created: FactBody = {
  type: 'created',
  label: 'fix',
  agent: 'able',
  limits: able?.limits ?? { guidance: true, resume: true, questions: true },
  prompt: 'fix',
  work: { kind: 'here', repo: null, path: '/w' },
  place: CHANNEL,
  options: {},
}
const started: FactBody = { type: 'attempt_started', attempt: 1 }
const asked = (id = 'q1', attempt = 1): FactBody => ({
  type: 'requested',
  attempt,
  seq: 3,
  ask: askOf('permission', id),
  need: 1,
})
const settled: FactBody = { type: 'settled', request: 'q1', vote: { by: ANN, at: 0, option: 'allow', values: {} } }
const always: FactBody = { type: 'settled', request: 'q1', vote: { by: ANN, at: 0, option: 'always-repo', values: {} } }
const granted: HouseFact = {
  version: 1,
  at: 0,
  by: ANN,
  body: { type: 'rule_granted', rule: 'Bash(npm install *)', repo: 'r', task: 't1', request: 'q1' },
}
const completed: FactBody = { type: 'completed', attempt: 1, seq: 9, summary: '', ending }
const committing: FactBody = { type: 'chore_asked', chore: 'commit1', what: 'commit', message: 'm' }
const committed: FactBody = {
  type: 'chore_done',
  chore: 'commit1',
  result: { what: 'commit', commit: null, branch: 'b' },
}
const discardedIt: FactBody = {
  type: 'chore_done',
  chore: 'discard1',
  result: { what: 'discard', ref: 'r', commit: 'c', until: 9 },
}
const source = { chat: 'sim', channel: 'c', id: 'm9' }
const base = [created, started]

const process = (attempt: number): Process => ({
  spec: { task: 't1', attempt, turn: 1, answers: [] } as unknown as Process['spec'],
  resumes: true,
  life: 'alive',
  givenUp: false,
  over: false,
  stopAsked: false,
  events: [],
  given: [],
  inbox: [],
  pending: [],
})

const took = (kind: Took['kind'], id: string, attempt = 1, option = ''): Took => ({
  task: 't1',
  attempt,
  turn: 1,
  kind,
  id,
  option,
})

function world(bodies: FactBody[], more: Partial<World> = {}, by: Actor = HOUSE): World {
  const facts = bodies.map((body, index): Fact => ({
    task: 't1',
    version: index + 1,
    at: index,
    by: index === 0 ? ANN : by,
    body,
  }))
  return { ...emptyWorld(true), facts: new Map([['t1', facts]]), ...more }
}

const DOCTORED: Record<string, World[]> = {
  'a turn ends exactly once': [
    world([...base, completed, { type: 'failed', attempt: 1, seq: 10, reason: '', ending }]),
    world([...base, completed, { type: 'guided', guidance: 'g', text: 'x' }]),
    world([...base, { type: 'prompted', turn: 2, text: '', guidance: [] }]),
  ],
  'a request settles at most once and its answer reaches only the session that asked or the attempt resumed for it, once':
    [
      world([...base, asked(), settled, settled]),
      world([...base, asked(), settled], {
        took: [took('answer', 'q1', 1, 'allow'), took('answer', 'q1', 1, 'allow')],
      }),
      world([...base, asked(), settled], { took: [took('answer', 'q1', 1, 'deny')] }),
      world([...base, asked()], { took: [took('answer', 'q1', 1, 'allow')] }),
      world([...base, asked('q1', 2), settled], { took: [took('answer', 'q1', 1, 'allow')] }),
    ],
  'no acknowledged command is lost': [world(base, { acknowledged: [{ delivery: 'd1', what: 'ann clicks' }] })],
  'nobody decides who may not': [
    world([...base, asked(), { type: 'voted', request: 'q1', option: 'allow', values: {} }], {}, MALLORY),
  ],
  'whatever waits for a person can be answered': [
    world([...base, { ...asked(), ask: { ...askOf('permission', 'q1'), options: [] } } as FactBody]),
    world([...base, asked('q:1')]),
    world([...base, { type: 'parked', attempt: 1 }]),
  ],
  'at most one attempt lives per task': [world(base, { processes: [process(1), process(2)] })],
  'nothing of a task lives once it is cancelled': [
    world([...base, { type: 'cancelled', by: ANN, ending }], { processes: [process(1)] }),
    world([...base, { type: 'cancelled', by: ANN, ending }], { processes: [{ ...process(1), life: 'unborn' }] }),
  ],
  'an old button never answers a newer request': [world([...base, asked(), settled, asked()])],
  'what a session says counts once, and only while it is the one that runs': [
    world([...base, asked(), asked('q2')]),
    world([...base, asked('q1', 2)]),
  ],
  'what cannot be continued is never run again by itself': [
    world(base, { took: [took('prompt', '1'), took('prompt', '1', 2)] }),
  ],
  'nothing is called delivered that no session has taken': [
    world([...base, asked(), settled, { type: 'delivered', request: 'q1', attempt: 1, seq: 4 }]),
    world([
      ...base,
      { type: 'guided', guidance: 'g1', text: 'x', source },
      { type: 'guidance_delivered', guidance: 'g1', attempt: 1, seq: 4 },
    ]),
  ],
  'nobody is reminded twice of one request': [
    world([...base, asked(), { type: 'reminded', request: 'q1' }, { type: 'reminded', request: 'q1' }]),
  ],
  'a chore comes to its end once, is done only while nothing of its task lives, and nothing begins before it is': [
    world([...base, completed, committing, committed, committed]),
    world([...base, completed, committing, { ...committing, chore: 'commit2' }]),
    world([...base, completed, committing, { type: 'attempt_started', attempt: 2 }]),
    world([...base, completed, committing], { chores: [{ task: 't1', chore: 'commit1', alive: 1 }] }),
  ],
  [ALWAYS_ONCE]: [
    world([...base, asked()], { house: [granted] }),
    world([...base, asked(), settled], { house: [granted] }),
    world([...base, asked(), always], { house: [{ ...granted, by: MALLORY }] }),
    world([...base, asked(), always], { house: [granted, { ...granted, version: 2 }] }),
  ],
  'what is discarded is not worked on before it is restored': [
    world([...base, completed, discardedIt, { type: 'prompted', turn: 2, text: '', guidance: [] }]),
    world([...base, completed, discardedIt, committed, { type: 'attempt_started', attempt: 2 }]),
  ],
  'messages never double': [
    world(base, {
      chat: {
        ...emptyWorld(true).chat,
        posted: ['m1', 'm2'].map((id) => ({
          id,
          place: CHANNEL,
          key: 't1:status',
          card: null as never,
          deleted: false,
        })),
      },
    }),
  ],
}

/** Nothing in the journal can break these: only other cards could. break.ts breaks the cards. */
const OF_CARDS = new Set([
  'no settled request and no finished status card shows a button',
  'a button that is shown is one that would be accepted',
])

const lived: (Violation | null)[] = []

beforeAll(async () => {
  for (let seed = 5000; seed < 5000 + SEEDS; seed++) lived.push((await liveSeed(seed)).violation)
}, WITHIN_MS)

describe('in every world', () => {
  test.each(INVARIANTS.map((one) => one.name))('%s', (name) => {
    expect(lived.filter((one) => one?.invariant === name)).toEqual([])
    if (OF_CARDS.has(name)) return
    const own = INVARIANTS.filter((one) => one.name === name)
    expect(DOCTORED[name]).toBeDefined()
    expect(DOCTORED[name]?.map((one) => check(one, own)?.invariant)).toEqual(DOCTORED[name]?.map(() => name))
  })

  test.each([EVERY_TASK_ENDS, NOTHING_FAILS])('%s', (name) => {
    expect(lived.filter((one) => one?.invariant === name)).toEqual([])
  })

  test('a rule that was chosen and never granted is noticed', () => {
    expect(ungranted(world([...base, asked(), always]))?.what).toBe('q1 granted nothing')
    expect(ungranted(world([...base, asked(), always], { house: [granted] }))).toBe(null)
  })

  test('messages converge to what people should see', () => {
    expect(lived.filter((one) => one?.invariant === MESSAGES_CONVERGE)).toEqual([])
    expect(shownWrong(world(base))?.what).toBe('status was never posted')
  })

  test('heads equal the fold', async () => {
    expect(lived.filter((one) => one?.invariant === HEADS_EQUAL_THE_FOLD)).toEqual([])
    const { journal } = await inMemory()
    expect((await headsWrong(world(base), journal))?.what).toBe('the head is undefined')
  })
})
