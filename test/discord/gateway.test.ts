// The connection: what breaks it, what comes back by itself, what is begun anew, and what was said meanwhile.
import { expect, test } from 'vitest'
import { endpoint } from '../../src/adapters/chat/discord/api.ts'
import type { CatchUp, Inbound } from '../../src/bot/chat.ts'
import { until } from '../support/until.ts'
import type { Place } from '../../src/task/words.ts'
import { card, discordOn, rootCard, type On } from './support.ts'

/** How far was read, as the bot keeps it, and the threads of its tasks. */
function memory(threads: () => { chat: string; channel: string; thread: string }[] = () => []) {
  const reached: string[] = []
  const catchUp: Partial<CatchUp> = {
    threads: async () => threads(),
    cursor: async () => reached.at(-1) ?? null,
    reached: async (at) => void reached.push(at),
  }
  return { reached, catchUp }
}

async function withThread(on: On) {
  const { chat, place, people, at, ann } = on
  const root = await chat.post(place, card('one'), 't1:status')
  people.opensThread(ann, at(root.id), 'job')
  return { ...place, thread: root.id }
}

const texts = (received: Inbound[]): string[] => received.flatMap((event) => ('text' in event ? [event.text] : []))
const keys = (received: Inbound[]): number => new Set(received.map(({ key }) => key)).size

test.each([
  ['is cut', (on: On) => on.discord.gateway.cut()],
  ['is asked to be made again', (on: On) => on.discord.gateway.asksToReconnect()],
  ['is declared invalid but may be resumed', (on: On) => on.discord.gateway.invalidates(true)],
])('a connection that %s is resumed, and what was said meanwhile arrives once', async (_how, breaks) => {
  const on = await discordOn()
  const { chat, people, ann, received, discord } = on
  const { thread } = await withThread(on)
  breaks(on)
  people.writes(ann, thread, 'said meanwhile')
  await until(() => discord.gateway.counts.resumed === 1 && chat.health().state === 'live')
  await until(() => received.length > 0)
  people.writes(ann, thread, 'and after')
  await until(() => texts(received).includes('and after'))
  expect(texts(received)).toEqual(['said meanwhile', 'and after'])
  expect(discord.gateway.counts.identified).toBe(1)
})

test('a session that is over is begun anew, and what was said meanwhile is read from its thread, with the key it would have had', async () => {
  const places: { chat: string; channel: string; thread: string }[] = []
  const { reached, catchUp } = memory(() => places)
  const on = await discordOn({ catchUp })
  const { people, ann, received, discord, chat } = on
  const place = await withThread(on)
  places.push(place)
  people.writes(ann, place.thread, 'before')
  await until(() => texts(received).includes('before'))
  discord.gateway.goesAway({ forgets: true })
  const said = people.writes(ann, place.thread, 'while away')
  discord.gateway.comesBack()
  await until(() => texts(received).includes('while away'))
  expect(received.at(-1)).toMatchObject({ kind: 'reply', key: said.id, place, groups: ['77'] })
  await until(() => reached.at(-1) === said.id)
  await until(() => chat.health().state === 'live')
  // Delivered by the gateway as well: the same key.
  people.writesAgain(said)
  people.writes(ann, place.thread, 'after')
  await until(() => texts(received).includes('after'))
  expect(keys(received)).toBe(3)
})

test('an invalid session is begun anew', async () => {
  const { discord, chat } = await discordOn()
  discord.gateway.invalidates(false)
  await until(() => discord.gateway.counts.identified === 2)
  await until(() => chat.health().state === 'live')
  expect(discord.gateway.counts.resumed).toBe(0)
})

test('a connection that is open and dead is noticed by its heartbeat and resumed', async () => {
  const { discord, chat } = await discordOn({ discord: { heartbeatMs: 300 } })
  discord.gateway.goesSilent()
  await until(() => discord.gateway.counts.resumed === 1, { what: 'the zombie was noticed' })
  await until(() => chat.health().state === 'live')
  expect(discord.gateway.counts.identified).toBe(1)
})

