// A recorded conversation of each released protocol version: a session process of today still suits the runner of then, and
// the runner of today still suits a session process of then. A line is what one side said: {"session": …} or {"runner": …}.
import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { attemptDir, socketPath } from '../../src/runner/attempt-files.ts'
import { isObject, lineReader, type JsonObject } from '../../src/runner/lines.ts'
import { identify } from '../../src/runner/processes.ts'
import type { FromSession, SessionEvent, ToSession } from '../../src/runner/protocol.ts'
import { claim } from '../../src/runner/session/claim.ts'
import { until } from '../support/until.ts'
import { client } from './client.ts'
import { AGENTS, ending, house } from './support.ts'

type Line = { session: FromSession } | { runner: ToSession }

const FOLDER = new URL('released/', import.meta.url)
const RECORDED = readdirSync(FOLDER).map((name) => ({ name, lines: readLines(name) }))

/** What the recorded conversations are about. */
const PROMPT = [
  'step Look around',
  'work 100ms Reading the code',
  'permission npm install left-pad',
  'question Which database? SQLite | PostgreSQL',
  'wait guidance',
  'plan Change it; Test it',
  'done It is done.',
].join('\n')

function readLines(name: string): Line[] {
  const lines = readFileSync(new URL(name, FOLDER), 'utf8').trimEnd().split('\n')
  return lines.map((line) => JSON.parse(line) as Line)
}

const eventsOf = (lines: Line[]): SessionEvent[] =>
  lines.flatMap((line) => ('session' in line && 'event' in line.session ? line.session.event : []))

test.for(RECORDED)(
  'a runner that speaks as in $name is understood by a session process of today',
  async ({ lines }) => {
    const { home, start } = await house()
    start({ agentModule: AGENTS.demo, prompt: PROMPT })
    const one = await client(home)
    const names = new Map<string, string>()
    const said: [now: unknown, then: unknown][] = []
    let expected = 0
    for (const line of lines) {
      if ('runner' in line) one.send(rename(line.runner, names))
      else if ('event' in line.session) {
        const event = await until(() => one.events()[expected])
        note(names, line.session.event, event)
        said.push([event, line.session.event])
        expected++
      } else if ('hello' in line.session) {
        said.push([await until(() => one.lines[0]), line.session])
      }
    }
    const progress = lines.find((line) => 'session' in line && 'progress' in line.session)
    if (progress && 'session' in progress) said.push([one.lines.find((line) => 'progress' in line), progress.session])
    for (const [now, then] of said) expect(asThen(now, then)).toEqual(then)
  },
)

/** Requests have other ids today than then. */
function note(names: Map<string, string>, then: SessionEvent, now: SessionEvent): void {
  if (then.type !== 'requested' || now.type !== 'requested') return
  names.set(then.ask.id, now.ask.id)
  if (then.ask.inputHash && now.ask.inputHash) names.set(then.ask.inputHash, now.ask.inputHash)
}

const rename = (message: ToSession, names: Map<string, string>): object =>
  JSON.parse(
    JSON.stringify(message),
    (_, value: unknown) => (typeof value === 'string' && names.get(value)) || value,
  ) as object

/** Which options an agent offers is its own matter; one that it still offers means what it meant. */
function optionNow(now: unknown[], then: unknown): unknown {
  const same = now.find((one) => isObject(one) && isObject(then) && one['id'] === then['id'])
  return same === undefined ? then : asThen(same, then)
}

/** What is said now, as far as it was known then: who knows what was said then finds all of it. */
function asThen(now: unknown, then: unknown, key = ''): unknown {
  if (Array.isArray(now) && Array.isArray(then) && key === 'options') return then.map((one) => optionNow(now, one))
  if (Array.isArray(now) && Array.isArray(then))
    return then.map((one: unknown, index) => asThen((now as unknown[])[index], one))
  if (isObject(now) && isObject(then))
    return Object.fromEntries(Object.entries(then).map(([name, value]) => [name, asThen(now[name], value, name)]))
  const mayDiffer = typeof now === typeof then && !['type', 'kind', 'effect'].includes(key)
  return mayDiffer ? then : now
}

test.for(RECORDED)(
  'a session process that speaks as in $name is understood by a runner of today',
  async ({ lines }) => {
    const { home, sessions, attach } = await house()
    const heard: JsonObject[] = []
    const end = await pretend(home, lines, heard)
    const listening = attach('t1')
    for (const line of lines) {
      if (!('runner' in line) || 'proof' in line.runner || 'attach' in line.runner) continue
      await until(() => heard.length >= lines.slice(0, lines.indexOf(line)).filter((one) => 'runner' in one).length)
      if ('stop' in line.runner) sessions.stop('t1', 1, line.runner.stop.graceMs)
      else if ('rules' in line.runner) sessions.replaceRules('t1', 1, line.runner.rules)
      else sessions.deliver('t1', 1, line.runner)
    }
    await until(() => listening.events.length === eventsOf(lines).length)
    end()
    await ending(listening)
    expect(listening.events).toEqual(eventsOf(lines))
    expect(listening.progress.length).toBeGreaterThan(0)
    expect(listening.gone).toMatchObject({ ended: true })
    expect(heard).toEqual(lines.flatMap((line) => ('runner' in line ? line.runner : [])))
  },
)

const fail = (what: string): never => {
  throw new Error(`not a line of ours: ${what}`)
}

/** Something that owns the attempt and says what was recorded, each time after it heard what was recorded before that. */
async function pretend(home: string, lines: Line[], heard: JsonObject[]): Promise<() => void> {
  const dir = attemptDir(home, 't1', 1)
  mkdirSync(dir, { recursive: true })
  const owner = spawn('sleep', ['600'], { stdio: 'ignore', cwd: home })
  const identity = identify(owner.pid ?? 0)
  if (!identity) throw new Error('nothing to pretend with')
  claim(dir, identity)
  let listener: Socket | null = null
  let at = 1
  const goOn = (): void => {
    for (let line = lines[at]; line && 'session' in line; line = lines[++at])
      listener?.write(`${JSON.stringify(line.session)}\n`)
  }
  const server = createServer((socket) => {
    socket.on('error', () => {})
    const [hello] = lines
    if (hello && 'session' in hello) socket.write(`${JSON.stringify(hello.session)}\n`)
    const hear = lineReader((message) => {
      if ('attach' in message) listener = socket
      heard.push(message)
      at++
      goOn()
    }, fail)
    socket.on('data', hear)
  })
  await new Promise<void>((resolve) => server.listen(socketPath(home, 't1', 1), resolve))
  const end = (): void => {
    listener?.destroy()
    server.close()
    owner.kill('SIGKILL')
  }
  onTestFinished(end)
  return end
}
