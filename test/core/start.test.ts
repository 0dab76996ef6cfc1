import { test } from 'vitest'
import {
  asking,
  check,
  completed,
  created,
  lost,
  parked,
  settled,
  started,
  stopAsked,
  working,
  type Given,
  prompted,
} from './given.ts'

const start = { type: 'start' } as const

test('what is queued gets its next attempt', () => {
  check({ given: [created()], when: start, then: [started(1)] })
  check({ given: [...working, lost()], when: start, then: [started(2)] })
  check({ given: [...asking, parked, settled('q1', 'allow')], when: start, then: [started(2)] })
})

test('attempts are counted over all turns of a task', () => {
  const given: Given = [...working, completed(), prompted()]
  check({ given, when: start, then: [started(2)] })
})

test('what is not queued is not started', () => {
  const all: Given[] = [[], working, asking, [...asking, parked], [...working, stopAsked()], [...working, completed()]]
  for (const given of all) check({ given, when: start, then: [] })
})
