// The real program behind Claude's SDK, in real session processes, against a model endpoint that follows a script.
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Begin } from '../../src/runner/sessions.ts'
import type { Answer } from '../../src/task/request.ts'
import { model, type Model, type Script } from '../fake/model.ts'
import { answerTo, ENV, house, next, type Heard, type House } from '../session/support.ts'

const CLAUDE = new URL('../../src/adapters/agent/claude/index.ts', import.meta.url).href

export type Claude = House & {
  model: Model
  /** What its sessions are given. */
  env: Record<string, string>
  /** Begins an attempt at a prompt. */
  begin(prompt: string, begin?: Partial<Begin>): Heard
  /** Begins the next attempt as a runner would, with what the attempts before have said and no session has taken. */
  again(before: Heard[], begin: Partial<Begin> & { answers?: Answer[] }): Heard
  log(attempt?: number): string
}

/** What a session needs to talk to the endpoint instead of to the world. */
const modelEnv = (url: string, home: string): Record<string, string> => ({
  HOME: home,
  ANTHROPIC_BASE_URL: url,
  ANTHROPIC_API_KEY: 'none',
  CLAUDE_CODE_TMPDIR: home,
  CLAUDE_CODE_MAX_RETRIES: '2',
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  DISABLE_TELEMETRY: '1',
  DISABLE_ERROR_REPORTING: '1',
})

export async function claude(script: Script): Promise<Claude> {
  const endpoint = await model(script)
  onTestFinished(() => endpoint.close())
  const sessions = await house()
  const person = join(sessions.home, 'person')
  mkdirSync(person, { recursive: true })
  const env = { ...ENV, ...modelEnv(endpoint.url, person) }
  const begin = (prompt: string, more: Partial<Begin> = {}): Heard =>
    sessions.start({
      agentModule: CLAUDE,
      prompt,
      ...more,
      env: { ...env, ...more.env },
      options: { model: 'claude-sonnet-4-5', ...more.options },
    })
  return {
    ...sessions,
    model: endpoint,
    env,
    begin,
    again: (before, more) => begin(more.prompt ?? 'Go', { ...next(before), ...more }),
    log: (attempt = 1) => readFileSync(sessions.file('log', 't1', attempt), 'utf8'),
  }
}

export { answerTo }
