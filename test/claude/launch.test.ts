// From what a task can say about Claude to how it is started.
import { expect, test } from 'vitest'
import { launch, modeOf, MODES } from '../../src/adapters/agent/claude/launch.ts'

const wish = (options: Record<string, string> = {}) => ({
  options,
  cwd: '/w',
  env: { PATH: '/bin', DISABLE_AUTOUPDATER: '0' },
  mode: modeOf(options),
  always: { rules: [], directories: [] },
})

test('nothing is left to a default of the SDK', () => {
  expect(launch(wish(), { sessionId: 's1' })).toEqual({
    sessionId: 's1',
    cwd: '/w',
    env: {
      PATH: '/bin',
      CLAUDE_AGENT_SDK_CLIENT_APP: 'backchannel',
      DISABLE_AUTOUPDATER: '0',
      CLAUDE_CODE_EMIT_SESSION_STATE_EVENTS: '1',
      CLAUDE_CODE_ENABLE_TODO_TOOLS: '1',
      CLAUDE_CODE_RESUME_SHOWS_CUT_OFF_CALLS: '1',
    },
    permissionMode: 'default',
    systemPrompt: { type: 'preset', preset: 'claude_code' },
    settingSources: ['user', 'project', 'local'],
    settings: { useAutoModeDuringPlan: false },
    includePartialMessages: true,
    extraArgs: { 'await-initialize': null },
  })
})

test.each<[Record<string, string>, object]>([
  [{ model: 'claude-x' }, { model: 'claude-x' }],
  [{ settings: 'own' }, { settingSources: ['user', 'project', 'local'] }],
  [{ settings: 'isolated' }, { settingSources: [] }],
  [{ settings: 'odd' }, { settingSources: [] }],
  [{ 'add-dir': '/a,,/b c' }, { additionalDirectories: ['/a', '/b c'] }],
  [{ mode: 'plan' }, { permissionMode: 'plan' }],
  [{ mode: 'bypassPermissions' }, { permissionMode: 'bypassPermissions', allowDangerouslySkipPermissions: true }],
])('%j', (options, started) => {
  expect(launch(wish(options), { resume: 's1' })).toMatchObject({ resume: 's1', ...started })
})

test('only the mode that skips permissions may skip them, and no empty option is given', () => {
  for (const mode of MODES.filter((one) => one !== 'bypassPermissions'))
    expect(launch(wish({ mode }), { resume: 's1' })).not.toHaveProperty('allowDangerouslySkipPermissions')
  const started = launch(wish({ model: '', 'add-dir': '' }), { resume: 's1' })
  for (const name of ['model', 'additionalDirectories', 'sessionId']) expect(started).not.toHaveProperty(name)
})

test('what was allowed for the session is allowed again, beside what the task itself adds', () => {
  const rules = [{ toolName: 'WebSearch' }, { toolName: 'Bash', ruleContent: String.raw`echo "(a)" \\ *` }]
  const always = { rules, directories: ['/b'] }
  expect(launch({ ...wish({ 'add-dir': '/a' }), always }, { resume: 's1' })).toMatchObject({
    additionalDirectories: ['/a', '/b'],
    settings: { permissions: { allow: ['WebSearch', String.raw`Bash(echo "\(a\)" \\\\ *)`] } },
  })
})

test.each([
  ['plan', 'plan'],
  ['odd', 'default'],
  ['', 'default'],
])('the mode “%s” is %s', (mode, expected) => {
  expect(modeOf({ mode })).toBe(expected)
})
