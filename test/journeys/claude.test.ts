// Claude in the background, as people meet it on the page and on the command line: the real program, a model of ours.
import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { say, use, type Asked, type Reply } from '../fake/model.ts'
import { until } from '../support/until.ts'
import { claudeHouse, workspaceOf } from './claude-house.ts'
import { factsOf, titles } from './facts.ts'
import { SLOW } from './house.ts'
import { cards, wordsOf } from './page.ts'
import { running } from './sessions.ts'

const LONG = 120_000
const WANTS = 'Claude wants to run'

/** Asks to run a command and says how that came out. */
const runs =
  (command: string) =>
  ({ results, used, whole }: Asked): Reply => {
    if (results[0]) return say(results[0].isError ? `Not done: ${results[0].text}` : 'Made it.')
    if (whole.includes('has denied it')) return say('Then not.')
    return used.length === 0 || whole.includes('has allowed it now')
      ? use('Bash', { command, description: 'Do it' })
      : say('Nothing left.')
  }

test(
  'a permission on the page: all of it is shown, the yes runs it in the worktree, the summary has the numbers',
  { timeout: LONG },
  async () => {
    const here = await claudeHouse(runs('echo hello > hello.txt && echo made'))
    const { page } = await here.up()
    const { id, workspace } = await page.start('/bg start Make hello.txt')
    const allow = await page.button(id, 'Allow once')
    const card = cards(await page.threadOf(id)).findLast(({ title }) => title === WANTS)
    const words = wordsOf(card ?? never())
    for (const part of ['echo hello > hello.txt && echo made', 'Do it', `In ${workspace}`, 'waiting for'])
      expect(words).toContain(part)
    expect(card?.buttons.map(({ label }) => label)).toEqual(
      expect.arrayContaining(['Allow once', 'Deny…', 'Deny and stop', 'Edit…']),
    )
    expect(fs.existsSync(path.join(workspace, 'hello.txt'))).toBe(false)
    expect(await page.click(allow.id)).toEqual({ kind: 'none' })
    const done = await page.until(id, (task) => task.outcome)
    expect(done.outcome).toMatchObject({
      kind: 'completed',
      summary: 'Made it.',
      ending: { changes: { files: 1, added: 1 } },
    })
    expect(fs.readFileSync(path.join(workspace, 'hello.txt'), 'utf8')).toBe('hello\n')
    expect(running(here.home, id)).toEqual([])
    expect((await here.cli(['logs', id])).out).toContain('made')
  },
)

test(
  'an edited command is the one that runs, and a rule for the session is not asked about again',
  { timeout: LONG },
  async () => {
    const here = await claudeHouse(({ used }) =>
      used.length === 0
        ? use('Bash', { command: 'touch one.txt', description: 'one' })
        : used.length < 3
          ? use('Bash', { command: 'rm -f nothing', description: 'ask once' })
          : say('Done.'),
    )
    const { page } = await here.up()
    const { id, workspace } = await page.start('/bg start Touch and look')
    const edit = await page.button(id, 'Edit…')
    expect(edit.form?.fields[0]).toMatchObject({ id: 'command', prefill: 'touch one.txt' })
    await page.click(edit.id, { command: 'touch two.txt' })
    await until(
      async () => wordsOf(cards(await page.threadOf(id)).at(-1) ?? never()).includes('Bash(rm -f nothing)'),
      SLOW,
    )
    const always = await page.button(id, 'Always in this session')
    await page.click(always.id)
    const done = await page.until(id, (task) => task.outcome)
    expect(fs.readdirSync(workspace).filter((file) => file.endsWith('.txt'))).toEqual(['two.txt'])
    expect(factsOf(done.facts, 'requested')).toBe(2)
  },
)

