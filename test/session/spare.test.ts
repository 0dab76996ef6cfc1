// The session process that waits for an attempt: it works like any other, is ended like any other, and leaves nothing behind.
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { markersOf, socketDir } from '../../src/runner/attempt-files.ts'
import { marked } from '../../src/runner/processes.ts'
import { warmHome } from '../support/home.ts'
import { called, pids, told } from '../support/proc.ts'
import { until } from '../support/until.ts'
import { AGENTS, answerTo, asked, DOOR, ending, house } from './support.ts'

/** Processes of this home that wait, by pid. */
const waiting = (home: string): number[] =>
  pids().filter((pid) => told(pid, 'cmdline').includes(`--wait\0${socketDir(home)}`))

async function houseWithOne() {
  const it = await house(undefined, { spare: true })
  const spare = await until(() => waiting(it.home)[0])
  return { ...it, spare }
}

test('the next attempt is begun by the one that waits, and then another one waits', async () => {
  const it = await houseWithOne()
  const heard = it.start({ prompt: 'pwd; echo "$HOME $BACKCHANNEL_SESSION"; readlink /proc/$PPID/cwd' })
  expect(await it.pid()).toBe(it.spare)
  await ending(heard)
  const log = readFileSync(it.file('log'), 'utf8')
  expect(log).toContain('/nonexistent ')
  expect(log).toContain('.t1.1\n')
  await until(() => waiting(it.home).some((pid) => pid !== it.spare))
  expect(markersOf(it.home, 't1', 1)).toHaveLength(2)
  expect(marked(...markersOf(it.home, 't1', 1))).toEqual([])
})

test('two begun at the same moment are both begun', async () => {
  const it = await houseWithOne()
  const [first, second] = [it.start({ prompt: 'echo one' }), it.start({ task: 't2', prompt: 'echo two' })]
  await Promise.all([ending(first), ending(second)])
  expect([await it.pid('t1'), await it.pid('t2')].filter((pid) => pid === it.spare)).toHaveLength(1)
})

test('nothing of it lives after stop, not even what emptied its environment', async () => {
  const it = await houseWithOne()
  const heard = it.start({
    prompt: 'env -i sleep 7311 & (setsid sh -c "sleep 7312 & exec sleep 7313" &) ; touch ready; sleep 7314',
  })
  await until(() => existsSync(`${it.dir}/ready`))
  it.sessions.stop('t1', 1)
  await until(() => heard.gone)
  expect(alive(['7311', '7312', '7313', '7314'])).toEqual([])
})

test('nothing of it lives after its session process was killed', async () => {
  const it = await houseWithOne()
  const heard = it.start({ prompt: 'env -i sleep 7321 & touch ready; sleep 7322' })
  await until(() => existsSync(`${it.dir}/ready`))
  process.kill(await it.pid(), 'SIGKILL')
  await until(() => heard.gone)
  expect(heard.gone).toMatchObject({ began: true, ended: false })
  expect(alive(['7321', '7322'])).toEqual([])
})

test('an agent that asks, is answered and goes on notices nothing', async () => {
  const it = await houseWithOne()
  const heard = it.start({ agentModule: AGENTS.demo, prompt: 'permission npm install left-pad' })
  const ask = await asked(heard)
  expect(await it.pid()).toBe(it.spare)
  it.sessions.deliver('t1', 1, { answer: answerTo(ask, 'allow') })
  expect(await ending(heard)).toMatchObject({ type: 'completed' })
})

test('it ends when it is not wanted any more, and leaves no file', async () => {
  const it = await houseWithOne()
  await it.sessions.close()
  await until(() => waiting(it.home).length === 0)
  expect(readdirSync(socketDir(it.home))).toEqual([])
})

test('it ends with the runner that started it, however that ends', async () => {
  const home = await warmHome()
  const module = fileURLToPath(new URL('../../src/runner/sessions.ts', import.meta.url))
  const script = `import { Sessions } from '${module}'; new Sessions('${home}', { door: '${DOOR}' }); setInterval(() => {}, 1000)`
  const runner = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'ignore' })
  await until(() => waiting(home).length === 1)
  runner.kill('SIGKILL')
  await until(() => waiting(home).length === 0)
  await until(() => readdirSync(socketDir(home)).length === 0)
  expect(waiting(home)).toEqual([])
})

test('one that was killed is not waited for', async () => {
  const it = await houseWithOne()
  process.kill(it.spare, 'SIGKILL')
  const heard = it.start({ prompt: 'echo still' })
  await until(() => heard.gone)
  const last = await ending(heard.events.length > 0 ? heard : it.start({ attempt: 2, prompt: 'echo still' }))
  expect(last).toMatchObject({ type: 'completed' })
})

const alive = (seconds: string[]): string[] => seconds.filter((one) => called('sleep', `${one}\0`).length > 0)
