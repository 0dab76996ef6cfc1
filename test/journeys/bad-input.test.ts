// What people get wrong, at the command line and on the page: one sentence each, the right exit code, nothing lost, and never a
// task that nobody wanted.
import fs from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { home } from '../support/home.ts'
import { house, type House, type RunOptions } from './house.ts'

const LONG = 120_000
const BOTH = 2

/** Runs the verbs, two at a time; each must end with this code, one sentence on stderr and nothing on stdout. */
async function refuses(here: House, verbs: [args: string[], code: number, sentence: RegExp][], options?: RunOptions) {
  const left = [...verbs]
  const work = async () => {
    for (let next = left.shift(); next; next = left.shift()) {
      const [args, code, sentence] = next
      const ran = await here.cli(args, options)
      expect({ args, ...ran }).toEqual({ args, code, out: '', err: expect.stringMatching(sentence) })
      expect(ran.err.trimEnd()).not.toMatch(/\n|Error:|\bat .*:\d+/)
    }
  }
  await Promise.all(Array.from({ length: BOTH }, work))
}

test(
  'wrong words at the command line are one sentence with the nearest right one, and start nothing',
  { timeout: LONG },
  async () => {
    const here = await house()
    await refuses(here, [
      [['strat', 'fix', 'it'], 2, /“strat” is not a command\. Did you mean “start”\?/],
      [['please', 'fix', 'it'], 2, /“please” is not a command\./],
      [['__proto__'], 2, /“__proto__” is not a command/],
      [['start', '--agnt', 'demo', 'x'], 2, /“--agnt” is not a flag\. Did you mean “--agent”\?/],
      [['start', '--agent', 'dmeo', 'x'], 1, /“dmeo” is not a known agent\. Did you mean “demo”\?/],
      [
        ['start', '--agent', 'demo', '--repo', 'smaple', 'x'],
        1,
        /“smaple” is not a known repository\. Did you mean “sample”\?/,
      ],
      [['start', '--agent', 'demo', '--repo', '/no/such', 'x'], 1, /\/no\/such does not exist\./],
      [['start', '--here', '--worktree', 'x'], 2, /exclude each other/],
      [['run'], 2, /run needs a command/],
      [['run', '  '], 1, /The prompt is empty/],
      [['run', '--label', 'a b', 'true'], 1, /“a b” cannot be a label/],
      [['run', '--label'], 2, /--label needs a value/],
      [['run', '--timeout', 'soon', 'true'], 1, /“soon” is not a duration; write 90s, 10m or 2h\./],
      [['run', 'echo \u0007'], 1, /control character U\+0007 at position 6/],
      [['show'], 2, /show needs a task/],
      [['show', 'nobody'], 1, /“nobody” is not a known task/],
      [['stop', 'nobody'], 1, /“nobody” is not a known task/],
      [['logs', 'nobody', '--follow'], 1, /“nobody” is not a known task/],
      [['tasks', '--limit', 'x'], 2, /--limit needs a number/],
      [['tasks', 'x'], 2, /tasks takes no “x”/],
      [['guide', 'nobody'], 1, /“nobody” is not a known task/],
      [['up', '--port', '1'], 2, /“--port” is not a flag/],
    ])
    expect(await here.tasks()).toEqual([])
  },
)

test(
  'wrong words on the page are a sentence only for who typed them, and start nothing',
  { timeout: LONG },
  async () => {
    const here = await house()
    const { page } = await here.up()
    for (const [text, sentence] of [
      ['fix the login', /^Nothing was started\. Begin with \/bg/],
      ['/bg status', /“status” is not a command\./],
      ['/bg strat x', /Did you mean “start”\?/],
      ['/bg fix the login', /“fix” is not a command/],
      ['/bg start --agent dmeo x', /Did you mean “demo”\?/],
      ['/bg start --agent demo --rpeo sample x', /Did you mean “--repo”\?/],
      ['/bg run', /The prompt is empty/],
      ['/bg run --timeout soon true', /is not a duration/],
      ['/bg run echo \u0000', /control character U\+0000/],
      ['/bg stop nobody', /“nobody” is not a known task/],
      ['/bg show', /Name a task/],
      ['/bg stop', /Name a task; `\/bg tasks` lists them\./],
      ['/bg tasks all', /“all” is one word too many/],
      ['/bg logs nobody else', /“else” is one word too many/],
      ['/bg diff nobody --stat=yes', /--stat takes no value/],
      [`/bg run ${'x'.repeat(250_000)}`, /at most 200000 are possible/],
      ['   ', /Type something first/],
    ] as const) {
      const reply = await page.say(text)
      expect([text.slice(0, 40), reply]).toEqual([
        text.slice(0, 40),
        { kind: 'refused', text: expect.stringMatching(sentence) },
      ])
    }
    expect(await page.click('v1:vote:nobody:x:allow')).toMatchObject({
      kind: 'refused',
      text: 'There is no such task.',
    })
    expect(await page.click('v9:vote')).toMatchObject({
      kind: 'refused',
      text: expect.stringContaining('This button is not known here'),
    })
    expect(await here.tasks()).toEqual([])
  },
)

