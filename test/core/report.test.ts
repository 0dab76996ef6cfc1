import { describe, expect, test } from 'vitest'
import type { Report } from '../../src/task/report.ts'
import type { Ask } from '../../src/task/request.ts'
import { folded, prompted } from './given.ts'
import {
  asked,
  asking,
  bob,
  cancelled,
  check,
  completed,
  created,
  failed,
  guided,
  lost,
  parked,
  permission,
  PLAIN,
  question,
  report,
  settled,
  started,
  stopAsked,
  withdrawn,
  working,
  type Given,
} from './given.ts'

const ending = { durationMs: 5 }
const completes: Report = { type: 'completed', summary: 'done it', ending }
const fails: Report = { type: 'failed', reason: 'It broke.', ending }
const heard = { attempt: 1, seq: 5 }
const took = { ...heard, ...completes }
const turnEnded = withdrawn('q1', 'the turn has ended')
const stopped = withdrawn('q1', 'the task was stopped')

describe('while it runs,', () => {
  test('it says who it is', () => {
    check({
      given: [created(), started()],
      when: report({ type: 'identified', session: 's1' }),
      then: [{ ...heard, type: 'identified', session: 's1' }],
    })
  })
  test('it asks', () => {
    check({
      given: working,
      when: report({ type: 'requested', ask: permission() }),
      then: [{ ...heard, type: 'requested', ask: permission(), need: 1 }],
    })
  })
  test('it takes back what it asked', () => {
    const said: Report = { type: 'withdrawn', request: 'q1', reason: 'the agent went on' }
    check({ given: asking, when: report(said), then: [{ ...said, seq: 5 }] })
  })
  test('it takes nothing back that was answered', () => {
    const said: Report = { type: 'withdrawn', request: 'q1', reason: 'the agent went on' }
    check({ given: [...asking, settled('q1', 'allow')], when: report(said), then: [] })
  })
  test('it has the answer', () => {
    const given: Given = [...asking, settled('q1', 'allow')]
    check({
      given,
      when: report({ type: 'delivered', request: 'q1' }),
      then: [{ ...heard, type: 'delivered', request: 'q1' }],
    })
  })
  test('it cannot have an answer nobody gave, nor twice', () => {
    const when = report({ type: 'delivered', request: 'q1' })
    check({ given: asking, when, then: [] })
    check({
      given: [...asking, settled('q1', 'allow'), { ...heard, seq: 4, type: 'delivered', request: 'q1' }],
      when,
      then: [],
    })
  })
  test('it has the guidance, once', () => {
    const when = report({ type: 'guidance_delivered', guidance: 'g1' })
    check({ given: [...working, guided()], when, then: [{ ...heard, type: 'guidance_delivered', guidance: 'g1' }] })
    check({
      given: [...working, guided(), { ...heard, seq: 4, type: 'guidance_delivered', guidance: 'g1' }],
      when,
      then: [],
    })
    check({ given: working, when, then: [] })
  })
  test('it completes', () => {
    check({ given: working, when: report(completes), then: [took] })
  })
  test('it completes and takes back what it still asks', () => {
    check({ given: asking, when: report(completes), then: [turnEnded, took] })
  })
  test('it fails and takes back what it still asks', () => {
    check({ given: asking, when: report(fails), then: [turnEnded, { ...heard, ...fails }] })
  })
  test('stopped by nobody we know, it has failed', () => {
    const reason = 'Its session process was stopped from outside Backchannel.'
    check({
      given: asking,
      when: report({ type: 'stopped', ending }),
      then: [turnEnded, { ...heard, type: 'failed', reason, ending }],
    })
  })
})

describe('words that came too late for a turn that completed', () => {
  const given: Given = [...working, guided('g1', 'keep the names', bob), guided('g2', 'and the tests')]
  const carried = prompted('keep the names\n\nand the tests', ['g1', 'g2'])

  test('are the prompt of the next one', () => {
    check({ given, when: report(completes), then: [took, carried] })
  })
  test('in the name of who gave them', () => {
    const task = folded([...given, took, carried])
    expect(task.turns[1]?.by).toEqual(bob)
    expect(task.guidance.map((one) => one.state)).toEqual([
      { kind: 'carried', turn: 2 },
      { kind: 'carried', turn: 2 },
    ])
  })
  test('stay on record as undelivered when it failed', () => {
    check({ given, when: report(fails), then: [{ ...heard, ...fails }] })
    expect(folded([...given, failed()]).guidance.map((one) => one.state.kind)).toEqual(['undelivered', 'undelivered'])
  })
  test('are no new turn when it was asked to stop', () => {
    check({ given: [...given, stopAsked()], when: report(completes), then: [took] })
  })
  test('are no new turn of an agent that cannot be continued', () => {
    const brief: Given = [created({ ...PLAIN, guidance: true }), started(), guided()]
    check({ given: brief, when: report(completes), then: [took] })
  })
})

