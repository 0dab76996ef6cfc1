import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { agent as claudeAgent } from '../../src/adapters/agent/claude/index.ts'
import { agent as demo } from '../../src/adapters/agent/demo/index.ts'
import { agent as shell } from '../../src/adapters/agent/shell/index.ts'
import type { Begin } from '../../src/runner/sessions.ts'
import { claude } from '../claude/support.ts'
import { say, use, type Asked, type Reply, type Script } from '../fake/model.ts'
import { AGENTS, ENV, house, type Heard, type House } from '../session/support.ts'
import { agentContract, type Deed } from './agent.ts'

const TRACE = 'echo x >> ran'
const CHATTER = Array.from({ length: 20 }, (_, n) => `Reading file ${n}`)
const DOOR = new URL('../../src/adapters/shell-parser/index.ts', import.meta.url).href
const ASKS_ALWAYS = {
  door: DOOR,
  policy: {
    rules: [{ list: 'ask' as const, text: 'Bash', at: 'config.yaml:1' }],
    kept: { names: ['/kept'], except: [], fromCommands: true },
  },
}

agentContract(shell, async () => {
  const it = await house()
  return {
    ...it,
    env: ENV,
    begin: (deed, more) => it.start({ prompt: commandFor(deed), ...(deed.does === 'ask' && ASKS_ALWAYS), ...more }),
    told: (heards) => [contentOf(it, 'heard'), endOf(heards)].join('\n'),
    prompted: (heards) => heards.length,
    done: () => tracesIn(it),
    adds: /^$/,
  }
})

function commandFor(deed: Deed): string {
  switch (deed.does) {
    case 'run':
      return deed.command
    case 'ask':
      return TRACE
    case 'hear':
      return `cat > heard <<'THE_END'\n${deed.text}\nTHE_END`
    case 'chatter':
      return CHATTER.map((line) => `echo ${line}; sleep 0.1`).join('\n')
    case 'fail':
      return 'exit 3'
  }
}

agentContract(demo, async () => {
  const it = await house()
  const logs = () => logsOf(it)
  return {
    ...it,
    env: ENV,
    begin: (deed, more) =>
      it.start({
        agentModule: AGENTS.demo,
        options: { speed: deed.does === 'chatter' ? '1' : '50' },
        ...scriptFor(deed),
        ...more,
      }),
    told: (heards) => [logs(), endOf(heards)].join('\n'),
    prompted: () => logs().split('Begun.').length - 1,
    done: () => logs().split(`${TRACE}: allowed once`).length - 1,
    adds: /^$/,
  }
})

function scriptFor(deed: Deed): Pick<Begin, 'prompt'> & Partial<Begin> {
  switch (deed.does) {
    case 'run':
      return { prompt: ['say Begun.', `run ${deed.command}`, 'say Over.'].join('\n') }
    case 'ask':
      return {
        prompt: Array(deed.times ?? 1)
          .fill(`permission ${TRACE}`)
          .join('\n'),
      }
    case 'hear':
      // Words that are no script are said back in a conversation that has begun.
      return { prompt: deed.text, turn: 2 }
    case 'chatter':
      return { prompt: CHATTER.map((line) => `work 100ms ${line}`).join('\n') }
    case 'fail':
      return { prompt: 'fail The tests do not pass' }
  }
}

agentContract(claudeAgent, async () => {
  const it = await claude(() => say('Done.'))
  const env = { ...it.env, IS_SANDBOX: '1' }
  const said = () => wordsIn(it.model.asked.at(-1))
  return {
    ...it,
    env,
    begin(deed, more) {
      it.model.script = modelFor(deed, () => tracesIn(it))
      const mode = deed.does === 'run' ? { options: { mode: 'bypassPermissions' } } : {}
      return it.begin(deed.does === 'hear' ? deed.text : GO, { env, ...mode, ...more })
    },
    told: said,
    prompted: () => said().split(GO).length - 1,
    done: () => tracesIn(it),
    adds: /^(AI_AGENT|CLAUDE.*|COREPACK_ENABLE_AUTO_PIN|DISABLE_AUTOUPDATER|GIT_EDITOR|NoDefaultCurrentDirectoryInExePath)$/,
  }
})

const GO = 'Do what you are here for'

/** By the conversation alone, as a model does: whatever was cut off is not repeated, unless a person says so. */
function modelFor(deed: Deed, traces: () => number): Script {
  switch (deed.does) {
    case 'run':
      return ({ used }) => (used.length === 0 ? use('Bash', { command: deed.command, description: 'do it' }) : DONE)
    case 'ask':
      return ({ said, results }) => {
        if (said.includes('has allowed it now')) return use('Bash', { command: TRACE, description: 'leave a trace' })
        const isDenied = said.includes('has denied it') || results[0]?.isError === true
        const isOver = isDenied || traces() >= (deed.times ?? 1)
        return isOver ? DONE : use('Bash', { command: TRACE, description: 'leave a trace' })
      }
    case 'hear':
      return () => DONE
    case 'chatter':
      return () => ({ blocks: CHATTER.map((text) => ({ type: 'text', text })), delayMs: 100 })
    case 'fail':
      return () => ({ status: 400, error: 'invalid_request_error', message: 'This model takes no such thing.' })
  }
}

const DONE: Reply = say('Done.')

/** All that the model was told and did not say itself. */
function wordsIn(asked: Asked | undefined): string {
  const messages = JSON.parse(asked?.whole ?? '[]') as { role: string; content: unknown }[]
  return messages.flatMap(({ role, content }) => (role === 'assistant' ? [] : textsIn(content))).join('\n')
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}

const contentOf = ({ dir }: House, file: string): string =>
  existsSync(join(dir, file)) ? readFileSync(join(dir, file), 'utf8') : ''
const tracesIn = (it: House): number => contentOf(it, 'ran').split('x\n').length - 1

/** The logs of all attempts. */
function logsOf({ file }: House): string {
  const all: string[] = []
  for (let attempt = 1; existsSync(file('log', 't1', attempt)); attempt++)
    all.push(readFileSync(file('log', 't1', attempt), 'utf8'))
  return all.join('')
}

function endOf(heards: Heard[]): string {
  const last = heards.at(-1)?.events.at(-1)
  return last?.type === 'completed' ? last.summary : last?.type === 'failed' ? last.reason : ''
}
