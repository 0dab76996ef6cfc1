// What the real program said (test/claude/record.ts), folded into what is known at each point.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { hear, SILENCE, type Heard } from '../../src/adapters/agent/claude/heard.ts'
import { unknownKind } from '../../src/adapters/agent/claude/kinds.ts'

type Message = Parameters<typeof hear>[1]

const recorded = (name: string): Message[] =>
  readFileSync(new URL(`recorded/${name}.jsonl`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Message)

/** What is known after each message. */
function heardOf(messages: Message[]): Heard[] {
  let heard = SILENCE
  return messages.map((message) => (heard = hear(heard, message, '/w')))
}

const last = (name: string): Heard => heardOf(recorded(name)).at(-1) ?? SILENCE
/** Each value once, in order, as it changed. */
const course = <Value>(name: string, of: (heard: Heard) => Value): Value[] =>
  heardOf(recorded(name))
    .map(of)
    .filter((value, index, all) => JSON.stringify(value) !== JSON.stringify(all[index - 1]))

const PROMPT = '00000000-0000-4000-8000-000000000001'

test('a normal turn: taken, working, done, with what it cost', () => {
  expect(last('normal')).toMatchObject({
    idle: true,
    speaking: false,
    begun: [PROMPT],
    done: [PROMPT],
    now: 'Said hi.',
    counts: { read: 0, edited: 0, commands: 1 },
    calls: {},
    mode: 'default',
    summaries: ['Said hi.\nTwice.'],
    result: { is_error: false },
    error: null,
    trouble: null,
    spent: { costUsd: expect.closeTo(0.0012, 6) as number, tokens: 240 },
  })
  expect(course('normal', ({ now }) => now)).toEqual(['', 'echo hi', 'Said hi.'])
  expect(course('normal', ({ result, done }) => [result !== null, ...done])).toEqual([[false], [true], [true, PROMPT]])
  expect(course('normal', ({ idle }) => idle)).toEqual([false, true])
  expect(course('normal', ({ speaking }) => speaking)).toEqual([false, true, false, true, false])
})

test('work in the background outlives a result and brings another one', () => {
  expect(course('background', ({ background }) => background.map(({ name }) => name))).toEqual([[], ['Wait a bit'], []])
  expect(
    heardOf(recorded('background')).filter(({ idle, result, background }) => idle && result && background.length > 0),
  ).not.toEqual([])
  expect(last('background').summaries).toEqual(['It runs.', 'It is over.'])
})

test('a subagent has a line while it works; what it does counts, what it says does not', () => {
  expect(course('subagent', ({ subagents }) => subagents.map(({ name, now }) => [name, now]))).toEqual([
    [],
    [['Look around', '']],
    [['Look around', expect.stringContaining('/etc/hostname') as string]],
    [],
  ])
  expect(course('subagent', ({ now }) => now)).toEqual(['', 'Agent Look around', 'It looked.'])
  expect(last('subagent')).toMatchObject({ counts: { read: 1 }, summaries: ['It looked.'] })
})

test('todos get their number with the result and their state with the call', () => {
  expect(course('todo', ({ todos }) => todos.map(({ id, text, state }) => `${id} ${text} ${state}`))).toEqual([
    [],
    ['1 Look todo'],
    ['1 Look todo', '2 Write todo'],
    ['1 Look done', '2 Write todo'],
    ['1 Look done', '2 Write doing'],
  ])
  expect(course('todo', ({ now }) => now)).toEqual(['', 'Half of it.'])
})

test('while it tries again that is known, and forgotten once it is well', () => {
  expect(course('retry', ({ trouble }) => trouble?.words ?? null)).toEqual([
    null,
    expect.stringMatching(/^the model is overloaded, trying again.*\(1 of 1\)$/u),
    null,
  ])
  expect(last('retry')).toMatchObject({ summaries: ['At last.'], error: null })
})

test('an error is a result with a name, and no summary', () => {
  expect(last('error')).toMatchObject({ error: 'model_not_found', result: { is_error: true }, summaries: [] })
})

test('a deferred call ends the turn and has no result', () => {
  const { result, calls } = last('deferred')
  expect(result).toMatchObject({ terminal_reason: 'tool_deferred', is_error: false })
  expect(Object.values(calls)).toEqual(['AskUserQuestion'])
})

test.each(['normal', 'background', 'subagent', 'todo', 'retry', 'error', 'deferred'])(
  'everything said in “%s” is of a known kind',
  (name) => {
    expect(recorded(name).map(unknownKind).filter(Boolean)).toEqual([])
  },
)

test.each([
  [{ type: 'telepathy' }, 'telepathy'],
  [{ type: 'system', subtype: 'mood' }, 'mood'],
  [{ type: 'system' }, 'undefined'],
  [{ type: 'toString' }, 'toString'],
])('%j changes nothing and has a name', (message, kind) => {
  expect(hear(SILENCE, message as unknown as Message, '/w')).toBe(SILENCE)
  expect(unknownKind(message)).toBe(kind)
})

test('TodoWrite replaces the list, a deleted todo is gone', () => {
  const use = (name: string, input: object): Message =>
    ({
      type: 'assistant',
      parent_tool_use_id: null,
      message: { content: [{ type: 'tool_use', id: name, name, input }] },
    }) as unknown as Message
  const todos = [{ content: 'a', status: 'completed' }, { content: 'b', status: 'odd' }, {}]
  const written = hear(SILENCE, use('TodoWrite', { todos }), '/w')
  expect(written.todos.map(({ text, state }) => [text, state])).toEqual([
    ['a', 'done'],
    ['b', 'todo'],
    ['', 'todo'],
  ])
  expect(hear(written, use('TaskUpdate', { taskId: '1', status: 'deleted' }), '/w').todos).toHaveLength(2)
  expect(hear(written, use('TodoWrite', { todos: 'none' }), '/w').todos).toEqual([])
})
