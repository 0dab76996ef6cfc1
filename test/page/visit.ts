// A person at the page: a browser context that is logged in, and what went wrong in it.
import fs from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { expect, onTestFinished } from 'vitest'
import type { World } from './world.ts'

type Look = { colorScheme?: 'light' | 'dark'; width?: number; height?: number }
export type Visit = { context: BrowserContext; tab: Page }

export async function visit(
  browser: Browser,
  made: Pick<World, 'login'>,
  { colorScheme = 'light', width = 1280, height = 800 }: Look = {},
): Promise<Visit> {
  const context = await browser.newContext({
    colorScheme,
    viewport: { width, height },
    permissions: ['clipboard-read', 'clipboard-write'],
  })
  const wrong: string[] = []
  onTestFinished(async () => {
    await context.close()
    expect(wrong).toEqual([])
  })
  context.on('weberror', (error) => wrong.push(String(error.error())))
  context.on('console', (message) => {
    if (
      message.type() === 'error' &&
      !message.text().includes('Failed to load resource') &&
      !message.text().includes('net::ERR')
    )
      wrong.push(message.text())
  })
  const tab = await context.newPage()
  await tab.goto(await made.login())
  await tab.getByRole('textbox', { name: 'Message to the channel' }).waitFor()
  return { context, tab }
}

const AXE = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** What axe finds against WCAG 2.2 AA and best practice, one line each. */
export async function violations(tab: Page): Promise<string[]> {
  await tab.evaluate(AXE)
  return tab.evaluate(async (tags) => {
    type Found = { violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }
    const { axe } = globalThis as unknown as { axe: { run(what: object): Promise<Found> } }
    const { violations: found } = await axe.run({ runOnly: { type: 'tag', values: tags } })
    return found.flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary}`),
    )
  }, RULES)
}

/** How far the page can be pushed sideways, in pixels. */
export const sideways = (tab: Page): Promise<number> =>
  tab.evaluate(() => {
    const { document, innerWidth } = globalThis as unknown as {
      innerWidth: number
      document: {
        documentElement: { scrollWidth: number }
        querySelectorAll(q: string): Iterable<{ scrollWidth: number; clientWidth: number }>
      }
    }
    const boxes = [...document.querySelectorAll('.scroller, .columns, .overview, .log-box, .diff, .dialog, .rail')]
    return Math.max(
      document.documentElement.scrollWidth - innerWidth,
      ...boxes.map((box) => box.scrollWidth - box.clientWidth),
    )
  })
