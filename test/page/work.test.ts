// What a person does with finished work on its page: reads what an agent wrote, and agrees to what will happen.
import fs from 'node:fs'
import { describe, expect, test } from 'vitest'
import { sharedBrowser, withoutBrowser } from '../support/browser.ts'
import { home } from '../support/home.ts'
import { until } from '../support/until.ts'
import { violations, visit } from './visit.ts'
import { world } from './world.ts'

describe.skipIf(withoutBrowser)('finished work', () => {
  const browser = sharedBrowser()

  test('is read in a tab of its own, in which nothing of it runs or is loaded', async () => {
    const folder = await home()
    await using made = await stoppable(folder)
    fs.mkdirSync(`${folder}/workspace/docs`, { recursive: true })
    const inside =
      '<title>Report</title><h1>Found</h1><script>document.title = "ran"</script><img src="/api/me" onerror="document.title = 1"><form action="/logout" method="post"><button>Out</button></form>'
    fs.writeFileSync(`${folder}/workspace/docs/what is 100%.html`, inside)
    // No visit: a browser says aloud what it was kept from.
    await using context = await browser().newContext()
    const tab = await context.newPage()
    await tab.goto(await made.login())
    await tab.goto(`${made.url}task/t4`)
    const opening = context.waitForEvent('page')
    await tab.getByRole('link', { name: 'docs/what is 100%.html' }).click()
    const report = await opening
    await report.getByRole('heading', { name: 'Found' }).waitFor()
    expect(await report.title()).toBe('Report')
    await report.getByRole('button', { name: 'Out' }).click()
    expect(await report.getByRole('heading', { name: 'Found' }).isVisible()).toBe(true)
  })

  test('is discarded only after a person read what will happen', async () => {
    await using made = await stoppable(await home())
    const { tab } = await visit(browser(), made)
    await tab.goto(`${made.url}task/t4`)
    await tab.getByRole('button', { name: 'Discard…' }).click()
    const dialog = tab.getByRole('dialog')
    await dialog.getByText('All of it is put away.').waitFor()
    expect(await violations(tab)).toEqual([])
    expect(made.received).toEqual([])
    await dialog.getByRole('button', { name: 'Discard' }).click()
    await until(() => made.received.length === 1)
    expect(made.received).toMatchObject([{ kind: 'click', id: 'v1:discard:t4:1:', values: {} }])
  })
})

async function stoppable(folder: string) {
  const made = await world({ home: folder })
  return { ...made, [Symbol.asyncDispose]: () => made.stop() }
}
