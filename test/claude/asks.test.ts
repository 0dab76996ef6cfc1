// What Claude asks as a request, and every answer as what Claude is told.
import type { PermissionUpdate } from '@anthropic-ai/claude-agent-sdk'
import { describe, expect, test } from 'vitest'
import { askOf, resultOf, said, type Call } from '../../src/adapters/agent/claude/asks.ts'
import { hashOf, type Input } from '../../src/adapters/agent/claude/calls.ts'
import { answerTo } from '../session/support.ts'

const RULES: PermissionUpdate = {
  type: 'addRules',
  rules: [{ toolName: 'Bash', ruleContent: 'npm test *' }, { toolName: 'WebSearch' }],
  behavior: 'allow',
  destination: 'localSettings',
}
const ACCEPT: PermissionUpdate = { type: 'setMode', mode: 'acceptEdits', destination: 'session' }
const FOLDERS: PermissionUpdate = { type: 'addDirectories', directories: ['/etc', '/w'], destination: 'localSettings' }

const call = (tool: string, input: Input, more: Partial<Call> = {}): Call => ({
  id: 'toolu_1',
  tool,
  input,
  cwd: '/w',
  suggestions: [],
  onceOnly: false,
  ruled: {},
  reaches: [],
  ...more,
})
const bash = (more: Partial<Call> = {}): Call =>
  call('Bash', { command: 'npm test a', description: 'Test', timeout: 9 }, more)
const edit = (more: Partial<Call> = {}): Call =>
  call('Edit', { file_path: '/w/x', old_string: '  a', new_string: '' }, more)
const ids = (one: Call): string[] => askOf(one).options.map(({ id }) => id)
const answered = (one: Call, option: string, values: Record<string, string> = {}) =>
  resultOf(one, answerTo(askOf(one), option, values))

describe('a permission', () => {
  test('shows all of the call, where, why and who', () => {
    const one = bash({ description: 'Test', reason: 'a rule', subagent: 'Look around' })
    expect(askOf(one)).toMatchObject({
      id: 'toolu_1',
      kind: 'permission',
      title: 'Claude wants to run',
      detail: 'npm test a',
      tool: 'Bash',
      inputHash: hashOf('Bash', one.input),
      why: 'Test\nWith timeout: 9\nAsked because: a rule\nAsked by the subagent “Look around”\nIn /w',
    })
    expect(askOf(edit())).toMatchObject({
      title: 'Claude wants to edit x',
      detail: '-  a',
      syntax: 'diff',
      why: 'In /w',
    })
  })

  test.each<[string, Call, string[]]>([
    ['nothing', bash(), ['allow', 'deny', 'stop', 'edit']],
    ['rules', bash({ suggestions: [RULES] }), ['allow', 'session', 'repo', 'deny', 'stop', 'edit']],
    ['rules, but only once', bash({ suggestions: [RULES], onceOnly: true }), ['allow', 'deny', 'stop', 'edit']],
    [
      'rules, but a rule of the house asked that nobody may answer always',
      bash({ suggestions: [RULES], always: [] }),
      ['allow', 'deny', 'stop', 'edit'],
    ],
    [
      'rules, but a rule of the house asked',
      bash({ suggestions: [RULES], always: [{ id: 'always-task', label: 'Always', effect: 'allow' }] }),
      ['allow', 'always-task', 'deny', 'stop', 'edit'],
    ],
    ['to accept edits, for a command', bash({ suggestions: [ACCEPT] }), ['allow', 'deny', 'stop', 'edit']],
    ['to accept edits', edit({ suggestions: [ACCEPT] }), ['allow', 'edits', 'deny', 'stop', 'edit']],
    ['directories', edit({ suggestions: [FOLDERS] }), ['allow', 'directory', 'deny', 'stop', 'edit']],
    ['nothing to edit', call('mcp__a__b', { deep: { x: 'y' } }), ['allow', 'deny', 'stop']],
  ])('where Claude suggests %s', (_what, one, options) => {
    expect(ids(one)).toEqual(options)
  })

  test('names the exact rule that an “always” adds', () => {
    const { options } = askOf(bash({ suggestions: [RULES, FOLDERS] }))
    expect(options.flatMap(({ id, rule }) => (rule === undefined ? [] : [[id, rule]]))).toEqual([
      ['session', 'Bash(npm test *), WebSearch'],
      ['repo', 'Bash(npm test *), WebSearch'],
      ['directory', 'everything in /etc'],
    ])
  })

  const all = bash({ suggestions: [RULES, FOLDERS] })
  const same = { behavior: 'allow', updatedInput: all.input }
  const rules = RULES.type === 'addRules' ? RULES.rules : []
  test.each<[string, Call, Record<string, string>, object]>([
    ['allow', all, {}, same],
    ['allow', { ...all, always: [] }, {}, same],
    ['session', all, {}, { ...same, updatedPermissions: [{ ...RULES, rules, destination: 'session' }] }],
    ['repo', all, {}, { ...same, updatedPermissions: [RULES] }],
    [
      'directory',
      all,
      {},
      { ...same, updatedPermissions: [{ type: 'addDirectories', directories: ['/etc'], destination: 'session' }] },
    ],
    ['edit', all, { command: 'npm test b' }, { ...same, updatedInput: { ...all.input, command: 'npm test b' } }],
    ['deny', all, { reason: 'use y' }, { behavior: 'deny', message: 'ann denied this: use y' }],
    ['deny', all, {}, { behavior: 'deny', message: expect.stringContaining('gave no reason') as string }],
    ['stop', all, {}, { behavior: 'deny', message: expect.stringContaining('ann denied this') as string }],
  ])('answered with %s', (option, one, values, result) => {
    expect(answered(one, option, values)).toEqual(result)
  })

  test('accepting edits from here is for this session', () => {
    const one = edit({ suggestions: [ACCEPT] })
    expect(answered(one, 'edits')).toEqual({ behavior: 'allow', updatedInput: one.input, updatedPermissions: [ACCEPT] })
  })

  test('an edit leaves alone what was empty', () => {
    const one = edit()
    const fields = askOf(one).options.find(({ id }) => id === 'edit')?.fields ?? []
    expect(fields.map(({ id, required }) => [id, required])).toEqual([
      ['file_path', true],
      ['old_string', true],
      ['new_string', false],
    ])
    expect(answered(one, 'edit', { file_path: '/w/y', old_string: '  a' })).toMatchObject({
      updatedInput: { file_path: '/w/y', old_string: '  a', new_string: '' },
    })
  })
})

