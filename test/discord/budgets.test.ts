// What Discord takes in a time: told by headers before, or by a refusal that none of them announced.
import { expect, test } from 'vitest'
import type { FakeDiscord } from '../fake/discord.ts'
import { until } from '../support/until.ts'
import { card, discordOn, rootCard } from './support.ts'

const tooFast = ({ rest }: FakeDiscord) => rest.refusals.filter(({ status }) => status === 429)
const edits = /^\/channels\/\d+\/messages\/\d+$/u
const renames = /^\/channels\/\d+$/u

test('an edit that is refused for a while, as of an old message, is asked for again only after that while', async () => {
  const { chat, place, discord, people, at } = await discordOn()
  const ref = await chat.post(place, card('one'), 't1:status')
  discord.rest.breaks({ method: 'PATCH', path: edits, how: 429, seconds: 1 })
  const began = performance.now()
  expect(await chat.edit(ref, card('two'))).toBe('later')
  expect(await chat.edit(ref, card('two'))).toBe('later')
  expect(people.reads(at(ref.id))).toContain('one')
  // Another message is none of it.
  const other = await chat.post(place, card('other'), 't2:status')
  expect(await chat.edit(other, card('other two'))).toBe('edited')
  await until(async () => (await chat.edit(ref, card('three'))) === 'edited')
  expect(performance.now() - began).toBeGreaterThan(1_000)
  expect(tooFast(discord)).toHaveLength(1)
})

test('a third name within ten minutes is refused once, and set when that is over', async () => {
  const { chat, place, world, discord } = await discordOn()
  const root = await chat.post(place, rootCard('job'), 't1:status')
  const thread = await until(() => world.channels.get(root.id))
  discord.rest.breaks({ method: 'PATCH', path: renames, how: 429, seconds: 2 })
  const began = performance.now()
  await chat.edit(root, rootCard('job: done'))
  await until(() => thread.name === '🔵 job: done')
  expect(performance.now() - began).toBeGreaterThan(2_000)
  expect(tooFast(discord)).toHaveLength(1)
})

test('while Discord takes nothing for long, it says so, sends nothing, and what people do is acknowledged all the same', async () => {
  const { chat, place, discord, people, ann, channel, received } = await discordOn()
  const ref = await chat.post(place, card('one'), 't1:status')
  discord.rest.breaks({ method: 'POST', path: /\/messages$/u, how: 429, seconds: 3_600, global: true })
  for (const _ of [1, 2])
    await expect(chat.post(place, card('two'), 't2:status')).rejects.toThrow(/only in 36\d\d seconds/u)
  expect(tooFast(discord)).toHaveLength(1)
  const clicked = await people.answered(
    people.clicks(ann, await until(() => discord.world.in(channel.id)[0]), 'v1:stop:t1::'),
  )
  expect(clicked.callback?.type).toBe(6)
  expect(received).toHaveLength(1)
  expect(await chat.edit(ref, card('three'))).toBe('later')
  expect(chat.health()).toMatchObject({
    state: 'live',
    detail: expect.stringMatching(/lets Backchannel wait until/u) as string,
  })
})