test(
  'words while a permission waits are held, offered as the reason for a no, and reach it with that no',
  { timeout: LONG },
  async () => {
    const here = await claudeHouse(runs('touch one.txt'))
    const { page } = await here.up()
    const { id } = await page.start('/bg start Touch it')
    await page.button(id, 'Allow once')
    const thread = (await page.shown(id)).thread
    expect(await page.say('use two.txt', { thread })).toEqual({ kind: 'none' })
    const deny = await until(async () => {
      const button = await page.button(id, 'Deny…')
      return button.form?.fields[0]?.prefill === 'use two.txt' && button
    }, SLOW)
    await page.click(deny.id, { reason: 'use two.txt' })
    const done = await page.until(id, (task) => task.outcome)
    expect(done.outcome).toMatchObject({
      kind: 'completed',
      summary: expect.stringContaining('root denied this: use two.txt') as string,
    })
    expect(here.model.asked).toHaveLength(2)
    await until(
      async () =>
        (await page.threadOf(id)).some(({ content }) => content.kind === 'text' && content.mark === 'delivered'),
      SLOW,
    )
  },
)

test(
  'the rules of the house come before Claude and the person: what they deny never runs, what they ask for is asked',
  { timeout: LONG },
  async () => {
    const here = await claudeHouse(
      ({ used, results }) =>
        used.length === 0
          ? use('Bash', { command: 'git push --force', description: 'Push' })
          : used.length === 1
            ? use('Bash', { command: 'ls', description: 'Look' })
            : say(results[0]?.isError ? 'denied' : 'listed'),
      { config: 'permissions:\n  deny: ["Bash(git push *)"]\n  ask: ["Bash(ls *)"]\n' },
    )
    const { page } = await here.up()
    const { id } = await page.start('/bg start Push and look')
    const allow = await page.button(id, 'Allow once')
    const asked = cards(await page.threadOf(id)).at(-1)
    expect(wordsOf(asked ?? never())).toContain('Asked by rule ",{"code":"Bash(ls *)"}')
    expect(here.model.asked.at(-1)?.results[0]).toMatchObject({
      isError: true,
      text: expect.stringContaining('Bash(git push *)') as string,
    })
    await page.click(allow.id)
    const done = await page.until(id, (task) => task.outcome)
    expect(done.outcome).toMatchObject({ kind: 'completed', summary: 'listed' })
  },
)

test(
  'what a rule asks about and a person allows always is asked about no more in that task, and Claude’s own settings stay as they were',
  { timeout: LONG },
  async () => {
    const here = await claudeHouse(
      ({ used }) =>
        used.length < 3 ? use('Bash', { command: `ls -${'a11'[used.length]}`, description: 'Look' }) : say('Done.'),
      { config: 'permissions:\n  ask: ["Bash(ls *)"]\n' },
    )
    const { page } = await here.up()
    const { id, workspace } = await page.start('/bg start Look')
    await page.click((await page.button(id, 'Allow once')).id)
    const always = await until(async () => {
      const [open] = (await page.task(id)).open
      const button = await page.button(id, 'Always in this task')
      return open?.detail === 'ls -1' && button.id.includes(open.id) && button
    }, SLOW)
    expect((await page.task(id)).open[0]?.options.map(({ label }) => label)).not.toContain('Always in this session')
    await page.click(always.id)
    const done = await page.until(id, (task) => task.outcome)
    expect(factsOf(done.facts, 'requested')).toBe(2)
    expect(here.model.asked.at(-1)?.results).toHaveLength(1)
    expect(here.model.asked.at(-1)?.results[0]?.isError).not.toBe(true)
    expect(fs.existsSync(path.join(workspace, '.claude'))).toBe(false)
  },
)

test(
  'what is dangerous is said plainly; deny and stop ends the task, with nothing of it alive',
  { timeout: LONG },
  async () => {
    const here = await claudeHouse(runs('git push --force'))
    const { page } = await here.up()
    const { id } = await page.start('/bg start Touch it')
    const stop = await page.button(id, 'Deny and stop')
    expect(wordsOf(cards(await page.threadOf(id)).at(-1) ?? never())).toContain(
      'Careful: it overwrites history on a remote',
    )
    await page.click(stop.id)
    const done = await page.until(id, (task) => task.outcome)
    expect(done.outcome).toMatchObject({ kind: 'cancelled' })
    // Its session process says so as its last word.
    await until(() => running(here.home, id).length === 0, SLOW)
  },
)

