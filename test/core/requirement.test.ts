// Rules that want more than one yes: who counts, when it is enough, when it cannot be, and that a no always does.
import { describe, expect, test } from 'vitest'
import type { People } from '../../src/task/authorize.ts'
import { decide, hear } from '../../src/task/decide/index.ts'
import { alwaysOptions } from '../../src/task/granted.ts'
import type { FactBody } from '../../src/task/facts.ts'
import type { Ask } from '../../src/task/request.ts'
import { isOpen, needOf, standing, unmet, type Requirement } from '../../src/task/requirement.ts'
import type { Actor } from '../../src/task/words.ts'
import {
  ann,
  asked,
  bob,
  completed,
  eve,
  folded,
  lost,
  NOW,
  parked,
  permission,
  prompted,
  report,
  settled,
  vote,
  voted,
  working,
  type Given,
} from './given.ts'

const person = (id: string, chat = 'web'): Actor => ({ chat, id, name: id })
const [cleo, dan] = [person('cleo'), person('dan')]
/** Ann started it and is an owner, as is bob; cleo and dan release; eve may answer and is nothing else. */
const PEOPLE: People = {
  owners: [ann, bob],
  roles: [
    { name: 'releasers', who: [cleo, dan], answer: 'all' },
    { name: 'helpers', who: [eve, dan], answer: 'all' },
  ],
  persons: [
    [ann, person('U1', 'other')],
    [person('U1', 'other'), person('7', 'third')],
    [cleo, person('U2', 'other')],
  ],
}

const RULE = 'Bash(git push *)'
const wants = (demands: Omit<Requirement, 'rule'>): Requirement => ({ rule: RULE, ...demands })
const TWO = wants({ approvers: 2 })
const RELEASERS = wants({ from: ['releasers'] })
const TWO_RELEASERS = wants({ approvers: 2, from: ['releasers'] })

const asking = (...requires: Requirement[]): Given => [
  ...working,
  asked({ ...permission(), requires }, { need: needOf(requires) }),
]
const yes = (by: Actor, as?: string[]): [Actor, FactBody] => [
  by,
  voted('q1', 'allow', { inputHash: 'hash', ...(as && { as }) }),
]
const says = (given: Given, by: Actor, option = 'allow', values = {}, people = PEOPLE) =>
  decide(folded(given), vote(option, { by, values }), people, NOW)
/** `settles`, `counts`, or the sentence of the refusal. */
function how(given: Given, by: Actor, values = {}): string {
  const decided = says(given, by, 'allow', values)
  if ('refused' in decided) return decided.refused
  return decided.some(({ type }) => type === 'settled') ? 'settles' : 'counts'
}

const OWN = 'You asked for this yourself: somebody else has to allow it.'
const AGAIN = 'You have voted on this already; another person must agree.'
const useless = (rest: string) => `Your yes does not count here. ${RULE}: ${rest}.`

