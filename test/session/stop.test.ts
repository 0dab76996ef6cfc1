import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { called } from '../support/proc.ts'
import { until } from '../support/until.ts'
import { AGENTS, ending, house, type Heard, type House } from './support.ts'

/** Every way to get away: into the background, another session, by two forks, by an emptied environment that is deaf to SIGTERM. */
const family = (mark: string): string =>
  [
    `sleep ${mark}1 &`,
    `setsid sleep ${mark}2 &`,
    `(setsid sh -c "sleep ${mark}3 & exec sleep ${mark}4" &)`,
    `env -i sh -c "trap '' TERM; exec sleep ${mark}5" &`,
    `sleep 0.2; echo ready; wait; sleep ${mark}6`,
  ].join('\n')

/** The sleeping processes of a family, however well they hide. */
const sleeping = (mark: string): number[] => called('sleep', mark)

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}

/** A family at work. `mark` are its first digits, so that two tests at once do not see each other's. */
async function atWork(mark: string): Promise<House & { heard: Heard }> {
  const made = await house()
  const heard = made.start({ prompt: family(mark), stopGraceMs: 500 })
  await until(() => sleeping(mark).length === 5 && read(made.file('log')) === 'ready\n')
  return { ...made, heard }
}

test('stop leaves nothing behind, also nothing that forked twice into a session of its own', async () => {
  const { sessions, heard } = await atWork('3001')
  sessions.stop('t1', 1, 500)
  const last = await ending(heard)
  expect(last).toMatchObject({ type: 'stopped', ending: { exit: { signal: 'SIGTERM' }, output: 'ready' } })
  expect(sleeping('3001')).toEqual([])
})

test('after kill -9 of its session process nothing of an attempt survives, and it is said to be gone only then', async () => {
  const { pid, heard } = await atWork('3002')
  process.kill(await pid(), 'SIGKILL')
  await until(() => heard.gone)
  expect(sleeping('3002')).toEqual([])
  expect(heard.gone).toEqual({ began: true, ended: false, reason: 'Its session process ended unexpectedly (SIGKILL).' })
})

test('stop after kill -9 of the session process leaves nothing behind', async () => {
  const { pid, sessions } = await atWork('3003')
  await sessions.close()
  process.kill(await pid(), 'SIGKILL')
  expect(sleeping('3003')).toHaveLength(5)
  await sessions.endAll('t1', 1, 500)
  expect(sleeping('3003')).toEqual([])
})

test('a session process that hangs is ended from outside', async () => {
  const { pid, sessions, heard } = await atWork('3004')
  process.kill(await pid(), 'SIGSTOP')
  sessions.stop('t1', 1, 100)
  await until(() => heard.gone, { within: 20_000 })
  expect(sleeping('3004')).toEqual([])
  expect(heard.gone).toMatchObject({ began: true, ended: false })
})

test('a session process that does not answer is not taken for a dead one', async () => {
  const { pid, sessions, heard, attach, file } = await atWork('3005')
  process.kill(await pid(), 'SIGSTOP')
  await sessions.close()
  const again = attach('t1')
  await new Promise((resolve) => setTimeout(resolve, 2500))
  expect(again).toEqual({ events: [], progress: [], gone: null })
  process.kill(await pid(), 'SIGCONT')
  await until(() => again.events.length > 0)
  sessions.stop('t1', 1, 500)
  expect((await ending(again)).type).toBe('stopped')
  expect(heard.gone).toBeNull()
  expect(read(file('log'))).toBe('ready\n')
})

test('who ignores SIGTERM is killed after the grace', async () => {
  const { start, sessions, file } = await house()
  const heard = start({ prompt: 'trap "" TERM; echo ready; while :; do sleep 0.05; done', stopGraceMs: 300 })
  await until(() => read(file('log')) === 'ready\n')
  sessions.stop('t1', 1, 300)
  expect(await ending(heard)).toMatchObject({ type: 'stopped', ending: { exit: { signal: 'SIGKILL' } } })
})

test('a command that tidies up when asked to end is asked once and has its grace for it', async () => {
  const { start, sessions, file } = await house()
  const tidy = 'trap "echo asked; sleep 1.5; echo tidy; exit 0" TERM'
  const heard = start({ prompt: `${tidy}; echo ready; while :; do read -t 0.05 < <(:); done` })
  await until(() => read(file('log')) === 'ready\n')
  sessions.stop('t1', 1, 5000)
  const last = await ending(heard)
  expect(last).toMatchObject({ type: 'stopped', ending: { exit: { code: 0 } } })
  expect('ending' in last && last.ending.durationMs).toBeGreaterThan(1500)
  expect(read(file('log')).match(/asked|tidy/g)).toEqual(['asked', 'tidy'])
})

test('SIGTERM to the session process is a stop', async () => {
  const { pid, heard } = await atWork('3006')
  process.kill(await pid(), 'SIGTERM')
  expect((await ending(heard)).type).toBe('stopped')
  expect(sleeping('3006')).toEqual([])
})

test('stop is asked for as often as one likes', async () => {
  const { sessions, heard } = await atWork('3007')
  for (let n = 0; n < 5; n++) sessions.stop('t1', 1, 500)
  await until(() => heard.gone)
  sessions.stop('t1', 1, 500)
  expect(heard.events.filter((event) => event.type === 'stopped')).toHaveLength(1)
})

test('a fork that flees from every sweep is caught', async () => {
  const { start, sessions, file } = await house()
  const flee = 'f() { sleep 0.01; ( f & ) ; }; f; echo ready; sleep 60'
  const heard = start({ prompt: flee, stopGraceMs: 200 })
  await until(() => read(file('log')) === 'ready\n')
  sessions.stop('t1', 1, 200)
  expect((await ending(heard)).type).toBe('stopped')
})

test('an attempt that waits for a person stops at once', async () => {
  const { start, sessions } = await house()
  const heard = start({ agentModule: AGENTS.demo, prompt: 'permission npm install left-pad' })
  await until(() => heard.events.some((event) => event.type === 'requested'))
  sessions.stop('t1', 1, 5000)
  const last = await ending(heard)
  expect(last.type).toBe('stopped')
  expect('ending' in last && last.ending.durationMs).toBeLessThan(3000)
})
