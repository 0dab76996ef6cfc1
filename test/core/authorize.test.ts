import { describe, expect, test } from 'vitest'
import { authorize, withGroups, type About, type People, type Reach, type Role } from '../../src/task/authorize.ts'
import type { Command } from '../../src/task/decide/command.ts'
import { decide } from '../../src/task/decide/index.ts'
import { HOUSE, isRefused, type Actor } from '../../src/task/words.ts'
import { ann, asked, bob, created, eve, folded, NOW, people, question, started } from './given.ts'

const deeds = [
  ['create', 'start tasks'],
  ['vote', 'answer requests'],
  ['reply', 'guide tasks'],
  ['again', 'guide tasks'],
  ['cancel', 'stop tasks'],
] as const

test.each(deeds)('an owner may %s, a stranger is told no', (deed, words) => {
  expect(authorize(people, ann, deed)).toBeNull()
  expect(authorize(people, eve, deed)).toEqual({ refused: `You may not ${words} here: only the owner may.` })
})

test('a name is not who somebody is', () => {
  expect(authorize(people, { chat: 'web', id: 'eve', name: 'ann' }, 'vote')).not.toBeNull()
  expect(authorize(people, { chat: 'web', id: 'ann', name: 'somebody' }, 'vote')).toBeNull()
})

test('the same id in another chat is somebody else', () => {
  expect(authorize(people, { ...ann, chat: 'other' }, 'vote')).not.toBeNull()
})

test('in a house without owners nobody may anything', () => {
  for (const [deed] of deeds) expect(authorize({ owners: [] }, ann, deed)).not.toBeNull()
})

const cleo: Actor = { chat: 'web', id: 'cleo', name: 'cleo' }
const DEEDS: Command['type'][] = ['create', 'vote', 'reply', 'again', 'cancel', 'attach', 'interrupt', 'chore']
/** What each right opens. */
const OPENS: Record<string, Command['type'][]> = {
  start: ['create'],
  answer: ['vote'],
  guide: ['reply', 'again', 'attach', 'chore'],
  stop: ['cancel', 'interrupt'],
}
const TASK: About = { repo: 'api', agent: 'able', mode: 'default', requester: bob }

/** Eve has one right, over these tasks; cleo has a role that gives nothing; ann is the owner. */
function house(right: string, reach: Reach | true, limits: Partial<Role> = {}): People {
  const role: Role = { name: 'helpers', who: [eve], ...limits, [right]: reach }
  return { owners: [ann], roles: [role, { name: 'guests', who: [cleo] }] }
}

const RIGHTS: [right: string, reach: Reach | true][] = [
  ['start', true],
  ...['answer', 'guide', 'stop'].flatMap((right) =>
    (['own', 'others', 'all'] as const).map((reach): [string, Reach] => [right, reach]),
  ),
]
const TASKS: [whose: string, about: About][] = [
  ['her own', { ...TASK, requester: eve }],
  ['the owner’s', { ...TASK, requester: ann }],
  ['somebody’s', { ...TASK, requester: bob }],
]

/** How somebody is in a role: by their own id, by a group of their chat, by another id of theirs, or by a group of that one. */
const GROUP = { chat: 'web', id: 'S0GROUP' }
const OTHER_ID = { chat: 'other', id: 'E2' }
const WAYS: [way: string, named: Role['who'][number], groups: string[], persons: People['persons']][] = [
  ['by id', eve, [], []],
  ['by a group', GROUP, ['S1', GROUP.id], []],
  [
    'by another id',
    OTHER_ID,
    [],
    [
      [{ chat: 'third', id: 'E3' }, OTHER_ID],
      [{ chat: 'third', id: 'E3' }, eve],
    ],
  ],
]
const inWay = ([, named, groups, persons]: (typeof WAYS)[number], all: People, actor: Actor = eve): People => {
  const roles = (all.roles ?? []).map((role) => ({ ...role, who: role.who.map((one) => (one === eve ? named : one)) }))
  return withGroups({ ...all, roles, ...(persons && { persons }) }, actor, groups)
}

for (const way of WAYS)
  for (const [right, reach] of RIGHTS)
    for (const deed of DEEDS)
      for (const [whose, about] of TASKS) {
        const reaches = reach === true || reach === 'all' || (reach === 'own') === (whose === 'her own')
        const may = OPENS[right]?.includes(deed) === true && reaches
        test(`who is named ${way[0]} and has ${right}: ${reach} ${may ? 'may' : 'may not'} ${deed} in ${whose} task`, () => {
          const all = house(right, reach)
          expect(authorize(inWay(way, all), eve, deed, about) === null).toBe(may)
          expect(authorize(inWay(way, all), ann, deed, about)).toBeNull()
          for (const nobody of [cleo, bob, HOUSE, { ...eve, chat: 'nowhere' }, { ...eve, id: 'x' }])
            expect(authorize(inWay(way, all), nobody, deed, about)).not.toBeNull()
        })
      }

