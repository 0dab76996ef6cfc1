// Rules in a session process: what they do to a command, that they can be replaced, and that all of it is written down.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { PolicySource } from '../../src/task/policy/judge.ts'
import { LISTS } from '../../src/task/policy/rule.ts'
import type { Texts } from '../core/policy-given.ts'
import { until } from '../support/until.ts'
import { answerTo, asked, ending, house, type Heard } from './support.ts'

const DOOR = new URL('../../src/adapters/shell-parser/index.ts', import.meta.url).href
const JUDGES = new URL('agents/judges.ts', import.meta.url).href

const sources = (texts: Texts) =>
  LISTS.flatMap((list) => (texts[list] ?? []).map((text, index) => ({ list, text, at: `config.yaml:${index + 1}` })))
const gated = (texts: Texts, kept: PolicySource['kept'] = { names: ['/kept'], except: [], fromCommands: true }) => ({
  door: DOOR,
  policy: { rules: sources(texts), kept },
})
const notes = (heard: Heard) => heard.events.flatMap((event) => (event.type === 'note' ? event.text : []))

test('a command that a rule denies does not run, its end names the rule, and its events tell', async () => {
  const { start, dir } = await house()
  const heard = start({ prompt: 'touch ran && rm ran', ...gated({ deny: ['Bash(rm *)'] }) })
  expect(await ending(heard)).toMatchObject({
    type: 'failed',
    reason: 'It did not run: the rule “Bash(rm *)” of config.yaml:1 denies it (for “rm ran”).',
  })
  expect(existsSync(join(dir, 'ran'))).toBe(false)
  expect(notes(heard)).toEqual([
    'policy: deny by deny Bash(rm *) (config.yaml:1): Bash {"command":"touch ran && rm ran"}',
  ])
})

test('a command that a rule asks about waits for a person and then runs once, however often the answer comes', async () => {
  const { start, dir, sessions } = await house()
  const heard = start({ prompt: 'echo x >> ran', ...gated({ ask: ['Bash(echo *)'] }) })
  const ask = await asked(heard)
  expect(ask).toMatchObject({ kind: 'permission', tool: 'Bash', detail: 'echo x >> ran' })
  expect(ask.askedBy).toEqual({ rule: 'Bash(echo *)', at: 'config.yaml:1', part: 'echo x' })
  sessions.deliver('t1', 1, { answer: { ...answerTo(ask, 'allow'), request: 'another' } })
  await sleep(200)
  expect(existsSync(join(dir, 'ran'))).toBe(false)
  for (let n = 0; n < 3; n++) sessions.deliver('t1', 1, { answer: answerTo(ask, 'allow') })
  expect(await ending(heard)).toMatchObject({ type: 'completed' })
  expect(readFileSync(join(dir, 'ran'), 'utf8')).toBe('x\n')
  expect(heard.events.filter(({ type }) => type === 'delivered')).toHaveLength(1)
})

test('a no is the end, with its reason', async () => {
  const { start, dir, sessions } = await house()
  const heard = start({ prompt: 'touch ran', ...gated({ ask: ['Bash'] }) })
  sessions.deliver('t1', 1, { answer: answerTo(await asked(heard), 'deny', { reason: 'not now' }) })
  expect(await ending(heard)).toMatchObject({ type: 'failed', reason: 'It did not run: denied by ann (not now).' })
  expect(existsSync(join(dir, 'ran'))).toBe(false)
})

test('one that waits for a person can be stopped', async () => {
  const { start, sessions } = await house()
  const heard = start({ prompt: 'true', ...gated({ ask: ['Bash'] }) })
  await asked(heard)
  sessions.stop('t1', 1)
  expect(await ending(heard)).toMatchObject({ type: 'stopped' })
})

test.for<[texts: Texts]>([[{}], [{ allow: ['Bash(true)'] }], [{ deny: ['Bash(rm *)'] }]])(
  'one that %j says nothing against runs',
  async ([texts]) => {
    const { start } = await house()
    const heard = start({ prompt: 'true', ...gated(texts) })
    expect(await ending(heard)).toMatchObject({ type: 'completed' })
  },
)

