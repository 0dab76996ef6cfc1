// Rules people granted, through the door to the decision: they answer what a rule asks, and nothing else.
import { array, assert as always, asyncProperty, constantFrom, pre, tuple } from 'fast-check'
import { expect, test } from 'vitest'
import { callOf } from '../../src/adapters/shell-parser/index.ts'
import { placesOf } from '../../src/adapters/shell-parser/paths.ts'
import { assess } from '../../src/task/policy/assess.ts'
import { policyOf } from '../../src/task/policy/judge.ts'
import type { Rule } from '../../src/task/policy/rule.ts'
import { rules, said, type Texts } from '../core/policy-given.ts'

const SITE = { cwd: '/nowhere/api', home: '/nowhere/ann' }
const grantedTo = (texts: string[]): Rule[] => rules({ allow: texts }).map((rule) => ({ ...rule, granted: true }))

function assessed(texts: Texts, granted: string[], tool: string, input: object) {
  const policy = policyOf([...rules(texts), ...grantedTo(granted)], placesOf(SITE.cwd, SITE.home))
  return assess(policy, callOf(tool, input, SITE))
}
const run = (texts: Texts, granted: string[], command: string) => said(assessed(texts, granted, 'Bash', { command }))

const ASK: Texts = { ask: ['Bash(git push *)'] }
const PUSH = 'Bash(git push *)'

test.for<[texts: Texts, granted: string, command: string, then: string]>([
  [ASK, PUSH, 'git push origin main', `allow ${PUSH}`],
  [ASK, PUSH, 'cd x && git push', 'none'],
  [{ ...ASK, allow: ['Bash(cd *)'] }, PUSH, 'cd x && git push', `allow Bash(cd *)`],
  [{ ask: ['Bash'] }, PUSH, 'git push', `allow ${PUSH}`],
  [{ ask: ['Bash'] }, PUSH, 'git push && make', 'ask Bash'],
  [{ ask: ['Bash'] }, PUSH, 'git push > x', 'ask Bash'],
  [{ ...ASK, deny: ['Bash(git push * main)'] }, PUSH, 'git push origin main', 'deny Bash(git push * main)'],
  [{ ...ASK, deny: ['Bash(git push * main)'] }, PUSH, 'git push origin $X', 'ask!'],
  [{ deny: ['Bash'] }, PUSH, 'git push', 'deny Bash'],
  [ASK, PUSH, 'git push --force', `ask ${PUSH}`],
  [ASK, PUSH, 'git pushy', 'none'],
  [{ ask: ['Bash(npx *)'] }, 'Bash(npx *)', 'npx rimraf x', 'ask Bash(npx *)'],
  [{ ask: ['Bash(make *)'] }, 'Bash(make *)', 'PATH=. make all', 'ask Bash(make *)'],
])('%j and the granted %s: %s is %s', ([texts, granted, command, then]) => {
  expect(run(texts, [granted], command)).toBe(then)
})

test('a file is granted by the name it has in the end', () => {
  const texts: Texts = { ask: ['Edit(/src/**)'] }
  const edit = (file_path: string) => said(assessed(texts, ['Edit(/src/a.ts)'], 'Edit', { file_path }))
  expect(edit('/nowhere/api/src/a.ts')).toBe('allow Edit(/src/a.ts)')
  expect(edit('/nowhere/api/src/b.ts')).toBe('ask Edit(/src/**)')
})

test.for<[texts: Texts, tool: string, input: object, narrow: string | null]>([
  [ASK, 'Bash', { command: 'git push origin' }, PUSH],
  [{}, 'Bash', { command: 'npm install x' }, 'Bash(npm install *)'],
  [ASK, 'Bash', { command: 'git push -f' }, null],
  [ASK, 'Bash', { command: 'git push && make' }, null],
  [ASK, 'Bash', { command: 'git push $X' }, null],
  [{ ask: ['Bash'] }, 'Bash', { command: 'git push > x' }, null],
  [{ deny: ['Bash(git *)'] }, 'Bash', { command: 'git push' }, null],
  [{ ask: ['Read'] }, 'Read', { file_path: '.env' }, null],
  [{ ask: ['Read'] }, 'Read', { file_path: 'a.ts' }, 'Read(/a.ts)'],
  [{ ask: ['mcp__*'] }, 'mcp__a__b', {}, 'mcp__a__b'],
])('with %j, %s %j offers %s', ([texts, tool, input, narrow]) => {
  expect(assessed(texts, [], tool, input).narrow).toBe(narrow)
})

const word = constantFrom('git', 'push', 'npm', 'run', 'x', 'rm', '-f', '/etc', '$X', '&&', '>', 'sudo')
const command = array(word, { minLength: 1, maxLength: 5 }).map((words) => words.join(' '))
const text = constantFrom('Bash', 'Bash(git *)', 'Bash(npm run x *)', 'Bash(rm *)', 'Bash(git push -f)', 'Edit')
const texts = tuple(array(text, { maxLength: 2 }), array(text, { maxLength: 2 })).map(([deny, ask]): Texts => ({
  deny,
  ask,
}))

test('the rule that is offered allows the call it was offered for, once it is granted', async () => {
  await always(
    asyncProperty(texts, command, async (given, one) => {
      const { narrow } = assessed(given, [], 'Bash', { command: one })
      pre(narrow !== null)
      expect(run(given, [narrow ?? ''], one)).toBe(`allow ${narrow}`)
    }),
    { numRuns: 300 },
  )
})

test('what is granted changes nothing about what is denied or dangerous', async () => {
  await always(
    asyncProperty(texts, text, command, async (given, granted, one) => {
      const before = assessed(given, [], 'Bash', { command: one })
      pre(before.decision === 'deny' || before.warnings.length > 0)
      expect(run(given, [granted], one)).toBe(said(before))
    }),
    { numRuns: 500 },
  )
})
