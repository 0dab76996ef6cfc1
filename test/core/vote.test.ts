import { describe, expect, test } from 'vitest'
import type { FactBody } from '../../src/task/facts.ts'
import type { Option } from '../../src/task/request.ts'
import { heldGuidance, undeliveredAnswers } from '../../src/task/task.ts'
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
  folded,
  guided,
  lost,
  parked,
  permission,
  phaseOf,
  question,
  settled,
  started,
  stopAsked,
  vote,
  voted,
  withdrawn,
  working,
  type Given,
  prompted,
} from './given.ts'

const hash = { inputHash: 'hash' }
const allowed = [voted('q1', 'allow', hash), settled('q1', 'allow')]

test('one yes settles a request that needs one', () => {
  check({ given: asking, when: vote('allow'), then: allowed })
})

test('a no settles it too, with what was said', () => {
  const values = { reason: 'not today' }
  const then = [voted('q1', 'deny', { values, ...hash }), settled('q1', 'deny', ann, values)]
  check({ given: asking, when: vote('deny', { values: { reason: ' not today ', other: 'dropped' } }), then })
})

test('a field that is not required may stay empty', () => {
  check({ given: asking, when: vote('deny'), then: [voted('q1', 'deny', hash), settled('q1', 'deny')] })
})

test('a request can be answered while its task is parked, after a loss, and while it works', () => {
  check({ given: [...asking, parked], when: vote('allow'), then: allowed })
  check({ given: [...asking, lost()], when: vote('allow'), then: allowed })
})

describe('refused, with a sentence:', () => {
  const bobAllowed: Given = [...asking, [bob, voted('q1', 'allow')], [bob, settled('q1', 'allow', bob)]]
  test.each<[string, Given, ReturnType<typeof vote>, string]>([
    ['a second click', bobAllowed, vote('allow'), 'Already answered by @bob: Allow once.'],
    ['a click on the other button, too late', bobAllowed, vote('deny'), 'Already answered by @bob: Allow once.'],
    ['a request nobody made', asking, vote('allow', { request: 'q7' }), 'fix-it has no request q7.'],
    [
      'an option nobody offered',
      asking,
      vote('burn'),
      '“Run npm install?” cannot be answered with “burn”; possible: allow, deny.',
    ],
    ['a task that is not there', [], vote('allow'), 'There is no such task.'],
    ['a stranger', asking, vote('allow', { by: eve }), 'You may not answer requests here: only the owner may.'],
    [
      'what the agent took back',
      [...asking, withdrawn('q1', 'the agent went on')],
      vote('allow'),
      'This is no longer asked: the agent went on.',
    ],
    [
      'the end of the turn',
      [...asking, withdrawn('q1', 'the turn has ended'), completed()],
      vote('allow'),
      'This is no longer asked: the turn has ended.',
    ],
    ['a task that is being stopped', [...asking, stopAsked()], vote('allow'), 'fix-it is being stopped.'],
    [
      'a required field left empty',
      [...working, asked(question())],
      vote('words', { values: { words: ' ' } }),
      '“In words…” needs “Your words”.',
    ],
    [
      'a field with control characters',
      [...working, asked(question())],
      vote('words', { values: { words: 'a\u0007b' } }),
      'The Your words contains the control character U+0007 at position 2: remove it.',
    ],
  ])('%s', (_what, given, when, then) => check({ given, when, then }))
})

test('what was there to be edited is kept with the space around it, other words are not', () => {
  const edit: Option = {
    id: 'edit',
    label: 'Edit…',
    effect: 'allow',
    fields: [
      { id: 'old', label: 'old', required: true, prefill: '  a\n' },
      { id: 'new', label: 'new', required: false, prefill: '' },
      { id: 'why', label: 'why', required: false },
    ],
  }
  check({
    given: [...working, asked({ ...permission(), options: [edit] })],
    when: vote('edit', { values: { old: '  b\n', new: ' ', why: ' so ' } }),
    then: [
      voted('q1', 'edit', { ...hash, values: { old: '  b\n', why: 'so' } }),
      settled('q1', 'edit', ann, { old: '  b\n', why: 'so' }),
    ],
  })
})

