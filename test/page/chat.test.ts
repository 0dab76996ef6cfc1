// What people do on the page arrives once, as what it means, and what changes reaches everybody who looks.
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Inbound, Reply } from '../../src/bot/chat.ts'
import type { Card } from '../../src/task/card.ts'
import { home } from '../support/home.ts'
import { until } from '../support/until.ts'
import { ask, listen, loggedIn } from './ask.ts'
import { world, type World } from './world.ts'

type Open = {
  made: World
  headers: Record<string, string>
  say: (body: unknown) => ReturnType<typeof ask>
  click: (body: unknown) => ReturnType<typeof ask>
}

async function open(answer: (event: Inbound) => Promise<Reply> = async () => ({ kind: 'none' })): Promise<Open> {
  const made = await world({ home: await home(), empty: true, answer })
  onTestFinished(() => made.stop())
  const headers = await loggedIn(made)
  const post = (at: string) => (body: unknown) => ask(made, at, { method: 'POST', headers, body })
  return { made, headers, say: post('/api/chat/messages'), click: post('/api/chat/clicks') }
}

const said = (text: string, more: object = {}) => ({
  key: `key-${text.length}-0001`,
  channel: 'general',
  thread: null,
  text,
  ...more,
})
const CARD: Card = { tone: 'plain', title: 'A task', body: [], buttons: [], mention: [] }

describe('what people type', () => {
  test('is a command when it begins with /bg, and its words stand in the channel', async () => {
    const { made, say } = await open()
    const answer = await say(said('/bg  run npm test'))
    expect(answer.json()).toMatchObject({
      message: { author: { name: 'ann' }, content: { kind: 'text', text: '/bg  run npm test' } },
      reply: { kind: 'none' },
    })
    const message = (await made.log.roots('general', 10))[0]
    expect(made.received).toEqual([
      {
        kind: 'command',
        key: 'key-17-0001',
        actor: { chat: 'web', id: 'owner', name: 'ann' },
        place: { chat: 'web', channel: 'general' },
        text: 'run npm test',
        source: { chat: 'web', channel: 'general', id: message?.id },
      },
    ])
  })

  test('is a reply in a thread, unless it begins with /bg', async () => {
    const { made, say } = await open()
    const root = await made.chat.post({ chat: 'web', channel: 'general' }, CARD, 'k')
    await say(said('be careful', { thread: root.id }))
    await say(said('/bg', { thread: root.id }))
    expect(made.received.map(({ kind, place }) => [kind, place.thread])).toEqual([
      ['reply', root.id],
      ['command', root.id],
    ])
    expect(made.received[1]).toMatchObject({ text: '' })
  })

  test('at the root of the channel without /bg starts nothing, posts nothing, and says how', async () => {
    const { made, say } = await open()
    const answer = await say(said('fix the tests'))
    expect(answer.json()).toMatchObject({
      message: null,
      reply: { kind: 'refused', text: expect.stringContaining('/bg start') as string },
    })
    expect(made.received).toEqual([])
    expect(await made.log.lastSeq()).toBe(0)
    expect((await say(said('/bgstart it'))).json()).toMatchObject({ message: null })
  })

  test('arrives once when it is sent twice with the same key, and the bot hears the key again', async () => {
    const { made, say } = await open()
    const first = await say(said('/bg run true'))
    const second = await say(said('/bg run true'))
    expect(second.json()['message']).toEqual(first.json()['message'])
    expect(await made.log.roots('general', 10)).toHaveLength(1)
    expect(made.received.map(({ key }) => key)).toEqual(['key-12-0001', 'key-12-0001'])
  })

  test('is answered to the one who typed it alone', async () => {
    const { made, say } = await open(async () => ({
      kind: 'refused',
      text: 'There is no “strat”. Did you mean “start”?',
    }))
    const answer = await say(said('/bg strat'))
    expect(answer.json()['reply']).toEqual({ kind: 'refused', text: 'There is no “strat”. Did you mean “start”?' })
    expect(await made.log.lastSeq()).toBe(1)
  })

  test.each([
    ['nothing', ''],
    ['no JSON', '{"text":'],
    ['a list', []],
    ['no key', { channel: 'general', text: '/bg help' }],
    ['a key of another kind', said('/bg help', { key: 7 })],
    ['empty words', said('  \n ')],
    ['a text that is no text', said('/bg help', { text: { a: 1 } })],
    ['a text that is too long', said('x'.repeat(300_001))],
    ['a thread of another kind', said('/bg help', { thread: 5 })],
  ])('with %s is one sentence', async (_what, body) => {
    const { made, say } = await open()
    const { status, json } = await say(body)
    expect(status).toBe(400)
    expect(String(json()['error'])).toMatch(/^[A-Z][^\n]{10,160}$/)
    expect(await made.log.lastSeq()).toBe(0)
  })

  test('in a channel or thread that does not exist is refused, also when the “thread” is itself a reply', async () => {
    const { made, say } = await open()
    const root = await made.chat.post({ chat: 'web', channel: 'general' }, CARD, 'k')
    const inThread = await made.chat.post({ chat: 'web', channel: 'general', thread: root.id }, CARD, 'k2')
    for (const body of [
      said('/bg help', { channel: 'other' }),
      said('hello', { thread: 'nowhere' }),
      said('hello', { thread: inThread.id }),
    ])
      expect((await say(body)).status).toBe(404)
    expect(made.received).toEqual([])
  })

  test('that is enormous is refused before it is read whole', async () => {
    const { say } = await open()
    expect((await say(said('x'.repeat(1_600_000)))).status).toBe(413)
  })

  test('of any script arrives as it was typed', async () => {
    const { made, say } = await open()
    const text = '/bg start 修复登录 — العربية עברית 🧑‍💻 \u0000 ' + '長'.repeat(50_000)
    expect((await say(said(text))).status).toBe(200)
    expect((await made.log.roots('general', 1))[0]?.content).toMatchObject({ text })
  })

  test('when the bot fails is kept, and the sentence says to try again', async () => {
    const { made, say } = await open(() => Promise.reject(new Error('disk full')))
    const { status, json } = await say(said('/bg help'))
    expect(status).toBe(500)
    expect(json()['error']).toContain('try again')
    expect(await made.log.lastSeq()).toBe(1)
  })

  test('before the bot is ready can be tried again', async () => {
    const { made, say, click } = await open()
    await made.chat.stop()
    expect((await say(said('/bg help'))).status).toBe(503)
    expect((await click({ key: 'click-0001', channel: 'general', id: 'x' })).status).toBe(503)
    expect(made.chat.health().state).toBe('down')
  })
})

