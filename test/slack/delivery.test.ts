// Connections, deliveries, posts and budgets, over a Slack of ours.
import { describe, expect, test } from 'vitest'
import { WebSocketServer } from 'ws'
import type { Inbound } from '../../src/bot/chat.ts'
import { slackChat } from '../../src/adapters/chat/slack/index.ts'
import { loggerOf } from '../../src/adapters/chat/slack/logger.ts'
import { APP_TOKEN, BOT_TOKEN } from '../fake/slack/index.ts'
import { allOf } from '../fake/slack/spec.ts'
import { NOTHING_MISSED } from '../contract/chat.ts'
import { until } from '../support/until.ts'
import { card, live, NONE } from './live.ts'
import { logOf, slack, type Logged } from './support.ts'

const LONG = 90_000
const FORM = { title: 'Why not?', submit: 'Deny', fields: [{ id: 'reason', label: 'Reason', required: true }] }
const ASKS = { id: 'v1:vote:t1:r1:deny', label: 'Deny…', form: FORM }

describe('A5', () => {
  test('it begins while Slack does not answer, says so, and is there when Slack is', { timeout: LONG }, async () => {
    const it = await slack()
    it.server.down(true)
    const received: Inbound[] = []
    await it.chat.start(async (event) => {
      received.push(event)
      return NONE
    }, NOTHING_MISSED)
    expect(it.chat.health()).toMatchObject({ state: 'reconnecting', detail: 'no connection to Slack; trying again' })
    it.server.down(false)
    await until(() => it.chat.health().state === 'live')
    await it.ann.command(it.channel, 'tasks')
    expect(received).toHaveLength(1)
    await it.chat.stop()
    await it.close()
  })

  test('a connection on which Slack never says hello is given up and made anew', { timeout: LONG }, async () => {
    const silent = new WebSocketServer({ port: 0, host: '127.0.0.1' })
    const { server, chat } = await live()
    const { port } = silent.address() as { port: number }
    let mute = 2
    const before = server.world
    server.answers('apps.connections.open', () =>
      (mute -= 1) >= 0 ? { ok: true, url: `ws://127.0.0.1:${port}/` } : null,
    )
    server.sockets.cut()
    await until(() => silent.clients.size === 2)
    expect(chat.health().state).toBe('reconnecting')
    await until(() => chat.health().state === 'live', { within: 40_000 })
    expect(server.world).toBe(before)
    for (const client of silent.clients) client.terminate()
    await new Promise((resolve) => silent.close(resolve))
  })

  test.each([
    ['xoxb-wrong', APP_TOKEN, 'Slack does not know SLACK_BOT_TOKEN'],
    [BOT_TOKEN, 'xapp-wrong', 'Slack does not know SLACK_APP_TOKEN'],
    [APP_TOKEN, APP_TOKEN, 'it belongs into SLACK_APP_TOKEN'],
    [BOT_TOKEN, BOT_TOKEN, 'it belongs into SLACK_BOT_TOKEN'],
    ['hunter2', APP_TOKEN, 'it begins with xoxb-'],
  ])('bot token %s and app token %s are one sentence', async (botToken, appToken, sentence) => {
    const it = await slack({ botToken, appToken })
    await expect(it.chat.start(async () => NONE, NOTHING_MISSED)).rejects.toThrow(sentence)
    await it.chat.stop()
    await it.close()
  })

  test('a token that is revoked while it runs is said by its health', async () => {
    const { server, chat } = await live()
    server.answers('apps.connections.open', () => ({ ok: false, error: 'invalid_auth' }))
    server.sockets.cut()
    await until(() => chat.health().state === 'down')
    expect(chat.health().detail).toContain('SLACK_APP_TOKEN')
  })

  test('a token that is revoked while the connections stand is said by its health, until it counts again', async () => {
    const { server, chat, place } = await live()
    let isRevoked = true
    server.answers('chat.postMessage', () => (isRevoked ? { ok: false, error: 'token_revoked' } : null))
    await expect(chat.post(place, card('one'), 'k1')).rejects.toThrow('SLACK_BOT_TOKEN')
    expect(chat.health()).toMatchObject({ state: 'down', detail: expect.stringContaining('SLACK_BOT_TOKEN') as string })
    isRevoked = false
    await chat.post(place, card('one'), 'k1')
    expect(chat.health().state).toBe('live')
  })

  test('a token that turns out to be wrong only when Slack answers is said by its health', async () => {
    const it = await slack({ botToken: 'xoxb-other' })
    it.server.down(true)
    await it.chat.start(async () => NONE, NOTHING_MISSED)
    it.server.down(false)
    await until(() => it.chat.health().state === 'down')
    expect(it.chat.health().detail).toContain('Slack does not know SLACK_BOT_TOKEN')
    await it.chat.stop()
    await it.close()
  })

  test('no token is ever written into the log', async () => {
    const said: Logged[] = []
    loggerOf(logOf(said)).error('refused: xoxb-12-secret', new Error('and xapp-1-secret'))
    expect(said.map(({ message }) => message)).toEqual(['refused: (token) Error: and (token)'])
    const it = await slack({ appToken: 'xapp-1-secret-secret' })
    await it.chat.start(async () => NONE, NOTHING_MISSED).catch(() => {})
    it.server.down(true)
    const other = slackChat({
      botToken: 'xoxb-secret-secret',
      appToken: 'xapp-secret',
      apiUrl: it.server.url,
      log: logOf(it.log),
      now: Date.now,
    })
    await other.start(async () => NONE, NOTHING_MISSED)
    expect(it.log.length).toBeGreaterThan(0)
    expect(
      JSON.stringify(it.log, (_key, value: unknown) => (value instanceof Error ? [value.message, value.stack] : value)),
    ).not.toMatch(/x(oxb|app)-/u)
    await Promise.all([it.chat.stop(), other.stop()])
    await it.close()
  })
})

