// A home in which the real program behind Claude works against a model of ours.
import fs from 'node:fs'
import path from 'node:path'
import { onTestFinished } from 'vitest'
import { model, type Asked, type Model, type Script } from '../fake/model.ts'
import { home as temporary } from '../support/home.ts'
import { house, type House } from './house.ts'

export type ClaudeHouse = House & { model: Model; person: string }

/** `config` is what stands in config.yaml besides the model's name. */
export async function claudeHouse(
  script: Script,
  { config = '', env = {} }: { config?: string; env?: Record<string, string> } = {},
): Promise<ClaudeHouse> {
  const endpoint = await model(script)
  onTestFinished(() => endpoint.close())
  const person = path.join(await temporary(), 'person')
  fs.mkdirSync(person, { recursive: true })
  const here = await house({
    config,
    env: {
      HOME: person,
      ANTHROPIC_BASE_URL: endpoint.url,
      ANTHROPIC_API_KEY: 'none',
      ANTHROPIC_MODEL: 'claude-sonnet-4-5',
      CLAUDE_CODE_TMPDIR: person,
      CLAUDE_CODE_MAX_RETRIES: '1',
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      ...env,
    },
  })
  return { ...here, model: endpoint, person }
}

/** Where the session works, as it is told. */
export const workspaceOf = ({ whole }: Asked): string =>
  /Primary working directory: ([^\s"\\]+)/u.exec(whole)?.[1] ?? ''
