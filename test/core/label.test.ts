import { array, assert as fcAssert, nat, property } from 'fast-check'
import { expect, test } from 'vitest'
import { isLabel, labelFor, LABEL_CHARS_MAX } from '../../src/task/label.ts'

const none = new Set<string>()

/** Any code units, halves of characters included. */
const anyText = array(nat(0xffff), { maxLength: 60 }).map((codes) => String.fromCharCode(...codes))

test.each([
  ['Make the login rate limiter per user.', 'make-the-login-rate-limiter'],
  ['npm test', 'npm-test'],
  ['  "Fix" — it!  ', 'fix-it'],
  ['почини вход', 'почини-вход'],
  ['修理 登录', '修理-登录'],
  ['!!!', 'task'],
  ['', 'task'],
  ['x'.repeat(60), 'x'.repeat(33)],
  ['e\u0301te\u0301', '\u00e9t\u00e9'],
])('“%s” is called %s', (prompt, label) => expect(labelFor(prompt, none)).toBe(label))

test('a label that is taken gets a number', () => {
  expect(labelFor('npm test', new Set(['npm-test']))).toBe('npm-test-2')
  expect(labelFor('npm test', new Set(['npm-test', 'npm-test-2', 'npm-test-3']))).toBe('npm-test-4')
})

test('whatever is typed, its label is one, and is not taken', () => {
  fcAssert(
    property(anyText, nat(6), (prompt, count) => {
      const taken = new Set<string>()
      for (let n = 0; n < count; n++) taken.add(labelFor(prompt, taken))
      const label = labelFor(prompt, taken)
      expect([isLabel(label), label.length <= LABEL_CHARS_MAX, taken.has(label)]).toEqual([true, true, false])
    }),
    { seed: 7, numRuns: 300 },
  )
})

test.each(['a', 'fix-it', 'x'.repeat(40), '修理', 'v2'])('“%s” is a label', (label) =>
  expect(isLabel(label)).toBe(true),
)

test.each(['', '-', 'a-', '-a', 'a--b', 'a b', 'a/b', 'a.b', '..', 'a\n', 'x'.repeat(41)])('“%s” is none', (label) => {
  expect(isLabel(label)).toBe(false)
})
