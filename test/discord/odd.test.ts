// What comes at a bad moment, or is as long as it may be.
import { expect, test } from 'vitest'
import type { Reply } from '../../src/bot/chat.ts'
import { until } from '../support/until.ts'
import { card, discordOn, rootCard } from './support.ts'

test('kicked it says so, and invited again it goes on where it was', async () => {
  const time = { now: Date.now() }
  const { chat, place, world, channel, discord, people, ann, received } = await discordOn({
    options: { now: () => time.now },
  })
  const root = await chat.post(place, rootCard('job'), 't1:status')
  const thread = { ...place, thread: root.id }
  await chat.post(thread, card('one'), 't1:request:a')
  world.denied.set(channel.id, new Set(['view', 'send']))
  discord.gateway.dispatch('GUILD_DELETE', 0, () => ({ id: world.guild.id }))
  await expect(chat.post(thread, card('two'), 't1:request:b')).rejects.toThrow(/View Channel/u)
  await expect(chat.edit(root, rootCard('x'))).rejects.toThrow(/View Channel/u)
  expect(chat.health().detail).toMatch(/View Channel/u)
  world.denied.clear()
  time.now += 61_000
  expect((await chat.post(thread, card('two'), 't1:request:b')).channel).toBe(root.id)
  expect(await chat.edit(root, rootCard('x'))).toBe('later')
  expect(chat.health().detail).toBeUndefined()
  people.writes(ann, root.id, 'again here')
  await until(() => received.length === 1)
})

test('while a server is unavailable nothing ends, and then what was to be posted is', async () => {
  const { chat, place, world, discord, failures } = await discordOn()
  discord.gateway.dispatch('GUILD_DELETE', 0, () => ({ id: world.guild.id, unavailable: true }))
  discord.rest.breaks({ path: /^\/channels/u, how: 503, times: 4 })
  await expect(chat.post(place, card('one'), 'k')).rejects.toThrow(/broken|Service Unavailable/u)
  await chat.post(place, card('one'), 'k')
  expect(failures).toEqual([])
})

test('a thread is called what Discord takes, however its task is called', async () => {
  const { chat, place, world } = await discordOn()
  for (const name of [
    'x'.repeat(100),
    'x'.repeat(101),
    '👩‍👧'.repeat(30),
    'שלום עולם '.repeat(12),
    '\u202eevil',
    '   ',
  ]) {
    const root = await chat.post(place, rootCard(name), `k:${name}`)
    const thread = await until(() => world.channels.get(root.id))
    expect(thread.name.length).toBeLessThanOrEqual(100)
    expect(thread.name).toMatch(/^🔵/u)
  }
})

test('what is told is told at any length, also when it is nothing', async () => {
  let reply: Reply = { kind: 'none' }
  const { people, ann, channel, failures } = await discordOn({ answer: async () => reply })
  const long = [1_992, 1_993, 1_997, 1_998, 2_000, 2_001].map((n) => 'x'.repeat(n))
  const replies = ['', ...long].flatMap((text): Reply[] => [
    { kind: 'refused', text },
    { kind: 'text', text },
    { kind: 'text', text: '', code: text },
    { kind: 'text', text, code: 'y' },
    { kind: 'cards', text, cards: [] },
    { kind: 'cards', text, cards: [card('')] },
  ])
  for (const one of replies) {
    reply = one
    const { original } = await people.answered(people.slash(ann, channel.id, 'tasks'))
    expect(original && (people.reads(original) || original.attachments.length)).toBeTruthy()
  }
  expect(failures).toEqual([])
})

test('words that arrive in another order, or twice, are all handed on, and reading goes on after the newest', async () => {
  const reached: string[] = []
  const { chat, place, people, ann, at, received, world, discord } = await discordOn({
    catchUp: { reached: async (id) => void reached.push(id) },
  })
  const root = await chat.post(place, card('one'), 't1:status')
  people.opensThread(ann, at(root.id), 'job')
  const ids = [1, 2, 3].map(() => world.newId())
  const author = { id: ann.id, username: 'ann' }
  // Nor does it say who in the server that is.
  for (const n of [2, 0, 1, 0])
    discord.gateway.dispatch('MESSAGE_CREATE', 0, () => ({ id: ids[n], channel_id: root.id, author, content: 'words' }))
  await until(() => received.length === 4)
  expect(received.map(({ key }) => key)).toEqual([ids[2], ids[0], ids[1], ids[0]])
  expect(received[0]).toMatchObject({ kind: 'reply', actor: { name: 'ann' }, groups: ['77'] })
  await until(() => reached.at(-1) === ids[2])
})
