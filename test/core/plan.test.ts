import { describe, expect, test } from 'vitest'
import { line, plan, type Effect, type Live } from '../../src/task/plan.ts'
import type { Task } from '../../src/task/task.ts'
import {
  asked,
  asking,
  cancelled,
  completed,
  created,
  folded,
  guided,
  lost,
  parked,
  question,
  settled,
  started,
  stopAsked,
  working,
  type Given,
  prompted,
} from './given.ts'

const task = (given: Given, id = 't1'): Task => ({ ...folded(given), id })
const live = (attempt = 1, delivered: string[] = []): Live => ({ task: 't1', attempt, delivered })

type Row = { given: Given; sessions?: Live[]; then: Effect[]; slots?: number }

function check({ given, sessions = [], then, slots = 1 }: Row): void {
  expect(plan([task(given)], sessions, { slots })).toEqual(then)
}

const t1 = { task: 't1' }
const start: Effect = { do: 'start', ...t1 }
const stop = (attempt = 1): Effect => ({ do: 'stop', ...t1, attempt })
const gone = (attempt = 1): Effect => ({ do: 'gone', ...t1, attempt })
const answer = {
  request: 'q1',
  kind: 'permission',
  tool: 'Bash',
  inputHash: 'hash',
  option: 'allow',
  effect: 'allow',
  values: {},
  by: 'ann',
} as const
const more = prompted()

describe('queued, a slot free, no session: it is started', () => {
  test.each<[string, Given]>([
    ['new', [created()]],
    ['after a loss', [...working, lost()]],
    ['after a parked one was answered', [...asking, parked, settled('q1', 'allow')]],
    ['its next turn', [...working, completed(), more]],
  ])('%s', (_what, given) => check({ given, then: [start] }))

  test('not without a free slot', () => check({ given: [created()], then: [], slots: 0 }))
})

describe('queued, and a session of before is still there: it is stopped first, nothing starts', () => {
  test.each<[string, Given]>([
    ['answered while its parked process lives', [...asking, parked, settled('q1', 'allow')]],
    ['the next turn while the process of the last one exits', [...working, completed(), more]],
  ])('%s', (_what, given) => check({ given, sessions: [live()], then: [stop()] }))
})

describe('working, no session:', () => {
  test('it is gone', () => check({ given: working, then: [gone()] }))
  test('also while it asks', () => check({ given: asking, then: [gone()] }))
  test('also when it was only just started', () => check({ given: [created(), started()], then: [gone()] }))
})

describe('working, its session lives:', () => {
  test('with nothing to say, nothing is said', () => check({ given: working, sessions: [live()], then: [] }))
  test('what is settled is delivered', () => {
    check({
      given: [...asking, settled('q1', 'allow')],
      sessions: [live()],
      then: [{ do: 'answer', ...t1, attempt: 1, answer }],
    })
  })
  test('once', () => check({ given: [...asking, settled('q1', 'allow')], sessions: [live(1, ['q1'])], then: [] }))
  test('what was guided is delivered', () => {
    const then: Effect[] = [{ do: 'guide', ...t1, attempt: 1, guidance: { id: 'g1', text: 'keep the names' } }]
    check({ given: [...working, guided()], sessions: [live()], then })
  })
  test('once, too', () => check({ given: [...working, guided()], sessions: [live(1, ['g1'])], then: [] }))
  test('what a session has taken is not said again', () => {
    const taken: Given = [...asking, settled('q1', 'allow'), { type: 'delivered', request: 'q1', attempt: 1, seq: 4 }]
    check({ given: taken, sessions: [live()], then: [] })
    check({
      given: [...working, guided(), { type: 'guidance_delivered', guidance: 'g1', attempt: 1, seq: 4 }],
      sessions: [live()],
      then: [],
    })
  })
  test('words are held while something waits for a person', () => {
    check({ given: [...asking, guided()], sessions: [live()], then: [] })
  })
  test('an answer is not held by another question', () => {
    const given: Given = [...asking, asked(question('q2'), { seq: 4 }), settled('q1', 'allow')]
    check({ given, sessions: [live()], then: [{ do: 'answer', ...t1, attempt: 1, answer }] })
  })
  test('the attempt that follows gets what the one before was asked for', () => {
    const given: Given = [...asking, lost(), settled('q1', 'allow'), started(2)]
    check({ given, sessions: [live(2)], then: [{ do: 'answer', ...t1, attempt: 2, answer }] })
  })
})

