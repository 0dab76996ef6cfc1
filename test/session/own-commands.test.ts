// The repository's own commands, run by us beside the agent: `setup` before it begins, `check` after it is done.
import { closeSync, existsSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { expect, test } from 'vitest'
import { called } from '../support/proc.ts'
import { until } from '../support/until.ts'
import { check as runCheck } from '../../src/runner/session/own-commands.ts'
import { repository } from './repository.ts'
import { AGENTS, ending, ENV, house } from './support.ts'

const demo = { agentModule: AGENTS.demo }

test('setup runs in a new worktree before the agent begins, once, with its output in the log', async () => {
  const { work, worktree } = await repository()
  const { start, file } = await house()
  const options = { setup: 'echo preparing; echo ready >> ignored' }
  const first = start({ ...demo, prompt: 'run cat ignored\ndone well', work: work('one'), options })
  expect(await ending(first)).toMatchObject({ type: 'completed' })
  expect(readFileSync(file('log'), 'utf8')).toMatch(/^\[backchannel\] setup: echo preparing.*\npreparing\n[^]*ready\n/)
  expect(first.progress.map(({ now }) => now)).toContain(options.setup)

  const next = { ...demo, attempt: 2, turn: 2, prompt: 'run wc -l < ignored\ndone again', work: work('one'), options }
  await ending(start(next))
  expect(readFileSync(file('log', 't1', 2), 'utf8')).toMatch(/\n1\n/)
  expect(readFileSync(file('log', 't1', 2), 'utf8')).not.toContain('setup')

  // A worktree that is made anew is as empty as the first one was.
  rmSync(worktree('one'), { recursive: true })
  await ending(start({ ...next, attempt: 3, turn: 3 }))
  expect(readFileSync(file('log', 't1', 3), 'utf8')).toContain('[backchannel] setup: echo preparing')
})

test('a setup that fails is how the attempt has failed, with its output, and the agent is never started', async () => {
  const { work, worktree } = await repository()
  const { start, file } = await house()
  const options = { setup: 'echo no such package; exit 7' }
  const last = await ending(start({ prompt: 'touch ran', work: work('one'), options }))
  expect(last).toMatchObject({
    type: 'failed',
    reason: 'The workspace could not be set up, so nothing was begun. echo no such package; exit 7: exit 7',
    ending: { output: 'no such package' },
  })
  expect(existsSync(`${worktree('one')}/ran`)).toBe(false)
  await ending(start({ prompt: 'touch ran', attempt: 2, work: work('one'), options: { setup: 'true' } }))
  expect(existsSync(`${worktree('one')}/ran`)).toBe(true)
  expect(readFileSync(file('log', 't1', 2), 'utf8')).toContain('setup: true')
})

test('in a directory that is used as it is nothing is set up', async () => {
  const { start, dir } = await house()
  await ending(start({ prompt: 'true', options: { setup: 'touch set-up' } }))
  expect(readdirSync(dir)).toEqual([])
})

test('a setup that was cut off runs again, and stop ends it with all it started', async () => {
  const { work } = await repository()
  const { start, sessions, pid, file } = await house()
  const options = { setup: 'echo begun; setsid sleep 7001 & sleep 7001' }
  const heard = start({ prompt: 'true', work: work('one'), options })
  await until(() => sleeping('7001') === 2)
  process.kill(await pid(), 'SIGKILL')
  await until(() => heard.gone, { within: 20_000 })
  expect(sleeping('7001')).toBe(0)

  const again = start({ prompt: 'true', attempt: 2, work: work('one'), options })
  await until(() => sleeping('7001') === 2)
  sessions.stop('t1', 2, 500)
  expect(await ending(again)).toMatchObject({ type: 'stopped' })
  expect(sleeping('7001')).toBe(0)
  expect(readFileSync(file('log', 't1', 2), 'utf8')).toContain('begun')
})

test.each([
  ['passes', 'echo fine', { exit: { code: 0 }, output: 'fine' }],
  ['fails', 'echo 2 tests failed >&2; exit 3', { exit: { code: 3 }, output: '2 tests failed' }],
  ['is killed', 'kill -9 $$', { exit: { signal: 'SIGKILL' }, output: '' }],
  ['nobody knows', 'no-such-command-here', { exit: { code: 127 } }],
])('a check that %s takes nothing from what was done, and is told as it really ended', async (_how, command, then) => {
  const { work } = await repository()
  const { start, file } = await house()
  const options = { check: command }
  const heard = start({ ...demo, prompt: 'edit new.txt x\ndone All tests pass', work: work('one'), options })
  const last = await ending(heard)
  expect(last).toMatchObject({
    type: 'completed',
    summary: 'All tests pass',
    ending: { changes: { files: 1 }, check: { command, ...then } },
  })
  expect(readFileSync(file('log'), 'utf8')).toContain(`All tests pass\n[backchannel] check: ${command}\n`)
  expect(heard.progress.at(-1)).toMatchObject({ now: command, counts: { edited: 1 } })
})

test('what failed is not checked', async () => {
  const { start, dir } = await house()
  const last = await ending(start({ ...demo, prompt: 'fail no luck', options: { check: 'touch checked' } }))
  expect(last).toMatchObject({ type: 'failed', reason: 'no luck' })
  expect(readdirSync(dir)).toEqual([])
})

test('what an agent left running is ended before its work is checked, and what the check leaves after it', async () => {
  const { start, file } = await house()
  const options = { check: 'pgrep -fc "^sleep 7002" || true; sleep 7003 &' }
  const last = await ending(start({ ...demo, prompt: 'background 7002s\ndone well', options }))
  expect(last).toMatchObject({ type: 'completed', ending: { check: { output: '0' } } })
  expect(sleeping('7003')).toBe(0)
  expect(readFileSync(file('log'), 'utf8')).toMatch(/left running in the background: sleep[^]*left running/)
})

test.each([
  ['a stop', {}, 'It was stopped before its end.'],
  ['the time limit of the attempt', { timeout_ms: '2500' }, 'It was stopped after 2.5 s, its time limit.'],
])('%s ends a check with all it started, and the work is complete all the same', async (_what, more, why) => {
  const { start, sessions } = await house()
  const options = { check: 'echo going; setsid sleep 7004 & sleep 7004', ...more }
  const heard = start({ ...demo, prompt: 'done well', options, stopGraceMs: 300 })
  await until(() => sleeping('7004') === 2)
  if (!('timeout_ms' in more)) sessions.stop('t1', 1, 300)
  expect(await ending(heard)).toMatchObject({
    type: 'completed',
    summary: 'well',
    ending: { check: { exit: { signal: 'SIGTERM' }, output: 'going', why } },
  })
  expect(sleeping('7004')).toBe(0)
})

test('an attempt that is lost while its work is checked leaves only the check to be done again', async () => {
  const { start, pid, dir, file } = await house()
  const options = { check: 'echo checked >> checks; test -e slow && exec sleep 7006; exit 5' }
  const first = start({ ...demo, prompt: 'run touch slow; echo once >> work\ndone well', options })
  await until(() => sleeping('7006') === 1)
  process.kill(await pid(), 'SIGKILL')
  await until(() => first.gone, { within: 20_000 })
  rmSync(`${dir}/slow`)
  const session = first.events.find((event) => event.type === 'identified')?.session ?? ''
  const again = {
    ...demo,
    attempt: 2,
    begun: true,
    resume: session,
    prompt: 'run echo twice >> work\ndone well',
    options,
  }
  expect(await ending(start(again))).toMatchObject({
    type: 'completed',
    summary: expect.stringMatching(/^well/),
    ending: { check: { exit: { code: 5 } } },
  })
  expect([readFileSync(`${dir}/work`, 'utf8'), readFileSync(`${dir}/checks`, 'utf8')]).toEqual([
    'once\n',
    'checked\nchecked\n',
  ])
  // The next turn is one of its own.
  await ending(start({ ...again, attempt: 3, turn: 2, begun: false }))
  expect(readFileSync(`${dir}/work`, 'utf8')).toBe('once\ntwice\n')
  expect(readFileSync(file('log', 't1', 3), 'utf8')).toContain('check: ')
})

test('a check that takes too long is ended, and says so', async () => {
  const { home, file, start } = await house()
  await ending(start({ prompt: 'true' }))
  const log = openSync(file('log'), 'a+')
  const silent = { now() {}, write() {} }
  const bench = { cwd: home, env: ENV, home, log, logBytesMax: 1e6, ...silent }
  const endAll = async () => pidsOf('7005').forEach((pid) => process.kill(pid))
  const found = await runCheck('exec sleep 7005', { ...bench, endAll }, 300)
  closeSync(log)
  expect(found).toMatchObject({
    exit: { signal: 'SIGTERM' },
    why: expect.stringContaining('the most a check may take'),
  })
})

const sleeping = (seconds: string): number => pidsOf(seconds).length

const pidsOf = (seconds: string): number[] => called('sleep', seconds)
