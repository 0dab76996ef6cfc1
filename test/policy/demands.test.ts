// Rules that want more than one yes, through the door to what a request will require.
import { array, assert as always, asyncProperty, constantFrom, tuple } from 'fast-check'
import { expect, test } from 'vitest'
import { callOf } from '../../src/adapters/shell-parser/index.ts'
import { placesOf } from '../../src/adapters/shell-parser/paths.ts'
import { assess } from '../../src/task/policy/assess.ts'
import { policyOf } from '../../src/task/policy/judge.ts'
import type { Rule } from '../../src/task/policy/rule.ts'
import { rules, said, type Texts } from '../core/policy-given.ts'

const SITE = { cwd: '/nowhere/api', home: '/nowhere/ann' }
const demanding = (texts: string[]): Rule[] =>
  rules({ ask: texts }).map((rule, index) => ({ ...rule, demands: { approvers: index + 2 } }))

function assessed(texts: Texts, demands: string[], command: string, granted: string[] = []) {
  const more = rules({ allow: granted }).map((rule): Rule => ({ ...rule, granted: true }))
  const policy = policyOf([...rules(texts), ...demanding(demands), ...more], placesOf(SITE.cwd, SITE.home))
  return assess(policy, callOf('Bash', { command }, SITE))
}
const wanted = (...all: Parameters<typeof assessed>) => assessed(...all).requires.map(({ approvers }) => approvers)

test.for<[texts: Texts, demands: string[], command: string, then: number[]]>([
  [{}, ['Bash(git push *)'], 'git push', [2]],
  [{}, ['Bash(git push *)'], 'git pull', []],
  [{}, ['Bash(git push *)', 'Bash(npm publish *)'], 'git push && npm publish', [2, 3]],
  [{}, ['Bash(git *)', 'Bash(git push *)'], 'git push', [2, 3]],
  [{ ask: ['Bash(git *)'] }, ['Bash(git push *)'], 'git push', [2]],
  [{ ask: ['Bash(make *)'] }, ['Bash(git push *)'], 'make && timeout 5 git push', [2]],
  [{}, ['Bash(git push *)'], 'bash -c "git push"', [2]],
  [{}, ['Bash(git push *)'], 'git $X', [2]],
  [{}, ['Bash(git push *)'], 'echo "', [2]],
  [{}, ['Bash'], 'ls', [2]],
  [{}, ['Edit(/src/**)'], 'echo > src/a.ts', [2]],
])('%j, %j: %s requires %j', ([texts, demands, command, then]) => {
  expect(wanted(texts, demands, command)).toEqual(then)
  expect(assessed(texts, demands, command).decision).toBe('ask')
})

test('what asks for more comes before what was granted, and offers no “always”', () => {
  const one = assessed({}, ['Bash(git push *)'], 'git push', ['Bash(git push *)'])
  expect(said(one)).toBe('ask Bash(git push *)')
  expect(one.narrow).toBe(null)
})

const word = constantFrom('git', 'push', 'npm', 'publish', '$X', '&&', '|', '>', 'x', '"', 'timeout', '5')
const command = array(word, { minLength: 1, maxLength: 6 }).map((words) => words.join(' '))
const text = constantFrom('Bash', 'Bash(git push *)', 'Bash(npm publish *)', 'Bash(git *)', 'Bash(x)')
const texts = tuple(array(text, { maxLength: 1 }), array(text, { maxLength: 2 })).map(([ask, allow]): Texts => ({
  ask,
  allow,
}))

test('whatever is asked by a rule that wants more requires it, and other rules take nothing from that', async () => {
  await always(
    asyncProperty(
      texts,
      array(text, { minLength: 1, maxLength: 3 }),
      command,
      text,
      async (given, demands, one, granted) => {
        const alone = wanted({}, demands, one)
        expect(wanted(given, demands, one, [granted])).toEqual(alone)
        expect(alone.length > 0 && assessed(given, demands, one, [granted]).decision === 'allow').toBe(false)
      },
    ),
    { numRuns: 500 },
  )
})