test('away for long, health says so; back again, it receives', async () => {
  const { discord, chat, people, ann, channel, received } = await discordOn({ options: { restartMs: 600 } })
  discord.gateway.goesAway({ forgets: true })
  await discord.rest.stop()
  await until(() => chat.health().state === 'reconnecting')
  expect(chat.health().detail).toMatch(/Discord/u)
  // Longer than until the connection is begun anew.
  const since = performance.now()
  await until(() => performance.now() - since > 1_500)
  expect(chat.health().state).toBe('reconnecting')
  await discord.rest.again()
  discord.gateway.comesBack()
  await until(() => chat.health().state === 'live')
  await people.answered(people.slash(ann, channel.id, 'tasks'))
  expect(received).toHaveLength(1)
})

test('when Discord cannot be reached at the start, it is waited for', async () => {
  const { discord, chat, start } = await discordOn({ isOn: false })
  discord.gateway.goesAway()
  discord.rest.breaks({ path: /@me$/u, how: 'reset before', times: 3 })
  const started = start()
  await until(() => chat.health().state === 'reconnecting')
  discord.gateway.comesBack()
  await started
  await until(() => chat.health().state === 'live')
  expect(discord.gateway.sessions()).toBe(1)
})

test('a token that is refused is one sentence that says what to do', async () => {
  const { start, chat } = await discordOn({ isOn: false, options: { token: 'not.the.token' } })
  await expect(start()).rejects.toThrow(/Discord does not accept DISCORD_BOT_TOKEN: copy the token/u)
  expect(chat.health().state).toBe('down')
})

test('a token that is taken back while it runs is down, and said', async () => {
  const { discord, chat } = await discordOn()
  discord.gateway.closes(4004)
  await until(() => chat.health().state === 'down')
  expect(chat.health().detail).toContain('does not accept DISCORD_BOT_TOKEN')
})

test('without the message content intent it says what does not work, and a mention guides', async () => {
  const on = await discordOn({ discord: { contentIntent: false } })
  const { chat, people, ann, received, discord, world } = on
  expect(chat.health()).toMatchObject({
    state: 'live',
    detail: expect.stringContaining('Message Content Intent') as string,
  })
  const { thread } = await withThread(on)
  people.writes(ann, thread, 'nobody hears this')
  people.writes(ann, thread, `<@${world.bot.id}> keep the old names`)
  await until(() => received.length === 1)
  expect(received[0]).toMatchObject({ kind: 'reply', text: 'keep the old names' })
  expect(discord.gateway.intents() & (1 << 15)).toBe(0)
})

test('when the message content intent is taken away, it goes on without', async () => {
  const { discord, chat } = await discordOn()
  discord.may.content = false
  discord.gateway.closes(4014)
  await until(() => chat.health().detail?.includes('Message Content Intent'))
  expect(chat.health().state).toBe('live')
})

test('what could not be written down is read again, and how far was read does not move over it', async () => {
  const places: { chat: string; channel: string; thread: string }[] = []
  const { reached, catchUp } = memory(() => places)
  let isFull = false
  const done: string[] = []
  const on = await discordOn({
    catchUp,
    answer: async (event) => {
      if (isFull && event.kind === 'reply' && event.text === 'lost?') throw new Error('the disk is full')
      if (event.kind === 'reply') done.push(event.text)
      return { kind: 'none' }
    },
  })
  const { people, ann } = on
  const place = await withThread(on)
  places.push(place)
  people.writes(ann, place.thread, 'first')
  await until(() => done.includes('first'))
  isFull = true
  const lost = people.writes(ann, place.thread, 'lost?')
  people.writes(ann, place.thread, 'later')
  await until(() => done.includes('later'))
  expect(BigInt(reached.at(-1) ?? '0')).toBeLessThan(BigInt(lost.id))
  isFull = false
  await until(() => done.includes('lost?'), { within: 15_000 })
  await until(() => BigInt(reached.at(-1) ?? '0') > BigInt(lost.id))
})

test('when the gateway refuses what the application was told it may, it goes on without', async () => {
  const { discord, chat, start } = await discordOn({ isOn: false })
  discord.may.gateway = false
  await start()
  expect(chat.health()).toMatchObject({ state: 'live', detail: expect.stringContaining('Message Content') as string })
})

test('a connection that is taken and says nothing is given up and begun anew', async () => {
  const { discord, chat } = await discordOn({ options: { restartMs: 7_000 } })
  discord.gateway.goesMute(true)
  discord.gateway.cut()
  await until(() => chat.health().state === 'reconnecting')
  await until(() => /begun anew/u.test(chat.health().detail ?? ''))
  discord.gateway.goesMute(false)
  await until(() => chat.health().state === 'live')
  expect(discord.gateway.sessions()).toBe(1)
})