test('interrupted while it works it goes on at once with what was said meanwhile', { timeout: LONG }, async () => {
  const here = await claudeHouse(({ said }) => (said.includes('do y') ? say('Did y.') : { hang: true }))
  const { page } = await here.up()
  const { id } = await page.start('/bg start Do x')
  await until(() => here.model.asked.length === 1, SLOW)
  expect(await page.say('do y', { thread: (await page.shown(id)).thread })).toEqual({ kind: 'none' })
  expect((await here.cli(['interrupt', id])).out).toContain('interrupted')
  const done = await page.until(id, (task) => task.turns === 2 && task.outcome)
  expect(done.outcome).toMatchObject({ kind: 'completed', summary: 'Did y.' })
  expect(titles(await page.threadOf(id))).toContainEqual(expect.stringMatching(/^Interrupted after/))
})

test(
  'everything killed while a permission waits: its buttons live, and the yes runs exactly that call once',
  { timeout: LONG },
  async () => {
    const here = await claudeHouse(runs('echo once >> side.txt'))
    const first = await here.up()
    const { id, workspace } = await first.page.start('/bg start Append to side.txt')
    const allow = await first.page.button(id, 'Allow once')
    await here.killAll()
    expect(running(here.home, id)).toEqual([])

    const { page } = await here.up()
    await page.until(id, (task) => task.facts.some(({ body }) => body.type === 'lost'))
    expect(await page.click(allow.id)).toEqual({ kind: 'none' })
    const done = await page.until(id, (task) => task.outcome)
    expect(done.outcome).toMatchObject({ kind: 'completed', summary: 'Made it.' })
    expect(fs.readFileSync(path.join(workspace, 'side.txt'), 'utf8')).toBe('once\n')
    expect(factsOf(done.facts, 'requested')).toBe(1)
    expect(factsOf(done.facts, 'delivered')).toBe(1)
    expect(titles(await page.threadOf(id)).filter((title) => title === WANTS)).toHaveLength(1)
  },
)

test(
  'a question that waits long needs no process, also not over a restart; a reply answers the very same call',
  { timeout: LONG },
  async () => {
    const options = [
      { label: 'SQLite', description: 'small' },
      { label: 'PG', description: 'big' },
    ]
    const here = await claudeHouse(
      ({ results }) =>
        results[0]
          ? say(results[0].text)
          : use('AskUserQuestion', {
              questions: [{ question: 'Which DB?', header: 'DB', multiSelect: false, options }],
            }),
      { config: 'park_after: 1s\n' },
    )
    const first = await here.up()
    const { id } = await first.page.start('/bg start Ask me')
    await first.page.button(id, 'SQLite')
    await first.page.until(id, (task) => task.facts.some(({ body }) => body.type === 'parked'))
    await until(() => running(here.home, id).length === 0, SLOW)
    await first.kill9()

    const { page } = await here.up()
    expect(await page.say('PG', { thread: (await page.shown(id)).thread })).toEqual({ kind: 'none' })
    const done = await page.until(id, (task) => task.outcome)
    expect(done.outcome).toMatchObject({
      kind: 'completed',
      summary: expect.stringContaining('"Which DB?"="PG"') as string,
    })
    expect(factsOf(done.facts, 'requested')).toBe(1)
  },
)

test(
  'a reply after the end goes on in the same conversation and worktree; with its record gone it offers a new one',
  { timeout: LONG },
  async () => {
    const here = await claudeHouse(({ said, whole }) =>
      say(whole.includes('First thing') && said !== 'First thing' ? 'I remember.' : `You said ${said}.`),
    )
    const { page } = await here.up()
    const { id } = await page.start('/bg start First thing')
    await page.until(id, (task) => task.outcome)
    const thread = (await page.shown(id)).thread
    await page.say('and now', { thread })
    const second = await page.until(id, (task) => task.turns === 2 && task.outcome)
    expect(second.outcome).toMatchObject({ kind: 'completed', summary: 'I remember.' })

    fs.rmSync(path.join(here.person, '.claude', 'projects'), { recursive: true })
    await page.say('once more', { thread })
    await page.click((await page.button(id, 'Begin a new one')).id)
    const third = await page.until(id, (task) => task.turns === 3 && task.outcome)
    expect(third.outcome).toMatchObject({ kind: 'completed', summary: 'You said once more.' })
  },
)

