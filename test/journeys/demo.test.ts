// What a newcomer does on the page, over HTTP: the show from its first card to its second turn; guidance, a no with its reason, a
// stop in the middle, and a task that is parked until somebody has time.
import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { factsOf, titles } from './facts.ts'
import { house, SLOW } from './house.ts'
import { wordsOf } from './page.ts'
import { owner, running } from './sessions.ts'

const LONG = 120_000

test(
  'a newcomer starts the show without a word, answers all it asks, reads the end and goes on with a reply',
  { timeout: LONG },
  async () => {
    const here = await house()
    const { page } = await here.up()
    const { id, label, branch, workspace } = await page.start('/bg start --agent demo')
    expect(branch).toBe(`bg/${label}`)
    const allow = await page.button(id, 'Allow once')
    expect(wordsOf((await page.shown(id)).cards[1]?.card ?? never())).toContain('npm install rate-limiter-flexible@7')
    expect((await page.board()).needs.map((task) => task.id)).toEqual([id])
    expect(await page.click(allow.id)).toEqual({ kind: 'none' })

    const thread = (await page.shown(id)).thread
    const question = await page.button(id, 'SQLite')
    expect(question.form).toBeUndefined()
    expect(await page.say('Redis', { thread })).toEqual({ kind: 'none' })
    const choose = await page.button(id, 'Answer…')
    expect(choose.form?.fields[0]).toMatchObject({ id: 'q0', multi: true, required: true })
    expect(await page.click(choose.id)).toMatchObject({
      kind: 'refused',
      text: expect.stringContaining('needs “What else should it get?”'),
    })
    expect(await page.click(choose.id, { q0: 'Documentation, Metrics' })).toEqual({ kind: 'none' })
    const approve = await page.button(id, 'Approve')
    expect(await page.click(approve.id)).toEqual({ kind: 'none' })
    await page.until(id, (task) => task.progress?.checklist.some(({ state }) => state === 'doing'))
    expect(await page.say('keep the old header names', { thread })).toEqual({ kind: 'none' })
    await until(
      async () =>
        (await page.threadOf(id)).some(
          ({ content }) => content.kind === 'text' && content.text.startsWith('keep') && content.mark === 'delivered',
        ),
      SLOW,
    )

    const done = await page.until(id, (task) => task.outcome)
    for (const part of [
      'counts per user now',
      'allowed once by root',
      'Redis (root)',
      'Documentation, Metrics',
      'The plan: approved',
      'You said: keep the old header names',
    ])
      expect(done.outcome).toMatchObject({ kind: 'completed', summary: expect.stringContaining(part) })
    expect(fs.readdirSync(workspace)).toContain('backchannel-demo.md')
    expect(await page.click((await page.button(id, 'Diff')).id)).toMatchObject({
      kind: 'text',
      text: '+1 −0 backchannel-demo.md',
    })
    const before = titles(await page.threadOf(id))
    expect(before).toEqual([
      label,
      'Demo wants to run',
      'Where should the counters live?',
      'What else should it get?',
      'Demo has a plan',
      expect.stringMatching(/^Done in/),
    ])

    expect(await page.say('now the documentation', { thread })).toEqual({ kind: 'none' })
    const second = await page.until(id, (task) => task.turns === 2 && task.outcome)
    expect(second.outcome).toMatchObject({ kind: 'completed', summary: 'You said: now the documentation' })
    await until(async () => titles(await page.threadOf(id)).length === before.length + 1)
    await until(async () =>
      (await page.threadOf(id)).some(
        ({ content }) => content.kind === 'text' && content.text.startsWith('now the') && content.mark === 'delivered',
      ),
    )
    const [old, last] = (await page.shown(id)).cards
      .filter(({ key }) => key.startsWith('summary'))
      .map(({ card }) => card.buttons.length)
    expect([old, (last ?? 0) > 0]).toEqual([0, true])
  },
)

