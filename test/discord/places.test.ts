// Threads, cards and channels that are locked, deleted or closed to us: mended or said, never a crash.
import { expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { card, discordOn, rootCard } from './support.ts'

test('a thread that was deleted is opened anew when there is something to say', async () => {
  const { chat, place, people, world } = await discordOn()
  const root = await chat.post(place, rootCard('job'), 't1:status')
  const thread = { ...place, thread: root.id }
  const first = await chat.post(thread, card('one'), 't1:request:a')
  people.deletesChannel(root.id)
  expect(await chat.edit(first, card('two'))).toBe('gone')
  const second = await chat.post(thread, card('two'), 't1:request:a:again')
  expect(second.channel).toBe(root.id)
  expect(world.channels.get(root.id)?.name).toBe('🔵 job')
})

test('a locked and archived thread is opened with the permission, and without it the channel is told, as an answer to the card', async () => {
  const { chat, place, world, at } = await discordOn()
  const root = await chat.post(place, rootCard('job'), 't1:status')
  const thread = { ...place, thread: root.id }
  await chat.post(thread, card('one'), 't1:request:a')
  const state = world.channels.get(root.id)?.thread_metadata
  if (!state) throw new Error('there is no thread')
  Object.assign(state, { archived: true, locked: true })
  expect((await chat.post(thread, card('two'), 't1:request:b')).channel).toBe(root.id)
  Object.assign(state, { archived: true, locked: true })
  world.denied.set(root.id, new Set(['manage']))
  const told = await chat.post(thread, card('three'), 't1:request:c')
  expect(told.channel).toBe(place.channel)
  expect(at(told.id).message_reference?.message_id).toBe(root.id)
  expect(await chat.find(thread, 't1:request:c')).toEqual(told)
})

test('where no thread may be opened, the channel is told, as an answer to the card', async () => {
  const { chat, place, world, at, channel } = await discordOn()
  world.denied.set(channel.id, new Set(['threads']))
  const root = await chat.post(place, rootCard('job'), 't1:status')
  const told = await chat.post({ ...place, thread: root.id }, card('one'), 't1:request:a')
  expect(told.channel).toBe(channel.id)
  expect(at(told.id).message_reference?.message_id).toBe(root.id)
})

test('a status card that was deleted is said to be gone, also while something new is to be said under it', async () => {
  const { chat, place, people, at } = await discordOn()
  const root = await chat.post(place, card('one'), 't1:status')
  people.deletes(at(root.id))
  const orphan = await chat.post({ ...place, thread: root.id }, card('two'), 't1:request:a')
  expect(at(orphan.id).channel_id).toBe(place.channel)
  expect(await chat.edit(root, card('three'))).toBe('gone')
})

test('a channel that was removed is said, and left alone for a while', async () => {
  const { chat, place, people, channel, discord } = await discordOn()
  const root = await chat.post(place, card('one'), 't1:status')
  people.deletesChannel(channel.id)
  expect(await chat.edit(root, card('two'))).toBe('gone')
  await expect(chat.post(place, card('two'), 't1:status:again')).rejects.toThrow(/is not there any more/u)
  const { length } = discord.rest.calls
  await expect(chat.post(place, card('two'), 't1:status:again')).rejects.toThrow(/is not there any more/u)
  expect(discord.rest.calls).toHaveLength(length)
  expect(chat.health()).toMatchObject({ state: 'live', detail: expect.stringContaining(channel.id) as string })
})

test.each([
  ['view', /“View Channel”/u],
  ['send', /“Send Messages”/u],
])(
  'where it may not %s any more it says what to give it, and is not refused again and again',
  async (what, sentence) => {
    const time = { now: Date.now() }
    const { chat, place, world, channel, discord } = await discordOn({ options: { now: () => time.now } })
    world.denied.set(channel.id, new Set([what]))
    for (const _ of [1, 2, 3]) await expect(chat.post(place, card('one'), 't1:status')).rejects.toThrow(sentence)
    expect(discord.rest.refusals.length).toBeLessThan(4)
    world.denied.clear()
    time.now += 61_000
    await chat.post(place, card('one'), 't1:status')
    expect(chat.health().detail).toBeUndefined()
  },
)

test('in a channel it may only read it says so, and what stands there is still made true', async () => {
  const { chat, place, world, channel, people, at } = await discordOn()
  const root = await chat.post(place, rootCard('job'), 't1:status')
  world.denied.set(channel.id, new Set(['send']))
  await expect(chat.post(place, card('line'), 't1:line:1')).rejects.toThrow(/“Send Messages”/u)
  expect(await chat.edit(root, card('job: done', { buttons: [] }))).toBe('edited')
  expect(people.reads(at(root.id))).toContain('job: done')
  expect(chat.health().detail).toContain('“Send Messages”')
})

test('a mark that cannot be put holds nothing up', async () => {
  const { chat, place, people, ann, channel, world, at } = await discordOn()
  const said = people.writes(ann, channel.id, 'hello')
  world.denied.set(channel.id, new Set(['react']))
  await expect(chat.mark({ ...place, id: said.id }, 'received')).resolves.toBeUndefined()
  people.deletes(at(said.id))
  await expect(chat.mark({ ...place, id: said.id }, 'delivered')).resolves.toBeUndefined()
})

test('a name that changes often is set at the pace Discord takes, the newest in the end, and nobody waits for it', async () => {
  const budgets = [{ method: 'PATCH', path: /^\/channels\/\d+$/u, limit: 2, windowMs: 700 }]
  const { chat, place, world, discord } = await discordOn({ discord: { budgets } })
  const root = await chat.post(place, rootCard('job'), 't1:status')
  const thread = await until(() => world.channels.get(root.id))
  for (let n = 1; n <= 6; n++) {
    const began = performance.now()
    expect(await chat.edit(root, rootCard(`job ${n}`))).toBe('later')
    expect(performance.now() - began).toBeLessThan(500)
    await until(() => thread.name === `🔵 job ${n}` || n > 2)
  }
  await until(() => thread.name === '🔵 job 6')
  expect(discord.rest.refusals.filter(({ status }) => status === 429)).toEqual([])
})

test('in a direct message a task is a chain of answers, and answering it guides', async () => {
  const { chat, people, world, ann, received, at } = await discordOn()
  const direct = world.direct(ann)
  const place = { chat: 'discord', channel: direct.id }
  people.writes(ann, direct.id, 'start --agent demo fix it')
  await until(() => received.length === 1)
  expect(received[0]).toMatchObject({ kind: 'command', text: 'start --agent demo fix it', place, groups: [] })
  const root = await chat.post(place, rootCard('job'), 't1:status')
  const asked = await chat.post({ ...place, thread: root.id }, card('may I?'), 't1:request:a')
  expect(at(asked.id).message_reference?.message_id).toBe(root.id)
  people.writes(ann, direct.id, 'use the other one', { replyTo: asked.id })
  await until(() => received.length === 2)
  expect(received[1]).toMatchObject({ kind: 'reply', text: 'use the other one', place: { ...place, thread: root.id } })
  people.writes(ann, direct.id, '/bg tasks')
  await until(() => received.length === 3)
  expect(received[2]).toMatchObject({ kind: 'command', text: 'tasks' })
})

test('where a message takes no other thread once its own was deleted, the channel is told, as an answer to the card', async () => {
  const { chat, place, people, world, at } = await discordOn()
  world.takesOneThread = true
  const root = await chat.post(place, rootCard('job'), 't1:status')
  const thread = { ...place, thread: root.id }
  await chat.post(thread, card('one'), 't1:request:a')
  people.deletesChannel(root.id)
  const told = await chat.post(thread, card('two'), 't1:request:b')
  expect(at(told.id)).toMatchObject({ channel_id: place.channel, message_reference: { message_id: root.id } })
  expect(chat.health().detail).toBeUndefined()
})

test('a thread that somebody deleted after the end stays deleted', async () => {
  const { chat, place, people, world } = await discordOn({ options: { archiveMs: 50 } })
  const root = await chat.post(place, rootCard('job'), 't1:status')
  await until(() => world.channels.has(root.id))
  people.deletesChannel(root.id)
  await chat.edit(root, rootCard('job: done', true))
  const since = performance.now()
  await until(() => performance.now() - since > 500)
  expect(world.channels.has(root.id)).toBe(false)
})

test('where it may not answer a message, or a person takes no direct ones any more, it says so', async () => {
  const { chat, place, world, channel, ann } = await discordOn()
  world.denied.set(channel.id, new Set(['threads', 'history']))
  const root = await chat.post(place, rootCard('job'), 't1:status')
  const hanging = chat.post({ ...place, thread: root.id }, card('one'), 't1:request:a')
  await expect(hanging).rejects.toThrow(/“Read Message History”/u)
  const direct = { chat: 'discord', channel: world.direct(ann).id }
  world.shut.add(ann.id)
  await expect(chat.post(direct, card('one'), 't2:status')).rejects.toThrow(/takes no direct messages/u)
})
