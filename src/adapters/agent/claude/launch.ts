// launch: from the task's options to how Claude is started. Pure. Everything that would otherwise come from a default is
// given, because some defaults are not what a terminal would do (facts of the SDK, measured on 0.3.329).

import type { Options, PermissionMode, PermissionRuleValue, SettingSource } from '@anthropic-ai/claude-agent-sdk'

export type Mode = PermissionMode

export const MODES = [
  'default',
  'plan',
  'acceptEdits',
  'auto',
  'dontAsk',
  'bypassPermissions',
] as const satisfies Mode[]

/** `isolated` is without the person's settings, memory files, skills and servers; the default is with all of them. */
const SOURCES: Record<string, SettingSource[]> = { isolated: [], own: ['user', 'project', 'local'] }

/** Set for every session. The last two are not documented: `test/claude` tells when an upgrade changes them. */
const OURS = {
  CLAUDE_AGENT_SDK_CLIENT_APP: 'backchannel',
  DISABLE_AUTOUPDATER: '1',
  CLAUDE_CODE_EMIT_SESSION_STATE_EVENTS: '1',
  CLAUDE_CODE_ENABLE_TODO_TOOLS: '1',
  CLAUDE_CODE_RESUME_SHOWS_CUT_OFF_CALLS: '1',
}

/** What people have allowed for the session. Claude keeps it in its process, and a session has many of them. */
export type Always = { rules: PermissionRuleValue[]; directories: string[] }
export type Wish = {
  options: Record<string, string>
  cwd: string
  env: Record<string, string>
  mode: Mode
  always: Always
}
export type Start = { sessionId: string } | { resume: string }

/** What a task can say about it: `model`, `mode`, `add-dir` (with commas between), `settings` (`own` or `isolated`). */
export function launch({ options, cwd, env, mode, always }: Wish, start: Start): Options {
  const added = (options['add-dir'] ?? '').split(',').filter((one) => one !== '')
  const directories = [...added, ...always.directories]
  const allow = always.rules.map(ruleOf)
  return {
    ...start,
    cwd,
    env: { ...OURS, ...env },
    ...(options['model'] && { model: options['model'] }),
    permissionMode: mode,
    ...(mode === 'bypassPermissions' && { allowDangerouslySkipPermissions: true }),
    ...(directories.length > 0 && { additionalDirectories: directories }),
    systemPrompt: { type: 'preset', preset: 'claude_code' },
    settingSources: SOURCES[options['settings'] ?? 'own'] ?? [],
    // Else plan mode asks a classifier where it should ask a person.
    settings: { useAutoModeDuringPlan: false, ...(allow.length > 0 && { permissions: { allow } }) },
    // So that it is known when a message is complete: a question is handled by what else is called with it.
    includePartialMessages: true,
    // With a process of our own the hooks must be there before a resumed call is offered again.
    extraArgs: { 'await-initialize': null },
  }
}

/** As it stands in a file of settings. */
const ruleOf = ({ toolName, ruleContent }: PermissionRuleValue): string =>
  ruleContent === undefined ? toolName : `${toolName}(${ruleContent.replaceAll(/[\\()]/gu, '\\$&')})`

export const modeOf = (options: Record<string, string>): Mode =>
  MODES.find((mode) => mode === options['mode']) ?? 'default'