describe('a yes', () => {
  test.for<[what: string, requires: Requirement[], before: [Actor, FactBody][], by: Actor, then: string]>([
    ['of the requester, where one other must', [wants({ approvers: 1 })], [], ann, OWN],
    ['of somebody else, where one other must', [wants({ approvers: 1 })], [], bob, 'settles'],
    ['of the requester, in another chat', [TWO], [], person('U1', 'other'), OWN],
    ['of the requester, in a third one that only the second one is known to be', [TWO], [], person('7', 'third'), OWN],
    ['of the requester, where nobody else must', [wants({ reason: true })], [], ann, 'settles'],
    ['the first of two', [TWO], [], bob, 'counts'],
    ['the second of two', [TWO], [yes(bob)], eve, 'settles'],
    ['the same person’s again', [TWO], [yes(bob)], bob, AGAIN],
    ['the same person’s again, from another chat', [TWO], [yes(cleo)], person('U2', 'other'), AGAIN],
    ['of an owner, where a role must', [RELEASERS], [], bob, useless('0 of 1, waiting for: releasers')],
    ['of another role', [RELEASERS], [], eve, useless('0 of 1, waiting for: releasers')],
    ['of that role', [RELEASERS], [], cleo, 'settles'],
    ['of that role, from another chat', [RELEASERS], [], person('U2', 'other'), 'settles'],
    ['one of two of a role', [TWO_RELEASERS], [], cleo, 'counts'],
    ['the second of two of a role', [TWO_RELEASERS], [yes(cleo, ['releasers'])], dan, 'settles'],
    [
      'of another role beside one of it',
      [TWO_RELEASERS],
      [yes(cleo, ['releasers'])],
      eve,
      useless('1 of 2, waiting for: releasers, not who asked for it'),
    ],
    ['of two rules: for one of them', [TWO, RELEASERS], [], eve, 'counts'],
    ['of two rules: for the number, the role is missing', [TWO, RELEASERS], [yes(bob)], eve, 'counts'],
    ['of two rules: for the role, too', [TWO, RELEASERS], [yes(bob)], cleo, 'settles'],
    ['of two rules: one more that only the role can give', [TWO, RELEASERS], [yes(bob), yes(eve)], ann, OWN],
    [
      'of two rules: one more of no role',
      [TWO, RELEASERS],
      [yes(eve), yes(person('x'))],
      bob,
      useless('0 of 1, waiting for: releasers'),
    ],
    ['of one role of several', [wants({ from: ['helpers', 'releasers'] })], [], eve, 'settles'],
    ['of who is in both roles counts for both', [RELEASERS, wants({ from: ['helpers'] })], [], dan, 'settles'],
    [
      'of a stranger',
      [TWO],
      [],
      person('mallory'),
      'You may not answer requests here: only the owner, releasers and helpers may.',
    ],
  ])('%s: %s', ([_what, requires, before, by, then]) => {
    expect(how([...asking(...requires), ...before], by)).toBe(then)
  })

  test('of who wrote the prompt of this turn is their own, as that of who started the task', () => {
    const second: Given = [...working, completed(), [bob, prompted()], { type: 'attempt_started', attempt: 2 }]
    const given: Given = [...second, asked({ ...permission(), requires: [TWO] }, { attempt: 2, need: 2 })]
    expect(how(given, bob)).toBe(OWN)
    expect(how(given, ann)).toBe(OWN)
    expect(how(given, cleo)).toBe('counts')
  })

  test('is on record with the roles it counted for, and stays counted when the role is left', () => {
    expect(says(asking(TWO_RELEASERS), dan)).toEqual([voted('q1', 'allow', { inputHash: 'hash', as: ['releasers'] })])
    const after = [...asking(TWO_RELEASERS), yes(cleo, ['releasers'])]
    const later: People = { owners: [], roles: [{ name: 'releasers', who: [dan], answer: 'all' }] }
    const cast = { by: dan, at: NOW, option: 'allow', values: {}, as: ['releasers'] }
    expect(says(after, dan, 'allow', {}, later)).toEqual([
      voted('q1', 'allow', { inputHash: 'hash', as: ['releasers'] }),
      { type: 'settled', request: 'q1', vote: cast },
    ])
  })

  test('counts as well when the process is gone or parked: what is required is in the request', () => {
    for (const end of [lost(), parked]) {
      expect(how([...asking(TWO_RELEASERS), end], eve)).toContain('does not count')
      expect(how([...asking(TWO_RELEASERS), end, yes(cleo, ['releasers'])], dan)).toBe('settles')
    }
  })
})

test('one no settles it at once, whoever says it, also after one’s own yes, and out of hours', () => {
  const closed = wants({ hours: { from: 0, to: 1, zone: 'UTC' } })
  for (const by of [ann, bob, eve, cleo])
    for (const given of [asking(TWO_RELEASERS, closed), [...asking(TWO_RELEASERS), yes(cleo, ['releasers'])]])
      expect(says(given, by, 'deny')).toEqual([
        voted('q1', 'deny', { inputHash: 'hash', ...([cleo].includes(by) && { as: ['releasers'] }) }),
        {
          ...settled('q1', 'deny', by),
          vote: { by, at: NOW, option: 'deny', values: {}, ...([cleo].includes(by) && { as: ['releasers'] }) },
        },
      ])
})