describe('A6', () => {
  test('a mention arrives twice, as itself and as a message, and is one', async () => {
    const { ann, channel, received } = await live({ answer: async () => ({ kind: 'refused', text: 'no such word' }) })
    const said = await ann.says(channel, '@bg frobnicate <b> & more')
    expect(received).toMatchObject([
      { kind: 'command', text: 'frobnicate <b> & more', key: `message:${channel}:${said.ts}` },
    ])
    await until(() => ann.whispers().length > 0)
    await ann.delivers(said)
    expect([received.length, ann.whispers()]).toEqual([1, ['no such word']])
  })

  test('keys name the thing, whoever delivers it: message, command, click and form', { timeout: LONG }, async () => {
    const keys: string[][] = []
    const { server, ann, channel, chat, place, make, received } = await live({
      answer: async () => NONE,
      catchUp: { form: async (button) => (button === ASKS.id ? FORM : null) },
    })
    const root = await chat.post(place, card('one', { buttons: [{ id: 'v1:stop:t1::', label: 'Stop' }, ASKS] }), 'k1')
    const said = await ann.says(channel, 'keep it', { thread: root.id })
    const filled = async () => {
      await ann.clicks(channel, root.id, 'Deny…')
      const window = await until(() => ann.window())
      expect(await ann.submits({ Reason: 'no need' })).toBeNull()
      return window
    }
    const deliver = async () => {
      await ann.delivers(said)
      await ann.command(channel, 'tasks', { key: 'trigger.1' })
      await ann.clicks(channel, root.id, 'Stop', { key: 'trigger.2' })
      keys.push(received.splice(0).map((event) => event.key))
    }
    await deliver()
    await chat.stop()
    // As after a restart: nothing is remembered but what the journal has.
    const again = make()
    await again.start(
      async (event) => {
        received.push(event)
        return NONE
      },
      {
        ...NOTHING_MISSED,
        threads: async () => [{ ...place, thread: root.id }],
        form: async (button) => (button === ASKS.id ? FORM : null),
      },
    )
    await deliver()
    expect(keys[0]).toEqual(keys[1])
    const window = await filled()
    expect(received).toMatchObject([
      {
        key: `form:${window.id}:${window.hash}`,
        kind: 'click',
        id: ASKS.id,
        values: { reason: 'no need' },
        place: { thread: root.id },
      },
    ])
    await again.stop()
    expect(server.violations).toEqual([])
  })

  test('what the journal did not take is not acknowledged, and comes again', { timeout: LONG }, async () => {
    let failures = 1
    const { ann, channel, chat, place, received } = await live({
      answer: async () => {
        if ((failures -= 1) >= 0) throw new Error('the disk is full')
        return NONE
      },
    })
    const root = await chat.post(place, card('one'), 'k1')
    expect(await ann.says(channel, 'keep it', { thread: root.id })).toMatchObject({ arrived: true })
    expect(received).toHaveLength(2)
    expect(new Set(received.map(({ key }) => key)).size).toBe(1)
  })
})

