// Commands in the background: in line for a slot, their logs while they run and after, how they ended.
import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { titles } from './facts.ts'
import { house, SLOW } from './house.ts'
import { wordsOf } from './page.ts'
import { running } from './sessions.ts'

const LONG = 90_000

test(
  'commands run side by side up to the slots, the rest stand in line and move up, and every end is told without being asked',
  { timeout: LONG },
  async () => {
    const here = await house({ config: 'slots: 2\n' })
    const { page } = await here.up()
    const go = (name: string) => path.join(here.home, `go-${name}`)
    const tasks = []
    for (const name of ['a', 'b', 'c', 'd'])
      tasks.push(await page.start(`/bg run --label ${name} until [ -e ${go(name)} ]; do sleep 0.05; done`))
    const [a, b, c, d] = tasks.map(({ id }) => id) as [string, string, string, string]
    const alive = () => new Set(running(here.home).map(({ task }) => task))
    await until(() => alive().has(a) && alive().has(b), SLOW)
    const line = async () => Object.fromEntries((await here.tasks()).map((task) => [task.label, task.line]))
    expect(await line()).toEqual({ a: null, b: null, c: 1, d: 2 })
    const card = async (id: string) =>
      wordsOf((await page.shown(id)).cards[0]?.card ?? { title: '', body: [], tone: 'plain', buttons: [], mention: [] })
    await until(async () => JSON.stringify((await page.threadOf(d))[0]?.content).includes('number 2 in line'))

    // Told while nobody asks: the stream is open before, and nothing else is read.
    const stream = await page.listen()
    fs.writeFileSync(go('b'), '')
    await until(() => stream.text().includes('Done in'), SLOW)
    stream.close()
    await until(() => alive().has(c), SLOW)
    await page.until(d, (task) => task.line === 1)
    await until(async () => JSON.stringify((await page.threadOf(d))[0]?.content).includes('number 1 in line'))
    expect(alive()).toEqual(new Set([a, c]))
    for (const name of ['a', 'c', 'd']) fs.writeFileSync(go(name), '')
    for (const id of [a, b, c, d]) {
      await page.until(id, (task) => task.outcome?.kind === 'completed')
      await until(async () => titles(await page.threadOf(id)).length === 2)
    }
    expect(await card(d)).toContain('done')
  },
)

