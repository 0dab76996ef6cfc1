// Records what the real program says, for heard.test.ts: `node test/claude/record.ts` after an upgrade of the SDK, then read the
// difference in test/claude/recorded.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { query, type CanUseTool, type SDKMessage } from '@anthropic-ai/claude-agent-sdk'
import { hear, SILENCE } from '../../src/adapters/agent/claude/heard.ts'
import { Inbox } from '../../src/adapters/agent/claude/inbox.ts'
import { launch } from '../../src/adapters/agent/claude/launch.ts'
import { model, say, use, type Script } from '../fake/model.ts'

const TO = new URL('recorded/', import.meta.url).pathname
const PROMPT = '00000000-0000-4000-8000-000000000001'
const options = ['this', 'that'].map((label) => ({ label, description: label }))
const questions = [{ question: 'Which?', header: 'Which', multiSelect: false, options }]
const sub = { description: 'Look around', prompt: 'look', subagent_type: 'general-purpose', run_in_background: false }

const SCRIPTS: Record<string, Script> = {
  normal: ({ used }) =>
    used.length === 0 ? use('Bash', { command: 'echo hi', description: 'Say hi' }) : say('Said hi.\nTwice.'),
  background: ({ used, heard }) =>
    used.length === 0
      ? use('Bash', { command: 'sleep 0.5', description: 'Wait a bit', run_in_background: true })
      : say(heard.includes('task-notification') ? 'It is over.' : 'It runs.'),
  subagent: ({ used, subagent }) => {
    if (subagent !== null) return used.length === 0 ? use('Read', { file_path: '/etc/hostname' }) : say('Looked.')
    return used.length === 0 ? use('Agent', sub) : say('It looked.')
  },
  todo: ({ used }) => {
    if (used.length === 0) return use('TaskCreate', { subject: 'Look', description: 'Look' })
    if (used.length === 1) return use('TaskCreate', { subject: 'Write', description: 'Write' })
    if (used.length === 2) return use('TaskUpdate', { taskId: '1', status: 'completed' })
    return used.length === 3 ? use('TaskUpdate', { taskId: '2', status: 'in_progress' }) : say('Half of it.')
  },
  retry: ({ n }) => (n === 1 ? { status: 529, error: 'overloaded_error' } : say('At last.')),
  error: () => ({ status: 404, error: 'not_found_error', message: 'model: x' }),
  deferred: () => use('AskUserQuestion', { questions }),
}

for (const [name, script] of Object.entries(SCRIPTS)) await record(name, script)

async function record(name: string, script: Script): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'record-'))
  const cwd = join(home, 'w')
  mkdirSync(cwd)
  const endpoint = await model(script)
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    ANTHROPIC_BASE_URL: endpoint.url,
    ANTHROPIC_API_KEY: 'none',
    CLAUDE_CODE_TMPDIR: home,
    CLAUDE_CODE_MAX_RETRIES: '1',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  }
  const inbox = new Inbox()
  inbox.say('Go', PROMPT)
  const allow: CanUseTool = (_tool, updatedInput) => Promise.resolve({ behavior: 'allow', updatedInput })
  const started = launch(
    { options: { model: 'claude-sonnet-4-5' }, cwd, env, mode: 'default', always: { rules: [], directories: [] } },
    { sessionId: PROMPT },
  )
  const deferring = () =>
    Promise.resolve({
      hookSpecificOutput: { hookEventName: 'PreToolUse' as const, permissionDecision: 'defer' as const },
    })
  const hooks = { PreToolUse: [{ matcher: 'AskUserQuestion', hooks: [deferring] }] }
  const lines: string[] = []
  let heard = SILENCE
  const messages = query({ prompt: inbox, options: { ...started, canUseTool: allow, hooks } })
  const all = name === 'error' ? untilItFails(messages) : messages
  for await (const message of all) {
    lines.push(...short(message).map((one) => JSON.stringify(one)))
    heard = hear(heard, message, cwd)
    if (heard.idle && heard.summaries.length === (name === 'background' ? 2 : 1)) inbox.end()
    if (heard.result?.is_error || heard.result?.terminal_reason === 'tool_deferred') inbox.end()
  }
  const text = `${lines.join('\n')}\n`.replaceAll(cwd, '/w').replaceAll(home, '/home/ann')
  writeFileSync(join(TO, `${name}.jsonl`), text.replaceAll(home.replaceAll(/[^\w]/gu, '-'), '-home-ann'))
  await endpoint.close()
  rmSync(home, { recursive: true, force: true })
}

async function* untilItFails<One>(messages: AsyncIterable<One>): AsyncGenerator<One> {
  try {
    yield* messages
  } catch {
    // After an error its program ends with a code.
  }
}

/** Only the edges of streamed messages, and no lists of all that it could do. */
function short(message: SDKMessage): object[] {
  if (message.type === 'stream_event') {
    const { type, event, parent_tool_use_id } = message
    return event.type.startsWith('message_st') ? [{ type, event: { type: event.type }, parent_tool_use_id }] : []
  }
  if (message.type !== 'system' || message.subtype !== 'init') return [message]
  const { type, subtype, permissionMode, cwd } = message
  return [{ type, subtype, permissionMode, cwd }]
}