describe('A7', () => {
  test('a post carries its key, and is found by it among hundreds of others', { timeout: LONG }, async () => {
    const { server, ann, channel, chat, place } = await live()
    const root = await chat.post(place, card('one'), 't1:status')
    const hanging = await chat.post({ ...place, thread: root.id }, card('two'), 't1:request:a')
    for (let i = 0; i < 450; i++) ann.writes(channel, `chatter ${i}`, i % 2 ? {} : { thread: root.id })
    expect(server.world.find(channel, root.id)?.metadata).toEqual({
      event_type: 'bg_task',
      event_payload: { key: 't1:status' },
    })
    expect(await chat.find(place, 't1:status')).toEqual(root)
    expect(await chat.find({ ...place, thread: root.id }, 't1:request:a')).toEqual(hanging)
    expect(await chat.find(place, 't1:request:a')).toBeNull()
    expect(await chat.find({ ...place, thread: '1.000001' }, 't1:request:a')).toBeNull()
    // Many who look at once read it together: once for the first, once for all others.
    const before = server.callsOf('conversations.history').length
    const found = await Promise.all(
      Array.from({ length: 8 }, (_, index) => chat.find(place, index ? 't1:status' : 'none')),
    )
    expect(found).toEqual([null, ...Array.from({ length: 7 }, () => root)])
    expect(server.callsOf('conversations.history').length - before).toBeLessThanOrEqual(4)
  })

  test(
    'a post that never arrived is posted once, one of which nothing is known is looked up before',
    { timeout: LONG },
    async () => {
      const { server, chat, place } = await live()
      server.fault('chat.postMessage', { reset: 'before' })
      server.fault('chat.postMessage', { reset: 'after' })
      const ref = await chat.post(place, card('one'), 'k1')
      expect(server.world.roots(place.channel).map(({ ts }) => ts)).toEqual([ref.id])
      server.fault('chat.postMessage', { status: 503, done: false }, 9)
      await expect(chat.post(place, card('two'), 'k2')).rejects.toThrow('503')
    },
  )

  test.each([-1, 1])(
    'a clock that is off by %i h doubles no post and skips no word',
    { timeout: LONG },
    async (hours) => {
      const threads: { chat: string; channel: string; thread: string }[] = []
      const { server, ann, channel, chat, place, received } = await live({
        now: () => Date.now() + hours * 3_600_000,
        retryMs: [],
        catchUp: { threads: async () => threads },
      })
      server.fault('chat.postMessage', { reset: 'after' })
      const root = await chat.post(place, card('one'), 'k1')
      expect(server.world.roots(channel)).toHaveLength(1)
      threads.push({ ...place, thread: root.id })
      server.down(true)
      await until(() => server.sockets.count() === 0)
      ann.writes(channel, 'meanwhile', { thread: root.id })
      server.down(false)
      await until(() => received.length === 1)
    },
  )

  test('a message of somebody else with our key, or with a strange one, is none of ours', async () => {
    const { server, chat, place } = await live()
    const ref = await chat.post(place, card('one'), 'k1')
    const other = { channel: place.channel, user: 'U0OTHER', bot_id: 'B0OTHER', text: 'x', reactions: [], edits: 0 }
    for (const metadata of [{ event_type: 'bg_task', event_payload: { key: 'k2' } }, { event_type: 'x' }])
      server.world.messages.push({ ...other, ts: server.world.ts(), files: [], metadata: metadata as never })
    expect([await chat.find(place, 'k1'), await chat.find(place, 'k2')]).toEqual([ref, null])
  })

  test('an edit of which nothing is known is asked for again, one of a message that is gone is told', async () => {
    const { server, chat, place } = await live()
    const ref = await chat.post(place, card('one'), 'k1')
    server.fault('chat.update', { reset: 'after' })
    expect(await chat.edit(ref, card('two'))).toBe('later')
    expect(await chat.edit(ref, card('two'))).toBe('edited')
    expect(await chat.edit({ ...ref, id: '1.000001' }, card('two'))).toBe('gone')
  })

  test('a card that is too long is whole in a file, uploaded before the message that links it, and once', async () => {
    const { server, chat, place } = await live()
    const text = `The whole truth.\n${'word '.repeat(6_000)}\nIn the end: all is well.`
    const long = card('long', { body: [{ kind: 'words', text }] })
    server.fault('chat.postMessage', { reset: 'after' })
    const ref = await chat.post(place, long, 'k1')
    const [message] = server.world.roots(place.channel)
    const [file] = server.world.files.values()
    expect([server.world.roots(place.channel).length, server.world.files.size, message?.files]).toEqual([
      1,
      1,
      [file?.id],
    ])
    expect(file?.content).toContain(text)
    expect(allOf(message?.blocks, 'text').join('')).toContain('In the end: all is well.')
    expect(await chat.edit(ref, long)).toBe('edited')
    expect(server.world.files.size).toBe(1)
  })
})

