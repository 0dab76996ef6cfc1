import { test } from 'vitest'
import type { Create } from '../../src/task/decide/command.ts'
import { ABLE, ann, check, created, eve } from './given.ts'

const create = (more: Partial<Create> = {}): Create => ({
  type: 'create',
  by: ann,
  id: 't1',
  label: 'fix-it',
  agent: 'able',
  limits: ABLE,
  prompt: 'fix it',
  work: { kind: 'here', repo: 'api', path: '/api' },
  place: { chat: 'web', channel: 'c' },
  options: {},
  ...more,
})

test('a wish for work becomes a task', () => {
  check({ given: [], when: create(), then: [created()] })
})

test('the message it came from is remembered', () => {
  const source = { chat: 'web', channel: 'c', id: 'm1' }
  check({ given: [], when: create({ source }), then: [{ ...created(), source } as never] })
})

test('a prompt is stored trimmed, with line ends of one kind and whole characters', () => {
  const then = [{ ...created(), prompt: 'fix\nit \ufffd!' } as never]
  check({ given: [], when: create({ prompt: '  fix\r\nit \ud800!\n' }), then })
})

test('every script of the world and emoji are text', () => {
  const prompt = 'почини это 修理它 أصلحه 👩‍👩‍👧'
  check({ given: [], when: create({ prompt }), then: [{ ...created(), prompt } as never] })
})

test('the same id again is refused', () => {
  check({ given: [created()], when: create(), then: 'There is a task t1 already.' })
})

test('a stranger may not start tasks', () => {
  check({ given: [], when: create({ by: eve }), then: 'You may not start tasks here: only the owner may.' })
})

test.each([
  ['', 'The prompt is empty: say what you want.'],
  [' \n\t ', 'The prompt is empty: say what you want.'],
  [
    'x'.repeat(200_001),
    'The prompt has 200001 characters, at most 200000 are possible: put the rest in a file and name it.',
  ],
  ['rm\u0000 -rf', 'The prompt contains the control character U+0000 at position 3: remove it.'],
  ['a\u001b[31mred', 'The prompt contains the control character U+001B at position 2: remove it.'],
  ['a\rb', 'The prompt contains the control character U+000D at position 2: remove it.'],
])('a prompt that is no text a person meant is refused: %#', (prompt, then) => {
  check({ given: [], when: create({ prompt }), then })
})

test('a prompt of exactly as many characters as are possible is taken', () => {
  const prompt = 'x'.repeat(200_000)
  check({ given: [], when: create({ prompt }), then: [{ ...created(), prompt } as never] })
})

test.each(['', 'two words', '-x', 'x-', 'a--b', 'a/b', '..', 'x'.repeat(41)])('the label “%s” is refused', (label) => {
  const then = `“${label}” cannot be a label: use letters, digits and single dashes, at most 40.`
  check({ given: [], when: create({ label }), then })
})
