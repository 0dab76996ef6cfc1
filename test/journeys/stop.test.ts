// Stop means stopped: nothing of a task runs afterwards, whatever it did to get away, whoever was killed meanwhile.
import path from 'node:path'
import { expect, test } from 'vitest'
import { home as temporary } from '../support/home.ts'
import { kill9 } from '../support/proc.ts'
import { until } from '../support/until.ts'
import { lines, titles } from './facts.ts'
import { house, SLOW } from './house.ts'
import { owner, running } from './sessions.ts'

const LONG = 90_000
/** Born twice removed, in sessions of their own, deaf to polite signals. */
const RUNAWAYS = `(setsid sh -c 'trap "" TERM HUP INT; (setsid sleep 701 &) ; while :; do sleep 702; done' &); sleep 704`

const runaways = (home: string, id: string) => () =>
  ['sleep 701', 'sleep 702', 'sleep 704'].every((text) => running(home, id).some(({ command }) => command === text))

test(
  'stop leaves nothing behind, also not what fled into a session of its own and hears no signal',
  { timeout: LONG },
  async () => {
    const here = await house({ config: 'stop_grace: 500ms\n' })
    const { page } = await here.up()
    const { id } = await page.start(`/bg run --label flees ${RUNAWAYS}`)
    await until(runaways(here.home, id), SLOW)
    expect(await here.cli(['stop', 'flees'])).toEqual({ code: 0, out: 'flees: stopped.\n', err: '' })
    expect(running(here.home)).toEqual([])
    expect((await page.task(id)).outcome).toMatchObject({ kind: 'cancelled', by: { name: 'root' } })
    expect(await here.cli(['stop', 'flees'])).toMatchObject({ code: 1, err: 'flees has ended already: cancelled.\n' })

    // The same with nobody left who could tidy up from inside.
    const cut = await page.start(`/bg run --label cut ${RUNAWAYS}`)
    await until(runaways(here.home, cut.id), SLOW)
    kill9((await owner(here.home, cut.id)).pid)
    expect((await page.until(cut.id, (task) => task.outcome)).outcome).toMatchObject({ kind: 'failed' })
    expect(running(here.home)).toEqual([])
  },
)

test(
  'stop while up is down is done by the next start, and a stop that was cut off goes on',
  { timeout: LONG },
  async () => {
    const here = await house({ config: 'stop_grace: 1s\n' })
    const first = await here.up()
    const later = await first.page.start(`/bg run --label later ${RUNAWAYS}`)
    const now = await first.page.start(`/bg run --label now trap '' TERM; while :; do sleep 705; done`)
    await until(runaways(here.home, later.id), SLOW)
    await until(() => running(here.home, now.id).some(({ command }) => command === 'sleep 705'), SLOW)
    expect(await first.page.click((await first.page.button(now.id, 'Stop')).id)).toEqual({ kind: 'none' })
    await first.kill9()
    expect(await here.cli(['stop', 'later'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('as soon as “backchannel up” runs'),
    })
    const { page } = await here.up()
    for (const { id } of [later, now])
      expect((await page.until(id, (task) => task.outcome)).outcome).toMatchObject({ kind: 'cancelled' })
    await until(() => running(here.home).length === 0)
    for (const { id, label } of [later, now]) {
      await until(async () => titles(await page.threadOf(id)).length === 2)
      expect(titles(await page.threadOf(id))).toEqual([label, expect.stringMatching(/^Stopped .*by @root$/)])
    }
  },
)

test(
  'stop of a queued, a waiting and a working agent: each ends once, and what it asked is no longer asked',
  { timeout: LONG },
  async () => {
    const here = await house({ config: 'slots: 1\nstop_grace: 1s\n' })
    const side = path.join(await temporary(), 'side')
    const { page } = await here.up()
    const waits = await page.start('/bg start --agent demo --label waits permission npm install a\ndone never')
    const button = await page.button(waits.id, 'Allow once')
    const works = await page.start(
      `/bg start --agent demo --label works background 60s\nwork 60s Thinking\nrun echo no >> ${side}\ndone never`,
    )
    const queued = await page.start(`/bg run --label queued echo no >> ${side}`)
    await until(() => running(here.home, works.id).some(({ command }) => command === 'sleep 60'), SLOW)
    expect((await page.task(queued.id)).line).toBe(1)
    for (const { label } of [queued, works, waits])
      expect(await page.say(`/bg stop ${label}`)).toEqual({ kind: 'none' })
    for (const { id } of [queued, works, waits])
      expect((await page.until(id, (task) => task.outcome)).outcome).toMatchObject({ kind: 'cancelled' })
    await until(() => running(here.home).length === 0)
    expect(await page.click(button.id)).toEqual({
      kind: 'refused',
      text: 'This is no longer asked: the task was stopped.',
    })
    expect(lines(side)).toEqual([])
  },
)
