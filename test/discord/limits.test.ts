// What Discord does that would bite: one test for each finding.
import { expect, test } from 'vitest'
import type { Reply } from '../../src/bot/chat.ts'
import { until } from '../support/until.ts'
import { card, discordOn, rootCard } from './support.ts'

const NONE: Reply = { kind: 'none' }
const edits = /^\/channels\/\d+\/messages\/\d+$/u
const posts = /^\/channels\/\d+\/messages$/u

test('a click on a card in an archived thread that nobody ever saw is answered, and its card is edited by its id', async () => {
  const { chat, place, people, ann, at, received, world } = await discordOn({ options: { archiveMs: 50 } })
  const root = await chat.post(place, card('one'), 't1:status')
  const hanging = await chat.post({ ...place, thread: root.id }, card('two'), 't1:request:a')
  const state = world.channels.get(root.id)?.thread_metadata
  if (state) state.archived = true
  const clicked = await people.answered(people.clicks(ann, at(hanging.id), 'v1:stop:t1::'))
  expect(clicked.callback?.type).toBe(6)
  expect(received[0]).toMatchObject({ kind: 'click', id: 'v1:stop:t1::', place: { ...place, thread: root.id } })
  expect(await chat.edit(hanging, card('three', { buttons: [] }))).toBe('edited')
  expect(people.reads(at(hanging.id))).toContain('three')
  // It was archived before, so it is again.
  await until(() => state?.archived)
})

test('a message in a thread that was never seen before is read', async () => {
  const { chat, place, people, ann, at, received, world } = await discordOn()
  const root = await chat.post(place, card('one'), 't1:status')
  people.opensThread(ann, at(root.id), 'opened by a person')
  world.messages.get(root.id)
  people.writes(ann, root.id, 'keep the old names')
  await until(() => received.length === 1)
  expect(received[0]).toMatchObject({
    kind: 'reply',
    text: 'keep the old names',
    actor: { chat: 'discord', id: ann.id, name: 'ann' },
    groups: ['77'],
    place: { ...place, thread: root.id },
  })
})

test('a thread is called after its task and where that stands, is archived a while after the end, and a post brings it back, and so does an edit', async () => {
  const { chat, place, world, discord } = await discordOn({ options: { archiveMs: 400 } })
  const root = await chat.post(place, rootCard('job'), 't1:status')
  const thread = await until(() => world.channels.get(root.id))
  expect(thread).toMatchObject({ name: '🔵 job', thread_metadata: { auto_archive_duration: 10_080 } })
  expect(await chat.edit(root, rootCard('job', true))).toBe('later')
  await until(() => thread.name === '✅ job')
  expect(thread.thread_metadata?.archived).toBe(false)
  // Until then it is asked for again, also by whoever starts in between, and edited once.
  expect(await chat.edit(root, rootCard('job', true))).toBe('later')
  await until(async () => (await chat.edit(root, rootCard('job', true))) === 'edited')
  expect(thread.thread_metadata?.archived).toBe(true)
  expect(discord.rest.calls.filter(({ method, path }) => method === 'PATCH' && edits.test(path))).toHaveLength(1)
  const summary = await chat.post({ ...place, thread: root.id }, card('Done'), 't1:summary')
  expect(thread.thread_metadata?.archived).toBe(false)
  expect(await chat.edit(root, rootCard('job'))).toBe('later')
  await until(() => thread.name === '🔵 job')
  expect(thread.thread_metadata?.archived).toBe(false)
  if (thread.thread_metadata) thread.thread_metadata.archived = true
  expect(await chat.edit(summary, card('Done!'))).toBe('edited')
})

test('a connection that breaks after a message was made makes it no second time', async () => {
  const { chat, place, discord, world, channel } = await discordOn()
  for (const how of ['reset after', 'reset before', 502] as const) {
    discord.rest.breaks({ method: 'POST', path: posts, how })
    await chat.post(place, card(`after ${how}`), `key:${how}`)
  }
  expect(world.in(channel.id)).toHaveLength(3)
  // The same post in another process, minutes later or sooner.
  const again = await chat.post(place, card('after reset after'), 'key:reset after')
  expect(world.in(channel.id)).toHaveLength(3)
  expect(await chat.find(place, 'key:reset after')).toEqual(again)
})

test('an edit of a message that was found again leaves it findable', async () => {
  const { chat, place } = await discordOn()
  const ref = await chat.post(place, card('one'), 't1:status')
  const found = await chat.find(place, 't1:status')
  expect(found).toEqual(ref)
  await chat.edit(ref, card('two'))
  expect(await chat.find(place, 't1:status')).toEqual(ref)
})

test('where too much is posted only that channel waits, an edit that would wait is put off, and Discord refuses nothing', async () => {
  const budgets = [
    { method: 'POST', path: posts, limit: 2, windowMs: 700 },
    { method: 'PATCH', path: edits, limit: 2, windowMs: 700 },
  ]
  const { chat, place, discord, world } = await discordOn({ discord: { budgets } })
  const other = { ...place, channel: world.channel('other').id }
  const busy = [1, 2, 3, 4].map((n) => chat.post(place, card(`post ${n}`), `key:${n}`))
  await Promise.all(busy.slice(0, 2))
  const began = performance.now()
  await chat.post(other, card('elsewhere'), 'key:other')
  expect(performance.now() - began).toBeLessThan(400)
  const [ref] = await Promise.all(busy)
  if (!ref) throw new Error('nothing was posted')
  const results = []
  for (const n of [1, 2, 3]) results.push(await chat.edit(ref, card(`edit ${n}`)))
  expect(results).toEqual(['edited', 'edited', 'later'])
  await until(async () => (await chat.edit(ref, card('the newest'))) === 'edited')
  expect(discord.rest.refusals).toEqual([])
})

