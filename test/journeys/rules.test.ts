// “Always” where a rule asked: granted by a click, listed, taken back, and over every end of every process.
import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { kill9 } from '../support/proc.ts'
import { until } from '../support/until.ts'
import { house, SLOW } from './house.ts'
import { owner } from './sessions.ts'
import { repository } from './repository.ts'

const LONG = 120_000

test(
  'a command that was allowed always in a repository is asked about no more, also after a restart, until the rule is revoked',
  { timeout: LONG },
  async () => {
    const { folder } = await repository()
    const here = await house({
      config: `permissions:\n  ask: ["Bash(make *)"]\nrepos:\n  api: ${folder}\n`,
    })
    const first = await here.up()
    const asked = await first.page.start('/bg run --repo api make one || true')
    await first.page.button(asked.id, 'Allow once')
    const labels = (await first.page.shown(asked.id)).cards.flatMap(({ card }) =>
      card.buttons.map(({ label }) => label),
    )
    expect(labels).not.toContain('Always in api')
    await first.page.click((await first.page.button(asked.id, 'Deny…')).id)

    const one = await first.page.start('/bg run --repo api make one')
    const always = await first.page.button(one.id, 'Always in api')
    expect(await first.page.click(always.id)).toEqual({ kind: 'none' })
    await first.page.until(one.id, (task) => task.outcome)
    const listed = JSON.parse((await here.cli(['rules', '--json'])).out) as { id: string; rule: string; repo: string }[]
    const rule = listed[0]?.id ?? 'none'
    expect(listed).toEqual([
      expect.objectContaining({ id: rule, rule: 'Bash(make one)', repo: 'api', by: 'web:owner', task: one.id }),
    ])
    await first.kill9()

    const { page } = await here.up()
    const two = await page.start('/bg run --repo api make one')
    expect((await page.until(two.id, (task) => task.outcome)).facts.map(({ body }) => body.type)).not.toContain(
      'requested',
    )
    expect(await page.say('/bg rules')).toMatchObject({ kind: 'text', code: expect.stringContaining('Bash(make one)') })
    expect(await here.cli(['rules', 'revoke', rule])).toMatchObject({ code: 0, out: `${rule} is revoked.\n` })
    expect(await here.cli(['rules', 'revoke', rule])).toMatchObject({ code: 1 })
    expect(await here.cli(['rules', 'x'])).toMatchObject({ code: 2 })
    const three = await page.start('/bg run --repo api make one')
    await page.button(three.id, 'Allow once')
  },
)

test(
  'in a running task a granted rule counts for its next call, and a revoked one no more',
  { timeout: LONG },
  async () => {
    const here = await house({ config: 'permissions:\n  ask: ["Bash(npm *)"]\n' })
    const { page } = await here.up()
    const asks = 'permission npm install x'
    const { id } = await page.start(
      `/bg start --agent demo --here ${asks}\n${asks}\nwait guidance\n${asks}\nwait guidance\n${asks}`,
    )
    await page.click((await page.button(id, 'Always in this task')).id)
    const log = async () => (await here.cli(['logs', id])).out
    const allowed = 'npm install x (allow: Bash(npm install *))'
    await until(async () => (await log()).includes(allowed), SLOW)
    await page.say(`/bg guide ${id} go on`)
    await until(async () => (await log()).split(allowed).length === 3, SLOW)
    const [rule = 'none'] = /r\d+/.exec((await here.cli(['rules'])).out) ?? []
    await here.cli(['rules', 'revoke', rule])
    const events = path.join(here.home, 'tasks', id, '1', 'events.jsonl')
    await until(() => fs.readFileSync(events, 'utf8').split('the rules were replaced').length === 3, SLOW)
    await page.say(`/bg guide ${id} go on`)
    await until(async () => (await page.task(id)).open.length === 1, SLOW)
    await sleep(100)
    expect((await page.task(id)).open).toHaveLength(1)
  },
)

test(
  'what a request requires holds when its session is killed and when config.yaml asks for less by then; a no is enough',
  { timeout: LONG },
  async () => {
    const rule = (more: string) => `permissions:\n  ask:\n    - { rule: "Bash(npm *)"${more} }\n`
    const here = await house({ config: rule(', approvers: 1, reason: true') })
    const first = await here.up()
    const { id } = await first.page.start('/bg start --agent demo --here permission npm install x')
    const allow = await first.page.button(id, 'Allow once…')
    expect(allow.form?.fields).toEqual([{ id: 'reason', label: 'Why may it?', required: true }])
    const labels = (await first.page.shown(id)).cards.flatMap(({ card }) => card.buttons.map(({ label }) => label))
    expect(labels.filter((label) => /^(Always|Edit)/u.test(label))).toEqual([])
    const own = { kind: 'refused', text: 'You asked for this yourself: somebody else has to allow it.' }
    expect(await first.page.click(allow.id, { reason: 'It is due.' })).toEqual(own)
    expect(await here.cli(['answer', id, 'allow', 'It is due.'])).toMatchObject({ code: 1, err: `${own.text}\n` })
    await first.kill9()
    kill9((await owner(here.home, id)).pid)
    fs.writeFileSync(path.join(here.home, 'config.yaml'), rule(''))

    const { page } = await here.up()
    await page.until(id, (task) => task.facts.some(({ body }) => body.type === 'lost'))
    expect(await page.click(allow.id, { reason: 'It is due.' })).toEqual(own)
    expect((await here.cli(['show', id])).out).toContain(
      'Bash(npm *): 0 of 1, waiting for: somebody else, with a reason',
    )
    expect(await page.click((await page.button(id, 'Deny…')).id)).toEqual({ kind: 'none' })
    const done = await page.until(id, (task) => task.outcome)
    expect(done.outcome).toMatchObject({ kind: 'completed', summary: expect.stringContaining('denied by') })
  },
)