test.each<[string, Reply, Record<string, string>, RegExp]>([
  ['nobody is logged in', say('never'), { ANTHROPIC_API_KEY: '' }, /^Claude is not logged in: log in by running/u],
  [
    'the login is refused',
    { status: 401, error: 'authentication_error', message: 'invalid x-api-key' },
    { CLAUDE_CODE_MAX_RETRIES: '10' },
    /^Claude's login was refused/u,
  ],
  [
    'the rate limit is used up',
    { status: 429, error: 'rate_limit_error', message: 'slow down', headers: { 'retry-after': '1' } },
    {},
    /rate limit is used up.*slow down/u,
  ],
  ['the model is overloaded', { status: 529, error: 'overloaded_error' }, {}, /model is overloaded/u],
  [
    'there is no credit',
    {
      status: 400,
      error: 'invalid_request_error',
      message: 'Your credit balance is too low to access the Anthropic API.',
    },
    {},
    /no credit left/u,
  ],
  [
    'the model is gone',
    { status: 404, error: 'not_found_error', message: 'model: x' },
    {},
    /Name another one: start with --model/u,
  ],
  [
    'the prompt is too long',
    { status: 400, error: 'invalid_request_error', message: 'prompt is too long: 250000 tokens > 200000 maximum' },
    {},
    /too long for the model/u,
  ],
  ['the stream is cut', { cut: { type: 'text', text: 'half' } }, {}, /could not be reached/u],
  ['there is no network', say('never'), { ANTHROPIC_BASE_URL: 'http://127.0.0.1:9' }, /could not be reached/u],
])('when %s it fails with a sentence that says what to do', { timeout: LONG }, async (_when, reply, env, reason) => {
  const here = await claudeHouse(() => reply, { env })
  const { page } = await here.up()
  const { id } = await page.start('/bg start Do it')
  const done = await page.until(id, (task) => task.outcome)
  expect(done.outcome).toMatchObject({ kind: 'failed', reason: expect.stringMatching(reason) as string })
})

test(
  'what Claude is told stands in config.yaml and in flags; a wrong one is refused with the nearest',
  { timeout: LONG },
  async () => {
    const here = await claudeHouse((asked) => say(`I am ${asked.model} in ${workspaceOf(asked)}.`), {
      config: 'repos:\n  api: { path: api, model: claude-haiku-4-5, mode: plan }\n',
    })
    const api = path.join(here.home, 'api')
    fs.mkdirSync(api)
    const git = ['-c', 'user.name=ann', '-c', 'user.email=ann@example.com']
    const { execFileSync } = await import('node:child_process')
    execFileSync('git', ['init', '-q', api])
    execFileSync('git', ['-C', api, ...git, 'commit', '-q', '--allow-empty', '-m', 'first'])
    const { page } = await here.up()
    const one = await page.start('/bg start --repo api Who are you?')
    expect((await page.until(one.id, (task) => task.outcome)).outcome).toMatchObject({
      summary: expect.stringContaining('claude-haiku-4-5') as string,
    })
    const two = await page.start('/bg start --repo api --model claude-sonnet-4-5 --mode default Who are you?')
    expect((await page.until(two.id, (task) => task.outcome)).outcome).toMatchObject({
      summary: expect.stringContaining('claude-sonnet-4-5') as string,
    })
    expect(await page.say('/bg start --mode plann Do it')).toMatchObject({
      kind: 'refused',
      text: expect.stringContaining('Did you mean “plan”?') as string,
    })
    expect(await page.say('/bg start --agent demo --model x Do it')).toMatchObject({
      kind: 'refused',
      text: 'demo takes no --model.',
    })
    const own = await page.start('/bg start --agent demo --here --env GREETING=hi\nrun echo "said $GREETING"')
    await page.until(own.id, (task) => task.outcome)
    expect((await here.cli(['logs', own.id])).out).toContain('said hi')
    expect(await page.say('/bg start --env GREETING Do it')).toMatchObject({
      kind: 'refused',
      text: '--env takes NAME=value, with commas between several; “GREETING” is none.',
    })
  },
)

function never(): never {
  throw new Error('there is no such card')
}
