// kill -9 of `up` at the worst moments: what was acknowledged is kept, what runs goes on, nothing is said or done twice.
import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { home as temporary } from '../support/home.ts'
import { until } from '../support/until.ts'
import { factsOf, lines, titles } from './facts.ts'
import { house, SLOW } from './house.ts'
import { cards } from './page.ts'
import { owner, running } from './sessions.ts'

const LONG = 90_000
const PERMISSION = 'Demo wants to run'

test(
  'kill -9 of up while commands work changes nothing: they go on, and their ends are told once',
  { timeout: LONG },
  async () => {
    const here = await house()
    const first = await here.up()
    const go = path.join(here.home, 'go')
    const short = await first.page.start('/bg run --label short echo one; sleep 1.5; echo two; exit 7')
    const long = await first.page.start(`/bg run --label long until [ -e ${go} ]; do sleep 0.05; done; echo three`)
    await until(async () => (await here.cli(['logs', 'short'])).out.includes('one'), SLOW)
    const before = await owner(here.home, long.id)
    await first.kill9()
    await until(() => running(here.home, short.id).length === 0, { ...SLOW, what: 'the short one ended meanwhile' })
    expect(await owner(here.home, long.id)).toEqual(before)

    const { page } = await here.up()
    const failed = await page.until(short.id, (task) => task.outcome)
    expect(failed.outcome).toMatchObject({ kind: 'failed', reason: 'exit 7', ending: { exit: { code: 7 } } })
    expect(await owner(here.home, long.id)).toEqual(before)
    fs.writeFileSync(go, '')
    const done = await page.until(long.id, (task) => task.outcome)
    expect(done.outcome).toMatchObject({ kind: 'completed', ending: { exit: { code: 0 }, output: 'three' } })
    expect(factsOf(done.facts, 'attempt_started')).toBe(1)
    await until(async () => titles(await page.threadOf(long.id)).length === 2)
    expect(titles(await page.threadOf(short.id))).toEqual(['short', expect.stringMatching(/^Failed after/)])
    expect(titles(await page.threadOf(long.id))).toEqual(['long', expect.stringMatching(/^Done in/)])
    expect(titles(await page.roots())).toEqual(['short', 'long'])
  },
)

test(
  'kill -9 of up while a permission waits, and between two clicks: each is answered once, by button or command line',
  { timeout: LONG },
  async () => {
    const here = await house()
    const side = path.join(here.home, 'side')
    const first = await here.up()
    const script = [
      'permission npm install a',
      `run echo a >> ${side}`,
      'permission npm publish b',
      `run echo b >> ${side}`,
      'question Which? One | Two',
      'done well',
    ]
    const { id } = await first.page.start(`/bg start --agent demo --label asks ${script.join('\n')}`)
    const old = await first.page.button(id, 'Allow once')
    await first.kill9()

    const second = await here.up()
    await until(async () => titles(await second.page.threadOf(id)).includes(PERMISSION))
    expect(await second.page.button(id, 'Allow once')).toEqual(old)
    expect(await second.page.click(old.id)).toEqual({ kind: 'none' })
    const next = await until(async () => {
      const button = await second.page.button(id, 'Allow once')
      return button.id !== old.id && button
    })
    expect(lines(side)).toEqual(['a'])
    await second.kill9()

    // Nobody is up: the answer is kept for whoever starts next.
    expect(await here.cli(['answer', 'asks', 'allow'])).toMatchObject({ code: 0, err: '' })
    const third = await here.up()
    const asks = await third.page.until(id, (task) => task.open[0]?.kind === 'question')
    expect(lines(side)).toEqual(['a', 'b'])
    expect(await third.page.click(next.id)).toMatchObject({
      kind: 'refused',
      text: 'Already answered by @root: Allow once.',
    })
    expect(await third.page.click(old.id)).toMatchObject({
      kind: 'refused',
      text: expect.stringContaining('Already answered by @'),
    })
    expect(await third.page.say('two', { thread: (await third.page.shown(id)).thread })).toEqual({ kind: 'none' })
    const done = await third.page.until(id, (task) => task.outcome)
    expect(done.outcome).toMatchObject({ kind: 'completed', summary: expect.stringContaining('Which? Two') })
    expect([...lines(side), factsOf(done.facts, 'delivered'), factsOf(done.facts, 'voted')]).toEqual(['a', 'b', 3, 3])
    expect(asks.facts.length).toBeLessThan(done.facts.length)
    await until(async () => titles(await third.page.threadOf(id)).length === 5)
    expect(titles(await third.page.threadOf(id))).toEqual([
      'asks',
      PERMISSION,
      PERMISSION,
      'Which?',
      expect.stringMatching(/^Done in/),
    ])
    expect(
      cards(await third.page.threadOf(id))
        .slice(0, 4)
        .flatMap((card) => card.buttons),
    ).toEqual([])
  },
)

