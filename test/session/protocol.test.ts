import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { SessionEvent } from '../../src/runner/protocol.ts'
import { until } from '../support/until.ts'
import { client } from './client.ts'
import { AGENTS, answerTo, asked, ending, house } from './support.ts'

const DEMO = { agentModule: AGENTS.demo, options: { speed: '20' } }

const types = (events: SessionEvent[]): string[] => events.map(({ type }) => type)

test('a client is greeted with who it is, attaches, and hears all from the beginning', async () => {
  const { home, start } = await house()
  start({ ...DEMO, prompt: 'permission npm install left-pad' })
  const one = await client(home)
  one.send({ attach: { after: 0 } })
  await until(() => types(one.events()).includes('requested'))
  expect(one.lines[0]).toMatchObject({ hello: { protocol: 1, task: 't1', attempt: 1 } })
  expect(types(one.events())).toEqual(['began', 'identified', 'requested'])
  expect(one.events().map(({ seq }) => seq)).toEqual([1, 2, 3])
})

test('hello says what waits and what was delivered', async () => {
  const { home, start, sessions } = await house()
  const heard = start({ ...DEMO, prompt: 'permission npm install a\npermission npm install b' })
  const first = await asked(heard)
  sessions.deliver('t1', 1, { answer: answerTo(first, 'allow') })
  const second = await asked(heard, 2)
  const late = await client(home)
  await until(() => late.lines.length > 0)
  expect(late.lines[0]).toMatchObject({ hello: { pending: [second.id], delivered: [first.id] } })
})

test('a client that is cut off again and again hears everything once and in order', async () => {
  const { home, start, sessions } = await house()
  const heard = start({ ...DEMO, prompt: Array.from({ length: 30 }, () => 'wait guidance').join('\n') })
  const events: SessionEvent[] = []
  for (let n = 1; n <= 30; n++) {
    const one = await client(home)
    one.send({ attach: { after: events.length } })
    if (n < 30) sessions.deliver('t1', 1, { guide: { id: `g${n}`, text: `word ${n}` } })
    if (n % 3 > 0) await until(() => one.events().length > 0)
    one.cut()
    events.push(...one.events())
  }
  const last = await client(home)
  last.send({ attach: { after: events.length } })
  await until(() => last.lines.length > 0)
  sessions.deliver('t1', 1, { guide: { id: 'g30', text: 'the last word' } })
  await ending(heard)
  await until(() => last.closed())
  events.push(...last.events())
  expect(events).toEqual(heard.events)
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1))
  expect(types(events).filter((type) => type === 'guidance_delivered')).toHaveLength(30)
})

test('several clients hear the same', async () => {
  const { home, start } = await house()
  const heard = start({ ...DEMO, prompt: 'wait guidance\nsay one\nsay two' })
  const all = [await client(home), await client(home), await client(home)]
  for (const one of all) one.send({ attach: { after: 0 } })
  await until(() => all.every((one) => one.events().length === 2))
  all[1]?.send({ guide: { id: 'g1', text: 'go on' } })
  await ending(heard)
  await until(() => all.every((one) => one.closed()))
  for (const one of all) expect(one.events()).toEqual(heard.events)
})

test('an answer and a word count once, however often they are sent and by whomever', async () => {
  const { home, start } = await house()
  const heard = start({ ...DEMO, prompt: 'permission npm install a\nwait guidance\nwork 500ms Thinking' })
  const ask = await asked(heard)
  const [one, two] = [await client(home), await client(home)]
  for (const each of [one, two, one]) {
    each.send({ answer: answerTo(ask, 'allow') })
    each.send({ answer: answerTo(ask, 'deny', { reason: 'too late' }) })
    each.send({ guide: { id: 'g1', text: 'go on' } })
  }
  const last = await ending(heard)
  expect(types(heard.events).filter((type) => type.endsWith('delivered'))).toEqual(['delivered', 'guidance_delivered'])
  expect(last).toMatchObject({
    type: 'completed',
    summary: 'The script is done.\n\n- npm install a: allowed once by ann\n- You said: go on',
  })
})

