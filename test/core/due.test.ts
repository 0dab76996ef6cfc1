import { expect, test } from 'vitest'
import { due } from '../../src/task/due.ts'
import {
  ABLE,
  asked,
  asking,
  completed,
  created,
  folded,
  identified,
  lost,
  parked,
  permission,
  settled,
  started,
  stopAsked,
  T0,
  withdrawn,
  working,
  type Given,
} from './given.ts'

const HOUR = 3_600_000
const patience = { remindAfterMs: HOUR, parkAfterMs: 2 * HOUR }
/** The fourth fact asks, three seconds in. */
const ASKED = T0 + 3000

function check({ given, at, then, next }: { given: Given; at: number; then: object[]; next: number | null }): void {
  expect(due(folded(given), patience, at)).toEqual({ facts: then, next })
}

const reminded = { type: 'reminded', request: 'q1' } as const
const park = { type: 'parked', attempt: 1 }

test('nothing asked, nothing due', () => {
  check({ given: working, at: ASKED + 99 * HOUR, then: [], next: null })
})

test('before its hour nobody is reminded, and the next look is known', () => {
  check({ given: asking, at: ASKED + HOUR - 1, then: [], next: ASKED + HOUR })
})

test('after its hour a request is reminded of, once', () => {
  check({ given: asking, at: ASKED + HOUR, then: [reminded], next: ASKED + 2 * HOUR })
  check({ given: [...asking, reminded], at: ASKED + HOUR + 1, then: [], next: ASKED + 2 * HOUR })
})

test('a clock that jumps a day reminds and parks once', () => {
  check({ given: asking, at: ASKED + 24 * HOUR, then: [reminded, park], next: null })
  check({ given: [...asking, reminded, parked], at: ASKED + 48 * HOUR, then: [], next: null })
})

test('a clock that jumps back reminds of nothing early', () => {
  check({ given: asking, at: ASKED - 24 * HOUR, then: [], next: ASKED + HOUR })
})

test('what waits for several answers is parked by the last one asked', () => {
  const given: Given = [...asking, reminded, asked(permission('q2'), { seq: 4 }), { type: 'reminded', request: 'q2' }]
  check({ given, at: ASKED + 2 * HOUR, then: [], next: ASKED + 2 * HOUR + 2000 })
  check({ given, at: ASKED + 2 * HOUR + 2000, then: [park], next: null })
})

test.each<[string, Given]>([
  [
    'an answer is on its way',
    [...asking, asked(permission('q2'), { seq: 4 }), { type: 'reminded', request: 'q2' }, settled('q1', 'allow')],
  ],
  ['its agent cannot resume', [created({ ...ABLE, resume: false }), started(), identified(), asked(), reminded]],
  ['its session is not known by name yet', [created(), started(), asked(), reminded]],
  ['its process is gone anyway', [...asking, reminded, lost()]],
  ['it is parked already', [...asking, reminded, parked]],
])('a task is not parked when %s', (_why, given) => {
  check({ given, at: T0 + 99 * HOUR, then: [], next: null })
})

test('what waits without a process is reminded of all the same', () => {
  check({ given: [...asking, lost()], at: ASKED + HOUR, then: [reminded], next: null })
})

test.each<[string, Given]>([
  ['answered', [...asking, settled('q1', 'allow')]],
  ['taken back', [...asking, withdrawn('q1', 'x')]],
  ['ended', [...asking, withdrawn('q1', 'x'), completed()]],
  ['being stopped', [...asking, stopAsked()]],
])('nobody is reminded of what is %s', (_what, given) => {
  check({ given, at: T0 + 99 * HOUR, then: [], next: null })
})
