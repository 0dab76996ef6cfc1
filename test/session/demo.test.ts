import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { AGENTS, answerTo, asked, ending, house, type Heard } from './support.ts'

const DEMO = { agentModule: AGENTS.demo, options: { speed: '50' } }

type Choice = [option: string, values?: Record<string, string>]

/** Runs a script to its end; its requests are answered in their order. */
async function check(prompt: string, answers: Choice[] = [], begin = {}) {
  const made = await house()
  const heard = made.start({ ...DEMO, prompt, ...begin })
  for (const [index, [option, values]] of answers.entries()) {
    made.sessions.deliver('t1', 1, { answer: answerTo(await asked(heard, index + 1), option, values) })
  }
  return { ...made, heard, last: await ending(heard), log: () => readFileSync(made.file('log'), 'utf8') }
}

test('say says', async () => {
  const { last, log } = await check('say Hello there\n\n# a remark\nsay Bye')
  expect(log()).toBe('Hello there\nBye\nThe script is done.\n')
  expect(last).toMatchObject({ type: 'completed', summary: 'The script is done.' })
})

test('work takes its time and counts what it reads', async () => {
  const { last, heard } = await check('work 1s Reading the code\nwork 500ms Thinking\ndone Well', [], { options: {} })
  expect('ending' in last && last.ending.durationMs).toBeGreaterThan(1500)
  expect(heard.progress.at(-1)).toMatchObject({ counts: { read: 1, edited: 0, commands: 0 } })
})

test('step makes a checklist of all steps', async () => {
  const { heard } = await check('step One\nwork 1100ms Working\nstep Two\nsay Two', [], { options: {} })
  expect(heard.progress[0]?.checklist).toEqual([
    { text: 'One', state: 'doing' },
    { text: 'Two', state: 'todo' },
  ])
  expect(heard.progress.at(-1)?.checklist).toEqual([
    { text: 'One', state: 'done' },
    { text: 'Two', state: 'doing' },
  ])
})

test('permission asks with allow, deny and edit', async () => {
  const { heard, last } = await check('permission npm install left-pad\ndone Well', [['allow']])
  const ask = await asked(heard)
  expect(ask).toMatchObject({
    kind: 'permission',
    title: 'Demo wants to run',
    detail: 'npm install left-pad',
    tool: 'Bash',
  })
  expect(ask.id).toMatch(/^[a-z0-9]{4,12}$/)
  expect(ask.inputHash).toMatch(/^[0-9a-f]{64}$/)
  expect(ask.options.map(({ id, label, effect }) => [id, label, effect])).toEqual([
    ['allow', 'Allow once', 'allow'],
    ['deny', 'Deny…', 'deny'],
    ['edit', 'Edit…', 'allow'],
  ])
  expect(ask.options[2]?.fields).toEqual([
    { id: 'command', label: 'Command', required: true, prefill: 'npm install left-pad' },
  ])
  expect(last).toMatchObject({ summary: 'Well\n\n- npm install left-pad: allowed once by ann' })
})

test('what the rules say counts here as well: denied and allowed it is not asked, and “always” is for this task alone', async () => {
  const { start, sessions, file } = await house()
  const rules = (list: 'deny' | 'allow', text: string) => ({ list, text, at: 'config.yaml:1' })
  const heard = start({
    agentModule: AGENTS.demo,
    prompt: 'permission rm x\npermission npm test\npermission npm install x\ndone Well',
    options: { speed: '50' },
    work: { kind: 'here', repo: 'api', path: tmpdir() },
    door: new URL('../../src/adapters/shell-parser/index.ts', import.meta.url).href,
    policy: {
      rules: [rules('deny', 'Bash(rm *)'), rules('allow', 'Bash(npm test)')],
      kept: { names: ['/kept'], except: [], fromCommands: true },
    },
  })
  const ask = await asked(heard)
  expect(ask.options.map(({ id, rule }) => [id, rule])).toEqual([
    ['allow', undefined],
    ['always-task', 'Bash(npm install *)'],
    ['deny', undefined],
    ['edit', undefined],
  ])
  expect(ask.askedBy).toBe('none')
  sessions.deliver('t1', 1, { answer: answerTo(ask, 'always-task') })
  expect(await ending(heard)).toMatchObject({ summary: 'Well\n\n- npm install x: always allowed by ann' })
  expect(readFileSync(file('log'), 'utf8')).toContain('rm x (deny: Bash(rm *))\nnpm test (allow: Bash(npm test))\n')
})

