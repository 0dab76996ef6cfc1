import { describe, expect, test } from 'vitest'
import type { Saying } from '../../src/task/decide/command.ts'
import { ATTEMPTS_MAX } from '../../src/task/decide/gone.ts'
import {
  asking,
  bob,
  cancelled,
  check,
  completed,
  created,
  failed,
  folded,
  guided,
  lost,
  parked,
  phaseOf,
  PLAIN,
  settled,
  started,
  stopAsked,
  withdrawn,
  working,
  asked,
  permission,
  type Given,
  prompted,
} from './given.ts'

const gone = (attempt = 1, began = true): Saying => ({ type: 'gone', attempt, began, reason: 'killed' })
const lostOften = (times: number): Given => [
  created(),
  ...Array.from({ length: times }, (_, n) => [started(n + 1), lost(n + 1)]).flat(),
]

describe('while it runs, a session that is gone is lost:', () => {
  test('an agent that can resume gets its next attempt', () => {
    check({ given: working, when: gone(), then: [lost()] })
    expect(phaseOf([...working, lost()])).toMatchObject({ kind: 'queued', why: 'lost' })
  })
  test('what it asked stays answerable, and nothing starts before it is answered', () => {
    check({ given: asking, when: gone(), then: [lost()] })
    expect(phaseOf([...asking, lost()])).toMatchObject({ kind: 'waiting', why: 'lost' })
    expect(phaseOf([...asking, lost(), settled('q1', 'allow')])).toMatchObject({ kind: 'queued', why: 'answered' })
  })
  test('two questions must both be answered before it goes on', () => {
    const given: Given = [...asking, asked(permission('q2'), { seq: 4 }), lost(), settled('q1', 'allow')]
    expect(phaseOf(given)).toMatchObject({ kind: 'waiting' })
    expect(phaseOf([...given, settled('q2', 'allow')])).toMatchObject({ kind: 'queued', why: 'answered' })
  })
  test('an agent that cannot resume has failed: nobody knows what it did', () => {
    const reason = 'killed. What it had done by then is not known, so it is not run again by itself.'
    check({
      given: [created(PLAIN), started()],
      when: gone(),
      then: [lost(), { type: 'failed', attempt: 1, seq: 1, reason, ending: {} }],
    })
  })
  test('and what it asked is taken back', () => {
    const given: Given = [created(PLAIN), started(), asked()]
    const then = [lost(), withdrawn('q1', 'the turn has ended'), expect.objectContaining({ type: 'failed' }) as never]
    check({ given, when: gone(), then })
  })
  test('unless it never began: then nothing has happened', () => {
    check({ given: [created(PLAIN), started()], when: gone(1, false), then: [lost(1, false)] })
  })
})

describe(`lost ${ATTEMPTS_MAX} times in a row,`, () => {
  const given: Given = [...lostOften(ATTEMPTS_MAX - 1), started(ATTEMPTS_MAX)]
  const question = (id: string) => ({
    type: 'requested' as const,
    attempt: 0,
    seq: 0,
    need: 1,
    ask: {
      id,
      kind: 'question' as const,
      title: 'Lost 3 times in a row. Try again?',
      detail: 'Last time: killed.',
      options: [
        { id: 'resume', label: 'Try again', effect: 'answer' as const, style: 'primary' as const },
        { id: 'give-up', label: 'Give up', effect: 'answer' as const, style: 'danger' as const },
      ],
    },
  })

  test('a person is asked', () => {
    check({ given, when: gone(ATTEMPTS_MAX), then: [lost(ATTEMPTS_MAX), question('resume3')] })
  })
  test('under a name no agent has used', () => {
    const used: Given = [
      ...lostOften(1),
      started(2),
      asked(permission('resume3'), { attempt: 2 }),
      withdrawn('resume3', 'x'),
      lost(2),
      started(3),
    ]
    const then = [lost(3), { ...question('resume3-') }]
    check({ given: used, when: gone(3), then })
  })
  test('nobody is asked who is asked something already', () => {
    const last: Given = [...given, asked(permission(), { attempt: ATTEMPTS_MAX })]
    check({ given: last, when: gone(ATTEMPTS_MAX), then: [lost(ATTEMPTS_MAX)] })
  })
  test('a word of a person counts anew', () => {
    const guidedOnce: Given = [...lostOften(ATTEMPTS_MAX - 1), guided(), started(ATTEMPTS_MAX)]
    check({ given: guidedOnce, when: gone(ATTEMPTS_MAX), then: [lost(ATTEMPTS_MAX)] })
  })
  test('“try again” counts anew', () => {
    const again: Given = [...given, lost(3), question('resume3'), settled('resume3', 'resume'), started(4)]
    check({ given: again, when: gone(4), then: [lost(4)] })
  })
  test('the next turn counts anew', () => {
    const next: Given = [...given, completed(3), prompted(), started(4)]
    expect(folded(next).turns[1]?.losses).toBe(0)
  })
})

test('while it is being stopped, gone is stopped, in the name of who asked', () => {
  const given: Given = [...asking, stopAsked(bob)]
  check({ given, when: gone(), then: [withdrawn('q1', 'the task was stopped'), cancelled(bob)] })
})

describe('nothing changes when what is gone', () => {
  test.each<[string, Given, number]>([
    ['is an older attempt', [...working, lost(), started(2)], 1],
    ['was parked on purpose', [...asking, parked], 1],
    ['was lost before', [...working, lost()], 1],
    ['has completed', [...working, completed()], 1],
    ['has failed', [...working, failed()], 1],
    ['has made place for the next turn', [...working, completed(), prompted()], 1],
    ['belongs to a task that is not there', [], 1],
  ])('%s', (_what, given, attempt) => check({ given, when: gone(attempt), then: [] }))
})