test('while what was missed is being read, how far was read does not move over it', async () => {
  const places: { chat: string; channel: string; thread: string }[] = []
  let open = (): void => {}
  let gate: Promise<void> | null = null
  const { reached, catchUp } = memory(() => places)
  const slow = async () => {
    await gate
    return places
  }
  const on = await discordOn({ catchUp: { ...catchUp, threads: slow } })
  const { people, ann, received, discord, channel, world } = on
  const place = await withThread(on)
  places.push(place)
  people.writes(ann, place.thread, 'before')
  await until(() => texts(received).includes('before'))
  gate = new Promise((resolve) => (open = resolve))
  discord.gateway.goesAway({ forgets: true })
  const missed = people.writes(ann, place.thread, 'while away')
  discord.gateway.comesBack()
  await until(() => discord.gateway.sessions() > 0)
  people.writes(ann, channel.id, `<@${world.bot.id}> tasks`)
  await until(() => texts(received).includes('tasks'))
  expect(BigInt(reached.at(-1) ?? '0')).toBeLessThan(BigInt(missed.id))
  open()
  await until(() => texts(received).includes('while away'))
  await until(() => BigInt(reached.at(-1) ?? '0') > BigInt(missed.id))
})

test('whose words were said meanwhile is asked until Discord says their roles', async () => {
  const places: Place[] = []
  const { chat, place, discord, people, ann, start, received } = await discordOn({
    isOn: false,
    catchUp: { threads: async () => places, cursor: async () => '1' },
  })
  const root = await chat.post(place, rootCard('job'), 'k1')
  await chat.post({ ...place, thread: root.id }, card('in it'), 'k2')
  places.push({ ...place, thread: root.id })
  people.writes(ann, root.id, 'keep the names')
  discord.rest.breaks({ path: /\/members\//u, how: 503, times: 4 })
  await start()
  await until(() => received.length > 0, { within: 20_000 })
  expect(received).toMatchObject([{ kind: 'reply', text: 'keep the names', groups: ['77'] }])
})

test('it stops while Discord answers nothing', async () => {
  const { chat, discord, world, people, ann, channel, received, failures } = await discordOn({
    answer: async () => ({ kind: 'refused', text: 'no' }),
  })
  discord.rest.breaks({ path: /\/messages/u, how: 'late', ms: 10_000 })
  people.writes(ann, channel.id, `<@${world.bot.id}> tasks`)
  await until(() => received.length > 0)
  const at = Date.now()
  await chat.stop()
  expect(Date.now() - at).toBeLessThan(8_000)
  // Nor does anything go on that would keep the process.
  await until(() => failures.length > 0, { within: 4_000 })
})

test.each([50, 490, 500, 510, 650])('stopped %i ms after Discord went away, it tries no more', async (ms) => {
  const { discord, chat } = await discordOn()
  let tries = 0
  discord.rest.server.prependListener('upgrade', () => void (tries += 1))
  discord.gateway.goesAway({ forgets: true })
  const since = performance.now()
  await until(() => performance.now() - since > ms)
  await chat.stop()
  const [until1s, before] = [performance.now() + 1_200, tries]
  await until(() => performance.now() > until1s)
  // One may have been under way.
  expect(tries - before).toBeLessThan(2)
  expect(discord.gateway.sessions()).toBe(0)
})

test('a mention in a thread of people is taken also when what was said there before cannot be read', async () => {
  const { discord, world, people, ann, channel, received } = await discordOn()
  const thread = people.opensThread(ann, people.writes(ann, channel.id, 'it is slow'), 'slow')
  discord.rest.breaks({ method: 'GET', path: /\/messages$/u, how: 503, times: 4 })
  people.writes(ann, thread.id, `<@${world.bot.id}> start fix it`)
  await until(() => received.length > 0, { within: 15_000 })
  expect(received).toMatchObject([{ kind: 'command', text: 'start fix it' }])
})

test('another endpoint may be named with the version or without it', () => {
  for (const given of [
    'http://127.0.0.1:1/api',
    'http://127.0.0.1:1/api/',
    'http://127.0.0.1:1/api/v10',
    'http://127.0.0.1:1/api/v10/',
  ])
    expect(endpoint(given)).toBe('http://127.0.0.1:1/api')
})
