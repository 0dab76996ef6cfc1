import { spawn, spawnSync } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { attemptDir, homeTooLong, markerOf, socketPath } from '../../src/runner/attempt-files.ts'
import { MARKER_VARIABLE, type Spec } from '../../src/runner/protocol.ts'
import { Sessions } from '../../src/runner/sessions.ts'
import { CACHE } from '../support/home.ts'
import { until } from '../support/until.ts'
import { AGENTS, ending, ENV, house } from './support.ts'

const MAIN = fileURLToPath(new URL('../../src/runner/session/main.ts', import.meta.url))

/** The spec of an attempt, written as a runner does, with nobody started yet. */
function writeSpec(home: string, dir: string, prompt = 'echo ran >> ran'): string {
  const spec: Spec = {
    protocol: 1,
    task: 't1',
    attempt: 1,
    agentModule: AGENTS.shell,
    turn: 1,
    begun: false,
    prompt,
    resume: null,
    answers: [],
    guidance: [],
    options: {},
    work: { kind: 'here', repo: null, path: dir },
    env: ENV,
    marker: markerOf(home, 't1', 1),
    socket: socketPath(home, 't1', 1),
    agentHome: `${home}/tasks/t1/agent`,
    logBytesMax: 1_000_000,
    stopGraceMs: 500,
  }
  const attempt = attemptDir(home, 't1', 1)
  mkdirSync(attempt, { recursive: true })
  writeFileSync(`${attempt}/spec.json`, JSON.stringify(spec))
  return attempt
}

/** What a runner gives the process of this attempt. */
const bornIn = (home: string): Record<string, string> => ({
  ...ENV,
  NODE_COMPILE_CACHE: CACHE,
  [MARKER_VARIABLE]: markerOf(home, 't1', 1),
})

test('of two session processes on one attempt one works and the other leaves without a word', async () => {
  const { home, dir } = await house()
  const attempt = writeSpec(home, dir, 'echo ran >> ran; sleep 0.5')
  const exits = await Promise.all([1, 2, 3].map(() => run(home, attempt)))
  expect(exits).toEqual([0, 0, 0])
  expect(readFileSync(`${dir}/ran`, 'utf8')).toBe('ran\n')
  expect(readFileSync(`${attempt}/events.jsonl`, 'utf8').match(/"began"/g)).toHaveLength(1)
  expect(readdirSync(attempt).toSorted()).toEqual(['errors', 'events.jsonl', 'log', 'session.json', 'spec.json'])
})

function run(home: string, attempt: string): Promise<number | null> {
  const errors = openSync(`${attempt}/errors`, 'a')
  const child = spawn(process.execPath, [MAIN, attempt], { env: bornIn(home), stdio: ['ignore', errors, errors] })
  closeSync(errors)
  return new Promise((resolve) => child.once('exit', resolve))
}

test('a process that was not born before its attempt was given up never starts work', async () => {
  const { home, dir, sessions } = await house()
  const attempt = writeSpec(home, dir)
  expect(await sessions.giveUp('t1', 1)).toEqual({ began: false, reason: 'Its session process did not start.' })
  expect(await run(home, attempt)).toBe(0)
  expect(existsSync(`${dir}/ran`)).toBe(false)
  expect(existsSync(`${attempt}/events.jsonl`)).toBe(false)
})

test('giving up an attempt that works ends it, and says that it began', async () => {
  const { start, sessions, file } = await house()
  const heard = start({ prompt: 'echo ready; sleep 300' })
  await until(() => existsSync(file('log')) && readFileSync(file('log'), 'utf8') === 'ready\n')
  expect(await sessions.giveUp('t1', 1)).toMatchObject({ began: true })
  await until(() => heard.gone)
  expect(heard.gone?.began).toBe(true)
})

test('an attempt that nobody ever started is given up soon after somebody attaches', async () => {
  const { attach } = await house()
  const heard = attach('t1')
  await until(() => heard.gone)
  expect(heard).toMatchObject({ events: [], gone: { began: false, reason: 'Its session process did not start.' } })
})

test('a stop before the birth keeps it from happening', async () => {
  const { dir, start, sessions } = await house()
  const heard = start({ prompt: 'echo ran >> ran' })
  sessions.stop('t1', 1)
  await until(() => heard.gone)
  expect(heard.gone?.began).toBe(false)
  expect(existsSync(`${dir}/ran`)).toBe(false)
})

test('an agent whose module cannot be loaded is gone before it began, with the reason', async () => {
  const { start } = await house()
  const heard = start({ agentModule: 'file:///no/such/agent.ts' })
  await until(() => heard.gone)
  expect(heard.gone).toMatchObject({ began: false, ended: false })
  expect(heard.gone?.reason).toMatch(/^Its session process did not start \(.*Cannot find module '\/no\/such\/agent.ts'/)
})

test('a spec that is not what it should be is named', async () => {
  const { home, dir } = await house()
  const attempt = writeSpec(home, dir)
  for (const [name, value] of [
    ['prompt', 3],
    ['work', { kind: 'there' }],
    ['protocol', 99],
    ['agentModule', 'zsh'],
  ] as const) {
    const spec = JSON.parse(readFileSync(`${attempt}/spec.json`, 'utf8')) as object
    writeFileSync(`${attempt}/spec.json`, JSON.stringify({ ...spec, [name]: value }))
    const { status, stderr } = spawnSync(process.execPath, [MAIN, attempt], { env: bornIn(home), encoding: 'utf8' })
    expect(status).toBe(1)
    expect(stderr).toContain(`spec.json: ${name} is missing or not what it should be`)
    writeFileSync(`${attempt}/spec.json`, JSON.stringify(spec))
  }
})

test('starting an attempt twice runs it once', async () => {
  const { dir, start } = await house()
  const first = start({ prompt: 'echo ran >> ran; sleep 0.3' })
  const again = start({ prompt: 'echo ran >> ran; sleep 0.3' })
  await ending(again)
  expect(first.gone).toBeNull()
  expect(readFileSync(`${dir}/ran`, 'utf8')).toBe('ran\n')
})

test('a session process outlives who started it', async () => {
  const { home, dir, attach } = await house()
  const attempt = writeSpec(home, dir, 'sleep 0.5; echo ran >> ran')
  const starter = `require('node:child_process').spawn(process.execPath, ${JSON.stringify([MAIN, attempt])}, { detached: true, stdio: 'ignore' }).unref()`
  spawnSync(process.execPath, ['-e', `${starter}; process.kill(process.pid, 'SIGKILL')`], { env: bornIn(home) })
  expect((await ending(attach('t1'))).type).toBe('completed')
  expect(readFileSync(`${dir}/ran`, 'utf8')).toBe('ran\n')
})

test('a home too long for sockets is refused with the most it may have', () => {
  const home = `/tmp/${'x'.repeat(80)}`
  expect(homeTooLong('/tmp/fine')).toBeNull()
  expect(() => new Sessions(home)).toThrow('The path of the home has 85 bytes, but at most 75 are possible')
})