describe('while it is being stopped,', () => {
  const given: Given = [...asking, [bob, settled('q1', 'allow', bob)], guided(), stopAsked(bob)]
  const stopping: Given = [...asking, stopAsked(bob)]

  test('having stopped is what cancels it, in the name of who asked', () => {
    check({
      given: stopping,
      when: report({ type: 'stopped', ending }),
      then: [stopped, { type: 'cancelled', by: bob, ending }],
    })
  })
  test('work that was complete before is complete', () => {
    check({ given: stopping, when: report(completes), then: [turnEnded, took] })
  })
  test('what was taken before still counts', () => {
    check({
      given,
      when: report({ type: 'delivered', request: 'q1' }),
      then: [{ ...heard, type: 'delivered', request: 'q1' }],
    })
    check({
      given,
      when: report({ type: 'guidance_delivered', guidance: 'g1' }),
      then: [{ ...heard, type: 'guidance_delivered', guidance: 'g1' }],
    })
  })
  test.each<Report>([
    { type: 'identified', session: 's2' },
    { type: 'requested', ask: question('q2') },
    { type: 'withdrawn', request: 'q1', reason: 'x' },
    fails,
  ])('$type changes nothing', (said) => {
    check({ given: stopping, when: report(said), then: [] })
  })
})

describe('nothing changes by a report', () => {
  test.each<[string, Given, Parameters<typeof report>[1]]>([
    ['of an older attempt', [...working, lost(), started(2)], { attempt: 1, seq: 9 }],
    ['of an attempt that does not exist', working, { attempt: 2, seq: 9 }],
    ['heard before', asking, { attempt: 1, seq: 3 }],
    ['older than one heard', asking, { attempt: 1, seq: 2 }],
    ['of a task that is parked', [...asking, parked], { attempt: 1, seq: 9 }],
    ['after its loss', [...working, lost()], { attempt: 1, seq: 9 }],
    ['after the end', [...working, completed(1, 4)], { attempt: 1, seq: 9 }],
    ['after it was cancelled', [...working, stopAsked(), cancelled()], { attempt: 1, seq: 9 }],
    ['of a task that is not there', [], { attempt: 1, seq: 9 }],
  ])('%s', (_which, given, place) => check({ given, when: report(completes, place), then: [] }))
})

describe('an agent that asks what no button can answer fails, so that nobody is asked in vain:', () => {
  const ask = (more: Partial<Ask>): Ask => ({ ...permission('q2'), ...more })
  const [allow] = permission().options
  test.each<[string, Ask, string]>([
    ['twice under one name', ask({ id: 'q1' }), 'asked twice under one name (q1)'],
    ['without options', ask({ options: [] }), 'asked something without a possible answer (q2)'],
    [
      'with two options of one name',
      ask({ options: allow ? [allow, allow] : [] }),
      'asked something with two answers of one name (q2)',
    ],
    ['with a colon in its name', ask({ id: 'q:2' }), 'asked something no button can name (q:2, allow)'],
    [
      'with an option without a name',
      ask({ options: [{ id: '', label: 'Yes', effect: 'allow' }] }),
      'asked something no button can name (q2, )',
    ],
    [
      'with a name too long for a button',
      ask({ id: 'q'.repeat(99) }),
      `asked something no button can name (${'q'.repeat(99)}, allow)`,
    ],
  ])('%s', (_how, one, wrong) => {
    const reason = `The agent ${wrong}; this is an error in its adapter.`
    check({
      given: asking,
      when: report({ type: 'requested', ask: one }),
      then: [turnEnded, { ...heard, type: 'failed', reason, ending: {} }],
    })
  })
  test('also under the name of a request of an earlier turn', () => {
    const given: Given = [...asking, turnEnded, completed(), prompted(), started(2)]
    const reason = 'The agent asked twice under one name (q1); this is an error in its adapter.'
    check({
      given,
      when: report({ type: 'requested', ask: permission() }, { attempt: 2, seq: 5 }),
      then: [{ attempt: 2, seq: 5, type: 'failed', reason, ending: {} }],
    })
  })
})

test('a request outlives the attempt that asked', () => {
  const task = folded([...asking, asked(question('q2'), { seq: 4 }), lost()])
  expect(task.requests.map((one) => one.state.kind)).toEqual(['open', 'open'])
})
