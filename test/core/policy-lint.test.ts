// What is odd about rules, each with what is said of it.
import { expect, test } from 'vitest'
import { lint } from '../../src/task/policy/lint.ts'
import { policy, type Texts } from './policy-given.ts'

const found = (texts: Texts) =>
  lint(policy(texts).rules, (words) => words.join(' ') === 'npx').map(
    ({ kind, rule }) => `${kind}: ${rule.list} ${rule.text}`,
  )

test.for<[texts: Texts, odd: string]>([
  [{ deny: ['Bash(rm *)'], allow: ['Bash(rm x)'] }, 'shadowed: allow Bash(rm x)'],
  [{ allow: ['Bash(ls *)', 'Bash(ls -la)'] }, 'shadowed: allow Bash(ls -la)'],
  [{ deny: ['mcp__*'], ask: ['mcp__a__b'] }, 'shadowed: ask mcp__a__b'],
  [{ ask: ['Bash(a && b)'] }, 'dead: ask Bash(a && b)'],
  [{ deny: ['Bash(echo x > y)'] }, 'dead: deny Bash(echo x > y)'],
  [{ allow: ['Bash(npx *)'] }, 'dead: allow Bash(npx *)'],
  [{ allow: ['Bash'] }, 'too broad: allow Bash'],
  [{ allow: ['Bash(python3 *)'] }, 'too broad: allow Bash(python3 *)'],
  [{ allow: ['Edit(//**)'] }, 'too broad: allow Edit(//**)'],
  [{ deny: ['Reed(./x)'] }, 'misspelt: deny Reed(./x)'],
  [{ deny: ['Read(/etc/passwd)'] }, 'misspelt: deny Read(/etc/passwd)'],
  [{ deny: ['mcp_github_x'] }, 'misspelt: deny mcp_github_x'],
])('%j: %s', ([texts, odd]) => expect(found(texts)).toEqual([odd]))

test.for<Texts>([
  { deny: ['Bash(rm *)'], ask: ['Bash(git push *)'], allow: ['Bash(git *)', 'Read', 'mcp__a', 'Bash(npx tsc *)'] },
  { allow: ['Bash(rm x)'], ask: ['Bash(rm y)'] },
  { allow: ["Bash(echo 'a > b')"], deny: ['Monitor'] },
])('nothing is odd about %j', (texts) => expect(found(texts)).toEqual([]))

test('of the name of an MCP tool with one underscore it says what is wrong', () => {
  const [finding] = lint(policy({ deny: ['mcp_github__x'] }).rules, () => false)
  expect(finding?.says).toMatch(/two underscores/u)
})
