import { describe, expect, test } from 'vitest'
import type { FactBody } from '../../src/task/facts.ts'
import { posts } from '../../src/task/posts/index.ts'
import type { AskedBy } from '../../src/task/request.ts'
import type { Actor } from '../../src/task/words.ts'
import {
  type Given,
  T0,
  asked,
  asking,
  bob,
  completed,
  created,
  eve,
  folded,
  guided,
  identified,
  lost,
  parked,
  permission,
  question,
  settled,
  started,
  stopAsked,
  voted,
  withdrawn,
  working,
} from './given.ts'
import { check } from './seen.ts'

describe('the card of a request that wants more than one yes', () => {
  const requires = [{ rule: 'Bash(npm *)', approvers: 2, from: ['releasers'] }]
  const given: Given = [...working, asked({ ...permission(), requires }, { need: 2 })]
  const yes = (by: Actor): [Actor, FactBody] => [by, voted('q1', 'allow', { as: ['releasers'] })]
  const settles = (option: string): [Actor, FactBody] => [
    bob,
    { type: 'settled', request: 'q1', vote: { by: bob, at: T0 + 6000, option, values: {} } },
  ]
  const what = ['Run npm install?', '`npm install left-pad`', 'in `/api`']
  const open = ['waiting since 3s, asked by @ann', '[Allow once] [Deny…]', 'notifies @ann']
  test.each<[string, Given, string[]]>([
    [
      'says how many, and from whom',
      given,
      [...what, '`Bash(npm *)`: 0 of 2, waiting for: releasers, not who asked for it', ...open],
    ],
    [
      'says how many are missing and who has said yes',
      [...given, yes(eve)],
      [...what, '`Bash(npm *)`: 1 of 2, waiting for: releasers, not who asked for it', 'Allowed by @eve, 4s', ...open],
    ],
    [
      'names all who said yes once it is settled',
      [...given, yes(eve), yes(bob), settles('allow')],
      [...what, '*Allow once* by @eve and @bob, 6s · not delivered yet'],
    ],
    [
      'names who said no alone',
      [...given, yes(eve), settles('deny')],
      [...what, '*Deny* by @bob, 6s · not delivered yet'],
    ],
  ])('%s', (_what, facts, then) => check({ given: facts, key: 'request:q1', then }))
})

test.each<[AskedBy, string]>([
  [{ rule: 'Bash(npm *)', at: '/home/ann/.bc/config.yaml:3' }, 'Asked by rule `Bash(npm *)` (config.yaml:3)'],
  [
    { rule: 'Bash(npm *)', at: 'config.yaml:3', part: 'npm x' },
    'Asked by rule `Bash(npm *)` (config.yaml:3), for `npm x`',
  ],
  ['none', 'No rule matched'],
  ['unclear', 'Asked because nobody can tell from the rules what it would do'],
])('a card says which rule asked: %j', (askedBy, line) => {
  const asks = ['Run npm install?', '`npm install left-pad`', 'in `/api`']
  const then = [...asks, line, 'waiting for @ann', '[Allow once] [Deny…]', 'notifies @ann']
  check({ given: [...working, asked({ ...permission(), askedBy })], key: 'request:q1', then })
})

