import { array, assert as fcAssert, constantFrom, property } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { evolve } from '../../src/task/evolve.ts'
import type { Fact, FactBody } from '../../src/task/facts.ts'
import { status, type Task } from '../../src/task/task.ts'
import {
  ann,
  asked,
  asking,
  cancelled,
  completed,
  created,
  factsOf,
  failed,
  folded,
  guided,
  identified,
  lost,
  parked,
  permission,
  question,
  settled,
  started,
  stopAsked,
  voted,
  withdrawn,
  working,
  type Given,
  prompted,
} from './given.ts'

const more: FactBody = prompted()

/** In this state these facts change nothing but the version. */
function check({ given, fact }: { given: Given; fact: FactBody }): void {
  const before = folded(given)
  const after = evolve(before, { task: 't1', version: before.version + 1, at: 5, by: ann, body: fact })
  expect(after).toEqual({ ...before, version: before.version + 1 })
}

test('the first fact makes the task, and what came before it makes none', () => {
  expect(evolve(null, factsOf([started()])[0] as Fact)).toBeNull()
  expect(folded([created()])).toMatchObject({ id: 't1', version: 1, requester: ann, attempt: 0, session: null })
})

describe('a fact that does not fit changes nothing but the version:', () => {
  test.each<[string, Given, FactBody]>([
    ['a second creation', working, created()],
    ['a second end', [...working, completed()], failed()],
    ['a stop after the end', [...working, completed()], { type: 'stop_asked' }],
    ['an attempt after the end', [...working, cancelled()], started(2)],
    ['a next turn before the end', working, more],
    ['a second settling', [...asking, settled('q1', 'allow')], settled('q1', 'deny')],
    ['taking back what was answered', [...asking, settled('q1', 'allow')], withdrawn('q1', 'x')],
    ['a vote on what was taken back', [...asking, withdrawn('q1', 'x')], voted('q1', 'allow')],
    ['a second request of one name', asking, asked(question('q1'))],
    ['an answer to nothing', working, settled('q9', 'allow')],
    ['guidance after the end', [...working, completed()], { type: 'guided', guidance: 'g1', text: 'x' }],
  ])('%s', (_what, given, fact) => check({ given, fact }))
})

test.each<[string, Given, ReturnType<typeof status>]>([
  ['created', [created()], 'queued'],
  ['started', [created(), started()], 'working'],
  ['asking', asking, 'input_required'],
  ['answered', [...asking, settled('q1', 'allow')], 'working'],
  ['one of two answered', [...asking, asked(permission('q2'), { seq: 4 }), settled('q1', 'allow')], 'input_required'],
  ['parked', [...asking, parked], 'input_required'],
  ['parked and answered', [...asking, parked, settled('q1', 'allow')], 'queued'],
  ['lost', [...working, lost()], 'queued'],
  ['lost and asking', [...asking, lost()], 'input_required'],
  ['being stopped', [...asking, stopAsked()], 'working'],
  ['completed', [...working, completed()], 'completed'],
  ['failed', [...working, failed()], 'failed'],
  ['cancelled', [...working, cancelled()], 'cancelled'],
  ['prompted again', [...working, completed(), more], 'queued'],
])('what is %s reads as it should', (_what, given, then) => expect(status(folded(given))).toBe(then))

test('a turn has begun when a session has taken its prompt, and the next one has not', () => {
  expect(folded([created(), started()]).turns.map((turn) => turn.begun)).toEqual([false])
  expect(folded([...working, completed(), more, started(2)]).turns.map((turn) => turn.begun)).toEqual([true, false])
})

const any: FactBody[] = [
  created(),
  more,
  started(),
  started(2),
  identified(),
  asked(),
  asked(question('q2')),
  voted('q1', 'allow'),
  settled('q1', 'allow'),
  settled('q2', 'words'),
  withdrawn('q1', 'x'),
  { type: 'delivered', request: 'q1', attempt: 1, seq: 4 },
  guided()[1],
  { type: 'guidance_delivered', guidance: 'g1', attempt: 1, seq: 5 },
  { type: 'reminded', request: 'q1' },
  parked,
  { type: 'stop_asked' },
  lost(),
  completed(),
  failed(),
  cancelled(),
]

test('whatever facts are stored in whatever order, they fold, and every one counts as a version', () => {
  fcAssert(
    property(array(constantFrom(...any), { maxLength: 40 }), (bodies) => {
      const facts = factsOf([created(), ...bodies])
      const task = facts.reduce<Task | null>((folding, fact) => evolve(folding, fact), null)
      expect(task?.version).toBe(facts.length)
      expect(task && status(task)).toMatch(/^(queued|working|input_required|completed|failed|cancelled)$/)
      expect(new Set(task?.requests.map((one) => one.id)).size).toBe(task?.requests.length)
    }),
    { seed: 7, numRuns: 200 },
  )
})