test(
  'kill -9 of up right after a start was acknowledged: the task is there and runs once',
  { timeout: LONG },
  async () => {
    const here = await house()
    const side = path.join(await temporary(), 'side')
    const first = await here.up()
    const key = randomUUID()
    const text = `/bg run --label kept echo x >> ${side}`
    expect(await first.page.say(text, { key })).toEqual({ kind: 'none' })
    await first.kill9()

    const second = await here.up()
    const kept = await until(async () => (await second.page.board()).done[0], SLOW)
    expect(kept).toMatchObject({ label: 'kept', status: 'completed' })
    // The browser never saw the answer and sends it again.
    expect(await second.page.say(text, { key })).toEqual({ kind: 'none' })
    expect(await here.tasks()).toHaveLength(1)
    expect(lines(side)).toEqual(['x'])
    expect(await second.page.roots()).toHaveLength(2)
  },
)

test(
  'kill -9 of up at any moment of a command that is being typed: sent again with its key it is done exactly once',
  { timeout: LONG },
  async () => {
    const here = await house()
    let up = await here.up()
    for (const [index, delay] of [2, 10, 25].entries()) {
      const key = randomUUID()
      const text = `/bg run --label typed-${index} true`
      const cut = up.page.say(text, { key }).catch(() => null)
      await sleep(delay)
      await up.kill9()
      await cut
      up = await here.up()
      expect(await up.page.say(text, { key })).toEqual({ kind: 'none' })
      const same = (await here.tasks()).filter((task) => task.label.startsWith(`typed-${index}`))
      expect(same).toHaveLength(1)
      const said = (await up.page.roots()).filter(({ content }) => content.kind === 'text' && content.text === text)
      expect(said).toHaveLength(1)
    }
  },
)

test(
  'a click delivered twice is one click, at once and after a restart, and a second person is told who was first',
  { timeout: LONG },
  async () => {
    const here = await house()
    const first = await here.up()
    const { id } = await first.page.start(
      '/bg start --agent demo --label twice permission npm install a\npermission npm publish b\ndone well',
    )
    const button = await first.page.button(id, 'Allow once')
    const key = randomUUID()
    const both = await Promise.all([first.page.click(button.id, {}, { key }), first.page.click(button.id, {}, { key })])
    expect(both).toEqual([{ kind: 'none' }, { kind: 'none' }])
    await first.page.until(
      id,
      (task) => task.open[0] && !button.id.includes(task.open[0].id),
      'the second permission is asked',
    )
    await first.kill9()

    const { page } = await here.up()
    // Repeated, not refused: the platform only delivers again what was done.
    expect(await page.click(button.id, {}, { key })).toEqual({ kind: 'none' })
    const { facts, open } = await page.task(id)
    expect([factsOf(facts, 'voted'), open.length]).toEqual([1, 1])
    const second = await page.button(id, 'Deny…')
    const race = await Promise.all([
      page.click(second.id, { reason: 'no need' }),
      page.click(second.id, { reason: 'no need' }),
    ])
    expect(race.map((reply) => reply.kind).toSorted()).toEqual(['none', 'refused'])
    expect(race).toContainEqual({ kind: 'refused', text: 'Already answered by @root: Deny….' })
    const done = await page.until(id, (task) => task.outcome)
    expect(done.outcome).toMatchObject({ summary: expect.stringContaining('npm publish b: denied by root (no need)') })
    // Buttons of an ended turn: stop, and a request of turn 1 while turn 2 runs.
    expect(await page.click(`v1:stop:${id}::`)).toMatchObject({
      kind: 'refused',
      text: expect.stringContaining('twice has ended already'),
    })
    const thread = (await page.shown(id)).thread
    expect(await page.say('once more', { thread })).toEqual({ kind: 'none' })
    expect(await page.click(second.id, { reason: 'late' })).toEqual({
      kind: 'refused',
      text: 'Already answered by @root: Deny….',
    })
  },
)
