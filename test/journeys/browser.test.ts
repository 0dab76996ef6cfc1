// What people do on the page and see of it, in a real browser in front of real processes, some of which are killed between two
// clicks. Cards are looked for by their headings and buttons by their names, as people do.
import fs from 'node:fs'
import type { Locator, Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { say, use, type Asked, type Reply } from '../fake/model.ts'
import { visit } from '../page/visit.ts'
import { home as temporary } from '../support/home.ts'
import { sharedBrowser, withoutBrowser } from '../support/browser.ts'
import { until } from '../support/until.ts'
import { claudeHouse } from './claude-house.ts'
import { factsOf } from './facts.ts'
import { house, SLOW, type House, type Up } from './house.ts'
import { running } from './sessions.ts'

const LONG = 120_000
const PUBLISH = '/bg start --agent demo\npermission npm test\npermission npm publish\ndone It is published'
const CUT = 'No connection to Backchannel'

describe.skipIf(withoutBrowser)('in a browser', () => {
  const browser = sharedBrowser()

  /** A tab that is logged in by the link that `up` printed. */
  const open = async (up: Up): Promise<Page> => (await visit(browser(), { login: async () => up.link })).tab
  const enter = { enters: false }

  test(
    'a newcomer opens the link, sends what the page suggests, and sees it run and end',
    { timeout: LONG },
    async () => {
      // npm leaves a cache where temporary files go.
      const here = await house({ env: { TMPDIR: await temporary() } })
      const up = await here.up(enter)
      const tab = await open(up)
      await tab.getByRole('button', { name: '/bg run npm test' }).click()
      await tab.keyboard.press('Enter')
      const card = cardOf(channel(tab), 'npm-test')
      await card.getByText(/^done/).waitFor(WAIT)
      expect(await card.getByRole('button').count()).toBe(0)
      await tab.getByRole('link', { name: /^1 reply, thread of/ }).click()
      const summary = cardOf(thread(tab), /^Done in/)
      await summary.waitFor(WAIT)
      await summary.getByRole('button', { name: 'Log' }).click()
      await tab.getByRole('dialog').getByText('pass 2').waitFor(WAIT)
      await tab.keyboard.press('Escape')
      await tab.reload()
      await summary.waitFor(WAIT)
      expect(await cardOf(channel(tab), 'npm-test').count()).toBe(1)
      const stranger = await (await browser().newContext()).newPage()
      await stranger.goto(up.link)
      await stranger.getByText('This login link no longer works').waitFor(WAIT)
      await stranger.context().close()
    },
  )

  test(
    'a form starts a task with all that was filled in, and what it asks is answered from /bg mine',
    { timeout: LONG },
    async () => {
      const here = await house()
      const tab = await open(await here.up(enter))
      await type(tab, '/bg')
      const form = tab.getByRole('dialog')
      await form.getByLabel('What to do').waitFor(WAIT)
      // Where one types without looking for it.
      await tab.keyboard.insertText('permission npm publish\ndone It is published')
      await form.getByLabel('demo', { exact: true }).check()
      await form.getByLabel(/^What to call it/).fill('release')
      await form.getByRole('button', { name: 'Start' }).click()
      await cardOf(channel(tab), 'release').getByText('needs you').waitFor(WAIT)
      await type(tab, '/bg mine')
      const mine = tab.getByRole('dialog', { name: '1 to answer, 1 of yours under way' })
      await allowOf(mine.getByRole('article').first()).click()
      await mine.waitFor({ ...WAIT, state: 'detached' })
      await cardOf(channel(tab), 'release').getByText(/^done/).waitFor(WAIT)
      await type(tab, '/bg mine')
      await tab.getByText('Nothing needs you, and none of your tasks is under way.').first().waitFor(WAIT)
      expect(await cardOf(channel(tab), 'release').count()).toBe(1)
    },
  )

  test(
    'up is killed between clicks: the open tab comes back by itself, a click meanwhile counts, nothing is doubled',
    { timeout: LONG },
    async () => {
      const here = await house()
      const up = await here.up(enter)
      const tab = await open(up)
      await type(tab, PUBLISH)
      await openThread(tab)
      const [check, publish] = [cardWith(tab, 'npm test'), cardWith(tab, 'npm publish')]
      await allowOf(check).waitFor(WAIT)
      await up.kill9()
      await tab.getByText(CUT).waitFor(WAIT)
      const second = await here.up({ again: true })
      await tab.getByText(CUT).waitFor({ ...WAIT, state: 'detached' })
      await allowOf(check).click()
      await allowOf(publish).waitFor(WAIT)
      await second.kill9()
      await tab.getByText(CUT).waitFor(WAIT)
      // Nobody is there to hear it.
      await allowOf(publish).click()
      await here.up({ again: true })
      await cardOf(thread(tab), /^Done in/).waitFor(WAIT)
      await tab.getByText(CUT).waitFor({ ...WAIT, state: 'detached' })
      for (const card of [check, publish]) {
        expect(await card.getByText(/^Allow once by @root, .* delivered$/).count()).toBe(1)
        expect(await card.getByRole('button', { name: /Allow|Deny/ }).count()).toBe(0)
      }
      expect(await headings(thread(tab))).toEqual([
        'permission-npm-test-permission',
        'Demo wants to run',
        'Demo wants to run',
        expect.stringMatching(/^Done in/),
      ])
      expect(factsOf((await onlyTask(here)).facts, 'settled')).toBe(2)
    },
  )

  test(
    'all of it is killed while a permission waits: a click in the tab that was open takes the task to its summary',
    { timeout: LONG },
    async () => {
      const here = await house()
      const tab = await open(await here.up(enter))
      await type(tab, PUBLISH)
      await openThread(tab)
      await allowOf(cardWith(tab, 'npm test')).waitFor(WAIT)
      await here.killAll()
      expect(running(here.home)).toEqual([])
      await tab.getByText(CUT).waitFor(WAIT)
      await here.up({ again: true })
      await tab.getByText(CUT).waitFor({ ...WAIT, state: 'detached' })
      for (const command of ['npm test', 'npm publish']) {
        const card = cardWith(tab, command)
        await allowOf(card).click(WAIT)
        await card.getByText(/^Allow once by @root.*delivered$/).waitFor(WAIT)
        expect(await card.count()).toBe(1)
      }
      const summary = cardOf(thread(tab), /^Done in/)
      await summary.getByText('npm publish: allowed once by root').waitFor(WAIT)
      const { facts } = await onlyTask(here)
      expect(factsOf(facts, 'requested')).toBe(2)
      expect(factsOf(facts, 'delivered')).toBe(2)
    },
  )

  test(
    'what is clicked in one tab, others show with who and when, and offer it no more',
    { timeout: LONG },
    async () => {
      const here = await house()
      const up = await here.up(enter)
      const first = await open(up)
      await type(first, PUBLISH)
      await openThread(first)
      const second = await first.context().newPage()
      await second.goto(first.url())
      const elsewhere = await open({ ...up, link: (await here.cli(['login'])).out.trim() })
      await elsewhere.goto(first.url())
      const others = [second, elsewhere].map((tab) => cardWith(tab, 'npm test'))
      for (const card of others) await allowOf(card).waitFor(WAIT)
      await cardWith(first, 'npm test').getByRole('button', { name: 'Deny…' }).click()
      await first.getByRole('dialog').getByLabel('Why not?').fill('not on a Friday')
      await first.getByRole('dialog').getByRole('button', { name: 'Deny' }).click()
      for (const card of others) {
        await card.getByText(/^Deny by @root, \d/).waitFor(WAIT)
        await card.getByText('not on a Friday').waitFor(WAIT)
        expect(await allowOf(card).count()).toBe(0)
      }
      await allowOf(cardWith(second, 'npm publish')).click(WAIT)
      for (const tab of [first, second, elsewhere]) await cardOf(thread(tab), /^Done in/).waitFor(WAIT)
    },
  )

  test(
    'Claude asks with the whole command, which is edited and allowed, and goes on with a reply',
    { timeout: LONG },
    async () => {
      const here = await claudeHouse(touches)
      const tab = await open(await here.up(enter))
      await type(tab, '/bg start Make a file')
      await openThread(tab)
      const card = cardWith(tab, 'echo hello > one.txt && echo made')
      await card.getByRole('button', { name: 'Edit…' }).click(WAIT)
      const form = tab.getByRole('dialog')
      await form.getByRole('textbox').fill('echo hello > two.txt && echo made')
      await form.getByRole('button', { name: 'Allow' }).click()
      await cardOf(thread(tab), /^Done in/)
        .getByText('Made it.')
        .waitFor(WAIT)
      await card.getByText(/^Edit by @root, \d/).waitFor(WAIT)
      expect(await card.getByText('echo hello > two.txt && echo made').count()).toBe(1)
      const { id, workspace } = await onlyTask(here)
      expect(fs.readdirSync(workspace).filter((file) => file.endsWith('.txt'))).toEqual(['two.txt'])
      const reply = tab.getByRole('textbox', { name: 'Reply in the thread' })
      await reply.fill('and say goodbye')
      await reply.press('Enter')
      await thread(tab).getByText('Goodbye.').waitFor(WAIT)
      await cardOf(thread(tab), /^Done in/)
        .nth(1)
        .waitFor(WAIT)
      expect(await cardOf(thread(tab), /^Done in/).count()).toBe(2)
      await until(() => running(here.home, id).length === 0, SLOW)
    },
  )

  test(
    'the stop button stops: the command and all it started are gone, and the card says who',
    { timeout: LONG },
    async () => {
      const here = await house()
      const tab = await open(await here.up(enter))
      await type(tab, `/bg run trap '' TERM; touch begun; sleep 600 & tail -f /dev/null`)
      const stop = channel(tab).getByRole('button', { name: 'Stop' })
      await stop.waitFor(WAIT)
      await until(() => running(here.home).some(({ command }) => command.startsWith('tail')))
      await stop.click()
      await tab.getByRole('link', { name: /^1 reply, thread of/ }).click(WAIT)
      await cardOf(thread(tab), /^Stopped after .* by @root$/).waitFor(WAIT)
      expect(running(here.home).filter(({ owner }) => !owner)).toEqual([])
      expect(await channel(tab).getByRole('button', { name: 'Stop' }).count()).toBe(0)
    },
  )
})

const WAIT = { timeout: SLOW.within }

/** A command with something to edit, and a second turn that only talks. */
function touches({ results, used, said }: Asked): Reply {
  if (said.includes('goodbye')) return say('Goodbye.')
  if (results[0]) return say(results[0].isError ? 'Not made.' : 'Made it.')
  return used.length === 0
    ? use('Bash', { command: 'echo hello > one.txt && echo made', description: 'Make it' })
    : say('Nothing left.')
}

async function type(tab: Page, text: string): Promise<void> {
  const box = tab.getByRole('textbox', { name: 'Message to the channel' })
  await box.fill(text)
  await box.press('Enter')
}

const channel = (tab: Page): Locator => tab.getByRole('region', { name: 'Messages', exact: true })
const thread = (tab: Page): Locator => tab.getByRole('region', { name: 'Messages of the thread' })
const allowOf = (card: Locator): Locator => card.getByRole('button', { name: 'Allow once' })
const openThread = (tab: Page): Promise<void> => tab.getByRole('link', { name: /^Answer it/ }).click(WAIT)
const cardOf = (where: Locator, title: string | RegExp): Locator =>
  where.getByRole('article').filter({ has: where.page().getByRole('heading', { name: title }) })
/** The card in the thread that shows this command. */
const cardWith = (tab: Page, command: string): Locator =>
  thread(tab)
    .getByRole('article')
    .filter({ has: tab.locator('pre', { hasText: command }) })
const headings = (where: Locator): Promise<string[]> => where.getByRole('article').getByRole('heading').allInnerTexts()

async function onlyTask(here: House) {
  const [only] = await here.tasks()
  return here.task(only?.id ?? 'none')
}
