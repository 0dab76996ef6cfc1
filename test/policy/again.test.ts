// A call that was allowed, judged again at the moment it is done.
import { mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { callOf } from '../../src/adapters/shell-parser/index.ts'
import { placesOf } from '../../src/adapters/shell-parser/paths.ts'
import { assess, whyNotAnyMore, type Assessment } from '../../src/task/policy/assess.ts'
import { policyOf } from '../../src/task/policy/judge.ts'
import type { Rule } from '../../src/task/policy/rule.ts'
import { rules, type Texts } from '../core/policy-given.ts'
import { home } from '../support/home.ts'

const demanding = (text: string, approvers: number): Rule[] =>
  rules({ ask: [text] }).map((rule) => ({ ...rule, demands: { approvers } }))

async function place() {
  const cwd = await home()
  for (const name of ['a', 'b']) mkdirSync(join(cwd, name))
  symlinkSync(join(cwd, 'a'), join(cwd, 'link'))
  return {
    swap() {
      rmSync(join(cwd, 'link'))
      symlinkSync(join(cwd, 'b'), join(cwd, 'link'))
    },
    assess(tool: string, input: object, texts: Texts = {}, more: Rule[] = []): Assessment {
      return assess(
        policyOf([...rules(texts), ...more], placesOf(cwd, '/nowhere')),
        callOf(tool, input, { cwd, home: '/nowhere' }),
      )
    },
  }
}

const CALLS: [tool: string, input: object][] = [
  ['Edit', { file_path: 'link/x' }],
  ['Read', { file_path: 'link/x' }],
  ['Bash', { command: 'echo x > link/x' }],
  ['Bash', { command: 'rm link/x' }],
  ['Bash', { command: 'true && bash -c "rm ./link/x"' }],
]

describe.for(CALLS)('%s %j', ([tool, input]) => {
  test('is done when nothing has changed', async () => {
    const { assess: look } = await place()
    expect(whyNotAnyMore(look(tool, input), look(tool, input))).toBe(null)
  })
  test('is not when it leads elsewhere by then', async () => {
    const { assess: look, swap } = await place()
    const before = look(tool, input)
    swap()
    expect(whyNotAnyMore(before, look(tool, input))).toBe('a file it names is another one by now')
  })
})

test.for<[what: string, now: [Texts, Rule[]], why: string | null]>([
  ['a rule denies by now', [{ deny: ['Bash(make *)'] }, []], 'the rule “Bash(make *)” of config.yaml:1 denies it'],
  ['a rule allows by now', [{ allow: ['Bash(make *)'] }, []], null],
  ['no rule asks any more', [{}, []], null],
  ['another rule asks', [{ ask: ['Bash'] }, []], null],
  [
    'a rule wants more by now',
    [{}, demanding('Bash(make *)', 3)],
    'the rule “Bash(make *)” wants more than one yes by now',
  ],
  ['it wants what it wanted', [{}, demanding('Bash(make *)', 2)], null],
])('%s', async ([_what, [texts, more], why]) => {
  const { assess: look } = await place()
  const before = look('Bash', { command: 'make all' }, {}, demanding('Bash(make *)', 2))
  expect(whyNotAnyMore(before, look('Bash', { command: 'make all' }, texts, more))).toBe(why)
})