test('a denied permission is said, and the script goes on', async () => {
  const { last } = await check('permission rm -rf build\ndone Well', [['deny', { reason: 'keep it' }]])
  expect(last).toMatchObject({ type: 'completed', summary: 'Well\n\n- rm -rf build: denied by ann (keep it)' })
})

test('an edited command counts as edited', async () => {
  const { last } = await check('permission npm install a\ndone Well', [['edit', { command: 'npm ci' }]])
  expect(last).toMatchObject({ summary: 'Well\n\n- npm ci: allowed by ann, changed from npm install a' })
})

test('question asks with a button for each choice, and takes words as well', async () => {
  const { heard, last } = await check('question Which? SQLite | PostgreSQL\nquestion Why?\ndone Well', [
    ['c1'],
    ['words', { words: 'because' }],
  ])
  const [first, second] = [await asked(heard), await asked(heard, 2)]
  expect(first.options.map(({ id, label }) => [id, label])).toEqual([
    ['c0', 'SQLite'],
    ['c1', 'PostgreSQL'],
    ['words', 'Other…'],
  ])
  expect(second.options.map(({ id, label }) => [id, label])).toEqual([['words', 'Answer…']])
  expect(last).toMatchObject({ summary: 'Well\n\n- Which? PostgreSQL (ann)\n- Why? because (ann)' })
})

test('choose asks for several choices, and several questions are asked at once', async () => {
  const { heard, last } = await check('choose Which? Docs | CI\nquestion Which? A | B ; How many?\ndone Well', [
    ['answer', { q0: 'Docs, CI' }],
    ['answer', { q0: 'B', q1: '3' }],
  ])
  expect((await asked(heard)).options[0]?.fields).toEqual([
    { id: 'q0', label: 'Which?', required: true, choices: [{ label: 'Docs' }, { label: 'CI' }], multi: true },
  ])
  const both = await asked(heard, 2)
  expect(both.title).toBe('2 questions')
  expect(both.options[0]?.fields?.map(({ id, label, multi }) => [id, label, multi])).toEqual([
    ['q0', 'Which?', false],
    ['q1', 'How many?', undefined],
  ])
  expect(last).toMatchObject({ summary: 'Well\n\n- Which? Docs, CI (ann)\n- Which? How many? B · 3 (ann)' })
})

test('a plan that is sent back is revised with what was said and asked for again', async () => {
  const { heard, last } = await check('plan Read; Change\ndone Well', [['back', { words: 'test it too' }], ['edits']])
  const [first, second] = [await asked(heard), await asked(heard, 2)]
  expect(first).toMatchObject({ kind: 'plan', title: 'Demo has a plan', detail: '1. Read\n2. Change' })
  expect(second).toMatchObject({
    title: 'Demo has a new plan',
    detail: '1. Read\n2. Change\n3. As you said: test it too',
  })
  expect(second.id).not.toBe(first.id)
  expect(last).toMatchObject({
    summary: 'Well\n\n- The plan: sent back by ann (test it too)\n- The plan: approved by ann, edits accepted',
  })
})

test('edit really writes a file, and only in the workspace', async () => {
  const { dir, heard } = await check('edit notes/a.md Found it\nwork 20s Reading on')
  expect(readFileSync(`${dir}/notes/a.md`, 'utf8')).toBe('Found it\n')
  expect(heard.progress.at(-1)?.counts.edited).toBe(1)
  const { last } = await check('edit ../a.md Escaped')
  expect(last).toMatchObject({ type: 'failed', reason: '../a.md is not in the workspace.' })
})

test('run really runs a command and says how it ended', async () => {
  const { last, log } = await check('run echo "from $PWD" >&2; exit 4\ndone Well')
  expect(log()).toMatch(/\nfrom \/.*work\n/)
  expect(last).toMatchObject({ type: 'completed', summary: 'Well\n\n- echo "from $PWD" >&2; exit 4: exit 4' })
})

test('background leaves something running, which ends with the task', async () => {
  const { log } = await check('background 5m\ndone Well')
  expect(log()).toMatch(
    /^Left something running for 6 s in the background\nWell\n\[backchannel\] ended what was left running in the background: sleep \(\d+\)\n$/,
  )
})

test('wait guidance waits for a word, and the summary repeats it', async () => {
  const { start, sessions } = await house()
  const heard = start({ ...DEMO, prompt: 'wait guidance\ndone Well' })
  await until(() => heard.progress.some(({ now }) => now === 'Waiting for a word from you'))
  sessions.deliver('t1', 1, { guide: { id: 'g1', text: 'keep the names' } })
  expect(await ending(heard)).toMatchObject({ summary: 'Well\n\n- You said: keep the names' })
  expect(heard.events).toContainEqual(expect.objectContaining({ type: 'guidance_delivered', guidance: 'g1' }))
})