describe('a plan', () => {
  const plan = call('ExitPlanMode', { plan: '# The plan', planFilePath: '/p.md' })
  const mode = (name: string) => ({
    behavior: 'allow',
    updatedInput: plan.input,
    updatedPermissions: [{ type: 'setMode', mode: name, destination: 'session' }],
  })
  test('is shown in full', () => {
    expect(askOf(plan)).toMatchObject({ kind: 'plan', detail: '# The plan' })
    expect(askOf({ ...plan, input: {} })).toMatchObject({ detail: 'It wrote none down.' })
  })
  test.each([
    ['approve', {}, mode('default')],
    ['edits', {}, mode('acceptEdits')],
    ['back', { words: 'shorter' }, { behavior: 'deny', message: 'ann sent the plan back: shorter' }],
  ])('answered with %s', (option, values, result) => {
    expect(answered(plan, option, values)).toEqual(result)
  })
})

describe('a question', () => {
  const choices = [{ label: 'SQLite', description: 'small', preview: '```sql\nselect 1\n```' }, { label: 'PG, big' }]
  const one = { question: 'Which DB?', header: 'DB', multiSelect: false, options: choices }
  const many = { question: 'Which extras?', header: 'Extras', multiSelect: true, options: choices }
  const ask = (...questions: unknown[]): Call => call('AskUserQuestion', { questions, metadata: 1 })

  test('with one choice is a button for each', () => {
    expect(askOf(ask(one))).toMatchObject({
      kind: 'question',
      title: 'Which DB?',
      detail: '- SQLite: small\n````\n```sql\nselect 1\n```\n````',
      options: [{ id: 'c0', label: 'SQLite' }, { id: 'c1', label: 'PG, big' }, { id: 'words' }, { id: 'skip' }],
    })
  })

  test('with several, or several of them, is a form', () => {
    expect(askOf(ask(many))).toMatchObject({
      title: 'Which extras?',
      options: [
        { id: 'answer', fields: [{ id: 'q0', multi: true, required: false }] },
        { id: 'words' },
        { id: 'skip' },
      ],
    })
    const both = askOf(ask(one, many))
    expect(both).toMatchObject({ title: 'Claude has 2 questions' })
    expect(both.detail).toContain('Which DB?\n- SQLite: small')
    expect(both.options[0]?.fields).toMatchObject([
      { id: 'q0', label: 'Which DB?', multi: false, choices: [{ label: 'SQLite', description: 'small' }, {}] },
      { id: 'q1', label: 'Which extras?', multi: true },
    ])
  })

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['text', 'What?'],
    ['nothing in a list', [null, 1, {}]],
  ])('made of %s can still be answered', (_what, questions) => {
    const odd = call('AskUserQuestion', { questions })
    expect(ids(odd)).toEqual(['answer', 'words', 'skip'])
    expect(answered(odd, 'words', { words: 'what?' })).toMatchObject({ updatedInput: { response: 'what?' } })
  })

  test('without choices is answered in words', () => {
    expect(ids(ask({ question: 'Which?' }))).toEqual(['words', 'skip'])
  })

  test.each<[string, Call, Record<string, string>, object, string]>([
    ['c1', ask(one), {}, { answers: { 'Which DB?': 'PG, big' } }, '“Which DB?” PG, big'],
    [
      'answer',
      ask(many),
      { q0: 'SQLite, PG, big' },
      { answers: { 'Which extras?': 'SQLite, PG, big' } },
      '“Which extras?” SQLite, PG, big',
    ],
    [
      'answer',
      ask(one, many),
      { q1: 'own words' },
      { answers: { 'Which extras?': 'own words' } },
      '“Which extras?” own words',
    ],
    ['answer', ask(one, many), {}, { answers: {} }, ''],
    ['words', ask(one, many), { words: 'neither' }, { answers: {}, response: 'neither' }, 'neither'],
    [
      'skip',
      ask(one),
      {},
      { answers: {}, response: 'The person skipped this: decide yourself.' },
      'The person skipped this: decide yourself.',
    ],
  ])('answered with %s', (option, asked, values, result, words) => {
    expect(answered(asked, option, values)).toEqual({ behavior: 'allow', updatedInput: { ...asked.input, ...result } })
    expect(said(asked.input, answerTo(askOf(asked), option, values))).toBe(words)
  })
})
