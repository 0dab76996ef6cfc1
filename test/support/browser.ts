// Chromium for tests that look at the page as people do. Without it they are skipped, except in CI, where its absence fails.
import fs from 'node:fs'
import { chromium, type Browser } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'

const PATH = process.env.CHROMIUM ?? '/usr/bin/chromium'
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export const withoutBrowser = !fs.existsSync(PATH) && process.env.CI !== 'true'

/** One browser for all tests of a file or `describe`; call it outside of tests, call the result inside of them. */
export function sharedBrowser(): () => Browser {
  let browser: Browser | null = null
  beforeAll(async () => {
    if (withoutBrowser) return
    browser = await chromium.launch({ executablePath: PATH, args: QUIET })
  })
  afterAll(() => browser?.close())
  return () => {
    if (!browser) throw new Error('The browser is not running.')
    return browser
  }
}