test('what nobody can tell from the rules is asked, and without any rules it runs', async () => {
  const { start } = await house()
  const heard = start({ prompt: '$(echo true)', ...gated({ deny: ['Bash(rm *)'] }) })
  expect((await asked(heard)).askedBy).toBe('unclear')
  const other = start({ task: 't2', prompt: '$(echo true)', ...gated({}) })
  expect(await ending(other)).toMatchObject({ type: 'completed' })
})

test('what the house keeps to itself is written by no command', async () => {
  const { start, home } = await house()
  const kept = { names: [home], except: [join(home, 'work')], fromCommands: false }
  const heard = start({ prompt: 'echo > ../config.yaml', ...gated({}, kept) })
  expect(await ending(heard)).toMatchObject({
    type: 'failed',
    reason: expect.stringContaining(`everything in ${home}`),
  })
  const other = start({ task: 't2', prompt: 'echo > mine; cat ../config.yaml || true', ...gated({}, kept) })
  expect(await ending(other)).toMatchObject({ type: 'completed' })
})

test('rules can be replaced while it works; bad ones leave those of before', async () => {
  const { start, sessions, file } = await house()
  const heard = start({ agentModule: JUDGES, prompt: 'x', ...gated({ deny: ['Bash(rm *)'] }) })
  let n = 0
  const judged = async (command: string) => {
    const id = `g${++n}`
    sessions.deliver('t1', 1, { guide: { id, text: command } })
    await until(() => heard.events.some((event) => event.type === 'guidance_delivered' && event.guidance === id))
    return readFileSync(file('log'), 'utf8').trimEnd().split('\n').at(-1)
  }
  expect(await judged('rm x')).toBe('rm x: deny Bash(rm *) -')
  expect(await judged('npm install x')).toBe('npm install x: none - Bash(npm install *)')
  sessions.replaceRules('t1', 1, sources({ ask: ['Bash(npm *)'] }))
  await until(() => notes(heard).some((note) => note.includes('replaced')))
  expect(await judged('rm x')).toBe('rm x: none - Bash(rm x)')
  expect(await judged('npm install x')).toBe('npm install x: ask Bash(npm *) Bash(npm install *)')
  sessions.replaceRules('t1', 1, sources({ allow: ['mcp__*'] }))
  await until(() => notes(heard).some((note) => note.includes('stay as they were')))
  expect(await judged('npm ls')).toBe('npm ls: ask Bash(npm *) Bash(npm ls *)')
  expect(notes(heard).map((note) => note.split(':')[1]?.trim().split(' ').slice(0, 3).join(' '))).toEqual([
    'deny by deny',
    'the rules were',
    'ask by ask',
    'the rules stay',
    'ask by ask',
  ])
})

test('without rules given nothing is judged', async () => {
  const { start, sessions, file } = await house()
  const heard = start({ agentModule: JUDGES, prompt: 'x' })
  sessions.replaceRules('t1', 1, sources({ deny: ['Bash'] }))
  sessions.deliver('t1', 1, { guide: { id: 'g', text: 'rm x' } })
  await until(() => heard.events.some(({ type }) => type === 'guidance_delivered'))
  expect(readFileSync(file('log'), 'utf8')).toBe('rm x: none - -\n')
  expect(notes(heard)).toEqual([])
})

test.for<[texts: Texts]>([[{}], [{ allow: ['Bash'] }]])('a door that cannot be loaded asks: %j', async ([texts]) => {
  const { start } = await house()
  const heard = start({ prompt: 'true', ...gated(texts), door: 'file:///no/such/door.ts' })
  expect((await asked(heard)).askedBy).toBe('unclear')
})

test('a session process that judges stays small', async () => {
  const { start, pid } = await house()
  const heard = start({ prompt: 'true | cat', ...gated({ ask: ['Bash'] }) })
  await asked(heard)
  const status = readFileSync(`/proc/${await pid()}/status`, 'utf8')
  expect(Number(/VmRSS:\s+(\d+)/u.exec(status)?.[1])).toBeLessThan(75_000)
})