describe('a click', () => {
  test('names its button and carries what was filled in', async () => {
    const { made, click } = await open()
    await click({
      key: 'click-0001',
      channel: 'general',
      thread: 'm1',
      id: 'v1:vote:t1:r1:deny',
      values: { reason: 'no' },
    })
    expect(made.received).toEqual([
      {
        kind: 'click',
        key: 'click-0001',
        actor: { chat: 'web', id: 'owner', name: 'ann' },
        place: { chat: 'web', channel: 'general', thread: 'm1' },
        id: 'v1:vote:t1:r1:deny',
        values: { reason: 'no' },
      },
    ])
  })

  test.each([
    ['no id', { key: 'click-0001', channel: 'general' }],
    ['values that are no text', { key: 'click-0001', channel: 'general', id: 'x', values: { a: 1 } }],
  ])('with %s is one sentence', async (_what, body) => {
    const { made, click } = await open()
    expect((await click(body)).status).toBe(400)
    expect(made.received).toEqual([])
  })
})

describe('a card', () => {
  test('is posted once per key, found by it, edited in place, and gone when it never was', async () => {
    const { made } = await open()
    const place = { chat: 'web', channel: 'general' }
    const ref = await made.chat.post(place, CARD, 'task:status')
    expect(await made.chat.post(place, CARD, 'task:status')).toEqual(ref)
    expect(await made.chat.find(place, 'task:status')).toEqual(ref)
    expect(await made.chat.find(place, 'other')).toBeNull()
    expect(await made.chat.edit(ref, { ...CARD, title: 'Now' })).toBe('edited')
    expect((await made.log.get(ref.id))?.content).toMatchObject({ card: { title: 'Now' } })
    expect(await made.chat.edit({ ...ref, id: 'never' }, CARD)).toBe('gone')
  })

  test('cannot be taken for what a person said, even with its key', async () => {
    const { made, say } = await open()
    await made.chat.post({ chat: 'web', channel: 'general' }, CARD, 'key-12-0001')
    await say(said('/bg run true'))
    expect(await made.log.roots('general', 10)).toHaveLength(2)
  })

  test('mark goes from received to delivered and never back', async () => {
    const { made, say } = await open()
    await say(said('/bg help'))
    const message = (await made.log.roots('general', 1))[0]
    const ref = { chat: 'web', channel: 'general', id: message?.id ?? '' }
    const mark = async () => {
      const content = (await made.log.get(ref.id))?.content
      return content?.kind === 'text' && content.mark
    }
    await made.chat.mark(ref, 'received')
    expect(await mark()).toBe('received')
    await made.chat.mark(ref, 'delivered')
    await made.chat.mark(ref, 'received')
    expect(await mark()).toBe('delivered')
    await made.chat.mark({ ...ref, id: 'never' }, 'delivered')
  })
})

