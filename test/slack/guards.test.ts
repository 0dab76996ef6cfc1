// What would bite: the behaviour of Slack's libraries and of its platform that was measured, one test for each finding.
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Reply } from '../../src/bot/chat.ts'
import { remaining, until } from '../support/until.ts'
import { card, live, NONE } from './live.ts'

const LONG = 60_000
describe('A4', () => {
  test('1: the client that posts keeps its own way of failing beside that of the connections', async () => {
    const { server, chat, place } = await live()
    server.fault('chat.postMessage', { status: 500, done: false })
    await chat.post(place, card('one'), 'k1')
    // It looked before it posted again; a client that repeats by itself never looks.
    expect(server.callsOf('conversations.history')).toHaveLength(1)
    expect(server.callsOf('chat.postMessage')).toHaveLength(2)
  })

  test(
    '2: an outage during a reconnect, however long, is survived, and nothing is rejected unheard',
    { timeout: LONG },
    async () => {
      const { server, chat, ann, channel, received } = await live()
      server.down(true)
      await until(() => chat.health().state === 'reconnecting')
      await until(() => server.sockets.count() === 0)
      await remaining(() => [1], { within: 3_000 })
      server.down(false)
      await until(() => chat.health().state === 'live')
      await until(async () => {
        await ann.command(channel, 'tasks')
        return received.length > 0
      })
      expect(chat.health().state).toBe('live')
    },
  )

  test('3: while one connection is renewed another stands: no command is lost', { timeout: LONG }, async () => {
    const { server, ann, channel } = await live()
    for (let round = 0; round < 5; round++) {
      const gone = server.sockets.disconnect('refresh_requested', 'one')
      // On their way while it is told to go, and after.
      const seen = await Promise.all(Array.from({ length: 20 }, () => ann.command(channel, 'tasks')))
      for (let i = 0; i < 10; i++) seen.push(await ann.command(channel, 'tasks'))
      expect(seen.filter((one) => 'error' in one)).toEqual([])
      await gone
      await until(() => server.sockets.count() === 2)
    }
  })

  test(
    '3: a half-open connection is noticed and replaced, and events that went into it come again',
    { timeout: LONG },
    async () => {
      const { server, ann, channel, chat, place, received } = await live()
      const root = await chat.post(place, card('one'), 'k1')
      const before = server.sockets.opened()
      server.sockets.halfOpen('one')
      for (let i = 0; i < 4; i++) await ann.says(channel, `word ${i}`, { thread: root.id })
      expect(received.map((event) => ('text' in event ? event.text : ''))).toEqual([
        'word 0',
        'word 1',
        'word 2',
        'word 3',
      ])
      await until(() => server.sockets.opened() > before, { within: 40_000 })
      expect(chat.health().state).toBe('live')
    },
  )

  test(
    '4: after a gap what was said in a thread is read, what was clicked in it is not done',
    { timeout: LONG },
    async () => {
      const cursor = { now: null as string | null }
      const threads: { chat: string; channel: string; thread: string }[] = []
      const { server, ann, channel, chat, place, received } = await live({
        retryMs: [],
        catchUp: {
          threads: async () => threads,
          cursor: async () => cursor.now,
          reached: async (to) => void (cursor.now = to),
        },
      })
      const root = await chat.post(place, card('one'), 'k1')
      threads.push({ ...place, thread: root.id })
      await ann.says(channel, 'before', { thread: root.id })
      server.down(true)
      await until(() => server.sockets.count() === 0)
      expect(await ann.clicks(channel, root.id, 'Stop')).toEqual({ error: 'operation_timeout' })
      const missed = ann.writes(channel, 'meanwhile', { thread: root.id })
      ann.writes(channel, 'elsewhere')
      server.down(false)
      await until(() => received.length === 2)
      expect(received.map((event) => [event.kind, event.key])).toEqual([
        ['reply', expect.any(String)],
        ['reply', `message:${channel}:${missed.ts}`],
      ])
      await until(() => cursor.now === missed.ts)
      await ann.delivers(missed)
      expect(received).toHaveLength(2)
    },
  )

  test('5: it stops while a connection is being renewed, and nothing is rejected unheard', async () => {
    const { server, chat } = await live()
    server.fault('apps.connections.open', { slow: 2_000 }, 2)
    await server.sockets.disconnect('warning')
    await chat.stop()
    expect(chat.health().state).toBe('down')
  })

  test('6: the message that Slack limits our events is acknowledged and breaks nothing', async () => {
    const { server, ann, channel } = await live()
    const limited = { type: 'app_rate_limited', team_id: 'T0', minute_rate_limited: 1_518_467_820, api_app_id: 'A0' }
    for (const _ of [1, 2]) expect(await server.sockets.send('events_api', limited)).toMatchObject({ payload: {} })
    expect(await ann.command(channel, 'tasks')).toHaveProperty('ms')
  })

  test('7: one channel that has to wait holds up no other, nor any other call', { timeout: LONG }, async () => {
    const { server, chat, place, ann } = await live()
    const other = server.channel('C0OTHER', [ann.id])
    server.fault('chat.postMessage', { limited: 3 }, 1, (args) => args['channel'] === place.channel)
    const began = performance.now()
    const slow = chat.post(place, card('slow'), 'k1').then(() => performance.now() - began)
    const quick = await chat
      .post({ ...place, channel: other }, card('quick'), 'k2')
      .then(() => performance.now() - began)
    expect(quick).toBeLessThan(1_000)
    expect(await slow).toBeGreaterThan(2_900)
    expect(server.callsOf('chat.postMessage')).toHaveLength(3)
  })

  test.each([0, 30 * 86_400])('7: asked to wait %i s, it neither asks again at once nor spins', async (seconds) => {
    const { server, chat, place } = await live()
    server.fault('chat.postMessage', { limited: seconds }, 9)
    const warnings: string[] = []
    const warned = ({ name }: Error): void => void warnings.push(name)
    process.on('warning', warned)
    onTestFinished(() => void process.off('warning', warned))
    chat.post(place, card('one'), 'k1').catch(() => {})
    await remaining(() => [1], { within: 2_500 })
    expect(server.callsOf('chat.postMessage').length).toBeLessThanOrEqual(3)
    // A timer that is asked for more than it can wait warns, and ends at once.
    expect(warnings).toEqual([])
  })

  test.each([{ reset: 'after' }, { status: 500, done: true }, { error: 'fatal_error' }] as const)(
    '8: a post that was done and reported as %o is not done again',
    async (fault) => {
      const { server, chat, place } = await live()
      server.fault('chat.postMessage', fault)
      const ref = await chat.post(place, card('one'), 'k1')
      expect(server.world.roots(place.channel).map(({ ts }) => ts)).toEqual([ref.id])
    },
  )

  test('9: what nobody here knows is acknowledged and answered', async () => {
    const { server, ann, bob, channel, chat, place, received } = await live({
      answer: async () => ({ kind: 'refused', text: 'not known here' }),
    })
    const root = await chat.post(place, card('one'), 'k1')
    expect(await ann.clicks(channel, root.id, 'somebody-elses-button')).toHaveProperty('ms')
    await until(() => ann.whispers().includes('not known here'))
    expect(received).toMatchObject([{ kind: 'click', id: 'somebody-elses-button' }])
    for (const type of ['interactive', 'slash_commands'])
      expect(
        await server.sockets.send(type, {
          type: 'block_actions',
          command: '/x',
          actions: [],
          user: { id: bob.id },
          team: null,
        }),
      ).toHaveProperty('ms')
  })

  test('10: what fails before it is acknowledged is acknowledged all the same, with a sentence', async () => {
    const { ann, channel, chat, place } = await live({
      answer: async () => {
        throw new Error('the disk is full')
      },
    })
    const root = await chat.post(place, card('one'), 'k1')
    expect(await ann.command(channel, 'tasks')).toMatchObject({ said: { text: expect.stringContaining('try again') } })
    expect(await ann.clicks(channel, root.id, 'Stop')).toHaveProperty('ms')
    await until(() => ann.whispers().length === 2)
  })

  test('10: whatever takes long is acknowledged in time, and answered when it is done', async () => {
    const answered = Promise.withResolvers<Reply>()
    const { ann, channel } = await live({ answer: () => answered.promise })
    const seen = await ann.command(channel, 'logs')
    expect(seen).toMatchObject({ said: null, ms: expect.any(Number) })
    expect('ms' in seen && seen.ms).toBeLessThan(2_000)
    answered.resolve({ kind: 'text', text: 'the log' })
    await until(() => ann.whispers().includes('the log'))
  })

  test('11: when the acknowledgement cannot be sent any more, what was asked is done and answered', async () => {
    const { server, ann, channel } = await live({
      answer: async () => {
        server.sockets.cut()
        await until(() => server.sockets.count() === 0)
        return { kind: 'text', text: 'done all the same' }
      },
    })
    expect(await ann.command(channel, 'tasks')).toEqual({ error: 'operation_timeout' })
    await until(() => ann.whispers().includes('done all the same'))
  })

  test('12: one thing is acknowledged once', async () => {
    const { server, ann, channel } = await live({
      answer: async () => ({ kind: 'text', text: 'x', code: 'y'.repeat(30_000) }),
    })
    await ann.command(channel, 'logs')
    expect(server.sockets.acks.filter(({ kind }) => kind === 'slash_commands')).toHaveLength(1)
  })

  test('13: words in one thread are handed on one after the other, in the order they were said', async () => {
    const delays = [200, 0, 50, 0]
    const done: string[] = []
    const { server, ann, channel, chat, place } = await live({
      answer: async (event) => {
        await remaining(() => [1], { within: delays.pop() ?? 0 })
        if (event.kind === 'reply') done.push(event.text)
        return NONE
      },
    })
    const root = await chat.post(place, card('one'), 'k1')
    const said = ['1', '2', '3', '4'].map((text) => ann.writes(channel, text, { thread: root.id }))
    await Promise.all(said.toReversed().map((message) => ann.delivers(message)))
    expect(done).toEqual(['1', '2', '3', '4'])
    expect(server.sockets.acks.filter(({ kind }) => kind === 'events_api').length).toBeGreaterThan(3)
  })

  test('14: our own posts and edits, other bots and notices are nothing a person said; files and broadcasts are', async () => {
    const { server, ann, channel, chat, place, received } = await live()
    const root = await chat.post(place, card('one'), 'k1')
    await chat.edit(root, card('two'))
    const event = {
      type: 'message',
      channel,
      channel_type: 'channel',
      ts: server.world.ts(),
      thread_ts: root.id,
      text: 'x',
    }
    for (const strange of [
      { bot_id: 'B1', user: 'U0BOT2' },
      { subtype: 'channel_join', user: ann.id },
      { subtype: 'bot_message' },
    ])
      await server.sockets.event({
        type: 'event_callback',
        event_id: server.world.next('Ev'),
        team_id: 'T0TEAM',
        event: { ...event, ...strange },
      })
    await ann.says(channel, 'with a file', { thread: root.id, file: true })
    await ann.says(channel, 'to all', { thread: root.id, broadcast: true })
    expect(received.map((one) => 'text' in one && one.text)).toEqual(['with a file', 'to all'])
  })

  test('15: what is being done when it stops is acknowledged first', async () => {
    const { server, ann, channel, chat } = await live({
      answer: async () => {
        void chat.stop()
        await remaining(() => [1], { within: 300 })
        return { kind: 'text', text: 'done' }
      },
    })
    expect(await ann.command(channel, 'tasks')).toMatchObject({ said: { text: 'done' } })
    expect(await remaining(() => (server.sockets.count() > 0 ? [1] : []), { within: 2_000 })).toEqual([])
  })

  test('15: when it has stopped, no connection is left', async () => {
    const { server, chat } = await live()
    await chat.stop()
    expect(await remaining(() => (server.sockets.count() > 0 ? [1] : []), { within: 2_000 })).toEqual([])
  })

  test('16: a form is opened at once, and one that Slack does not open in time is said to be late', async () => {
    const form = {
      title: 'Start a task',
      submit: 'Start',
      fields: [{ id: 'prompt', label: 'What to do', required: true }],
    }
    const { server, ann, channel } = await live({ answer: async () => ({ kind: 'form', id: 'v1:start:new::', form }) })
    await ann.command(channel, '')
    expect((await until(() => ann.window())).blocks).toHaveLength(1)
    server.fault('views.open', { slow: 3_200 })
    await ann.command(channel, '')
    await until(() => ann.whispers().some((text) => text.includes('click again')), { within: 10_000 })
  })

  test('17: junk, binary and messages of an unknown kind change nothing', async () => {
    const { server, ann, channel, chat } = await live()
    for (const junk of ['no json', '{', '[]', '{"type":"from_the_future"}', Buffer.from([0, 1, 2])])
      server.sockets.frame(junk)
    expect(await ann.command(channel, 'tasks')).toHaveProperty('ms')
    expect([chat.health().state, server.sockets.count()]).toEqual(['live', 2])
  })
})
