// What people allow always: who may, where it counts, that it is granted once, and who takes it back.
import { describe, expect, test } from 'vitest'
import { decide } from '../../src/task/decide/index.ts'
import type { People, Reach } from '../../src/task/authorize.ts'
import { alwaysOptions, granting, grantedIn, rulesFor, grantedOf, revoke } from '../../src/task/granted.ts'
import type { HouseFact, HouseFactBody } from '../../src/task/house.ts'
import type { Ask } from '../../src/task/request.ts'
import type { Actor } from '../../src/task/words.ts'
import {
  ann,
  asked,
  bob,
  eve,
  folded,
  NOW,
  permission,
  settled,
  T0,
  vote,
  voted,
  working,
  type Given,
} from './given.ts'

const RULE = 'Bash(npm install *)'
const ask = (rule = RULE): Ask => ({
  ...permission(),
  options: [...permission().options, ...alwaysOptions(rule, 'api')],
})
const asking: Given = [...working, asked(ask())]
const house = (...bodies: [Actor, HouseFactBody][]): HouseFact[] =>
  bodies.map(([by, body], index) => ({ version: index + 1, at: T0 + index, by, body }))
const granted = (repo: string | null, task = 't1', request = 'q1') =>
  ({ type: 'rule_granted', rule: RULE, repo, task, request }) as const

test('“always” is offered for the task, and for its repository where it has one', () => {
  const labels = (rule: string | null, repo: string | null) => alwaysOptions(rule, repo).map(({ label }) => label)
  expect(labels(RULE, 'api')).toEqual(['Always in this task', 'Always in api'])
  expect(labels(RULE, null)).toEqual(['Always in this task'])
  expect(labels(null, 'api')).toEqual([])
  for (const option of alwaysOptions(RULE, 'api')) expect(option).toMatchObject({ effect: 'allow', rule: RULE })
})

describe('what a task says was granted', () => {
  const of = (option: string, given = asking) => grantedIn(folded([...given, [bob, settled('q1', option, bob)]]))
  test('is what somebody chose, with who and when', () => {
    expect(of('always-task')).toEqual([{ body: granted(null), by: bob, at: NOW }])
    expect(of('always-repo')).toEqual([{ body: granted('api'), by: bob, at: NOW }])
  })
  test('is nothing where they chose otherwise, or have not chosen', () => {
    expect(of('allow')).toEqual([])
    expect(of('deny')).toEqual([])
    expect(grantedIn(folded(asking))).toEqual([])
    expect(grantedIn(folded([...asking, [bob, voted('q1', 'always-repo')]]))).toEqual([])
  })
  test('is nothing where the rule is none', () => {
    expect(of('always-repo', [...working, asked(ask('mcp__*'))])).toEqual([])
  })
})

test('an answer grants once, also when it was revoked since', () => {
  const once = house([ann, granted('api')])
  expect(granting([], granted('api'))).toEqual([granted('api')])
  expect(granting(once, granted('api'))).toEqual([])
  expect(granting(once, granted('api', 't2'))).toHaveLength(1)
  expect(granting(once, granted('api', 't1', 'q2'))).toHaveLength(1)
  expect(
    granting([...once, ...house([ann, granted('api')], [ann, { type: 'rule_revoked', granted: 1 }])], granted('api')),
  ).toEqual([])
})

test('it counts in its task or its repository, and until it is revoked', () => {
  const facts = house([ann, granted(null)], [bob, granted('api', 't2')], [ann, granted('site', 't3')])
  const rules = (id: string, repo: string | null, all = facts) =>
    rulesFor(grantedOf(all), { id, work: { kind: 'here', repo, path: '/' } }).map(({ at }) => at)
  expect(rules('t1', 'api')).toEqual(['r1, granted by @ann', 'r2, granted by @bob'])
  expect(rules('t9', 'api')).toEqual(['r2, granted by @bob'])
  expect(rules('t1', null)).toEqual(['r1, granted by @ann'])
  expect(rules('t9', null)).toEqual([])
  expect(rules('t3', 'api')).toEqual(['r2, granted by @bob'])
  const later = [...facts, { version: 4, at: T0, by: ann, body: { type: 'rule_revoked', granted: 2 } } as const]
  expect(rules('t1', 'api', later)).toEqual(['r1, granted by @ann'])
  expect(grantedOf(facts)[1]).toEqual({
    id: 'r2',
    rule: RULE,
    repo: 'api',
    task: 't2',
    request: 'q1',
    by: bob,
    at: T0 + 1,
  })
})

describe('revoking', () => {
  const facts = house([bob, granted('api')])
  const people: People = { owners: [ann] }
  test.for<[Actor, string, HouseFactBody[] | string]>([
    [ann, 'r1', [{ type: 'rule_revoked', granted: 1 }]],
    [bob, 'r1', [{ type: 'rule_revoked', granted: 1 }]],
    [eve, 'r1', 'You may not revoke r1: only the owner and @bob, who granted it, may.'],
    [ann, 'r2', 'There is no rule “r2”; possible: r1.'],
    [ann, '1', 'There is no rule “1”; possible: r1.'],
  ])('$0.name, $1', ([by, id, then]) => {
    expect(revoke(facts, people, by, id)).toEqual(typeof then === 'string' ? { refused: then } : then)
  })
  test('twice is too often', () => {
    const done = [...facts, { version: 2, at: T0, by: ann, body: { type: 'rule_revoked', granted: 1 } } as const]
    expect(revoke(done, people, ann, 'r1')).toEqual({ refused: 'Nobody granted a rule that still counts.' })
  })
})

describe('who may allow always', () => {
  const says = (option: string, role: object) =>
    decide(
      folded(asking),
      vote(option, { by: eve }),
      { owners: [ann], roles: [{ name: 'helpers', who: [eve], ...role }] },
      NOW,
    )
  test.for<[answer: Reach, limits: object, repo: boolean]>([
    ['all', {}, true],
    ['all', { repos: ['api'] }, true],
    ['others', {}, false],
    ['all', { agents: ['able'] }, false],
    ['all', { modes: ['default'] }, false],
  ])('in the repository, with answer: %s and %j: %s', ([answer, limits, may]) => {
    expect('refused' in says('always-task', { answer, ...limits })).toBe(false)
    expect('refused' in says('always-repo', { answer, ...limits })).toBe(!may)
  })
  test('who may not is told who may', () => {
    expect(says('always-repo', { answer: 'others' })).toEqual({
      refused: 'You may not allow this always in api: only the owner may. Allow it once, or in this task.',
    })
  })
  test('an answer that grants settles like any other', () => {
    expect(decide(folded(asking), vote('always-repo'), { owners: [ann] }, NOW)).toEqual([
      voted('q1', 'always-repo', { inputHash: 'hash' }),
      settled('q1', 'always-repo'),
    ])
  })
})