test(
  'a log can be read whole, in part and as it grows: while it runs, after its end, after a restart',
  { timeout: LONG },
  async () => {
    const here = await house()
    const first = await here.up()
    const go = path.join(here.home, 'go')
    const command = `printf '\\033[31mred\\033[0m one\\n'; seq 2 4000; echo warn >&2; until [ -e ${go} ]; do sleep 0.05; done; echo last; exit 3`
    const { id } = await first.page.start(`/bg run --label talks ${command}`)
    const follow = here.live(['logs', 'talks', '--follow'])
    await until(() => follow.out().includes('warn'), SLOW)
    const look = async () => ({
      tail: (await here.cli(['logs', 'talks', '--tail', '2'])).out,
      grep: (await here.cli(['logs', '--grep', '399', 'talks'])).out.trim().split('\n').length,
      whole: (await here.cli(['logs', 'talks'])).out,
      file: (await here.cli(['logs', 'talks', '--file'])).out.trim(),
    })
    const during = await look()
    expect([during.tail, during.grep]).toEqual(['4000\nwarn\n', 14])
    expect(follow.child.exitCode).toBe(null)
    fs.writeFileSync(go, '')
    // The exit code is the command's own.
    expect(await follow.ended).toMatchObject({ code: 3, err: 'exit 3\n', out: fs.readFileSync(during.file, 'utf8') })
    const after = await look()
    expect(after).toEqual({ ...during, tail: 'warn\nlast\n', whole: `${during.whole}last\n` })
    expect(after.whole).toMatch(/^\u001b\[31mred\u001b\[0m one\n2\n/)
    await first.kill9()
    const { page } = await here.up()
    expect(await look()).toEqual(after)

    await until(async () => titles(await page.threadOf(id)).length === 2)
    const shown = JSON.stringify((await page.threadOf(id)).at(-1)?.content)
    expect(shown).toMatch(/exit 3.*red one\\n2\\n.*left out, the log has all .*warn\\nlast/)
    expect(shown).not.toContain('u001b')
    expect(await page.say('/bg logs talks --tail 3')).toMatchObject({ kind: 'text', code: '4000\nwarn\nlast\n' })
  },
)

test(
  'how a command ended is told as it was: exit code, signal, time, and a question nobody could answer',
  { timeout: LONG },
  async () => {
    const here = await house()
    const { page } = await here.up()
    for (const [flags, command, outcome] of [
      ['', 'exit 0', { kind: 'completed', ending: { exit: { code: 0 } } }],
      ['', 'exit 42', { kind: 'failed', reason: 'exit 42', ending: { exit: { code: 42 } } }],
      ['', 'kill -SEGV $$', { kind: 'failed', reason: 'killed by SIGSEGV', ending: { exit: { signal: 'SIGSEGV' } } }],
      ['', 'no-such-program', { kind: 'failed', reason: 'exit 127' }],
      [
        '',
        'read -p "Sure? " x || { echo none; exit 9; }',
        { kind: 'failed', reason: 'exit 9', ending: { output: 'none' } },
      ],
      [
        '--timeout 1s',
        'sleep 706',
        { kind: 'failed', reason: expect.stringMatching(/^It was stopped after 1 s, its time limit/) },
      ],
    ] as const) {
      const { id } = await page.start(`/bg run ${flags} ${command}`)
      expect((await page.until(id, (task) => task.outcome)).outcome).toMatchObject(outcome)
    }
    expect(running(here.home)).toEqual([])
    const direct = await here.cli(['run', '--follow', 'sh', '-c', 'echo "two words"; exit 5'])
    expect(direct).toMatchObject({ code: 5, out: expect.stringMatching(/queued.*\ntwo words\n$/s), err: 'exit 5\n' })
  },
)

test(
  'what programs read is one object, also with --follow; with --grep only such lines are followed; and a reader may stop reading',
  { timeout: LONG },
  async () => {
    const here = await house()
    await here.up()
    const go = path.join(here.home, 'go')
    const command = `seq 1 200000; echo lost; until [ -e ${go} ]; do sleep 0.05; done; printf 'found '; sleep 0.3; echo 1; echo lost; echo found 2; exit 3`
    expect((await here.cli(['run', '--label', 'talks', command])).code).toBe(0)
    const found = here.live(['logs', 'talks', '--follow', '--grep', 'found'])
    const one = here.live(['logs', 'talks', '--follow', '--json'])
    await until(async () => (await here.cli(['logs', 'talks', '--tail', '1'])).out === 'lost\n', SLOW)
    fs.writeFileSync(go, '')
    expect(await found.ended).toMatchObject({ code: 3, out: 'found 1\nfound 2\n' })
    const { code, out } = await one.ended
    expect([code, JSON.parse(out)]).toMatchObject([3, { from: 0, ended: true }])
    const { out: whole } = await here.cli(['logs', 'talks'])
    expect(JSON.parse((await here.cli(['logs', 'talks', '--json'])).out)).toMatchObject({ text: whole })
    const ran = await here.cli(['run', '--json', '--follow', 'echo hello; exit 4'])
    expect([ran.code, JSON.parse(ran.out)]).toMatchObject([
      4,
      { status: 'failed', outcome: { ending: { output: 'hello' } } },
    ])

    const cut = here.live(['logs', 'talks'])
    cut.child.stdout?.once('data', () => cut.child.stdout?.destroy())
    expect(await cut.ended).toMatchObject({ code: 0, err: '' })
  },
)

test('bot and runner run apart, and each may be killed and started again', { timeout: LONG }, async () => {
  const here = await house()
  const bot = await here.up({ verb: 'bot' })
  expect(
    await bot.page.say('/bg start --agent demo --label apart permission npm install a\nwork 1s Thinking\ndone well'),
  ).toEqual({ kind: 'none' })
  expect((await bot.page.healthz()).status).toBe(503)
  const id = (await here.tasks())[0]?.id ?? ''
  const runner = await here.up({ verb: 'runner' })
  const button = await bot.page.button(id, 'Allow once')
  expect((await bot.page.healthz()).status).toBe(200)
  await runner.kill9()
  expect(await bot.page.click(button.id)).toEqual({ kind: 'none' })
  await bot.kill9()
  await here.up({ verb: 'runner' })
  await until(async () => (await here.task(id)).outcome, SLOW)
  const { page } = await here.up({ verb: 'bot' })
  await until(async () => titles(await page.threadOf(id)).length === 3, SLOW)
  expect(titles(await page.threadOf(id))).toEqual(['apart', 'Demo wants to run', expect.stringMatching(/^Done/)])
})
