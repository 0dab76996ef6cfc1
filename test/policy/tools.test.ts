// Calls of tools as agents make them, where a rule is about more than one tool or an input is not what it should be.
import { expect, test } from 'vitest'
import { said, type Texts } from '../core/policy-given.ts'
import { judgeTyped } from './gate.ts'

const TEXTS: Texts = {
  deny: ['Bash(rm *)', 'Edit(secret)', 'Read(secret)'],
  ask: ['Monitor(git push *)'],
  allow: ['Bash(tail *)', 'Edit(./**)', 'Read(./**)'],
}

test.for<[tool: string, input: object, then: string]>([
  ['Monitor', { command: 'tail -f log' }, 'allow Bash(tail *)'],
  ['Monitor', { command: 'tail -f log | rm x' }, 'deny Bash(rm *)'],
  ['Monitor', { command: 'tail -f log > secret' }, 'deny Edit(secret)'],
  ['Monitor', { command: 'git push' }, 'ask Monitor(git push *)'],
  ['Bash', { command: 'git push' }, 'none'],
  ['Monitor', { ws: { url: 'wss://example.com' } }, 'none'],
  ['Bash', { command: ['tail', 'x'] }, 'ask!'],
  ['Bash', {}, 'ask!'],
  ['NotebookEdit', { notebook_path: 'secret', file_path: 'x' }, 'deny Edit(secret)'],
  ['Grep', { path: 'secret', file_path: 'x' }, 'deny Read(secret)'],
  ['Glob', { path: 'secret', notebook_path: 'x' }, 'deny Read(secret)'],
  ['Edit', { file_path: 'secret', path: 'x', notebook_path: 'x' }, 'deny Edit(secret)'],
])('%s with %j: %s', async ([tool, input, then]) => {
  expect(said(await judgeTyped(TEXTS, tool, input))).toBe(then)
})

test('a tool that runs commands may be allowed, asked or denied by its own name', async () => {
  const by = async (texts: Texts, tool: string) => said(await judgeTyped(texts, tool, { command: 'make' }))
  expect(await by({ allow: ['Monitor'] }, 'Monitor')).toBe('allow Monitor')
  expect(await by({ allow: ['Monitor'] }, 'Bash')).toBe('none')
  expect(await by({ allow: ['Bash'], deny: ['Monitor'] }, 'Monitor')).toBe('deny Monitor')
  expect(await by({ allow: ['Bash'], deny: ['Monitor'] }, 'Bash')).toBe('allow Bash')
})
