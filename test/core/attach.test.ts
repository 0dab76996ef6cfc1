import { describe, expect, test } from 'vitest'
import { due } from '../../src/task/due.ts'
import type { FactBody, Terminal } from '../../src/task/facts.ts'
import { plan } from '../../src/task/plan.ts'
import { posts } from '../../src/task/posts/index.ts'
import { status } from '../../src/task/task.ts'
import type { Actor } from '../../src/task/words.ts'
import {
  ann,
  asking,
  bob,
  check,
  completed,
  created,
  eve,
  folded,
  NOW,
  phaseOf,
  reply,
  settled,
  stopAsked,
  vote,
  working,
  type Given,
} from './given.ts'

const terminal: Terminal = { pid: 7, start: '9', boot: 'b' }
const attach = { type: 'attach', by: ann, terminal } as const
const attached: [Actor, FactBody] = [bob, { type: 'attached', terminal }]
const left = { type: 'left', terminal } as const

test('whatever has a conversation can be taken into a terminal', () => {
  const then: FactBody[] = [{ type: 'attached', terminal }]
  for (const given of [working, asking, [...working, completed()]]) check({ given, when: attach, then })
})

describe('refused, with a sentence:', () => {
  test.each<[string, Given, string]>([
    ['before it has begun', [created()], 'fix-it has no conversation yet: wait until it has begun to work.'],
    ['while it is being stopped', [...working, stopAsked()], 'fix-it is being stopped; attach when it has stopped.'],
    [
      'while somebody has it',
      [...working, attached],
      'fix-it is in the terminal of @bob: it goes on here when they leave it.',
    ],
  ])('%s', (_when, given, then) => check({ given, when: attach, then }))

  test('for a stranger', () =>
    check({ given: working, when: { ...attach, by: eve }, then: 'You may not guide tasks here: only the owner may.' }))

  test('everything else, meanwhile', () => {
    const then = 'fix-it is in the terminal of @bob: it goes on here when they leave it.'
    const given = [...asking, attached]
    for (const when of [
      vote('allow'),
      reply('go on'),
      { type: 'cancel', by: ann } as const,
      { type: 'interrupt', by: ann } as const,
    ])
      check({ given, when, then })
  })
})

test('what ran is ended; what it asked stays open, and nothing of it shows a button that decides', () => {
  expect(phaseOf([...asking, attached]).kind).toBe('waiting')
  expect(phaseOf([...working, attached]).kind).toBe('queued')
  const task = folded([...asking, attached])
  const live = [{ task: 't1', attempt: 1, delivered: [] }]
  expect(plan([task], live, { slots: 4 })).toEqual([{ do: 'stop', task: 't1', attempt: 1 }])
  const buttons = [...posts(task, { progress: null, line: null }).values()].flatMap((post) =>
    post.kind === 'card' ? post.card.buttons.map(({ label }) => label) : [],
  )
  expect(buttons).toEqual(['Log'])
  expect(due(task, { remindAfterMs: 1, parkAfterMs: 1 }, NOW).facts).toEqual([])
})

test('nothing starts while a person has it; then it goes on', () => {
  const task = folded([...working, attached])
  expect(status(task)).toBe('working')
  expect(plan([task], [], { slots: 4 })).toEqual([])
  check({ given: [...working, attached], when: { type: 'start' }, then: [] })
  const back = folded([...working, attached, { type: 'detached' }])
  expect(plan([back], [], { slots: 4 })).toEqual([{ do: 'start', task: 't1' }])
})

test('the person has left when that process is gone, and not when another is', () => {
  check({ given: [...asking, attached], when: left, then: [{ type: 'detached' }] })
  check({ given: [...asking, attached], when: { type: 'left', terminal: { ...terminal, start: '10' } }, then: [] })
  check({ given: asking, when: left, then: [] })
})

test('an answer after they have left starts the next attempt', () => {
  expect(phaseOf([...asking, attached, { type: 'detached' }, settled('q1', 'allow')]).kind).toBe('queued')
})