test('words in every script, 100 kB of them, and ambiguous names', { timeout: LONG }, async () => {
  const here = await house()
  const { page } = await here.up()
  const worlds = [
    'Привет мир',
    '日本語 テスト',
    'שלום עולם',
    'مرحبا بالعالم',
    'नमस्ते दुनिया',
    '🏳️‍🌈 e\u0301 👩‍👩‍👧',
    '\u202eevil',
  ]
  for (const words of worlds) {
    const { label, prompt } = await page.start(`/bg start --agent demo done ${words}`)
    expect(prompt).toBe(`done ${words}`)
    const found = await here.cli(['show', label, '--json'])
    expect(JSON.parse(found.out)).toMatchObject({ label, prompt })
  }
  const long = 'wörk '.repeat(20_000)
  const done = await page.start(`/bg start --agent demo --label long ${long}`)
  expect((await page.task(done.id)).prompt).toBe(long.trim())
  const shell = await page.start(`/bg run --label shell-long : ${long}; echo end`)
  const { outcome } = await page.until(shell.id, (task) => task.outcome)
  expect(outcome).toMatchObject({ kind: 'completed', ending: { output: 'end' } })
  const label = await page.start('/bg run --label مهمة-אב-日本 echo شكرا')
  expect((await page.until(label.id, (task) => task.outcome)).outcome).toMatchObject({ ending: { output: 'شكرا' } })

  await page.start('/bg run --label same-one true')
  await page.start('/bg run --label same-two true')
  const { code, err } = await here.cli(['show', 'same'])
  expect([code, err]).toEqual([
    1,
    expect.stringMatching(
      /^“same” could be several tasks: \w+ \(same-\w+\), \w+ \(same-\w+\)\. Name one by its id\.\n$/,
    ),
  ])
  for (const one of (await page.board()).needs) await page.click(`v1:stop:${one.id}::`)
})

test(
  'a wrong config.yaml names file, line, key and what is allowed, and keeps all verbs from starting',
  { timeout: LONG },
  async () => {
    const here = await house()
    const file = path.join(here.home, 'config.yaml')
    for (const [text, sentence] of [
      ['slots: 2\nslotz: 3\n', /config\.yaml:2: “slotz” is not a key here; possible: slots, agent,/],
      ['slots: two\n', /config\.yaml:1: “slots” must be a number\./],
      ['slots: 2.5\n', /config\.yaml:1: “slots” must be a whole number\./],
      ['slots: 0\n', /config\.yaml:1: “slots” must be at least 1\./],
      ['agent: demo\npark_after: 5 minutes\n', /config\.yaml:2: “park_after” must be a duration such as 30s/],
      [
        'repos:\n  api:\n    path: /x\n    bse: main\n',
        /config\.yaml:4: “repos\.api\.bse” is not a key here; possible: path, base, setup, check, .*permissions\./,
      ],
      ['env:\n  set:\n    DEBUG: 1\n', /config\.yaml:3: “env\.set\.DEBUG” must be text \(put it in quotes\)\./],
      ['slots: 1\n repos:\n  a: b\n', /config\.yaml:\d: this is not valid YAML/],
      ['\tslots: 1\n', /config\.yaml:1: this is not valid YAML: Tabs are not allowed/],
      ['- slots\n', /config\.yaml:1: “the file” must be a mapping/],
      ['agent: *demo\n', /config\.yaml: this is not valid YAML/],
    ] as const) {
      fs.writeFileSync(file, text)
      await refuses(here, [[['tasks'], 1, sentence]])
    }
    await refuses(here, [
      [['up'], 1, /config\.yaml/],
      [['run', 'true'], 1, /config\.yaml/],
    ])
    fs.rmSync(file)
    expect(await here.tasks()).toEqual([])
    await refuses(here, [[['tasks'], 1, /^backchannel: PORT=many is not a port: set a number from 0 to 65535\.\n$/]], {
      env: { PORT: 'many' },
    })
  },
)

