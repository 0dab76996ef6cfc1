// What holds for any rules and any command of the small language below.
import {
  array,
  assert as always,
  boolean,
  constantFrom,
  oneof,
  pre,
  property,
  record,
  tuple,
  type Arbitrary,
} from 'fast-check'
import { expect, test } from 'vitest'
import type { Command, Part, Word } from '../../src/task/policy/call.ts'
import { LISTS } from '../../src/task/policy/rule.ts'
import { judged, type Texts } from './policy-given.ts'

const name = constantFrom('ls', 'rm', 'git', 'push', 'a', '-f', '/bin/rm')
const word: Arbitrary<Word> = oneof(
  { weight: 5, arbitrary: name.map((text): Word => [text]) },
  constantFrom<Word>([{ computed: '$X', never: '' }], ['a', { computed: '"$X"', never: ' ' }]),
)
const simple: Arbitrary<Command> = record({
  words: array(word, { minLength: 1, maxLength: 3 }),
  assigned: array(boolean(), { maxLength: 1 }),
}).map(({ words, assigned }) => ({
  kind: 'command',
  source: 'simple',
  assignments: assigned.map((safe) => ({ word: ['A=b'], safe })),
  words,
  files: [],
  spelled: 0,
  runs: [],
  transparent: false,
}))
const command: Arbitrary<Command> = oneof(
  { weight: 3, arbitrary: simple },
  tuple(simple, array(simple, { maxLength: 2 }), boolean(), constantFrom(null, 1, 2)).map(
    ([outer, runs, transparent, spelled]) => ({ ...outer, source: 'outer', runs, transparent, spelled }),
  ),
)
const part: Arbitrary<Part> = oneof(
  { weight: 8, arbitrary: command },
  constantFrom<Part>({ kind: 'unreadable', source: '(', why: 'it is' }),
)
const parts = array(part, { minLength: 1, maxLength: 3 })

const pattern = array(constantFrom('ls', 'rm', 'git', 'push', 'a', '-f', '*'), { minLength: 1, maxLength: 3 })
const rule = oneof(
  { weight: 6, arbitrary: pattern.map((words) => `Bash(${words.join(' ')})`) },
  constantFrom('Bash', 'Bash(r*)', 'Bash(A=b *)'),
)
const texts: Arbitrary<Texts> = record({
  deny: array(rule, { maxLength: 2 }),
  ask: array(rule, { maxLength: 2 }),
  allow: array(rule, { maxLength: 3 }),
})

const strength = { allow: 0, none: 1, ask: 2, deny: 3 }
const how = (given: Texts, all: Part[]): number => {
  const { decision, opinion } = judged(given, ...all)
  return strength[opinion ? decision : 'none']
}

test('a denied part denies all, whatever stands beside it', () =>
  always(
    property(texts, parts, parts, (given, some, others) => {
      pre(how(given, some) === strength.deny)
      expect(how(given, [...others, ...some])).toBe(strength.deny)
    }),
    { numRuns: 500 },
  ))

test('all is allowed only where every part alone is', () =>
  always(
    property(texts, parts, (given, some) => {
      const alone = some.map((one) => how(given, [one]))
      expect(how(given, some) === strength.allow).toBe(alone.every((one) => one === strength.allow))
    }),
    { numRuns: 500 },
  ))

test('a rule that allows never turns a deny or an ask of another rule into something else', () =>
  always(
    property(texts, rule, parts, (given, more, some) => {
      const before = how(given, some)
      const after = how({ ...given, allow: [...(given.allow ?? []), more] }, some)
      pre(before >= strength.ask)
      expect(after).toBe(before)
    }),
    { numRuns: 500 },
  ))

test('a rule that denies never makes anything more allowed', () =>
  always(
    property(texts, rule, constantFrom('deny' as const, 'ask' as const), parts, (given, more, list, some) => {
      const after = how({ ...given, [list]: [...(given[list] ?? []), more] }, some)
      expect(after).toBeGreaterThanOrEqual(how(given, some))
    }),
    { numRuns: 500 },
  ))

test('what cannot be read is never allowed', () =>
  always(
    property(texts, parts, (given, some) => {
      const unreadable: Part = { kind: 'unreadable', source: '(', why: 'it is' }
      expect(how(given, [...some, unreadable])).not.toBe(strength.allow)
    }),
  ))

test('the order of rules within a list changes the rule that is named, never the decision', () =>
  always(
    property(texts, parts, (given, some) => {
      const turned = Object.fromEntries(LISTS.map((list) => [list, given[list]?.toReversed() ?? []]))
      expect(how(turned, some)).toBe(how(given, some))
    }),
    { numRuns: 500 },
  ))

test('what a program hides in something it runs is denied as if it stood there', () =>
  always(
    property(texts, command, command, (given, outer, inner) => {
      pre(how(given, [inner]) === strength.deny)
      expect(how(given, [{ ...outer, runs: [...outer.runs, inner] }])).toBe(strength.deny)
    }),
    { numRuns: 500 },
  ))