describe('parked, or waiting after a loss:', () => {
  test('without a session there is nothing to do', () => {
    check({ given: [...asking, parked], then: [] })
    check({ given: [...asking, lost()], then: [] })
  })
  test('a session is stopped', () => check({ given: [...asking, parked], sessions: [live()], then: [stop()] }))
})

describe('being stopped:', () => {
  test('its session is stopped', () => check({ given: [...working, stopAsked()], sessions: [live()], then: [stop()] }))
  test('without one it is gone', () => check({ given: [...working, stopAsked()], then: [gone()] }))
  test('nothing is delivered any more', () => {
    check({ given: [...asking, settled('q1', 'allow'), guided(), stopAsked()], sessions: [live()], then: [stop()] })
  })
})

describe('ended:', () => {
  test.each<[string, Given]>([
    ['completed', [...working, completed()]],
    ['cancelled', [...working, stopAsked(), cancelled()]],
  ])('%s, a session is stopped, and else there is nothing to do', (_how, given) => {
    check({ given, sessions: [live()], then: [stop()] })
    check({ given, then: [] })
  })
})

describe('of an older attempt:', () => {
  const given: Given = [...asking, lost(), settled('q1', 'allow'), started(2)]
  test('it is stopped before anything is said to the one that runs', () => {
    check({ given, sessions: [live(1), live(2)], then: [stop(1)] })
    check({ given, sessions: [live(1)], then: [stop(1)] })
  })
  test('both are stopped when the task is', () => {
    check({ given: [...given, stopAsked()], sessions: [live(1), live(2)], then: [stop(1), stop(2)] })
  })
  test('of a task nobody knows, it is stopped', () => {
    expect(plan([], [live()], { slots: 1 })).toEqual([stop()])
  })
})

describe('slots:', () => {
  const ids = (effects: Effect[]): string[] => effects.filter((one) => one.do === 'start').map((one) => one.task)
  const at = (given: Given, id: string, ms: number): Task => {
    const one = task(given, id)
    const [turn] = one.turns
    return { ...one, turns: [{ ...turn, phase: { ...turn.phase, since: ms } as never }] }
  }
  const fresh = (id: string, ms: number): Task => at([created()], id, ms)
  const answered = (id: string, ms: number): Task => at([...asking, parked, settled('q1', 'allow')], id, ms)
  const running = (id: string): [Task, Live] => [task(working, id), { task: id, attempt: 1, delivered: [] }]

  test('as many start as are free', () => {
    const tasks = [fresh('a', 1), fresh('b', 2), fresh('c', 3)]
    expect(ids(plan(tasks, [], { slots: 2 }))).toEqual(['a', 'b'])
  })
  test('one that works holds one', () => {
    const [busy, session] = running('x')
    expect(ids(plan([busy, fresh('a', 1), fresh('b', 2)], [session], { slots: 2 }))).toEqual(['a'])
  })
  test('one that waits for a person holds none', () => {
    const waits = task(asking, 'x')
    expect(ids(plan([waits, fresh('a', 1)], [{ task: 'x', attempt: 1, delivered: [] }], { slots: 1 }))).toEqual(['a'])
  })
  test('one that is being stopped still holds its', () => {
    const stops = task([...asking, stopAsked()], 'x')
    expect(ids(plan([stops, fresh('a', 1)], [{ task: 'x', attempt: 1, delivered: [] }], { slots: 1 }))).toEqual([])
  })
  test('more may work than there are slots, then nothing starts', () => {
    const [one, first] = running('x')
    const [two, second] = running('y')
    expect(ids(plan([one, two, fresh('a', 1)], [first, second], { slots: 1 }))).toEqual([])
  })
  test('what was answered goes on before anything new begins', () => {
    expect(ids(plan([fresh('a', 1), answered('b', 9)], [], { slots: 1 }))).toEqual(['b'])
  })
  test('each by the time it waits, then by its name', () => {
    expect(line([fresh('b', 5), fresh('a', 5), fresh('c', 1)]).map((one) => one.id)).toEqual(['c', 'a', 'b'])
  })
  test('one that cannot start yet does not keep the next from it', () => {
    const exits = answered('x', 1)
    expect(ids(plan([exits, fresh('a', 2)], [{ task: 'x', attempt: 1, delivered: [] }], { slots: 1 }))).toEqual(['a'])
  })
})

test('a permission of an earlier turn is no grant in the next', () => {
  const given: Given = [...asking, settled('q1', 'allow'), completed(), more, started(2)]
  expect(plan([task(given)], [live(2)], { slots: 1 })).toEqual([])
})
