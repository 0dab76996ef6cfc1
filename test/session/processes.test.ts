import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { endMarked, identify, isAlive, marked } from '../../src/runner/processes.ts'
import { home } from '../support/home.ts'
import { until } from '../support/until.ts'

/** A process with a marker of its own, ended when the test is over. */
async function marker(script: string): Promise<{ marker: string; pid: number }> {
  const cwd = await home()
  const name = cwd.split('/').slice(-2).join('.')
  const child = spawn('bash', ['-c', script], {
    cwd,
    env: { PATH: process.env['PATH'], BACKCHANNEL_SESSION: name },
    detached: true,
    stdio: 'ignore',
  })
  onTestFinished(async () => void (await endMarked([name], { graceMs: 0 })))
  await until(() => existsSync(`${cwd}/ready`))
  return { marker: name, pid: child.pid ?? 0 }
}

test('a process is who it is by pid, start and boot', async () => {
  const { pid } = await marker('touch ready; sleep 60')
  const identity = identify(pid)
  if (!identity) throw new Error('it lives')
  expect(isAlive(identity)).toBe(true)
  expect(isAlive({ ...identity, start: String(Number(identity.start) - 1) })).toBe(false)
  expect(isAlive({ ...identity, boot: 'another' })).toBe(false)
  expect(identify(2 ** 22 + 1)).toBeNull()
})

test('a name with parentheses and spaces in it deceives nobody', async () => {
  const { pid } = await marker(`cp "$(command -v sleep)" 'a) R 1 (b'; touch ready; exec './a) R 1 (b' 60`)
  const named = await until(
    () => /^\d+ \(a\) R 1 \(b\)/.test(readFileSync(`/proc/${pid}/stat`, 'utf8')) && identify(pid),
  )
  expect(named.start).toMatch(/^\d{2,}$/)
  expect(isAlive(named)).toBe(true)
})

test('a zombie is not alive', async () => {
  // The shell becomes a program that does not know of the child and never waits for it.
  const { pid } = await marker('bash -c "sleep 0.2" & echo $! > child; touch ready; exec sleep 60')
  const cwd = `/proc/${pid}/cwd`
  const child = Number(readFileSync(`${cwd}/child`, 'utf8'))
  const identity = identify(child)
  if (!identity) throw new Error('it should live for a moment')
  await until(() => /\) Z /.test(readFileSync(`/proc/${child}/stat`, 'utf8')))
  expect(identify(child)).toEqual(identity)
  expect(isAlive(identity)).toBe(false)
})

test('a process is marked by the whole value of the variable and no other', async () => {
  const { marker: name, pid } = await marker('touch ready; exec sleep 60')
  expect(marked(name)).toEqual([pid])
  expect(marked(name.slice(0, -1))).toEqual([])
  expect(marked(`${name}1`)).toEqual([])
})

test('what is to be spared is spared, and everything else with the marker is ended', async () => {
  const { marker: name, pid } = await marker('sleep 60 & sleep 61 & touch ready; wait')
  expect(marked(name)).toHaveLength(3)
  expect(await endMarked([name], { graceMs: 1000, except: [pid] })).toEqual({ ended: 2, left: [] })
  await until(() => marked(name).length === 0)
})

test('where nothing is to be ended, nothing is', async () => {
  expect(await endMarked(['nobody.has.this'], { graceMs: 1000 })).toEqual({ ended: 0, left: [] })
})

test.for([
  'f() { sleep 0.01; ( f & ) ; }; touch ready; f',
  'f() { ( f & ) ; }; touch ready; f',
  'f() { sleep 0.01; ( setsid bash -c "$(declare -f f); f" & ) ; }; touch ready; f',
])('a chain of processes that each start one and leave is ended: %s', async (script) => {
  const { marker: name } = await marker(script)
  expect((await endMarked([name], { graceMs: 0 })).left).toEqual([])
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(marked(name)).toEqual([])
})