test('where a rule asks, “always” is offered with the rule it adds, and granted that one allows the next such call at once', async () => {
  const { start, sessions, file, dir } = await house()
  const work = { kind: 'here', repo: 'api', path: dir } as const
  const rules = { ask: ['Bash(npm *)'] }
  const asking = start({ prompt: 'npm run', work, ...gated(rules) })
  expect((await asked(asking)).options.map(({ id, label, rule }) => [id, label, rule])).toEqual([
    ['allow', 'Allow once', undefined],
    ['always-task', 'Always in this task', 'Bash(npm run)'],
    ['always-repo', 'Always in api', 'Bash(npm run)'],
    ['deny', 'Deny…', undefined],
  ])
  const heard = start({ task: 't2', agentModule: JUDGES, prompt: 'x', ...gated(rules) })
  const judged = async (id: string) => {
    sessions.deliver('t2', 1, { guide: { id, text: 'npm install x' } })
    await until(() => heard.events.some((event) => event.type === 'guidance_delivered' && event.guidance === id))
    return readFileSync(file('log', 't2'), 'utf8').trimEnd().split('\n').at(-1)
  }
  expect(await judged('g1')).toBe('npm install x: ask Bash(npm *) Bash(npm install *)')
  const granted = { list: 'allow', text: 'Bash(npm install *)', at: 'r1, granted by @ann', granted: true } as const
  sessions.replaceRules('t2', 1, [...sources(rules), granted])
  await until(() => notes(heard).some((note) => note.includes('replaced')))
  expect(await judged('g2')).toBe('npm install x: allow Bash(npm install *) Bash(npm install *)')
  expect(notes(heard).at(-1)).toBe(
    'policy: allow by allow Bash(npm install *) (r1, granted by @ann): Bash {"command":"npm install x"}',
  )
  sessions.replaceRules('t2', 1, sources(rules))
  await until(() => notes(heard).filter((note) => note.includes('replaced')).length === 2)
  expect(await judged('g3')).toBe('npm install x: ask Bash(npm *) Bash(npm install *)')
})

test('what is dangerous is never offered always', async () => {
  const { start } = await house()
  const ask = await asked(start({ prompt: 'git push --force', ...gated({ ask: ['Bash(git push *)'] }) }))
  expect(ask.warnings).toEqual(['overwrites history on a remote'])
  expect(ask.options.map(({ id }) => id)).toEqual(['allow', 'deny'])
})

test('what a rule wants besides one yes is in the request', async () => {
  const { start } = await house()
  const { policy, ...door } = gated({})
  const demands = { approvers: 2, from: ['releasers'] }
  const rule = { list: 'ask', text: 'Bash(git push *)', at: 'config.yaml:3', demands } as const
  const ask = await asked(start({ prompt: 'git push', ...door, policy: { ...policy, rules: [rule] } }))
  expect(ask.requires).toEqual([{ rule: 'Bash(git push *)', ...demands }])
  expect(ask.options.map(({ id }) => id)).toEqual(['allow', 'deny'])
})

test('a command whose file became another one between the question and the answer does not run', async () => {
  const { start, sessions, dir, home } = await house()
  const [link, inside] = [join(dir, 'link'), join(dir, 'inside')]
  mkdirSync(inside)
  symlinkSync(inside, link)
  const heard = start({ prompt: 'echo x > link/x', ...gated({ ask: ['Bash'] }) })
  const ask = await asked(heard)
  rmSync(link)
  symlinkSync(home, link)
  sessions.deliver('t1', 1, { answer: answerTo(ask, 'allow') })
  expect(await ending(heard)).toMatchObject({
    type: 'failed',
    reason: 'It did not run: a file it names is another one by now. Run it again to be asked about it as it is now.',
  })
  expect([existsSync(join(home, 'x')), readdirSync(inside)]).toEqual([false, []])
})
