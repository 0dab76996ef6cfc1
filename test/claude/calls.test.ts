// A call as a person sees it, and the name it is known by.
import { describe, expect, test } from 'vitest'
import { brief, editable, hashOf, rest, whole, wish, type Input } from '../../src/adapters/agent/claude/calls.ts'

const HERE = '/code/api'

describe('the name of a call', () => {
  const bash = { command: 'rm a', timeout: 5, nested: { a: [1, { b: 2, c: 3 }] } }
  test.each<[string, string, Input]>([
    ['another order of keys', 'Bash', { nested: { a: [1, { c: 3, b: 2 }] }, timeout: 5, command: 'rm a' }],
    ['other words about a command', 'Bash', { ...bash, description: 'Remove a' }],
  ])('is the same for %s', (_what, tool, input) => {
    expect(hashOf(tool, input)).toBe(hashOf('Bash', bash))
  })
  test.each<[string, string, Input]>([
    ['another command', 'Bash', { ...bash, command: 'rm b' }],
    ['a space more', 'Bash', { ...bash, command: 'rm a ' }],
    ['another number', 'Bash', { ...bash, timeout: 6 }],
    ['a text for a number', 'Bash', { ...bash, timeout: '5' }],
    ['something more', 'Bash', { ...bash, run_in_background: true }],
    ['something deep inside', 'Bash', { ...bash, nested: { a: [1, { b: 2, c: 4 }] } }],
    ['another order in a list', 'Bash', { ...bash, nested: { a: [{ b: 2, c: 3 }, 1] } }],
    ['another tool', 'PowerShell', bash],
  ])('differs for %s', (_what, tool, input) => {
    expect(hashOf(tool, input)).not.toBe(hashOf('Bash', bash))
  })
  test('differs by the description where that is what runs', () => {
    expect(hashOf('mcp__tickets__open', { description: 'a' })).not.toBe(
      hashOf('mcp__tickets__open', { description: 'b' }),
    )
  })
})

test.each<[string, Input, string, string]>([
  ['Bash', { command: 'ls\n  -l', description: 'Look' }, 'to run', 'ls -l'],
  ['Edit', { file_path: '/code/api/src/x.ts' }, 'to edit src/x.ts', 'Edit src/x.ts'],
  ['Write', { file_path: '/code/web/x.ts' }, 'to write /code/web/x.ts', 'Write /code/web/x.ts'],
  ['Write', { file_path: '/code/api/../web/x.ts' }, 'to write /code/api/../web/x.ts', 'Write /code/api/../web/x.ts'],
  ['NotebookEdit', { notebook_path: '/code/api/n.ipynb' }, 'to edit n.ipynb', 'NotebookEdit /code/api/n.ipynb'],
  ['Read', { file_path: '/etc/passwd' }, 'to read /etc/passwd', 'Read /etc/passwd'],
  ['WebFetch', { url: 'https://example.com/a?b' }, 'to fetch example.com', 'WebFetch https://example.com/a?b'],
  ['WebFetch', { url: 'no address' }, 'to fetch an address', 'WebFetch no address'],
  ['WebSearch', { query: 'cats' }, 'to search the web', 'WebSearch cats'],
  ['mcp__my__tool__x', { text: 'hi' }, 'to use tool__x of my', 'mcp__my__tool__x'],
  ['Bash', { command: ['odd'] }, 'to run', '["odd"]'],
  ['New', {}, 'to use New', 'New'],
])('%s %j is called “%s”, and “%s” in a line', (tool, input, wanted, line) => {
  expect(wish(tool, input, HERE)).toBe(wanted)
  expect(brief(tool, input, HERE)).toBe(line)
})

test('a line has an end', () => {
  expect(brief('Bash', { command: 'x'.repeat(1000) }, HERE)).toMatch(/^x{159}…$/u)
})

test.each<[string, Input, string, string]>([
  ['Bash', { command: 'a &&\nb', description: 'd' }, 'a &&\nb', ''],
  [
    'Bash',
    { command: 'a', timeout: 5, dangerouslyDisableSandbox: true },
    'a',
    'timeout: 5, dangerouslyDisableSandbox: true',
  ],
  ['Edit', { file_path: 'x', old_string: ' a\nb', new_string: '' }, '- a\n-b', ''],
  [
    'Edit',
    { file_path: 'x', old_string: 'a', new_string: 'b\n', replace_all: true },
    'every occurrence of\n-a\n+b',
    '',
  ],
  ['Write', { file_path: 'x', content: 'a\n\nb\n', mode: 'append' }, '+a\n+\n+b', 'mode: "append"'],
  ['Read', { file_path: '/etc/passwd', offset: 3 }, '/etc/passwd', 'offset: 3'],
  ['mcp__a__b', { x: [1, { y: 'ü' }] }, JSON.stringify({ x: [1, { y: 'ü' }] }, null, 2), ''],
])('all of %s %j is shown', (tool, input, detail, more) => {
  expect(whole(tool, input)).toBe(detail)
  expect(rest(tool, input)).toBe(more)
})

test('what can be edited is text, and not what Claude says about it', () => {
  expect(editable({ command: 'a', description: 'b', timeout: 5, deep: { text: 'c' }, list: ['d'] })).toEqual([
    ['command', 'a'],
  ])
})
