import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import type { Answer } from '../../src/task/request.ts'
import { home } from '../support/home.ts'
import { until } from '../support/until.ts'
import { AGENTS, answerTo, asked, ending, house } from './support.ts'

test('a command that goes on beyond its time is stopped, and has failed with a sentence', async () => {
  const { start } = await house()
  const last = await ending(start({ prompt: 'echo begun; sleep 300', options: { timeout_ms: '400' } }))
  expect(last).toMatchObject({
    type: 'failed',
    reason: 'It was stopped after 0.4 s, its time limit.',
    ending: { exit: { signal: 'SIGTERM' }, output: 'begun' },
  })
  expect('ending' in last && last.ending.durationMs).toBeGreaterThan(390)
})

test('the log says why its command was stopped', async () => {
  const { start, file } = await house()
  await ending(start({ prompt: 'echo begun; sleep 300', options: { timeout_ms: '300' } }))
  expect(readFileSync(file('log'), 'utf8')).toBe('begun\n[backchannel] It was stopped after 0.3 s, its time limit.\n')
})

test('waiting for a person is not time of the attempt', async () => {
  const { start, sessions } = await house()
  const options = { timeout_ms: '700', speed: '20' }
  const heard = start({ agentModule: AGENTS.demo, prompt: 'permission npm install a\ndone Well', options })
  const ask = await asked(heard)
  await new Promise((resolve) => setTimeout(resolve, 1000))
  sessions.deliver('t1', 1, { answer: answerTo(ask, 'allow') })
  expect((await ending(heard)).type).toBe('completed')
})

test('at its cap a log is complete up to there, and the command is stopped and has failed with a sentence', async () => {
  const { start, file } = await house()
  const last = await ending(start({ prompt: 'seq 1 100000000', logBytesMax: 2_000_000 }))
  expect(last).toMatchObject({
    type: 'failed',
    reason: 'It was stopped because its log reached 2 MB, the most a log may have.',
  })
  const log = readFileSync(file('log'), 'utf8')
  const whole = Array.from({ length: 400_000 }, (_, index) => `${index + 1}\n`).join('')
  expect(log.slice(0, 2_000_000) === whole.slice(0, 2_000_000)).toBe(true)
  expect(log.slice(2_000_000)).toMatch(/^\[backchannel\] It was stopped because its log reached 2 MB/)
})

test('who goes on writing although asked to end is killed at once', async () => {
  const { start, file } = await house()
  const stubborn = 'trap "" TERM; while :; do seq 1 100000; done'
  const last = await ending(start({ prompt: stubborn, logBytesMax: 2_000_000, stopGraceMs: 60_000 }))
  expect(last).toMatchObject({ type: 'failed', ending: { exit: { signal: 'SIGKILL' } } })
  expect('ending' in last && last.ending.durationMs).toBeLessThan(5000)
  expect(statSync(file('log')).size).toBeLessThan(2_000_200)
})

test('an agent that writes to the log by itself has the same cap', async () => {
  const { start, file } = await house()
  const last = await ending(start({ agentModule: AGENTS.demo, prompt: 'run seq 1 100000000', logBytesMax: 2_000_000 }))
  expect(last).toMatchObject({
    type: 'failed',
    reason: 'It was stopped because its log reached 2 MB, the most a log may have.',
  })
  expect(statSync(file('log')).size).toBeLessThan(2_000_200)
})

const small = await smallDisk()

/** A file system of 6 MB, or null where none can be mounted. */
async function smallDisk(): Promise<(() => Promise<string>) | null> {
  const mount = (place: string): boolean =>
    spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', place]).status === 0
  const unmount = (place: string): void => void spawnSync('umount', ['--lazy', place])
  if (!mount('/mnt')) return null
  unmount('/mnt')
  return async () => {
    const place = await home()
    if (!mount(place)) throw new Error('it could be mounted a moment ago')
    onTestFinished(() => unmount(place))
    return place
  }
}

test.skipIf(!small)('a log that fills the disk stops its command, with a reason that says so', async () => {
  const { home: place, start } = await house(await small?.())
  const last = await ending(start({ prompt: 'seq 1 100000000' }))
  expect(last).toMatchObject({ type: 'failed' })
  expect('reason' in last && last.reason).toMatch(
    /^The disk is full: it was stopped because its (growing log left only 0(\.\d)? MB free|log could not be written any more)\.$/,
  )
  expect(statfsSync(place).bavail).toBeGreaterThan(0)
})

test.skipIf(!small)('on a disk that others filled an agent is stopped with a reason that says so', async () => {
  const { home: place, start, sessions, file } = await house(await small?.())
  const heard = start({ agentModule: TALKS, prompt: '1' })
  await asked(heard)
  fill(place)
  sessions.deliver('t1', 1, { answer: ANSWER })
  const last = await ending(heard)
  expect(last).toMatchObject({
    type: 'failed',
    reason: 'The disk is full: it was stopped, because what it does could not be recorded any more.',
  })
  expect(numbers(file('events'))).toEqual([1, 2, 3, 4])
})

test.skipIf(!small)(
  'what cannot be written waits in order until there is room again, and nobody is told before',
  async () => {
    const { home: place, start, sessions, file } = await house(await small?.())
    const heard = start({ agentModule: TALKS, prompt: '20' })
    await asked(heard)
    fill(place)
    sessions.deliver('t1', 1, { answer: ANSWER })
    await until(() => heard.events.length > 3)
    await new Promise((resolve) => setTimeout(resolve, 1500))
    expect(heard.gone).toBeNull()
    expect(numbers(file('events')).length).toBe(heard.events.length)
    expect(heard.events.length).toBeLessThan(20)
    rmSync(`${place}/fill`, { recursive: true })
    expect((await ending(heard)).type).toBe('failed')
    expect(numbers(file('events'))).toEqual(Array.from({ length: 23 }, (_, index) => index + 1))
    expect(heard.events.map(({ seq }) => seq)).toEqual(numbers(file('events')))
  },
)

const TALKS = new URL('agents/talks.ts', import.meta.url).href
const ANSWER: Answer = { request: 'first', kind: 'question', option: 'words', effect: 'answer', values: {}, by: 'ann' }

const numbers = (path: string): number[] =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { seq: number }).seq)

/** Takes every block there is. */
function fill(place: string): void {
  mkdirSync(`${place}/fill`)
  for (let n = 0, bytes = 1 << 20; bytes >= 1; n++) {
    try {
      writeFileSync(`${place}/fill/${n}`, Buffer.alloc(bytes))
    } catch {
      bytes = Math.floor(bytes / 2)
    }
  }
}