describe('what is asked', () => {
  const long: Ask = {
    ...permission(),
    requires: [TWO],
    options: [
      ...permission().options,
      ...alwaysOptions('Bash(npm install *)', 'api'),
      { id: 'session', label: 'Always in this session', effect: 'allow', rule: 'Bash(npm *)' },
      {
        id: 'edit',
        label: 'Edit…',
        effect: 'allow',
        fields: [{ id: 'command', label: 'Command', required: true, prefill: 'x' }],
      },
    ],
  }
  const requested = (ask: Ask) => {
    const [fact] = hear(folded(working), report({ type: 'requested', ask }))
    return fact?.type === 'requested' ? fact : null
  }
  test('is to be allowed as it is and once, where more than one yes is wanted', () => {
    expect(requested(long)).toMatchObject({ need: 2, ask: { options: [{ id: 'allow' }, { id: 'deny' }] } })
    expect(requested({ ...long, requires: [] })?.ask.options).toHaveLength(6)
    expect(requested(long)?.ask.options).toHaveLength(2)
  })
  test('has room for a reason, and cannot do without', () => {
    const { ask } = requested({ ...long, requires: [wants({ reason: true })] }) ?? { ask: long }
    expect(ask.options[0]).toEqual({
      id: 'allow',
      label: 'Allow once…',
      effect: 'allow',
      style: 'primary',
      fields: [{ id: 'reason', label: 'Why may it?', required: true }],
    })
    const given: Given = [...working, asked(ask)]
    expect(how(given, ann)).toBe('“Allow once…” needs “Why may it?”.')
    expect(how(given, ann, { reason: 'The release is due.' })).toBe('settles')
  })
})

describe('hours', () => {
  const at = (text: string) => Date.parse(text)
  const berlin = { from: 540, to: 1020, zone: 'Europe/Berlin' }
  test.for<[hours: typeof berlin, at: string, open: boolean]>([
    [berlin, '2026-01-15T07:59:59Z', false],
    [berlin, '2026-01-15T08:00:00Z', true],
    [berlin, '2026-01-15T15:59:59Z', true],
    [berlin, '2026-01-15T16:00:00Z', false],
    [berlin, '2026-07-15T07:00:00Z', true],
    [berlin, '2026-07-15T15:00:00Z', false],
    [{ from: 1320, to: 360, zone: 'UTC' }, '2026-01-15T23:00:00Z', true],
    [{ from: 1320, to: 360, zone: 'UTC' }, '2026-01-15T05:59:00Z', true],
    [{ from: 1320, to: 360, zone: 'UTC' }, '2026-01-15T06:00:00Z', false],
    [{ from: 1320, to: 1440, zone: 'UTC' }, '2026-01-15T23:59:59Z', true],
    [{ from: 0, to: 1440, zone: 'Asia/Kolkata' }, '2026-01-15T18:30:00Z', true],
  ])('%j at %s: %s', ([hours, instant, open]) => expect(isOpen(hours, at(instant))).toBe(open))

  test('outside of them it cannot be allowed, and the sentence says when', () => {
    const closed = wants({ hours: { from: 540, to: 1020, zone: 'UTC' } })
    expect(how(asking(closed), bob)).toBe(
      `${RULE} may be allowed from 09:00 to 17:00 (UTC) only; it can be denied now.`,
    )
    expect(how(asking(wants({ hours: { from: 0, to: 1020, zone: 'UTC' } })), bob)).toBe('settles')
  })
})

test('how far it is, in words', () => {
  const all = wants({ approvers: 2, from: ['a', 'b'], reason: true, hours: { from: 540, to: 1020, zone: 'UTC' } })
  expect(standing(all, [])).toBe(
    '0 of 2, waiting for: a or b, not who asked for it, with a reason, 09:00 to 17:00 (UTC)',
  )
  expect(standing(TWO, [{}])).toBe('1 of 2, waiting for: somebody else')
  expect(standing(TWO, [{}, {}])).toBe('2 of 2')
  expect(standing(wants({ reason: true }), [])).toBe('0 of 1, waiting for: anybody who may, with a reason')
  expect(unmet([TWO, RELEASERS], [{ as: ['releasers'] }])).toEqual([TWO])
})
