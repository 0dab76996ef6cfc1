// Every view of the page, in light, dark and on a small screen: for everybody, and safe from what agents say.
import fs from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sharedBrowser, withoutBrowser } from '../support/browser.ts'
import { until } from '../support/until.ts'
import { sideways, violations, visit } from './visit.ts'
import { world, type World } from './world.ts'

describe.skipIf(withoutBrowser)('every view', () => {
  const browser = sharedBrowser()

  let folder: string
  let made: World
  let bare: World
  let root: string
  beforeAll(async () => {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'h-'))
    made = await world({ home: folder })
    bare = await world({ home: folder, empty: true })
    const roots = await made.log.roots('general', 50)
    root = roots.find(({ content }) => content.kind === 'card' && content.card.title === 'login-rate-limiter')?.id ?? ''
  })
  afterAll(async () => {
    await made.stop()
    await bare.stop()
    await fs.rm(folder, { recursive: true })
  })

  const press = (name: string) => async (tab: Page) => {
    await tab.locator('.thread').getByRole('button', { name, exact: true }).click()
    await tab.getByRole('dialog').waitFor()
  }
  const views: [string, () => string, string, ((tab: Page) => Promise<void>)?][] = [
    ['channel', () => '', '.card'],
    ['thread', () => `thread/${root}`, '.thread .card'],
    ['dialog', () => `thread/${root}`, '.thread .card', press('Answer…')],
    ['board', () => 'board', '.ticket'],
    ['task page', () => 'task/t1', '.told'],
    ['harmful task page', () => 'task/t7', '.told'],
    ['log', () => 'task/t7/log', '.log-part'],
    ['diff', () => 'task/t4/diff', '.diff-line'],
    ['absent', () => 'nowhere/at/all', 'h1'],
  ]

  test.each(['light', 'dark', 'small'] as const)(
    'has no axe violation and no sideways scroll, %s',
    async (look) => {
      const how = look === 'small' ? { width: 360, height: 740 } : { colorScheme: look }
      const { tab } = await visit(browser(), made, how)
      const found: string[] = []
      for (const [name, at, shows, act] of views) {
        await tab.goto(made.url + at())
        await tab.locator(shows).first().waitFor()
        await act?.(tab)
        found.push(...(await violations(tab)).map((one) => `${name}: ${one}`))
        const pixels = await sideways(tab)
        if (pixels > 0) found.push(`${name}: ${pixels} px sideways`)
      }
      expect(found).toEqual([])
    },
    120_000,
  )

  test.each(['light', 'small'] as const)('is as good when there is nothing yet, %s', async (look) => {
    const { tab } = await visit(browser(), bare, look === 'small' ? { width: 360, height: 740 } : {})
    await tab.getByText('Nothing runs in the background yet').waitFor()
    const found = await violations(tab)
    await tab.getByRole('textbox', { name: 'Message to the channel' }).fill('/bg s')
    await tab.getByRole('listbox').waitFor()
    found.push(...(await violations(tab)))
    await tab.goto(`${bare.url}board`)
    await tab.getByText('Nothing waits for you.').waitFor()
    found.push(...(await violations(tab)))
    expect(found).toEqual([])
    expect(await sideways(tab)).toBeLessThanOrEqual(0)
  })

  test('shows what agents say as text: nothing of it runs, nothing is a link, nothing is turned around', async () => {
    const { tab } = await visit(browser(), made)
    for (const [, at, shows, act] of views) {
      await tab.goto(made.url + at())
      await tab.locator(shows).first().waitFor()
      await act?.(tab)
      expect(await tab.evaluate('window.harmed')).toBeUndefined()
      expect(await tab.locator('#app :is(b, i, script, img[src="x"], a[href^="javascript"], [onerror])').count()).toBe(
        0,
      )
      expect(await tab.locator('#app').innerText()).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/)
    }
  }, 60_000)

  test('counts in its title what needs a person', async () => {
    const { tab } = await visit(browser(), made)
    await until(async () => (await tab.title()) === '(2) Backchannel')
    const waiting = made.tasks.splice(0, 1)
    made.ringBoard()
    await until(async () => (await tab.title()) === '(1) Backchannel')
    made.tasks.unshift(...waiting)
    made.ringBoard()
    await until(async () => (await tab.title()) === '(2) Backchannel')
    expect(await tab.getByRole('link', { name: 'Board 2 need you' }).count()).toBe(1)
  })
})
