// kill -9 of session processes, of what they started, and of everything at once: the work resumes, or has failed with its
// reason; what was asked stays answerable, its answer arrives once, and nothing is done twice.
import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { home as temporary } from '../support/home.ts'
import { kill9 } from '../support/proc.ts'
import { until } from '../support/until.ts'
import { factsOf, lines, titles } from './facts.ts'
import { house, SLOW, type House } from './house.ts'
import { cards, type Page } from './page.ts'
import { owner, running } from './sessions.ts'

const LONG = 120_000
const PERMISSION = 'Demo wants to run'

test(
  'kill -9 of the session process of a command: it has failed with the reason, what it started is ended, and only a button runs it again',
  { timeout: LONG },
  async () => {
    const here = await house()
    const side = path.join(await temporary(), 'side')
    const { page } = await here.up()
    const { id } = await page.start(`/bg run --label cut echo run >> ${side}; (setsid sleep 600 &) ; sleep 601`)
    await until(() => running(here.home, id).some(({ command }) => command === 'sleep 600'), SLOW)
    kill9((await owner(here.home, id)).pid)
    const { outcome } = await page.until(id, (task) => task.outcome)
    expect(outcome).toMatchObject({
      kind: 'failed',
      reason: expect.stringMatching(/^Its session process ended unexpectedly.*not run again by itself/),
    })
    expect(running(here.home)).toEqual([])
    expect(lines(side)).toEqual(['run'])

    expect(await page.click((await page.button(id, 'Run again')).id)).toEqual({ kind: 'none' })
    await until(() => lines(side).length === 2, SLOW)
    const { code, out } = await here.cli(['stop', 'cut'])
    expect([code, out, running(here.home)]).toEqual([0, 'cut: stopped.\n', []])
  },
)

test(
  'kill -9 of the session process of a command while up is down: the next start says that it failed, and ends what is left',
  { timeout: LONG },
  async () => {
    const here = await house()
    const side = path.join(await temporary(), 'side')
    const first = await here.up()
    const { id } = await first.page.start(`/bg run --label cut echo run >> ${side}; sleep 601`)
    await until(() => lines(side).length === 1, SLOW)
    await first.kill9()
    kill9((await owner(here.home, id)).pid)
    const { page } = await here.up()
    const { outcome } = await page.until(id, (task) => task.outcome)
    expect(outcome).toMatchObject({ kind: 'failed', reason: expect.stringContaining('ended unexpectedly') })
    expect([running(here.home), lines(side)]).toEqual([[], ['run']])
  },
)

test(
  'kill -9 of what a session started: a command has failed by that signal, an agent goes on with what it saw',
  { timeout: LONG },
  async () => {
    const here = await house()
    const { page } = await here.up()
    const command = await page.start('/bg run --label command sleep 602; true')
    const agent = await page.start('/bg start --agent demo --label agent run sleep 603\ndone I am still here')
    const childOf = (id: string, text: string) =>
      until(() => running(here.home, id).find((one) => one.command === text), SLOW)
    const shell = await until(
      () => running(here.home, command.id).find((one) => one.command.includes('-c sleep 602')),
      SLOW,
    )
    kill9(shell.pid)
    kill9((await childOf(agent.id, 'sleep 603')).pid)
    const cut = await page.until(command.id, (task) => task.outcome)
    expect(cut.outcome).toMatchObject({
      kind: 'failed',
      reason: 'killed by SIGKILL',
      ending: { exit: { signal: 'SIGKILL' } },
    })
    const done = await page.until(agent.id, (task) => task.outcome)
    expect(done.outcome).toMatchObject({
      kind: 'completed',
      summary: expect.stringMatching(/still here[\s\S]*sleep 603: (?:killed by SIGKILL|exit 137)/),
    })
    expect(running(here.home)).toEqual([])
  },
)

test(
  'kill -9 of the session process of an agent: it resumes where it was, and what it asked stays as it is',
  { timeout: LONG },
  async () => {
    const here = await house()
    const side = path.join(here.home, 'side')
    const { page } = await here.up()
    const script = [
      `run echo one >> ${side}`,
      'work 3s Thinking',
      'permission npm install a',
      `run echo two >> ${side}; sleep 604`,
      'done well',
    ]
    const { id } = await page.start(`/bg start --agent demo --label resumes ${script.join('\n')}`)
    await until(() => lines(side).length === 1, SLOW)
    await page.until(id, (task) => task.progress?.now === 'Thinking')
    // Another word meanwhile is not lost with the session.
    kill9((await owner(here.home, id)).pid)
    expect(await page.say('be quick', { thread: (await page.shown(id)).thread })).toEqual({ kind: 'none' })
    const button = await page.button(id, 'Allow once')
    const asked = await page.task(id)
    expect([asked.status, factsOf(asked.facts, 'attempt_started'), factsOf(asked.facts, 'lost')]).toEqual([
      'input_required',
      2,
      1,
    ])

    kill9((await owner(here.home, id)).pid)
    const waits = await page.until(id, (task) => factsOf(task.facts, 'lost') === 2)
    expect(waits).toMatchObject({ status: 'input_required', open: [{ id: asked.open[0]?.id }] })
    expect(running(here.home)).toEqual([])
    expect(await page.button(id, 'Allow once')).toEqual(button)
    expect(await page.click(button.id)).toEqual({ kind: 'none' })
    await until(() => lines(side).length === 2, SLOW)

    // In the middle of a command: nobody knows how far it came, so it is not run again.
    kill9((await owner(here.home, id)).pid)
    const done = await page.until(id, (task) => task.outcome)
    expect(done.outcome).toMatchObject({
      kind: 'completed',
      summary: expect.stringMatching(/well[\s\S]*allowed once by root[\s\S]*You said: be quick/),
    })
    const { out } = await here.cli(['logs', id])
    expect(out.match(/outcome unknown, it was cut off/g)).toHaveLength(1)
    expect(out.match(/allowed once by/g)).toHaveLength(1)
    expect(lines(side)).toEqual(['one', 'two'])
    expect([factsOf(done.facts, 'delivered'), factsOf(done.facts, 'guidance_delivered'), running(here.home)]).toEqual([
      1,
      1,
      [],
    ])
    await until(async () => titles(await page.threadOf(id)).length === 3)
    expect(titles(await page.threadOf(id))).toEqual(['resumes', PERMISSION, expect.stringMatching(/^Done/)])
  },
)

