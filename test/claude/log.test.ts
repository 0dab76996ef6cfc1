// Everything said and done, as lines of the log.
import type { SDKMessage } from '@anthropic-ai/claude-agent-sdk'
import { expect, test } from 'vitest'
import { logLines } from '../../src/adapters/agent/claude/log.ts'

type Part = Record<string, unknown>

const message = (type: string, content: unknown, more: Part = {}): SDKMessage =>
  ({ type, message: { content }, parent_tool_use_id: null, ...more }) as unknown as SDKMessage
const text = (words: string): Part => ({ type: 'text', text: words })
const use = (name: string, input?: Part): Part => ({ type: 'tool_use', id: 't1', name, input })
const result = (content: unknown, more: Part = {}): Part => ({
  type: 'tool_result',
  tool_use_id: 't1',
  content,
  ...more,
})
const of = (one: SDKMessage, tool = ''): string => logLines(one, '/w', new Map([['t1', tool]]))

test.each<[string, SDKMessage, string]>([
  ['words', message('assistant', [text(' Hello\nthere ')]), 'Hello\nthere\n'],
  ['thoughts', message('assistant', [{ type: 'thinking', thinking: 'hm' }]), ''],
  ['a command', message('assistant', [use('Bash', { command: 'a\nb' })]), '● Bash\n    a\n    b\n'],
  [
    'words and an edit',
    message('assistant', [text('Now'), use('Edit', { file_path: '/w/x', old_string: 'a', new_string: 'b' })]),
    'Now\n● Edit x\n    -a\n    +b\n',
  ],
  ['a look', message('assistant', [use('Read', { file_path: '/w/x' })]), '● Read x\n'],
  [
    'a call of a server',
    message('assistant', [use('mcp__a__b', { x: 1 })]),
    '● mcp__a__b\n    {\n      "x": 1\n    }\n',
  ],
  ['a call without input', message('assistant', [use('New')]), '● New\n    {}\n'],
  [
    'a subagent',
    message('assistant', [text('a\nb')], { parent_tool_use_id: 't0', task_description: 'Look' }),
    '[Look] a\n[Look] b\n',
  ],
  ['a subagent without a name', message('assistant', [text('a')], { parent_tool_use_id: 't0' }), '[subagent] a\n'],
  ['what a person says', message('user', 'Do it'), ''],
  [
    'what was not allowed',
    { type: 'system', subtype: 'permission_denied', tool_name: 'Bash', message: 'no' } as unknown as SDKMessage,
    'Not allowed: Bash (no)\n',
  ],
  ['what is not known', { type: 'odd' } as unknown as SDKMessage, ''],
])('%s', (_what, one, lines) => {
  expect(of(one)).toBe(lines)
})

test.each<[string, string, Part, string]>([
  [
    'of a command is there in full',
    'Bash',
    result('1\n2\n3\n4\n5\n6\n7'),
    '  ⎿ 1\n    2\n    3\n    4\n    5\n    6\n    7\n',
  ],
  [
    'of a look is cut',
    'Read',
    result('1\n2\n3\n4\n5\n6\n7'),
    '  ⎿ 1\n    2\n    3\n    4\n    5\n    … 2 more lines\n',
  ],
  [
    'of a look that failed is not',
    'Read',
    result('1\n2\n3\n4\n5\n6', { is_error: true }),
    '  ⎿ error: 1\n    2\n    3\n    4\n    5\n    6\n',
  ],
  ['in parts', 'x', result([text('a'), { type: 'image' }]), '  ⎿ a\n    (image)\n'],
  ['without reminders', 'x', result('a\n<system-reminder>b\nc</system-reminder>\n'), '  ⎿ a\n'],
  ['that is empty', 'x', result(''), '  ⎿ \n'],
  ['that is missing', 'x', result(undefined), '  ⎿ \n'],
  ['of a subagent in the background', 'Agent', result('Async agent launched ok'), '  ⎿ works in the background\n'],
])('a result %s', (_what, tool, one, lines) => {
  expect(of(message('user', [one]), tool)).toBe(lines)
})

test('a result is known by its call', () => {
  const tools = new Map<string, string>()
  logLines(message('assistant', [use('Grep', { pattern: 'a' })]), '/w', tools)
  expect(tools.get('t1')).toBe('Grep')
})
