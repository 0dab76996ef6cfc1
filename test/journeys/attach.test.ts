// A task taken into a terminal and given back: the real program has a real terminal (`script` makes one).
import { spawn, type ChildProcess } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { say, use } from '../fake/model.ts'
import { until } from '../support/until.ts'
import { claudeHouse, type ClaudeHouse } from './claude-house.ts'
import { factsOf } from './facts.ts'
import { SLOW } from './house.ts'
import { cards, wordsOf, type Page } from './page.ts'
import { running } from './sessions.ts'

const LONG = 120_000
const BACKCHANNEL = path.join(import.meta.dirname, '../../bin/backchannel')

test(
  'attach takes the conversation into a terminal, says so on the cards, and gives it back with what was open',
  { timeout: LONG },
  async () => {
    const { here, page, id, workspace } = await asking()
    const allow = await page.button(id, 'Allow once')
    const terminal = attach(here, id, workspace)
    await until(() => terminal.screen().includes('touch hello.txt'), {
      ...SLOW,
      what: 'the terminal shows the conversation',
    })
    expect(running(here.home, id)).toEqual([])
    expect(wordsOf(cards(await page.threadOf(id))[0] ?? never())).toContain('in the terminal of')
    expect(cards(await page.threadOf(id)).flatMap((card) => card.buttons.map(({ label }) => label))).toEqual(['Log'])
    for (const refused of [
      await page.click(allow.id),
      await page.say('go on', { thread: (await page.shown(id)).thread }),
    ])
      expect(refused).toMatchObject({
        kind: 'refused',
        text: expect.stringContaining('is in the terminal of @root') as string,
      })
    expect((await here.cli(['stop', id])).err).toContain('is in the terminal of @root')
    expect((await here.cli(['attach', id])).err).toContain('is in the terminal of @root')

    await leave(terminal)
    expect(terminal.screen()).toContain('is back in the background')
    expect(await page.click((await page.button(id, 'Allow once')).id)).toEqual({ kind: 'none' })
    const done = await page.until(id, (task) => task.outcome)
    expect(done.outcome).toMatchObject({ kind: 'completed', summary: 'Made it.' })
    expect(factsOf(done.facts, 'attached')).toBe(1)
    expect(factsOf(done.facts, 'detached')).toBe(1)
    expect(fs.existsSync(path.join(workspace, 'hello.txt'))).toBe(true)
  },
)

test('a terminal that is killed gives the task back, and its program is gone with it', { timeout: LONG }, async () => {
  const { here, page, id, workspace } = await asking()
  await page.button(id, 'Allow once')
  const terminal = attach(here, id, workspace)
  await until(() => terminal.screen().includes('touch hello.txt'), {
    ...SLOW,
    what: 'the terminal shows the conversation',
  })
  const { body } = (await page.task(id)).facts.findLast((fact) => fact.body.type === 'attached') ?? never()
  if (body.type === 'attached') process.kill(body.terminal.pid, 'SIGKILL')
  await page.until(id, (task) => factsOf(task.facts, 'detached') === 1)
  await until(() => terminal.child.exitCode !== null || terminal.child.signalCode !== null, SLOW)
  await page.click((await page.button(id, 'Allow once')).id)
  expect((await page.until(id, (task) => task.outcome)).outcome).toMatchObject({
    kind: 'completed',
    summary: 'Made it.',
  })
})

test('what has no terminal or no conversation is refused with a sentence', { timeout: LONG }, async () => {
  const { here, page } = await asking()
  const demo = await page.start('/bg start --agent demo --here wait guidance')
  expect((await here.cli(['attach', demo.id])).err).toContain('demo has no terminal to go on in')
})

async function asking() {
  const here = await claudeHouse(({ results, whole, used }) => {
    if (results[0] && !results[0].isError) return say('Made it.')
    return used.length === 0 || whole.includes('has allowed it now')
      ? use('Bash', { command: 'touch hello.txt', description: 'Make it' })
      : say('Nothing to do.')
  })
  const { page }: { page: Page } = await here.up()
  const { id, workspace } = await page.start('/bg start Make hello.txt')
  return { here, page, id, workspace }
}

type Terminal = { child: ChildProcess; screen: () => string; type: (keys: string) => void }

/** `backchannel attach` in a terminal of its own, of a person who has used Claude here before. */
function attach(here: ClaudeHouse, id: string, workspace: string): Terminal {
  const known = {
    hasCompletedOnboarding: true,
    theme: 'dark',
    customApiKeyResponses: { approved: ['none'], rejected: [] },
    projects: { [workspace]: { hasTrustDialogAccepted: true, hasCompletedProjectOnboarding: true } },
  }
  const file = path.join(here.person, '.claude.json')
  const before = fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, 'utf8')) as object) : {}
  fs.writeFileSync(file, JSON.stringify({ ...before, ...known }))
  const child = spawn('script', ['-qefc', `${BACKCHANNEL} attach ${id}`, '/dev/null'], {
    env: { ...here.environment, TERM: 'xterm-256color', COLUMNS: '100', LINES: '40' },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  // Keys typed into a terminal that is just closing go nowhere.
  child.stdin.on('error', () => {})
  let shown = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (shown += text))
  return { child, screen: () => readable(shown), type: (keys) => void child.stdin.write(keys) }
}

/** What a person reads, without the codes that place and colour it. */
const readable = (text: string): string =>
  text.replaceAll(/\u001b\[(\d*)C/gu, ' ').replaceAll(/\u001b\[[0-9;?<>]*[A-Za-z]/gu, '')

async function leave({ child, type }: Terminal): Promise<void> {
  await until(
    () => {
      if (child.exitCode !== null) return true
      type('/exit\r')
      return false
    },
    { ...SLOW, what: 'the terminal is left' },
  )
}

function never(): never {
  throw new Error('it is not there')
}