describe('the card of a request', () => {
  const open = [
    'Run npm install?',
    '`npm install left-pad`',
    'in `/api`',
    'waiting for @ann',
    '[Allow once] [Deny…]',
    'notifies @ann',
  ]
  const closed = (state: string): string[] => ['Run npm install?', '`npm install left-pad`', 'in `/api`', state]
  const allowed = {
    type: 'settled',
    request: 'q1',
    vote: { by: bob, at: T0 + 4000, option: 'allow', values: {} },
  } as const
  const denied = {
    type: 'settled',
    request: 'q1',
    vote: { by: bob, at: T0 + 4000, option: 'deny', values: { reason: 'not today' } },
  } as const

  test.each<[string, Given, string[]]>([
    ['has buttons while it is open', asking, open],
    ['keeps them when its process is gone', [...asking, lost()], open],
    ['keeps them when it is parked', [...asking, parked], open],
    [
      'has none while its task is being stopped',
      [...asking, stopAsked()],
      [...closed('waiting for @ann'), 'notifies @ann'],
    ],
    [
      'says who answered, and that it is not delivered yet',
      [...asking, allowed],
      closed('*Allow once* by @bob, 4s · not delivered yet'),
    ],
    [
      'says when it is delivered',
      [...asking, allowed, { type: 'delivered', request: 'q1', attempt: 1, seq: 4 }],
      closed('*Allow once* by @bob, 4s · delivered'),
    ],
    [
      'says when it never was',
      [...asking, allowed, completed()],
      closed('*Allow once* by @bob, 4s · not delivered: the turn ended first'),
    ],
    [
      'says what was said',
      [...asking, denied],
      [...closed('*Deny* by @bob, 4s · not delivered yet'), '> Why not? not today'],
    ],
    [
      'offers words that came meanwhile as the reason for a no',
      [...asking, guided()],
      [
        'Run npm install?',
        '`npm install left-pad`',
        'in `/api`',
        'Held until this is answered; “Deny…” offers it as the reason:',
        '> keep the names',
        'waiting for @ann',
        '[Allow once] [Deny…]',
        'notifies @ann',
      ],
    ],
    [
      'says why it is no longer asked',
      [...asking, withdrawn('q1', 'the agent went on')],
      closed('No longer asked: the agent went on, 4s'),
    ],
    [
      'of one that needs two says how many are missing',
      [...working, asked(permission(), { need: 2 })],
      [
        'Run npm install?',
        '`npm install left-pad`',
        'in `/api`',
        'waiting for 2 people, asked by @ann',
        '[Allow once] [Deny…]',
        'notifies @ann',
      ],
    ],
    [
      'of a question asks for words in a form',
      [...working, asked(question())],
      ['Which colour?', 'waiting for @ann', '[Red] [Blue] [In words…]', 'notifies @ann'],
    ],
  ])('%s', (_what, given, then) => check({ given, key: 'request:q1', then }))

  test('of a worktree names it and its branch', () => {
    const worktree = { kind: 'worktree', repo: 'api', path: '/api', worktree: '/w', branch: 'bg/fix-it', base: null }
    const given = [{ ...created(), work: worktree } as FactBody, started(), identified(), asked(permission())]
    const [title = '', detail = '', , ...rest] = open
    check({ given, key: 'request:q1', then: [title, detail, 'in `/w` on `bg/fix-it`', ...rest] })
  })

  test('of ours says nothing of delivery', () => {
    const ours: Given = [...working, lost(), asked(permission(), { attempt: 0, seq: 0 }), allowed]
    const then = ['Run npm install?', '`npm install left-pad`', '*Allow once* by @bob, 4s']
    check({ given: ours, key: 'request:q1', then })
  })

  test('names in each button the one thing it decides, and asks for its fields first', () => {
    const post = posts(folded([...working, asked(question())]), { progress: null, line: null }).get('request:q1')
    const buttons = post?.kind === 'card' ? post.card.buttons : []
    expect(buttons.map((one) => one.id)).toEqual(['v1:vote:t1:q1:red', 'v1:vote:t1:q1:blue', 'v1:vote:t1:q1:words'])
    expect(buttons.map((one) => one.form?.fields[0]?.label)).toEqual([undefined, undefined, 'Your words'])
  })

  test('says on the button that sends a form what sending it does: what was edited is allowed', () => {
    const fields = [{ id: 'command', label: 'Command', required: true }]
    const ask = permission()
    const edited = {
      ...ask,
      options: [...ask.options, { id: 'edit', label: 'Edit…', effect: 'allow', fields } as const],
    }
    const post = posts(folded([...working, asked(edited)]), { progress: null, line: null }).get('request:q1')
    const buttons = post?.kind === 'card' ? post.card.buttons : []
    expect(buttons.map((one) => one.form?.submit)).toEqual([undefined, 'Deny', 'Allow'])
  })
})

describe('a reminder', () => {
  const reminded: Given = [...asking, { type: 'reminded', request: 'q1' }]
  test('is a new message without buttons', () => {
    check({
      given: reminded,
      key: 'reminder:q1',
      then: ['Still waiting for an answer', '*Run npm install?* since 3s', 'notifies @ann'],
    })
  })
  test('is not posted any more once the request is answered', () => {
    expect([
      ...posts(folded([...reminded, settled('q1', 'allow')]), { progress: null, line: null }).keys(),
    ]).not.toContain('reminder:q1')
  })
})