test('garbage on the socket is ignored, with one note for each who sends it', async () => {
  const { home, start } = await house()
  const heard = start({ ...DEMO, prompt: 'wait guidance' })
  const one = await client(home)
  for (const line of ['no json\n', '[1]\n', '{"answer":{"request":1}}\n', '{"attach":{"after":-1}}\n', '\n', '\0\n'])
    one.send(line)
  one.send({ later: 'version', attach: { after: 0, how: 'gently' } })
  one.send({ guide: { id: 'g1', text: 'go on' } })
  expect((await ending(heard)).type).toBe('completed')
  expect(one.events()[0]?.type).toBe('began')
  expect(heard.events.filter(({ type }) => type === 'note')).toEqual([
    expect.objectContaining({ text: 'ignored a message that is none: no json' }),
  ])
})

test('half a line and a client that only listens to hello hold nobody up', async () => {
  const { home, start } = await house()
  const heard = start({ ...DEMO, prompt: 'wait guidance' })
  const [half, other] = [await client(home), await client(home)]
  half.send('{"guide":{"id":"g1",')
  other.send({ guide: { id: 'g2', text: 'go on' } })
  expect((await ending(heard)).type).toBe('completed')
})

test('an event is on disk before anybody is told, and the last one holds the hash of all before it', async () => {
  const { home, start, file } = await house()
  const heard = start({ ...DEMO, prompt: 'say a\nwait guidance\nsay b' })
  const one = await client(home)
  one.send({ attach: { after: 0 } })
  one.send({ guide: { id: 'g1', text: 'go on' } })
  const last = await ending(heard)
  const lines = readFileSync(file('events'), 'utf8').trimEnd().split('\n')
  expect(lines.map((line) => JSON.parse(line) as SessionEvent)).toEqual(heard.events)
  const before = lines
    .slice(0, -1)
    .map((line) => `${line}\n`)
    .join('')
  expect(last).toMatchObject({ ending: { eventsHash: createHash('sha256').update(before).digest('hex') } })
})

test('progress is told at most once a second, the latest wins and the last is not lost', async () => {
  const { start } = await house()
  const script = Array.from({ length: 12 }, (_, n) => `work 200ms Part ${n + 1}`).join('\n')
  const heard = start({ ...DEMO, options: {}, prompt: `step Count\n${script}\ndone All` })
  await ending(heard)
  expect(heard.progress.length).toBeGreaterThanOrEqual(3)
  expect(heard.progress.length).toBeLessThanOrEqual(5)
  expect(heard.progress.at(-1)).toMatchObject({ now: 'All', checklist: [{ text: 'Count', state: 'done' }] })
})

test('who attaches after the end hears all of it from the file', async () => {
  const { start, attach } = await house()
  const heard = start({ ...DEMO, prompt: 'say a' })
  await ending(heard)
  const late = attach('t1', 1, 1)
  await until(() => late.gone)
  expect(late.events).toEqual(heard.events.slice(1))
  expect(late.gone).toMatchObject({ began: true, ended: true })
})

test.for([
  ['at once', 'now'],
  ['later, where nobody catches it', 'later'],
  ['when it is answered', 'answered'],
])('an agent that throws %s has failed with what it said', async ([, when]) => {
  const { home, start } = await house()
  const heard = start({ agentModule: new URL('agents/throws.ts', import.meta.url).href, prompt: when ?? '' })
  const one = await client(home).catch(() => null)
  one?.send({ answer: { request: 'r1', kind: 'question', option: 'words', effect: 'answer', values: {}, by: 'ann' } })
  expect(await ending(heard)).toMatchObject({ type: 'failed', reason: 'The agent throws broke: nothing works today' })
})
