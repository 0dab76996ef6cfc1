import { describe, test } from 'vitest'
import {
  ann,
  asked,
  asking,
  bob,
  cancelled,
  check,
  completed,
  created,
  eve,
  failed,
  lost,
  parked,
  permission,
  question,
  settled,
  started,
  stopAsked,
  withdrawn,
  working,
  type Given,
  prompted,
} from './given.ts'

const cancel = { type: 'cancel', by: ann } as const
const end = cancelled(ann)
const next = prompted()

describe('where a process may live, it is asked to stop first:', () => {
  test.each<[string, Given]>([
    ['while it runs', working],
    ['while it runs and asks', asking],
    ['while it is parked, and its process perhaps still there', [...asking, parked]],
    ['when a parked one was answered and waits for its next attempt', [...asking, parked, settled('q1', 'allow')]],
    [
      'when the next turn waits and the process of the last one may still be on its way out',
      [...working, completed(), next],
    ],
    [
      'also when that turn ended because of a broken agent',
      [...asking, withdrawn('q1', 'the turn has ended'), failed(), next],
    ],
  ])('%s', (_where, given) => check({ given, when: cancel, then: [{ type: 'stop_asked' }] }))
})

describe('where nothing lives, it is over at once:', () => {
  test.each<[string, Given]>([
    ['before the first attempt', [created()]],
    ['after a loss, while the next attempt waits', [...working, lost()]],
  ])('%s', (_where, given) => check({ given, when: cancel, then: [end] }))

  test('after a loss, while people are asked: everything asked is taken back', () => {
    const given: Given = [...asking, asked(question('q2'), { seq: 4 }), lost()]
    const reason = 'the task was stopped'
    check({ given, when: cancel, then: [withdrawn('q1', reason), withdrawn('q2', reason), end] })
  })

  test('while it asks whether to try again', () => {
    const given: Given = [...working, lost(), asked(permission('resume1'), { attempt: 0, seq: 0 })]
    check({ given, when: cancel, then: [withdrawn('resume1', 'the task was stopped'), end] })
  })
})

describe('refused, with a sentence:', () => {
  test.each<[string, Given, string]>([
    ['a task that completed', [...working, completed()], 'fix-it has ended already: completed.'],
    ['a task that failed', [...working, failed()], 'fix-it has ended already: failed.'],
    ['a task that was stopped', [...working, stopAsked(), cancelled()], 'fix-it has ended already: cancelled.'],
    ['a second stop', [...working, stopAsked(bob)], 'fix-it is being stopped already, asked by @bob.'],
    ['a task that is not there', [], 'There is no such task.'],
  ])('%s', (_what, given, then) => check({ given, when: cancel, then }))

  test('a stranger', () => {
    check({
      given: working,
      when: { type: 'cancel', by: eve },
      then: 'You may not stop tasks here: only the owner may.',
    })
  })
})

test('a task that was lost and runs once more is asked to stop', () => {
  check({ given: [...working, lost(), started(2)], when: cancel, then: [{ type: 'stop_asked' }] })
})
