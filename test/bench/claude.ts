// Claude in the background beside a bare script of its SDK, in turns: both use the real program and the same model of ours, which
// asks to touch a file. And what a session process of Claude uses, the program itself left out.

import { query, type SDKUserMessage } from '@anthropic-ai/claude-agent-sdk'
import fs from 'node:fs'
import path from 'node:path'
import { parseActionId } from '../../src/task/action-id.ts'
import { model, say, use, type Model } from '../fake/model.ts'
import { running } from '../journeys/sessions.ts'
import { until } from '../support/until.ts'
import { watch } from './machine.ts'
import { folder, newHome } from './rubble.ts'
import type { Found, Size, Use } from './samples.ts'
import { up, type Change, type Up } from './up.ts'

const MODEL = 'claude-sonnet-4-5'
const WANTS = 'Claude wants to run'

/** From the start to the model's first request, from its call to the ask, from the yes to the file. */
type Times = { first: number; ask: number; click: number }

export async function claude({ claude: count, watchMs }: Size): Promise<Found> {
  const asked = { file: '', at: 0, calledAt: 0 }
  const endpoint = await model(({ results }) => {
    if (results.length > 0) return say('Done.')
    asked.at = performance.now()
    setImmediate(() => (asked.calledAt = performance.now()))
    return use('Bash', { command: `touch ${asked.file}`, description: 'Touch it' })
  })
  const person = folder('p')
  const env = environment(endpoint, person)
  const home = newHome()
  const it = await up(home, env)
  const times: { ours: Times[]; bare: Times[] } = { ours: [], bare: [] }
  for (let n = 0; n < count; n++) {
    asked.file = path.join(person, `ours-${n}`)
    times.ours.push(await ours(it, asked, n))
    asked.file = path.join(person, `bare-${n}`)
    times.bare.push(await bare(asked, { ...env, PATH: process.env['PATH'] ?? '' }, folder('w')))
  }
  const uses = await memory(it, home, asked, path.join(person, 'waits'), watchMs)
  await it.stop()
  await endpoint.close()
  const hop = (name: keyof Times, title: string, how: string) => ({
    hop: title,
    ours: times.ours.map((one) => one[name]),
    bare: how,
    bareMs: times.bare.map((one) => one[name]),
  })
  return {
    hops: [
      hop('first', 'claude: typed → its first request', 'query() → its first request'),
      hop('ask', 'claude: model calls a tool → card', 'model calls a tool → canUseTool'),
      hop('click', 'claude: click → tool has run', 'canUseTool answers → tool has run'),
    ],
    uses,
  }
}

type Asked = { file: string; at: number; calledAt: number }

async function ours(it: Up, asked: Asked, n: number): Promise<Times> {
  it.stream.forget()
  const typed = performance.now()
  await it.say(`/bg start --agent claude --here --model ${MODEL} --label claude-${n} Touch it`)
  const card = await it.stream.first((change) => allowOf(change) !== null, 'the card of the permission')
  const shown = card.at
  const began = performance.now()
  await it.click(allowOf(card.data) ?? '', card.data.message.thread)
  await seen(asked.file)
  const ran = performance.now()
  await it.until('done', n + 1)
  return { first: asked.at - typed, ask: shown - asked.calledAt, click: ran - began }
}

async function bare(asked: Asked, env: Record<string, string>, cwd: string): Promise<Times> {
  const began = performance.now()
  const ended = Promise.withResolvers<void>()
  async function* prompt(): AsyncGenerator<SDKUserMessage> {
    yield { type: 'user', message: { role: 'user', content: 'Touch it' }, parent_tool_use_id: null }
    await ended.promise
  }
  let askedAt = 0
  const messages = query({
    prompt: prompt(),
    options: {
      cwd,
      env,
      model: MODEL,
      permissionMode: 'default',
      systemPrompt: { type: 'preset', preset: 'claude_code' },
      canUseTool: async (_tool, updatedInput) => {
        askedAt = performance.now()
        return { behavior: 'allow', updatedInput }
      },
    },
  })
  const ran = seen(asked.file).then(() => performance.now())
  for await (const message of messages) if (message.type === 'result') ended.resolve()
  return { first: asked.at - began, ask: askedAt - asked.calledAt, click: (await ran) - askedAt }
}

/** The session process while it waits with a permission, and the program beside it. */
async function memory(it: Up, home: string, asked: Asked, file: string, watchMs: number): Promise<Use[]> {
  asked.file = file
  await it.say(`/bg start --agent claude --here --model ${MODEL} --label waits Touch it`)
  await it.until('needs', 1)
  const owner = await until(() => running(home).find((one) => one.owner), { within: 10_000, what: 'the session lives' })
  return [await watch('session process of a Claude task, the program left out', owner.pid, watchMs)]
}

function allowOf({ message: { content } }: Change): string | null {
  if (content.kind !== 'card' || content.card.title !== WANTS) return null
  const button = content.card.buttons.find(({ id }) => parseActionId(id)?.option === 'allow')
  return button?.id ?? null
}

const seen = (file: string): Promise<unknown> =>
  new Promise((resolve) => {
    const timer = setInterval(() => {
      if (!fs.existsSync(file)) return
      clearInterval(timer)
      resolve(null)
    }, 1)
  })

const environment = ({ url }: Model, home: string): Record<string, string> => ({
  HOME: home,
  ANTHROPIC_BASE_URL: url,
  ANTHROPIC_API_KEY: 'none',
  CLAUDE_CODE_TMPDIR: home,
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
})