test('an answer that takes long is deferred in time and said later; delivered twice it is said once', async () => {
  let go = (): void => {}
  const gate = new Promise<void>((resolve) => (go = resolve))
  const { people, ann, channel } = await discordOn({
    answer: async () => {
      await gate
      return { kind: 'text', text: 'Here it is.' }
    },
  })
  const slow = people.slash(ann, channel.id, 'tasks')
  await people.answered(slow)
  expect(slow.callback?.type).toBe(5)
  expect(slow.took).toBeGreaterThan(1_000)
  expect(slow.took).toBeLessThan(2_500)
  people.again(slow)
  go()
  await until(() => slow.original && people.reads(slow.original) === 'Here it is.')
  expect(slow.original?.only).toBe(ann.id)
  expect(slow.followups).toEqual([])
})

test('after 15 minutes nothing is said to an interaction any more, and nothing breaks', async () => {
  const time = { now: Date.now() }
  let go = (): void => {}
  const gate = new Promise<void>((resolve) => (go = resolve))
  const { people, ann, channel, discord, failures } = await discordOn({
    options: { now: () => time.now },
    answer: async () => {
      await gate
      return { kind: 'text', text: 'Too late.' }
    },
  })
  const slow = await people.answered(people.slash(ann, channel.id, 'tasks'))
  discord.asked.clock.ahead = 16 * 60_000
  time.now += discord.asked.clock.ahead
  go()
  const fine = people.slash(ann, channel.id, 'help')
  await people.answered(fine)
  expect(slow.original && people.reads(slow.original)).toBe('')
  expect(failures).toEqual([])
})

test('an interaction that is handled too late is in the journal all the same', async () => {
  const { people, ann, channel, discord, received, failures } = await discordOn()
  const late = people.slash(ann, channel.id, 'tasks')
  late.at -= 5_000
  await until(() => received.length === 1)
  await until(() => discord.rest.refusals.some(({ path }) => path.includes(late.id)))
  // That it was never answered is what this is about.
  late.at = Number.MAX_SAFE_INTEGER
  expect(failures).toEqual([])
})

test('what goes wrong while something is handled is told to its person, and the next is handled', async () => {
  const { people, ann, channel, failures } = await discordOn({
    answer: async (event) => {
      if (event.kind === 'command' && event.text === 'tasks') throw new Error('the disk is full')
      return { kind: 'text', text: 'fine' }
    },
  })
  const broken = await people.answered(people.slash(ann, channel.id, 'tasks'))
  expect(broken.original && people.reads(broken.original)).toContain('could not be written down')
  expect(failures).toHaveLength(1)
  const next = await people.answered(people.slash(ann, channel.id, 'help'))
  expect(next.original && people.reads(next.original)).toBe('fine')
})

test('words of a thread are handed on in order, however long each of them takes', async () => {
  const handled: string[] = []
  const { chat, place, people, ann, at } = await discordOn({
    answer: async (event) => {
      if (event.kind !== 'reply') return NONE
      if (event.text === 'one') await new Promise((resolve) => setTimeout(resolve, 100))
      handled.push(event.text)
      return NONE
    },
  })
  const root = await chat.post(place, card('one'), 't1:status')
  people.opensThread(ann, at(root.id), 'job')
  for (const text of ['one', 'two', 'three']) people.writes(ann, root.id, text)
  await until(() => handled.length === 3)
  expect(handled).toEqual(['one', 'two', 'three'])
})

test('a click that takes long changes nothing in time, and its person alone is told later', async () => {
  let go = (): void => {}
  const gate = new Promise<void>((resolve) => (go = resolve))
  const { chat, place, people, ann, at } = await discordOn({
    answer: async () => {
      await gate
      return { kind: 'refused', text: 'Not you.' }
    },
  })
  const ref = await chat.post(place, card('one'), 't1:status')
  const slow = await people.answered(people.clicks(ann, at(ref.id), 'v1:stop:t1::'))
  expect(slow.callback).toEqual({ type: 6 })
  go()
  const told = await until(() => slow.followups[0])
  expect([told.only, people.reads(told)]).toEqual([ann.id, '🚫 Not you.'])
})

test('cards that come late are shown all the same', async () => {
  let go = (): void => {}
  const gate = new Promise<void>((resolve) => (go = resolve))
  const { people, ann, channel } = await discordOn({
    answer: async () => {
      await gate
      return { kind: 'cards', text: '', cards: [card('May it?')] }
    },
  })
  const slow = await people.answered(people.slash(ann, channel.id, 'mine'))
  go()
  await until(() => slow.original && people.reads(slow.original).includes('May it?'))
  expect(slow.original?.only).toBe(ann.id)
})

test('a form that is found out too late, or not at all, is said to be', async () => {
  const late = new Promise<null>(() => {})
  const { chat, place, people, ann, at, failures } = await discordOn({
    catchUp: { form: async (id) => (id.includes('late') ? late : Promise.reject(new Error('the disk is gone'))) },
  })
  const buttons = ['v1:vote:t1:r1:late', 'v1:vote:t1:r1:broken'].map((id) => ({ id, label: id }))
  const ref = await chat.post(place, card('one', { buttons }), 't1:status')
  const told = async (id: string) => {
    const { original } = await people.answered(people.clicks(ann, at(ref.id), id))
    return original ? people.reads(original) : ''
  }
  expect(await told('v1:vote:t1:r1:late')).toContain('too long for a form')
  expect(await told('v1:vote:t1:r1:broken')).toContain('could not be written down')
  expect(failures).toHaveLength(1)
})
