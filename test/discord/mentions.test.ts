// Words of people: whom they name, and what they answer.
import { expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { card, discordOn } from './support.ts'

test('naming the role that Discord made for it is naming it', async () => {
  const { people, ann, channel, world, chat, place, at, received } = await discordOn()
  people.writes(ann, channel.id, '<@&4711> start fix nothing')
  people.writes(ann, channel.id, `<@&${world.role}> start fix it`)
  await until(() => received.length > 0)
  expect(received).toMatchObject([{ kind: 'command', text: 'start fix it' }])
  const root = await chat.post(place, card('one'), 't1:status')
  people.opensThread(ann, at(root.id), 'job')
  people.writes(ann, root.id, `<@&${world.role}> keep the names`)
  people.writes(ann, root.id, `<@&${world.role}> /bg stop`)
  await until(() => received.length === 3)
  expect(received.slice(1)).toMatchObject([
    { kind: 'reply', text: 'keep the names' },
    { kind: 'command', text: 'stop' },
  ])
})

test('in a direct message a verb is a command, also as an answer to what is no task', async () => {
  const { people, ann, world, received, chat } = await discordOn({
    answer: async () => ({ kind: 'text', text: 'There is nothing.' }),
  })
  const { id } = world.direct(ann)
  const said = people.writes(ann, id, 'tasks')
  const told = await until(() => world.in(id).find((one) => one.message_reference?.message_id === said.id))
  people.writes(ann, id, 'start fix it', { replyTo: told.id })
  await until(() => received.length === 2)
  expect(received[1]).toMatchObject({ kind: 'command', text: 'start fix it' })
  // A task that ended long ago goes on when it is answered.
  const root = await chat.post({ chat: 'discord', channel: id }, card('one'), 't1:status')
  people.writes(ann, id, 'now the other one', { replyTo: root.id })
  await until(() => received.length === 3)
  expect(received[2]).toMatchObject({ kind: 'reply', text: 'now the other one', place: { thread: root.id } })
})

test('in a direct message words that answer a task are for it, also where they begin like a verb', async () => {
  const roots: { chat: string; channel: string; thread: string }[] = []
  const { people, ann, world, received, chat } = await discordOn({ catchUp: { threads: async () => roots } })
  const place = { chat: 'discord', channel: world.direct(ann).id }
  const root = await chat.post(place, card('one'), 't1:status')
  roots.push({ ...place, thread: root.id })
  people.writes(ann, place.channel, 'stop using tabs', { replyTo: root.id })
  await until(() => received.length === 1)
  expect(received[0]).toMatchObject({ kind: 'reply', text: 'stop using tabs' })
})

test('what bots, webhooks and Discord itself say is none of ours', async () => {
  const { people, ann, world, channel, chat, place, at, received, discord } = await discordOn()
  const root = await chat.post(place, card('one'), 't1:status')
  people.opensThread(ann, at(root.id), 'job')
  const robot = { ...world.person('robot'), bot: true }
  people.writes(robot, root.id, 'do this')
  const message = people.writes(ann, channel.id, 'x')
  const told = (more: object) =>
    discord.gateway.dispatch('MESSAGE_CREATE', 0, () => ({
      id: world.newId(),
      channel_id: root.id,
      guild_id: world.guild.id,
      author: message.author,
      content: 'do this',
      ...more,
    }))
  told({ webhook_id: '42' })
  told({ type: 6 })
  told({ type: 7 })
  told({ author: { id: 'not a number' } })
  told({ content: '   ' })
  people.writes(ann, root.id, 'for the task')
  await until(() => received.length > 0)
  expect(received).toMatchObject([{ kind: 'reply', text: 'for the task', actor: { name: 'ann' } }])
})