describe('the stream', () => {
  const titles = (events: { event: string; data: string }[]) =>
    events
      .filter(({ event }) => event === 'message')
      .map(
        ({ data }) =>
          (JSON.parse(data) as { message: { content: { card: { title: string } } } }).message.content.card.title,
      )
  const post = (made: World, title: string) =>
    made.chat.post({ chat: 'web', channel: 'general' }, { ...CARD, title }, title)

  test('brings what was missed while it was cut, each once and in order', async () => {
    const { made, headers } = await open()
    const first = await listen(made, headers)
    await until(() => first.events.some(({ event }) => event === 'hello'))
    await post(made, 'one')
    await until(() => titles(first.events).length === 1)
    const last = first.events.at(-1)?.id ?? ''
    first.cut()
    for (let n = 0; n < 450; n++) await post(made, `missed ${n}`)
    const second = await listen(made, { ...headers, 'last-event-id': last })
    await until(() => titles(second.events).length === 450)
    await post(made, 'two')
    await until(() => titles(second.events).length === 451)
    expect(titles(second.events)).toEqual([...Array.from({ length: 450 }, (_, n) => `missed ${n}`), 'two'])
    second.cut()
  })

  test('begins with now, and with where the reader asks to begin', async () => {
    const { made, headers } = await open()
    await post(made, 'one')
    await post(made, 'two')
    const now = await listen(made, headers)
    const after = await listen(made, headers, '/api/events?after=1')
    await until(() => titles(after.events).length === 1)
    expect(titles(after.events)).toEqual(['two'])
    expect(now.events.map(({ event, id, data }) => [event, id, data])).toEqual([['hello', '2', '{"seq":2}']])
    now.cut()
    after.cut()
  })

  test('tells a reader from another database where this one stands', async () => {
    const { made, headers } = await open()
    const stream = await listen(made, { ...headers, 'last-event-id': '900' })
    await until(() => stream.events.length === 1)
    expect(stream.events[0]).toEqual({ event: 'hello', id: '0', data: '{"seq":0}' })
    expect(stream.raw()).toContain('retry: 1000')
    stream.cut()
  })

  test('says that the board changed at most twice a second, and not later than that', async () => {
    const { made, headers } = await open()
    const stream = await listen(made, headers)
    await until(() => stream.events.length === 1)
    const ringing = setInterval(() => made.ringBoard(), 5)
    const began = performance.now()
    await until(() => stream.events.filter(({ event }) => event === 'board').length === 4)
    clearInterval(ringing)
    expect(performance.now() - began).toBeGreaterThan(1_400)
    const before = stream.events.length
    made.ringBoard()
    await until(() => stream.events.length > before, { within: 900 })
    stream.cut()
  })

  test('brings the root along, whose replies are one more', async () => {
    const { made, headers } = await open()
    const root = await post(made, 'root')
    const stream = await listen(made, headers)
    await until(() => stream.events.length === 1)
    await made.chat.post({ chat: 'web', channel: 'general', thread: root.id }, CARD, 'reply')
    const change = await until(() => stream.events.find(({ event }) => event === 'message'))
    expect(JSON.parse(change.data)).toMatchObject({ message: { thread: root.id }, root: { id: root.id, replies: 1 } })
    stream.cut()
  })

  test('ends with the server, which then stops at once', async () => {
    const { made, headers } = await open()
    const stream = await listen(made, headers)
    await until(() => stream.events.length === 1)
    const began = performance.now()
    await made.stop()
    await stream.ended
    expect(performance.now() - began).toBeLessThan(1_000)
    await until(() => made.streams() === 0)
  })

  test('that is cut leaves nothing behind', async () => {
    const { made, headers } = await open()
    const stream = await listen(made, headers)
    await until(() => made.streams() === 1)
    stream.cut()
    expect(await until(() => made.streams() === 0)).toBe(true)
  })
})

test('channel and thread are read with the seq they stand at, older messages before the oldest', async () => {
  const { made, headers } = await open()
  const refs = []
  for (let n = 0; n < 60; n++)
    refs.push(await made.chat.post({ chat: 'web', channel: 'general' }, { ...CARD, title: `${n}` }, `${n}`))
  const read = async (path: string) =>
    (await ask(made, path, { headers })).json() as { seq: number; more?: boolean; messages: { id: string }[] }
  const newest = await read('/api/chat/messages?channel=general')
  expect([newest.seq, newest.more, newest.messages.length]).toEqual([60, true, 50])
  const older = await read(`/api/chat/messages?channel=general&before=${newest.messages[0]?.id}`)
  expect([older.more, older.messages.length]).toEqual([false, 10])
  const thread = await read(`/api/chat/threads/${refs[0]?.id}`)
  expect(thread.messages).toHaveLength(1)
  expect((await ask(made, '/api/chat/threads/never', { headers })).status).toBe(404)
})