test('a mark that Slack refuses is left out: the words have arrived, and nothing waits for it', async () => {
  const { server, ann, channel, chat, place, log } = await live()
  const said = ann.writes(channel, 'keep it')
  server.revoke('reactions:write')
  for (const mark of ['received', 'delivered'] as const) await chat.mark({ ...place, id: said.ts }, mark)
  expect(log.map(({ message }) => message)).toContain('words could not be marked')
})

describe('A8', () => {
  test('many replies are marked without a 429', { timeout: LONG }, async () => {
    const { server, ann, channel, chat, place } = await live()
    const root = await chat.post(place, card('one'), 'k1')
    const said = Array.from({ length: 10 }, (_, index) => ann.writes(channel, `word ${index}`, { thread: root.id }))
    for (const mark of ['received', 'delivered'] as const)
      await Promise.all(said.map(({ ts }) => chat.mark({ ...place, id: ts }, mark)))
    const marks = () =>
      said.map(({ ts }) =>
        server.world
          .find(channel, ts)
          ?.reactions.map(({ name }) => name)
          .join(),
      )
    await until(() => marks().every((one) => one === 'white_check_mark'), { within: 40_000 })
    expect(server.limited).toEqual([])
  })

  test('many threads are read after a gap without a 429', { timeout: LONG }, async () => {
    const it = await slack()
    const roots = Array.from({ length: 14 }, () => it.ann.writes(it.channel, 'root'))
    const said = roots.map((root) => it.ann.writes(it.channel, 'meanwhile', { thread: root.ts }))
    const reached: string[] = []
    const received: string[] = []
    await it.chat.start(
      async (event) => {
        received.push(event.key)
        return NONE
      },
      {
        ...NOTHING_MISSED,
        threads: async () => roots.map(({ ts }) => ({ chat: 'slack', channel: it.channel, thread: ts })),
        cursor: async () => roots.at(-1)?.ts ?? null,
        reached: async (to) => void reached.push(to),
      },
    )
    await until(() => reached.length > 0, { within: 30_000 })
    expect(received).toEqual(said.map(({ ts }) => `message:${it.channel}:${ts}`))
    expect(reached).toEqual([said.at(-1)?.ts])
    await it.chat.stop()
    await it.close()
  })

  test(
    'cards that end at once: no edit too many, all of them within what the budget allows',
    { timeout: LONG },
    async () => {
      const { server, chat, place } = await live()
      const refs = Array.from({ length: 12 }, (_, index) => {
        const ts = server.world.ts()
        server.world.messages.push({
          ts,
          channel: place.channel,
          user: 'U0BOT',
          bot_id: 'B0BOT',
          text: `${index}`,
          reactions: [],
          edits: 0,
          files: [],
        })
        return { ...place, id: ts }
      })
      const began = performance.now()
      await Promise.all(
        refs.map(async (ref, index) => {
          await until(async () => (await chat.edit(ref, card(`final ${index}`, { tone: 'good' }))) === 'edited', {
            within: 80_000,
          })
        }),
      )
      const seconds = (performance.now() - began) / 1_000
      expect(server.world.roots(place.channel).map(({ edits }) => edits)).toEqual(refs.map(() => 1))
      expect(seconds).toBeLessThan(((12 - 5) / 48) * 60 + 2)
      expect(server.limited).toEqual([])
    },
  )

  test(
    'a burst of messages in one channel goes out in order and without a 429; another channel does not wait for it',
    { timeout: LONG },
    async () => {
      const { server, chat, place, ann } = await live()
      const other = server.channel('C0OTHER', [ann.id])
      const all = Promise.all(Array.from({ length: 8 }, (_, index) => chat.post(place, card(`${index}`), `k${index}`)))
      const began = performance.now()
      await chat.post({ ...place, channel: other }, card('other'), 'other')
      expect(performance.now() - began).toBeLessThan(1_000)
      const refs = (await all).map(({ id }) => id)
      expect(refs).toEqual(refs.toSorted())
      expect(server.limited).toEqual([])
    },
  )

  test(
    'Slack asks to wait with edits: nothing is edited until then, and what waits is told so',
    { timeout: LONG },
    async () => {
      const { server, chat, place } = await live()
      const ref = await chat.post(place, card('one'), 'k1')
      server.fault('chat.update', { limited: 2 })
      expect(await chat.edit(ref, card('two'))).toBe('later')
      const began = performance.now()
      await until(async () => (await chat.edit(ref, card('three'))) === 'edited')
      expect(performance.now() - began).toBeGreaterThan(1_800)
      expect(server.callsOf('chat.update')).toHaveLength(2)
    },
  )
})