describe('a request that needs two', () => {
  const two: Given = [...working, asked(permission(), { need: 2 })]
  const annAllowed: Given = [...two, [ann, voted('q1', 'allow', hash)]]

  test('stays open after the first yes', () => {
    check({ given: two, when: vote('allow'), then: [voted('q1', 'allow', hash)] })
  })
  test('settles with the second', () => {
    const then = [voted('q1', 'allow', hash), settled('q1', 'allow', bob)]
    check({ given: annAllowed, when: vote('allow', { by: bob }), then })
  })
  test('settles at once with a no', () => {
    const then = [voted('q1', 'deny', hash), settled('q1', 'deny', bob)]
    check({ given: annAllowed, when: vote('deny', { by: bob }), then })
  })
  test('does not count one person twice', () => {
    const then = 'You have voted on this already; another person must agree.'
    check({ given: annAllowed, when: vote('allow'), then })
  })
})

describe('“try again?”', () => {
  const three: Given = [
    ...[1, 2, 3].flatMap((attempt) => [...(attempt === 1 ? [created()] : []), started(attempt), lost(attempt)]),
    asked(
      {
        ...question('resume3'),
        options: [
          { id: 'resume', label: 'Try again', effect: 'answer' },
          { id: 'give-up', label: 'Give up', effect: 'answer' },
        ],
      },
      { attempt: 0, seq: 0 },
    ),
  ]

  test('yes queues the next attempt', () => {
    const when = vote('resume', { request: 'resume3' })
    check({ given: three, when, then: [voted('resume3', 'resume'), settled('resume3', 'resume')] })
    expect(phaseOf([...three, settled('resume3', 'resume')])).toMatchObject({ kind: 'queued', why: 'answered' })
  })
  test('no ends the turn', () => {
    const reason = 'Given up by @ann after its session was lost repeatedly.'
    const then = [
      voted('resume3', 'give-up'),
      settled('resume3', 'give-up'),
      { type: 'failed', attempt: 0, seq: 0, reason, ending: {} } as const,
    ]
    check({ given: three, when: vote('give-up', { request: 'resume3' }), then })
  })
  test('its answer goes to no session', () => {
    expect(undeliveredAnswers(folded([...three, settled('resume3', 'resume')]))).toEqual([])
  })
})

test('an answer goes on its way with the exact call it is for', () => {
  expect(undeliveredAnswers(folded([...asking, settled('q1', 'allow')]))).toEqual([
    {
      request: 'q1',
      kind: 'permission',
      tool: 'Bash',
      inputHash: 'hash',
      option: 'allow',
      effect: 'allow',
      values: {},
      by: 'ann',
    },
  ])
})

test('an answer of an earlier turn goes nowhere', () => {
  const next = prompted()
  expect(undeliveredAnswers(folded([...asking, settled('q1', 'allow'), completed(), next]))).toEqual([])
})

describe('an answer that also stops the task', () => {
  const stopping = permission()
  stopping.options = [...stopping.options, { id: 'stop', label: 'Deny and stop', effect: 'deny', stops: true }]
  const denied = [voted('q1', 'stop', hash), settled('q1', 'stop')]

  test('asks what lives to stop', () => {
    check({ given: [...working, asked(stopping)], when: vote('stop'), then: [...denied, { type: 'stop_asked' }] })
  })

  test('ends it at once where nothing lives, and withdraws everything else', () => {
    check({
      given: [...working, asked(stopping), asked(permission('q2'), { seq: 4 }), lost()],
      when: vote('stop'),
      then: [...denied, withdrawn('q2', 'the task was stopped'), cancelled(ann)],
    })
  })
})

describe('words that were held while it was asked', () => {
  const held: Given = [...asking, guided('g1', 'use y'), guided('g2', 'and hurry')]
  const deny = (reason: string) => vote('deny', { values: { reason } })

  test('have arrived with a no that gives them as its reason', () => {
    const values = { reason: 'use y' }
    check({
      given: held,
      when: deny('use y'),
      then: [
        voted('q1', 'deny', { values, ...hash }),
        { ...settled('q1', 'deny', ann, values), guidance: ['g1'] } as FactBody,
      ],
    })
    const after = folded([...held, { ...settled('q1', 'deny', ann, values), guidance: ['g1'] } as FactBody])
    expect(heldGuidance(after).map(({ id }) => id)).toEqual(['g2'])
  })

  test('stay held when it says something else, and after a yes', () => {
    const values = { reason: 'no' }
    check({
      given: held,
      when: deny('no'),
      then: [voted('q1', 'deny', { values, ...hash }), settled('q1', 'deny', ann, values)],
    })
    check({ given: held, when: vote('allow'), then: allowed })
  })
})
