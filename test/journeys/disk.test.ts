// A disk that fills, a home that cannot be written, and a clock that jumps: what the machine does to everybody.
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { home } from '../support/home.ts'
import { until } from '../support/until.ts'
import { titles } from './facts.ts'
import { house, SLOW } from './house.ts'
import { running } from './sessions.ts'

const LONG = 120_000
const FAKETIME = '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1'
const DAY_S = 86_400

/** A small file system of its own, or null where nobody may mount one. */
async function smallDisk(): Promise<string | null> {
  const folder = await home()
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'journeys', folder], { stdio: 'ignore' })
  } catch {
    return null
  }
  onTestFinished(() => void execFileSync('umount', ['--lazy', folder]))
  return folder
}

test(
  'a log that fills the disk fails its task with the reason; up lives, and goes on once there is room',
  { timeout: LONG },
  async ({ skip }) => {
    const folder = await smallDisk()
    if (folder === null) return skip('mounting a file system is not allowed here')
    const here = await house({ folder })
    const { page, child, words } = await here.up()
    const { id } = await page.start(`/bg run --label grows head -c 10m /dev/zero; yes abcdefgh`)
    const { outcome } = await page.until(id, (task) => task.outcome)
    expect(outcome).toMatchObject({ kind: 'failed', reason: expect.stringMatching(/^The disk is full/) })
    await until(() => running(folder).length === 0, SLOW)

    fs.rmSync(path.join(folder, 'tasks', id, '1', 'log'))
    const filler = path.join(folder, 'filler')
    const asks = await page.start('/bg start --agent demo --label asks permission npm install a\ndone well')
    const button = await page.button(asks.id, 'Allow once')
    try {
      fs.writeFileSync(filler, Buffer.alloc(32_000_000, 1))
    } catch {
      // As much of it as there is room for.
    }
    const before = (await page.roots()).length
    expect(await page.say('/bg run --label refused true').catch(() => null)).toMatchObject({ kind: 'refused' })
    expect(await here.cli(['run', 'true'])).toMatchObject({
      code: 1,
      err: expect.stringMatching(/no space left on the disk.*\n$/),
    })
    expect((await page.healthz()).status).toBe(503)
    expect((await page.roots()).length).toBeLessThanOrEqual(before + 1)
    expect([child.exitCode, words()]).toEqual([null, expect.not.stringContaining('Error')])

    fs.rmSync(filler)
    await until(async () => (await page.healthz()).status === 200, SLOW)
    await until(async () => (await page.click(button.id)).kind === 'none' || (await page.task(asks.id)).outcome, SLOW)
    expect((await page.until(asks.id, (task) => task.outcome)).outcome).toMatchObject({ kind: 'completed' })
    const after = await page.start('/bg run --label after true')
    await page.until(after.id, (task) => task.outcome?.kind === 'completed')
    expect(titles(await page.roots())).toEqual(['grows', 'asks', 'after'])
    expect(await here.cli(['verify'])).toMatchObject({ code: 0 })
  },
)

test(
  'a home that cannot be written is one sentence, and nothing is lost by it',
  { timeout: LONG },
  async ({ skip }) => {
    const folder = await smallDisk()
    if (folder === null) return skip('mounting a file system is not allowed here')
    const here = await house({ folder })
    expect((await here.cli(['run', '--label', 'kept', 'true'])).code).toBe(0)
    execFileSync('mount', ['-o', 'remount,ro', folder])
    for (const verb of [['up'], ['tasks'], ['run', 'true'], ['login']]) {
      const { code, err } = await here.cli(verb)
      expect([verb, code, err]).toEqual([
        verb,
        1,
        expect.stringMatching(/^backchannel: .*(cannot be used|read-only).*\n$/),
      ])
    }
    execFileSync('mount', ['-o', 'remount,rw', folder])
    const { page } = await here.up()
    const [kept] = await until(async () => ((done) => done.length > 0 && done)((await page.board()).done), SLOW)
    expect(kept).toMatchObject({ label: 'kept', outcome: { kind: 'completed' } })
  },
)

test.skipIf(!fs.existsSync(FAKETIME))(
  'a clock that jumps a day, while all runs and while up is down, ends nothing early, reminds once and loses no order',
  { timeout: LONG },
  async () => {
    const folder = await home()
    const clock = path.join(folder, 'clock')
    const set = (seconds: number): void => fs.writeFileSync(clock, seconds < 0 ? `${seconds}` : `+${seconds}`)
    set(0)
    // As a clock that is set anew: the monotonic one goes on as before.
    const names = [
      'LD_PRELOAD',
      'FAKETIME_TIMESTAMP_FILE',
      'FAKETIME_NO_CACHE',
      'DONT_FAKE_MONOTONIC',
      'FAKETIME_DONT_FAKE_MONOTONIC',
    ]
    const env = Object.fromEntries(names.map((name, index) => [name, [FAKETIME, clock][index] ?? '1']))
    const config = `park_after: 2d\nremind_after: 12h\nenv:\n  pass: [${names.join(', ')}]\n`
    const here = await house({ folder: path.join(folder, 'home'), config, env })
    const go = path.join(folder, 'go')
    const first = await here.up()
    const works = await first.page.start(`/bg run --label works --timeout 10m until [ -e ${go} ]; do sleep 0.1; done`)
    const asks = await first.page.start(
      '/bg start --agent demo --label asks permission npm install a\npermission npm install b\ndone well',
    )
    const button = await first.page.button(asks.id, 'Allow once')
    set(DAY_S)
    const reminders = async (page = first.page) =>
      titles(await page.threadOf(asks.id)).filter((one) => one.startsWith('Still waiting')).length
    await until(async () => (await reminders()) === 1, SLOW)
    set(-DAY_S)
    await first.page.until(works.id, (task) => task.status === 'working')
    expect(await first.page.click(button.id)).toEqual({ kind: 'none' })
    await first.page.until(asks.id, (task) => task.open[0] && !button.id.includes(task.open[0].id))
    await first.kill9()
    set(DAY_S)

    const { page } = await here.up()
    expect(await page.click(button.id)).toMatchObject({
      kind: 'refused',
      text: 'Already answered by @root: Allow once.',
    })
    expect(await page.click((await page.button(asks.id, 'Allow once')).id)).toEqual({ kind: 'none' })
    fs.writeFileSync(go, '')
    for (const { id } of [works, asks])
      expect((await page.until(id, (task) => task.outcome)).outcome).toMatchObject({ kind: 'completed' })
    expect(await reminders(page)).toBeLessThanOrEqual(2)
    expect((await page.task(asks.id)).facts.map(({ version }) => version)).toEqual(
      Array.from({ length: (await page.task(asks.id)).facts.length }, (_, index) => index + 1),
    )
    expect(await here.cli(['verify'])).toMatchObject({ code: 0 })
  },
)