describe('a group', () => {
  const named: People = { owners: [], roles: [{ name: 'helpers', who: [GROUP], answer: 'all', admin: false }] }
  const may = (all: People, actor: Actor, groups?: string[]) =>
    authorize(withGroups(all, actor, groups), actor, 'vote', TASK) === null
  test('is of one chat, and of who is in it now', () => {
    expect(may(named, eve, [GROUP.id])).toBe(true)
    expect(may(named, eve, ['S1'])).toBe(false)
    expect(may(named, eve)).toBe(false)
    expect(may(named, { ...eve, chat: 'other' }, [GROUP.id])).toBe(false)
  })
  test('makes nobody else one of it', () => {
    expect(authorize(withGroups(named, eve, [GROUP.id]), bob, 'vote', TASK)).not.toBeNull()
  })
  test('may administer', () => {
    const admins: People = { owners: [], roles: [{ name: 'admins', who: [GROUP], admin: true }] }
    for (const deed of DEEDS) {
      expect(authorize(withGroups(admins, eve, [GROUP.id]), eve, deed, TASK)).toBeNull()
      expect(authorize(withGroups(admins, eve, []), eve, deed, TASK)).not.toBeNull()
    }
  })
})

test('what one id of a person started is their own under another, and not somebody else’s', () => {
  const persons = [[eve, OTHER_ID]]
  const about = { ...TASK, requester: OTHER_ID }
  expect(authorize({ ...house('answer', 'others'), persons }, eve, 'vote', about)).not.toBeNull()
  expect(authorize({ ...house('answer', 'own'), persons }, eve, 'vote', about)).toBeNull()
  expect(authorize(house('answer', 'others'), eve, 'vote', about)).toBeNull()
})

test.each<[limit: Partial<Role>, other: Partial<About>]>([
  [{ repos: ['api'] }, { repo: 'site' }],
  [{ repos: ['api'] }, { repo: null }],
  [{ agents: ['able'] }, { agent: 'plain' }],
  [{ modes: ['default', 'plan'] }, { mode: 'bypass' }],
])('a role limited to %j is nothing elsewhere, for any deed: %j', (limit, other) => {
  for (const [right, opened] of Object.entries(OPENS))
    for (const deed of opened) {
      const all = house(right, right === 'start' ? true : 'all', limit)
      expect(authorize(all, eve, deed, TASK)).toBeNull()
      expect(authorize(all, eve, deed, { ...TASK, ...other })).not.toBeNull()
    }
})

test('who has limits takes nothing that reaches beyond them', () => {
  for (const flag of ['check', 'env', 'add-dir']) {
    const about = { ...TASK, flags: ['model', flag] }
    expect(authorize(house('start', true), eve, 'create', about)).toBeNull()
    expect(authorize(house('start', true, { repos: ['api'] }), eve, 'create', about)).not.toBeNull()
  }
  expect(authorize(house('start', true, { repos: ['api'] }), eve, 'create', { ...TASK, flags: ['model'] })).toBeNull()
})

test('several roles of one person add up', () => {
  const roles: Role[] = [
    { name: 'a', who: [eve], answer: 'own', repos: ['site'] },
    { name: 'b', who: [bob, eve], answer: 'others' },
  ]
  expect(authorize({ owners: [], roles }, eve, 'vote', TASK)).toBeNull()
  expect(authorize({ owners: [], roles }, eve, 'vote', { ...TASK, requester: eve })).not.toBeNull()
  expect(authorize({ owners: [], roles }, eve, 'vote', { ...TASK, repo: 'site', requester: eve })).toBeNull()
})

test('a refusal says who may, or how far one may oneself', () => {
  const limited = house('answer', 'own', { repos: ['api', 'site'], agents: ['able'] })
  expect(authorize(limited, cleo, 'vote', TASK)).toEqual({
    refused: 'You may not answer requests here: only the owner and helpers may.',
  })
  expect(authorize(limited, eve, 'vote', TASK)).toEqual({
    refused: 'You may not answer requests here: as helpers only for tasks you started, in api and site, with able.',
  })
  expect(authorize(house('start', true, { modes: ['plan'] }), eve, 'create', TASK)).toEqual({
    refused: 'You may not start tasks here: as helpers only in mode plan, without --check, --env and --add-dir.',
  })
})

test('what is decided is asked about the task as it is: words that answer are an answer, an answer that stops is a stop', () => {
  const ask = question()
  ask.options = [...ask.options, { id: 'stop', label: 'Stop', effect: 'answer', stops: true }]
  const asking = folded([created(), started(), asked(ask)])
  const [request = ''] = asking.requests.map(({ id }) => id)
  const say = (all: People, command: Command) => decide(asking, command, all, NOW)
  const words: Command = { type: 'reply', by: eve, id: 'g1', text: 'red' }
  expect(isRefused(say(house('guide', 'all'), words))).toBe(true)
  expect(isRefused(say(house('answer', 'all'), words))).toBe(false)
  const stops: Command = { type: 'vote', by: eve, request, option: 'stop', values: {} }
  expect(isRefused(say(house('answer', 'all'), stops))).toBe(true)
  const both: People = { owners: [], roles: [{ name: 'h', who: [eve], answer: 'all', stop: 'all' }] }
  expect(isRefused(say(both, stops))).toBe(false)
})
