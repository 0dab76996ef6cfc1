// The page as people meet it: by eye, keyboard, screen reader, small screen, bad network, and with agents that mean harm.
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import type { Inbound, Reply } from '../../src/bot/chat.ts'
import { sharedBrowser, withoutBrowser } from '../support/browser.ts'
import { home } from '../support/home.ts'
import { until } from '../support/until.ts'
import { permission } from './fixture-data.ts'
import { violations, visit } from './visit.ts'
import { world, type World } from './world.ts'

/** What a screen reader calls that which has the focus. */
const FOCUSED =
  '(({ ariaLabel, labels, textContent }) => ariaLabel ?? (labels?.[0] ?? { textContent }).textContent.trim())(document.activeElement)'
const GENERAL = { chat: 'web', channel: 'general' }
const composer = (tab: Page) => tab.getByRole('textbox', { name: 'Message to the channel' })
const reply = (tab: Page) => tab.getByRole('textbox', { name: 'Reply in the thread' })

describe.skipIf(withoutBrowser)('in a browser', () => {
  const browser = sharedBrowser()

  async function open(
    more: { empty?: boolean; answer?: (event: Inbound) => Promise<Reply> } = {},
  ): Promise<World & AsyncDisposable> {
    const made = await world({ home: await home(), ...more })
    return { ...made, [Symbol.asyncDispose]: () => made.stop() }
  }

  test('a newcomer is told what to type, and one press puts it into the composer', async () => {
    await using made = await open({ empty: true })
    const { tab } = await visit(browser(), made)
    await tab.getByRole('button', { name: '/bg run npm test' }).click()
    expect(await composer(tab).inputValue()).toBe('/bg run npm test')
    await tab.keyboard.press('Enter')
    await tab.getByRole('heading', { name: 'run npm test' }).waitFor()
    expect(await composer(tab).inputValue()).toBe('')
    expect(made.received).toMatchObject([{ kind: 'command', text: 'run npm test' }])
  })

  test('everything can be done with the keyboard alone', async () => {
    await using made = await open()
    const { tab } = await visit(browser(), made)
    const focused = () => tab.evaluate(FOCUSED)
    const tabTo = async (name: string, key = 'Tab') => {
      for (let n = 0; n < 80; n++) {
        await tab.keyboard.press(key)
        if (String(await focused()).startsWith(name)) return
      }
      throw new Error(`${name} cannot be reached with ${key}, the focus is at ${String(await focused())}`)
    }
    // A command, completed word by word.
    await composer(tab).focus()
    await tab.keyboard.type('/bg st')
    await tab.keyboard.press('Tab')
    await tab.keyboard.type('--a')
    await tab.keyboard.press('ArrowDown')
    await tab.keyboard.press('Enter')
    await tab.keyboard.type('de')
    await tab.keyboard.press('Tab')
    expect(await composer(tab).inputValue()).toBe('/bg start --agent demo ')
    await tab.keyboard.type('show me')
    await tab.keyboard.press('Shift+Enter')
    await tab.keyboard.type('everything')
    await tab.keyboard.press('Enter')
    await until(() =>
      made.received.some(
        (event) => event.kind === 'command' && event.text === 'start --agent demo show me\neverything',
      ),
    )
    // To the thread that needs a person, whose heading gets the focus.
    await tabTo('5 replies, thread of login-rate-limiter', 'Shift+Tab')
    await tab.keyboard.press('Enter')
    await tab.getByRole('button', { name: 'Allow once' }).waitFor()
    expect(await focused()).toBe('login-rate-limiter')
    // A dialog opens, takes the focus, is filled in, and gives the focus back.
    await tabTo('Deny…')
    await tab.keyboard.press('Enter')
    await tab.getByRole('dialog').waitFor()
    await tabTo('Why not?')
    await tab.keyboard.type('not now')
    await tabTo('Deny')
    await tab.keyboard.press('Enter')
    await until(() => made.received.some((event) => event.kind === 'click' && event.values['reason'] === 'not now'))
    await tab.getByRole('dialog').waitFor({ state: 'detached' })
    expect(await focused()).toBe('Deny…')
    // Out of the thread again, back to where one came from.
    await tab.keyboard.press('Escape')
    await until(async () => String(await focused()).includes('thread of login-rate-limiter'))
    await tabTo('Board', 'Shift+Tab')
    await tab.keyboard.press('Enter')
    await tab.getByRole('heading', { name: 'Board', level: 1 }).waitFor()
    await tabTo('login-rate-limiter')
    await tab.keyboard.press('Enter')
    await tab.getByRole('heading', { name: 'History' }).waitFor()
  }, 60_000)

  test('a pressed button waits for the card and never says more than the card', async () => {
    const gate = Promise.withResolvers<Reply>()
    await using made = await open({ empty: true, answer: () => gate.promise })
    const ref = await made.chat.post(GENERAL, permission(), 'p')
    const { tab } = await visit(browser(), made)
    const allow = tab.getByRole('button', { name: 'Allow once' })
    await allow.click()
    await until(async () => (await allow.getAttribute('aria-busy')) === 'true')
    await tab.getByRole('button', { name: 'Always allow npm install' }).click({ force: true })
    await tab.getByRole('button', { name: 'Edit…' }).click({ force: true })
    expect(made.received).toHaveLength(1)
    gate.resolve({ kind: 'none' })
    await made.chat.edit(ref, {
      ...permission(),
      tone: 'plain',
      buttons: [],
      body: [{ kind: 'line', parts: ['Allowed once by @ann'] }],
    })
    await tab.getByText('Allowed once by @ann').waitFor()
    expect(await allow.count()).toBe(0)
  })

  test('a form posts what was filled in: text, one of several, several, and own words', async () => {
    await using made = await open()
    const { tab } = await visit(browser(), made)
    await tab.getByRole('link', { name: /thread of login-rate-limiter/ }).click()
    const thread = tab.locator('.thread')
    await thread.getByRole('button', { name: 'Answer…' }).click()
    const dialog = tab.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Answer' }).click()
    expect(made.received).toEqual([])
    await dialog.getByRole('radio', { name: 'Redis' }).check()
    await dialog.getByRole('checkbox', { name: 'Login' }).check()
    await dialog.getByRole('textbox', { name: 'Apply it to: in your own words' }).fill('the admin page')
    await dialog.getByRole('button', { name: 'Answer' }).click()
    await until(() => made.received.length === 1)
    await thread.getByRole('button', { name: 'Edit…' }).click()
    expect(await dialog.getByRole('textbox', { name: 'Command' }).inputValue()).toBe(
      'npm install rate-limiter-flexible@7 \\\n  && npm test',
    )
    await dialog.getByRole('button', { name: 'Allow edited' }).click()
    await until(() => made.received.length === 2)
    expect(made.received.map((event) => event.kind === 'click' && [event.id, event.values])).toEqual([
      ['v1:vote:t2:r2:answer', { store: 'Redis', also: 'Login, the admin page' }],
      ['v1:vote:t1:r1:edit', { input: 'npm install rate-limiter-flexible@7 \\\n  && npm test' }],
    ])
  })

  test('a refused form stays open with what was filled in, and says why', async () => {
    await using made = await open({ answer: async () => ({ kind: 'refused', text: 'Already allowed by @ben.' }) })
    const { tab } = await visit(browser(), made)
    await tab.getByRole('link', { name: /thread of login-rate-limiter/ }).click()
    await tab.locator('.thread').getByRole('button', { name: 'Deny…' }).click()
    const dialog = tab.getByRole('dialog')
    await dialog.getByRole('textbox').fill('because of the price')
    await dialog.getByRole('button', { name: 'Deny' }).click()
    await dialog.getByRole('alert').filter({ hasText: 'Already allowed by @ben.' }).waitFor()
    expect(await dialog.getByRole('textbox').inputValue()).toBe('because of the price')
    expect(await violations(tab)).toEqual([])
    await tab.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
  })

  test('what is typed survives a reload, per channel and thread, and comes back when it is refused', async () => {
    await using made = await open({ answer: async () => ({ kind: 'refused', text: 'There is no “strat”.' }) })
    const { tab } = await visit(browser(), made)
    await composer(tab).fill('/bg start half a thou')
    await tab.getByRole('link', { name: /thread of login-rate-limiter/ }).click()
    await reply(tab).fill('and in the thread')
    await tab.reload()
    expect(await reply(tab).inputValue()).toBe('and in the thread')
    expect(await composer(tab).inputValue()).toBe('/bg start half a thou')
    await composer(tab).fill('/bg strat it')
    await composer(tab).press('Enter')
    await tab.locator('.reply', { hasText: 'There is no “strat”.' }).waitFor()
    expect(await composer(tab).inputValue()).toBe('/bg strat it')
  })

  test('a cut connection loses no message, and what was typed meanwhile is sent once', async () => {
    await using made = await open({ empty: true })
    const { context, tab: first } = await visit(browser(), made)
    let tab = first
    await made.chat.post(GENERAL, { ...permission(), title: 'before' }, 'before')
    await tab.getByRole('heading', { name: 'before' }).waitFor()
    await made.stop()
    await tab.getByText('No connection to Backchannel').waitFor()
    await made.chat.post(GENERAL, { ...permission(), title: 'meanwhile' }, 'meanwhile')
    await composer(tab).fill('/bg run true')
    await composer(tab).press('Enter')
    await tab.getByText('not sent yet, trying again').waitFor()
    await tab.close()
    await made.start()
    tab = await context.newPage()
    await tab.goto(made.url)
    await tab.getByRole('heading', { name: 'meanwhile' }).waitFor()
    await tab.getByRole('heading', { name: 'run true' }).waitFor()
    await until(async () => (await tab.getByText('not sent yet').count()) === 0)
    expect(new Set(made.received.map(({ key }) => key)).size).toBe(1)
    expect((await made.log.roots('general', 50)).filter(({ content }) => content.kind === 'text')).toHaveLength(1)
  })

  test('an answer that is lost on its way doubles nothing: not the words, not the click', async () => {
    await using made = await open({ empty: true })
    await made.chat.post(GENERAL, permission(), 'p')
    const { tab } = await visit(browser(), made)
    await tab.route(
      (url) => /^\/api\/chat\/(messages|clicks)$/.test(url.pathname),
      async (route) => {
        if (route.request().method() !== 'POST' || made.received.length > 3) return route.continue()
        await route.fetch()
        return route.abort()
      },
    )
    await composer(tab).fill('/bg run true')
    await composer(tab).press('Enter')
    await until(() => made.received.length === 2)
    await tab.getByRole('button', { name: 'Allow once' }).click()
    await until(() => made.received.length === 5)
    const keys = (kind: Inbound['kind']) =>
      new Set(made.received.filter((event) => event.kind === kind).map(({ key }) => key))
    expect([keys('command').size, keys('click').size]).toEqual([1, 1])
    // Until the answer is there it stands among the messages and among what is on its way.
    await until(async () => (await tab.getByText(/not sent yet|sending…/).count()) === 0)
    expect(await tab.getByText('/bg run true').count()).toBe(1)
  })

  test('a connection that comes back brings what was missed without a reload', async () => {
    await using made = await open({ empty: true })
    const { tab } = await visit(browser(), made)
    await made.stop()
    await tab.getByText('No connection to Backchannel').waitFor()
    await made.chat.post(GENERAL, { ...permission(), title: 'missed' }, 'missed')
    await composer(tab).fill('/bg run true')
    await composer(tab).press('Enter')
    await made.start()
    await tab.getByRole('heading', { name: 'missed' }).waitFor()
    await tab.getByRole('heading', { name: 'run true' }).waitFor()
    await tab.getByText('No connection to Backchannel').waitFor({ state: 'detached' })
    expect(await tab.getByRole('heading', { name: 'missed' }).count()).toBe(1)
  })

  test('many tabs stay in step, and take one connection between them', async () => {
    await using made = await open()
    const { context, tab } = await visit(browser(), made)
    const tabs = [tab]
    for (let n = 0; n < 7; n++) {
      const more = await context.newPage()
      await more.goto(made.url)
      tabs.push(more)
    }
    await composer(tab).fill('/bg run in step')
    await composer(tab).press('Enter')
    for (const one of tabs) await one.getByRole('heading', { name: 'run in step' }).waitFor()
    const ref = await made.chat.post(GENERAL, permission(), 'p')
    await made.chat.edit(ref, { ...permission(), title: 'Edited everywhere', buttons: [] })
    for (const one of tabs) await one.getByRole('heading', { name: 'Edited everywhere' }).waitFor()
    made.tasks.length = 1
    made.ringBoard()
    for (const one of tabs) await until(async () => (await one.title()) === '(1) Backchannel')
    expect(made.streams()).toBe(1)
  }, 60_000)

  test('the log grows as one looks, finds lines in all of it, and follows only while one is at its end', async () => {
    await using made = await open()
    const { tab } = await visit(browser(), made)
    await tab.goto(`${made.url}task/t3/log`)
    await tab.getByText('> step 2910').waitFor()
    const atEnd = () =>
      tab.evaluate(
        '(() => { const box = document.querySelector(".log-box"); return box.scrollHeight - box.scrollTop - box.clientHeight < 4 })()',
      )
    await until(atEnd)
    made.logs.set('t3', `${made.logs.get('t3')}one more line\n`)
    await tab.getByText('one more line').waitFor()
    await until(atEnd)
    await tab
      .locator('.log-box')
      .evaluate((box) => (box as unknown as { scrollTo(x: number, y: number): void }).scrollTo(0, 0))
    await until(async () => !(await tab.getByRole('checkbox', { name: 'Follow' }).isChecked()))
    made.logs.set('t3', `${made.logs.get('t3')}and another\n`)
    await tab.getByText('and another').waitFor()
    expect(await atEnd()).toBe(false)
    await tab.getByRole('button', { name: /Show earlier/ }).click()
    await tab.getByText('> step 97', { exact: true }).waitFor()
    await tab.getByRole('searchbox', { name: 'Find in the log' }).fill('limit-1234.test')
    await until(async () => (await tab.locator('.log-part').innerText()).trim().split('\n').length === 1)
    expect(await tab.locator('mark').allInnerTexts()).toEqual(['limit-1234.test'])
  })

  test('a page that is logged out says so', async () => {
    await using made = await open()
    const { context, tab } = await visit(browser(), made)
    const other = await context.newPage()
    await other.goto(made.url)
    await other.getByRole('button', { name: 'Log out' }).click()
    await other.getByText('You are not logged in').waitFor()
    await made.stop()
    await made.start()
    expect(await tab.getByRole('alert').innerText()).toContain('You are logged out. Run backchannel login')
  })
})