test(
  'a no with its reason, a changed command and words for a waiting task reach the agent as they were meant',
  { timeout: LONG },
  async () => {
    const here = await house()
    const { page } = await here.up()
    const { id } = await page.start(
      '/bg start --agent demo --label reasons permission rm -rf build\npermission npm publish\nwait guidance\nquestion Why?\ndone well',
    )
    expect(await page.click((await page.button(id, 'Deny…')).id, { reason: 'keep it\nfor now' })).toEqual({
      kind: 'none',
    })
    const edit = await until(async () => {
      const button = await page.button(id, 'Edit…')
      return button.form?.fields[0]?.prefill === 'npm publish' && button
    }, SLOW)
    expect(await page.click(edit.id, { command: '' })).toMatchObject({ kind: 'refused' })
    expect(await page.click(edit.id, { command: 'npm publish --dry-run' })).toEqual({ kind: 'none' })
    await page.until(id, (task) => task.progress?.now === 'Waiting for a word from you')
    expect(await here.cli(['guide', 'reasons', 'go', 'on'])).toMatchObject({ code: 0, out: 'reasons: told.\n' })
    await page.until(id, (task) => task.open.length === 1)
    expect(await here.cli(['answer', 'reasons', 'because', 'I', 'say', 'so'])).toMatchObject({ code: 0 })
    const { outcome, facts } = await page.until(id, (task) => task.outcome)
    const expected = [
      'denied by root \\(keep it\\nfor now\\)',
      'npm publish --dry-run: allowed by root, changed from npm publish',
      'because I say so',
      'You said: go on',
    ]
    expect(outcome).toMatchObject({
      kind: 'completed',
      summary: expect.stringMatching(new RegExp(expected.join('[^]*'))),
    })
    expect([factsOf(facts, 'delivered'), factsOf(facts, 'guidance_delivered')]).toEqual([3, 1])
  },
)

test(
  'a task that waits long is parked: nothing of it runs, it is still answered, and the answer resumes it once',
  { timeout: LONG },
  async () => {
    const here = await house({ config: 'park_after: 1s\nremind_after: 1s\n' })
    const side = path.join(here.home, 'side')
    const first = await here.up()
    const { id } = await first.page.start(
      `/bg start --agent demo --label parked run echo x >> ${side}\npermission npm install a\ndone well`,
    )
    const button = await first.page.button(id, 'Allow once')
    await owner(here.home, id)
    await until(() => running(here.home).length === 0, { ...SLOW, what: 'it is parked' })
    expect(await first.page.task(id)).toMatchObject({
      status: 'input_required',
      open: [{ title: 'Demo wants to run' }],
    })
    expect(await first.page.button(id, 'Allow once')).toEqual(button)
    await until(async () => titles(await first.page.threadOf(id)).includes('Still waiting for an answer'))
    await first.kill9()
    const { page } = await here.up()
    expect(running(here.home)).toEqual([])
    expect(await page.click(button.id)).toEqual({ kind: 'none' })
    const done = await page.until(id, (task) => task.outcome)
    expect(done.outcome).toMatchObject({ kind: 'completed', summary: expect.stringContaining('allowed once by root') })
    expect([
      fs.readFileSync(side, 'utf8'),
      factsOf(done.facts, 'parked'),
      factsOf(done.facts, 'reminded'),
      factsOf(done.facts, 'attempt_started'),
    ]).toEqual(['x\n', 1, 1, 2])

    const again = await page.start('/bg start --agent demo --label given-up permission npm install a\ndone never')
    await until(
      async () => factsOf((await page.task(again.id)).facts, 'parked') === 1 && running(here.home).length === 0,
      SLOW,
    )
    expect(await here.cli(['stop', 'given-up'])).toMatchObject({ code: 0, out: 'given-up: stopped.\n' })
    expect(running(here.home)).toEqual([])
  },
)

function never(): never {
  throw new Error('there is no such card')
}