test(
  'a home that is held, too long, or newer, and a port in use are one sentence each',
  { timeout: LONG },
  async () => {
    const here = await house()
    const server = net.createServer().listen(0, '127.0.0.1')
    onTestFinished(() => void server.close())
    await new Promise((resolve) => server.once('listening', resolve))
    const { port } = server.address() as net.AddressInfo
    await refuses(
      here,
      [[['up'], 1, new RegExp(`^backchannel: Port ${port} is in use: .*set PORT to another one\\.\n$`)]],
      { env: { PORT: `${port}` } },
    )

    const { child } = await here.up()
    await refuses(here, [
      [
        ['up'],
        1,
        new RegExp(
          `is held by “backchannel up”, process ${child.pid}, since .*set BACKCHANNEL_HOME to another folder\\.`,
        ),
      ],
      [['bot'], 1, new RegExp(`is held by “backchannel up”, process ${child.pid}`)],
      [['runner'], 1, new RegExp(`is held by “backchannel up”, process ${child.pid}`)],
    ])
    const long = path.join(await home(), 'x'.repeat(90))
    await refuses(here, [[['tasks'], 1, /at most 75 are possible because of the sockets/]], {
      env: { BACKCHANNEL_HOME: long },
    })
    expect(fs.existsSync(long)).toBe(false)

    const newer = await house()
    expect((await newer.cli(['run', 'true'])).code).toBe(0)
    const database = new DatabaseSync(path.join(newer.home, 'backchannel.db'))
    database.exec(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at) VALUES ('x', 'x', '9999_later', 0)`,
    )
    database.close()
    await refuses(newer, [
      [['tasks'], 1, /was written by a newer version of Backchannel \(9999_later\); start that version\./],
      [['up'], 1, /was written by a newer version/],
    ])
  },
)

test(
  'a home that cannot be one is a sentence, and one that can is for its owner alone',
  { timeout: LONG },
  async () => {
    const here = await house()
    const folder = await home()
    const file = path.join(folder, 'file')
    fs.writeFileSync(file, '')
    for (const wrong of ['/proc/nope', file])
      await refuses(
        here,
        [
          [['tasks'], 1, /cannot be used: .*Set BACKCHANNEL_HOME to a folder you may write to/],
          [['login'], 1, /cannot be used: .*Set BACKCHANNEL_HOME to a folder you may write to/],
        ],
        { env: { BACKCHANNEL_HOME: wrong } },
      )
    const deep = path.join(folder, 'not', 'yet')
    expect((await here.cli(['login'], { env: { BACKCHANNEL_HOME: deep } })).code).toBe(0)
    const folders = fs.readdirSync(deep, { recursive: true, withFileTypes: true }).filter((one) => one.isDirectory())
    expect(folders.length).toBeGreaterThan(2)
    for (const one of [deep, ...folders.map(({ parentPath, name }) => path.join(parentPath, name))])
      expect([one, fs.statSync(one).mode & 0o777]).toEqual([one, 0o700])
  },
)

test('without git everything works that needs none, and the rest says so', { timeout: LONG }, async () => {
  const bin = await home()
  for (const name of ['sh', 'bash', 'mkfifo', 'true', 'env', 'sleep'])
    fs.symlinkSync(`/bin/${name}`, path.join(bin, name))
  const here = await house({ env: { PATH: bin } })
  const { page } = await here.up()
  const ran = await page.start('/bg run echo hello')
  expect((await page.until(ran.id, (task) => task.outcome)).outcome).toMatchObject({
    kind: 'completed',
    ending: { output: 'hello' },
  })
  const started = await page.start('/bg start --agent demo done well')
  expect((await page.until(started.id, (task) => task.outcome)).outcome).toMatchObject({
    kind: 'failed',
    reason: expect.stringContaining('git is not installed'),
  })
  expect((await here.cli(['doctor'])).out).toContain('MISSING git: not found: install git')
})

test('a chat that cannot be reached keeps nobody from the page, and health says so', { timeout: LONG }, async () => {
  const server = net.createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as net.AddressInfo
  await new Promise((resolve) => server.close(resolve))
  const here = await house({ env: { DISCORD_BOT_TOKEN: 'a.b.c', DISCORD_API_URL: `http://127.0.0.1:${port}/api` } })
  const { link } = await here.up()
  const asked = await fetch(new URL('/healthz', link))
  expect(asked.status).toBe(503)
  expect(await asked.json()).toMatchObject({
    ok: false,
    journal: 'ok',
    runner: 'ok',
    chats: {
      web: { state: 'live' },
      discord: { state: 'reconnecting', detail: expect.stringContaining('Discord cannot be reached') },
    },
  })
})
