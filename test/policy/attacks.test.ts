// Commands made to be misread: by who decides, or by the rules.
import { expect, test } from 'vitest'
import { callOf } from '../../src/adapters/shell-parser/index.ts'
import { placesOf } from '../../src/adapters/shell-parser/paths.ts'
import { assess } from '../../src/task/policy/assess.ts'
import { policyOf } from '../../src/task/policy/judge.ts'
import { rules, said, type Texts } from '../core/policy-given.ts'

const SITE = { cwd: '/nowhere/api', home: '/nowhere/ann' }
const assessed = (texts: Texts, command: string) =>
  assess(policyOf(rules(texts), placesOf(SITE.cwd, SITE.home)), callOf('Bash', { command }, SITE))

const TEXTS: Texts = { deny: ['Bash(rm *)'], allow: ['Bash(true *)', 'Bash(echo *)', 'Bash(git *)'] }

test.for<[what: string, command: string, then: string]>([
  ['behind a very long line', `echo ${'a '.repeat(20_000)}; rm x`, 'deny Bash(rm *)'],
  ['behind many short ones', `${'true\n'.repeat(500)}rm x`, 'deny Bash(rm *)'],
  ['behind more than is read', `echo ${'a '.repeat(50_000)}; rm x`, 'ask!'],
  ['behind more parts than are judged', `${'true;'.repeat(3_000)} rm x`, 'ask!'],
  ['in brackets', `${'( '.repeat(5)}rm x${' )'.repeat(5)}`, 'deny Bash(rm *)'],
  ['in more brackets than anybody writes', `${'( '.repeat(200)}rm x${' )'.repeat(200)}`, 'deny Bash(rm *)'],
  ['behind a path longer than any', `echo > ${'a/'.repeat(10_000)}b; rm x`, 'deny Bash(rm *)'],
  ['behind many paths in one word', `true ${'/a=/b:/c@/d'.repeat(4_000)}; rm x`, 'deny Bash(rm *)'],
  ['behind a find without an end', `find ${'-exec a '.repeat(3_000)}; rm x`, 'ask!'],
  ['behind many marks of xargs', `xargs ${'-I a '.repeat(8_000)}; rm x`, 'deny Bash(rm *)'],
  ['in expansions within others', `echo ${'${a['.repeat(3_000)}$(rm x)${']}'.repeat(3_000)}`, 'ask!'],
  ['behind many brackets', `true '${'['.repeat(20_000)}'; rm x`, 'deny Bash(rm *)'],
  ['in more programs than anybody writes', `${'timeout 5 '.repeat(50)}rm x`, 'deny Bash(rm *)'],
])(
  'what is denied stands %s: it is denied or asked about, never allowed, and told in no time',
  ([_what, command, then]) => {
    const since = performance.now()
    expect(said(assessed(TEXTS, command))).toBe(then)
    expect(performance.now() - since).toBeLessThan(10_000)
  },
)

test.for<[what: string, command: string]>([
  ['a Cyrillic letter', 'g\u0456t push'],
  ['a full-width letter', '\uFF47it push'],
  ['a character nobody sees', 'g\u200Bit push'],
  ['a space that is none', 'git\u00A0push'],
  ['a slash that is none', 'git push origin\u2215main'],
])('%s makes a word another word: it is not allowed as what it looks like, and never always', ([_what, command]) => {
  const one = assessed({ ask: ['Bash'], ...TEXTS }, command)
  expect(one.decision).toBe('ask')
  expect(one.narrow).toBe(null)
})

test('a slash that is none in an argument is told to who decides, because nobody allows it always', () => {
  expect(assessed({ ask: ['Bash'] }, 'git push origin main').narrow).toBe('Bash(git push *)')
  expect(assessed({ ask: ['Bash'] }, 'git push origin\u2215main').narrow).toBe(null)
})