test('fail fails with its reason and done completes with its summary', async () => {
  expect((await check('fail It cannot be\nsay never')).last).toMatchObject({ type: 'failed', reason: 'It cannot be' })
  expect((await check('done All well\nsay never')).last).toMatchObject({ type: 'completed', summary: 'All well' })
})

test.for([
  ['crash', /SIGKILL/],
  ['exit', /ended unexpectedly\.$/],
] as const)('%s ends the session process without a word', async ([word, reason]) => {
  const { start } = await house()
  const heard = start({ ...DEMO, prompt: `say before\n${word}\ndone After` })
  await until(() => heard.gone)
  expect(heard.gone).toMatchObject({ began: true, ended: false, reason: expect.stringMatching(reason) })
})

test.for([
  ['say hello\nsya bye', 'Line 2, “sya bye”: there is no word “sya”. Did you mean “say”?'],
  ['\nwokr 1s\nsay a', 'Line 2, “wokr 1s”: there is no word “wokr”. Did you mean “work”?'],
  ['work soon', 'Line 1, “work soon”: it should look like “work 2s Reading the code”.'],
  ['say', 'Line 1, “say”: it should look like “say Hello”.'],
  ['choose Which?', 'Line 1, “choose Which?”: it should look like “choose Which extras? Docs | CI | Tests”.'],
  ['toString\nsay a', 'Line 1, “toString”: there is no word “toString”. Did you mean “work”?'],
] as const)('a script with a mistake has failed and names it: %j', async ([script, reason]) => {
  expect((await check(script)).last).toMatchObject({ type: 'failed', reason })
})

test('words that are no script are answered with a bit of everything', async () => {
  const { heard, last, dir } = await check('Make the rate limiter per user.', [
    ['allow'],
    ['c0'],
    ['answer', { q0: 'Metrics' }],
    ['approve'],
  ])
  expect(heard.events.flatMap((event) => (event.type === 'requested' ? event.ask.kind : []))).toEqual([
    'permission',
    'question',
    'question',
    'plan',
  ])
  expect(heard.progress.at(-1)?.checklist.map(({ state }) => state)).toEqual(['done', 'done', 'done', 'done'])
  expect(last.type).toBe('completed')
  expect(readFileSync(`${dir}/backchannel-demo.md`, 'utf8')).toContain('written by the agent')
})

test('a follow-up goes on in the same conversation: words are repeated, a script is followed', async () => {
  const { start } = await house()
  const first = start({ ...DEMO, prompt: 'done Well' })
  await ending(first)
  const session = identified(first)
  const second = start({ ...DEMO, attempt: 2, turn: 2, resume: session, prompt: 'And now the docs.' })
  expect(await ending(second)).toMatchObject({ type: 'completed', summary: 'You said: And now the docs.' })
  const third = start({ ...DEMO, attempt: 3, turn: 3, resume: session, prompt: 'done Better' })
  expect(await ending(third)).toMatchObject({ type: 'completed', summary: 'Better' })
  // Each attempt says that it has taken its turn's prompt, in the one conversation.
  expect([identified(second), identified(third)]).toEqual([session, session])
})

const identified = (heard: Heard): string =>
  heard.events.flatMap((event) => (event.type === 'identified' ? event.session : []))[0] ?? ''

test('a grant for the same call is used by the attempt that asks for it, once', async () => {
  const { start, sessions } = await house()
  const prompt = 'permission npm install a\npermission npm install a\ndone Well'
  const first = start({ ...DEMO, prompt })
  const answer = answerTo(await asked(first), 'allow')
  sessions.stop('t1', 1, 500)
  await ending(first)
  const grant = { ...answer, request: 'another' }
  const second = start({ ...DEMO, attempt: 2, begun: true, resume: identified(first), prompt, answers: [grant] })
  const again = await asked(second)
  expect(again.inputHash).toBe(answer.inputHash)
  sessions.deliver('t1', 2, { answer: answerTo(again, 'deny') })
  expect(await ending(second)).toMatchObject({
    summary: 'Well\n\n- npm install a: allowed once by ann\n- npm install a: denied by ann',
  })
  expect(delivered(second)).toEqual(['another', again.id])
})

const delivered = (heard: Heard): string[] =>
  heard.events.flatMap((event) => (event.type === 'delivered' ? event.request : []))
