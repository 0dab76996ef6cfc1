// What concerns no task: who was turned away, kept within bounds, and out of the way of the repositories.
import { expect, test } from 'vitest'
import { configured, refusedCaller, reposOf, type HouseFact, type HouseFactBody } from '../../src/task/house.ts'
import { ann } from './given.ts'

const factsOf = (bodies: HouseFactBody[]): HouseFact[] =>
  bodies.map((body, n) => ({ version: n + 1, at: n, by: ann, body }))
const CALLER = { door: 'command line', verb: 'answer', task: 't1', attempt: 1, pid: 7 } as const

test('an attempt that tries again and again is recorded twenty times, each attempt for itself', () => {
  let facts: HouseFact[] = []
  for (let n = 0; n < 30; n++) facts = factsOf([...facts.map(({ body }) => body), ...refusedCaller(facts, CALLER)])
  expect(facts).toHaveLength(20)
  expect(facts[0]?.body).toEqual({ type: 'refused_caller', ...CALLER })
  expect(refusedCaller(facts, { ...CALLER, attempt: 2 })).toHaveLength(1)
  expect(refusedCaller(facts, { ...CALLER, task: 't2' })).toHaveLength(1)
})

test('who was turned away is no repository, and takes none away', () => {
  const repo: HouseFactBody = { type: 'repo_added', name: 'api', path: '/api', base: null }
  expect(reposOf(factsOf([repo, ...refusedCaller([], CALLER)]))).toEqual([{ name: 'api', path: '/api', base: null }])
})

test('settings are recorded when they are others than before', () => {
  const first = configured([], '{"slots":2}')
  expect(first).toEqual([{ type: 'configured', settings: '{"slots":2}' }])
  expect(configured(factsOf(first), '{"slots":2}')).toEqual([])
  const back = configured(factsOf([...first, { type: 'configured', settings: '{"slots":3}' }]), '{"slots":2}')
  expect(back).toHaveLength(1)
})
