import { describe, test } from 'vitest'
import type { FactBody } from '../../src/task/facts.ts'
import {
  ann,
  asking,
  bob,
  cancelled,
  check,
  completed,
  created,
  eve,
  guided,
  lost,
  PLAIN,
  prompted,
  reply,
  report,
  started,
  stopAsked,
  withdrawn,
  working,
  type Given,
} from './given.ts'

const interrupt = { type: 'interrupt', by: ann } as const
const asked: FactBody = { type: 'stop_asked', interrupt: true }
const interrupted: FactBody = { type: 'cancelled', by: bob, ending: {}, interrupted: true }
const stopped = report({ type: 'stopped', ending: {} })

test('what runs is asked to stop, for its turn only', () => {
  check({ given: working, when: interrupt, then: [asked] })
  check({ given: asking, when: interrupt, then: [asked] })
})

describe('refused, with a sentence:', () => {
  test.each<[string, Given, string]>([
    ['before it runs', [created()], 'fix-it is not working, so there is nothing to interrupt.'],
    ['after a loss', [...working, lost()], 'fix-it is not working, so there is nothing to interrupt.'],
    ['after its end', [...working, completed()], 'fix-it is not working, so there is nothing to interrupt.'],
    ['while it is being stopped', [...working, stopAsked(bob)], 'fix-it is being stopped already, asked by @bob.'],
    ['of what cannot go on', [created(PLAIN), started()], 'plain could not go on after that: stop it instead.'],
  ])('%s', (_when, given, then) => check({ given, when: interrupt, then }))

  test('for a stranger', () =>
    check({
      given: working,
      when: { ...interrupt, by: eve },
      then: 'You may not stop tasks here: only the owner may.',
    }))
})

test('once nothing lives the turn is interrupted, and what it asked is asked no longer', () => {
  check({
    given: [...asking, [bob, asked]],
    when: stopped,
    then: [withdrawn('q1', 'it was interrupted'), interrupted],
  })
})

test('words that were held, or came while it was interrupted, are the next prompt', () => {
  check({
    given: [...working, guided(), [bob, asked]],
    when: reply('and use y'),
    then: [{ type: 'guided', guidance: 'g9', text: 'and use y' }],
  })
  check({
    given: [...working, guided(), [bob, asked]],
    when: stopped,
    then: [interrupted, prompted('keep the names', ['g1'])],
  })
  check({
    given: [...working, guided(), [bob, asked]],
    when: { type: 'gone', attempt: 1, began: true, reason: 'killed' },
    then: [interrupted, prompted('keep the names', ['g1'])],
  })
})

test('after a stop they are not', () => {
  check({ given: [...working, guided(), stopAsked(bob)], when: stopped, then: [cancelled(bob)] })
})