test('an agent that dies again and again asks a person, whose answer counts anew', { timeout: LONG }, async () => {
  const here = await house()
  const { page } = await here.up()
  const script = ['crash', 'crash', 'crash', 'say alive', 'crash', 'crash', 'crash', 'done never']
  const { id } = await page.start(`/bg start --agent demo --label dies ${script.join('\n')}`)
  expect(await page.click((await page.button(id, 'Try again')).id)).toEqual({ kind: 'none' })
  await page.until(id, (task) => factsOf(task.facts, 'lost') === 6 && task.open.length === 1)
  expect(await here.cli(['answer', 'dies', 'give-up'])).toMatchObject({ code: 0 })
  const { outcome, facts } = await page.until(id, (task) => task.outcome)
  expect(outcome).toMatchObject({ kind: 'failed', reason: 'Given up by @root after its session was lost repeatedly.' })
  expect(factsOf(facts, 'attempt_started')).toBe(6)
  expect((await here.cli(['logs', 'dies'])).out.match(/alive/g)).toHaveLength(1)
})

test(
  'kill -9 of everything while a session is being born: the next start does not wait for it long',
  { timeout: LONG },
  async () => {
    const here = await house()
    let { page } = await here.up()
    for (const [index, delay] of [0, 60].entries()) {
      const { id } = await page.start(`/bg run --label born-${index} true`)
      await sleep(delay)
      await here.killAll()
      page = (await here.up()).page
      const { facts } = await page.until(id, (task) => task.outcome)
      const [first, second] = facts.filter(({ body }) => body.type === 'attempt_started')
      expect((second?.at ?? 0) - (first?.at ?? 0)).toBeLessThan(15_000)
    }
  },
)

test(
  'kill -9 of everything at once at every point of a script: each time it goes on, to one end',
  { timeout: LONG },
  async () => {
    const here = await house()
    const side = path.join(here.home, 'side')
    const script = [
      `run echo first >> ${side}`,
      'work 6s Thinking',
      'permission npm install a',
      `run echo second >> ${side}; sleep 605`,
      'question Which? One | Two',
      'plan Look; Leap',
      `run echo third >> ${side}`,
      'done well',
    ]
    let { page } = await here.up()
    const again = async (): Promise<Page> => {
      await here.killAll()
      return (page = (await here.up()).page)
    }
    const { id } = await page.start(`/bg start --agent demo --label through ${script.join('\n')}`)
    await again()
    await page.until(id, (task) => task.progress?.now === 'Thinking')
    await again()
    const allow = await page.button(id, 'Allow once')
    await again()
    expect(await page.button(id, 'Allow once')).toEqual(allow)
    expect(await page.click(allow.id)).toEqual({ kind: 'none' })
    await again()
    expect(await page.click(allow.id)).toMatchObject({ kind: 'refused' })
    await until(() => lines(side).length === 2, SLOW)
    await again()
    const two = await page.button(id, 'Two')
    await again()
    expect(await page.click(two.id)).toEqual({ kind: 'none' })
    const back = await page.button(id, 'Send back…')
    expect(await page.click(back.id, { words: 'look twice' })).toEqual({ kind: 'none' })
    await again()
    const approve = await until(async () => {
      const button = await page.button(id, 'Approve')
      return cards(await page.threadOf(id)).some((card) => card.title === 'Demo has a new plan') && button
    }, SLOW)
    expect(await page.click(approve.id)).toEqual({ kind: 'none' })
    const done = await page.until(id, (task) => task.outcome)
    expect(done.outcome).toMatchObject({ kind: 'completed', summary: expect.stringMatching(/^well/) })
    expect(lines(side)).toEqual(['first', 'second', 'third'])
    expect([factsOf(done.facts, 'voted'), factsOf(done.facts, 'delivered'), factsOf(done.facts, 'completed')]).toEqual([
      4, 4, 1,
    ])
    await until(async () => titles(await page.threadOf(id)).length === 6)
    const expected = [
      'through',
      PERMISSION,
      'Which?',
      'Demo has a plan',
      'Demo has a new plan',
      expect.stringMatching(/^Done/),
    ]
    expect(titles(await page.threadOf(id))).toEqual(expected)
    expect(await here.cli(['verify', '--json'])).toMatchObject({ code: 0, out: expect.stringContaining('verified') })
    await checkEmpty(here, id)
  },
)

async function checkEmpty({ home }: House, id: string): Promise<void> {
  expect(running(home)).toEqual([])
  expect(fs.readdirSync(path.join(home, 's')).filter((name) => name.startsWith(id))).toEqual([])
}
