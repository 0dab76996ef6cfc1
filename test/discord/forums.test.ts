// Channels that are no ordinary ones: forums and their posts, announcements, voice.
import { expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { card, discordOn, rootCard } from './support.ts'

async function inForum(wish: Parameters<typeof discordOn>[0] = {}) {
  const on = await discordOn(wish)
  const { world, people, ann } = on
  const forum = world.channel('ideas', 15)
  const post = people.posts(world.person('bob', ['88']), forum, 'slow login', 'the login is slow')
  return { ...on, forum, post, place: { chat: 'discord', channel: post.id }, ann, people }
}

test('what is asked for in a post of a forum belongs to that post, by a command or by a mention with what was said before', async () => {
  const { world, people, ann, post, place, received } = await inForum()
  await people.answered(people.slash(ann, post.id, 'start', { text: 'fix it' }))
  expect(received[0]).toMatchObject({ kind: 'command', text: 'start fix it' })
  expect(received[0]?.place).toEqual(place)
  people.writes(ann, post.id, `<@${world.bot.id}> start find out why`)
  await until(() => received.length === 2)
  expect(received[1]).toMatchObject({
    kind: 'command',
    text: 'start find out why',
    said: [{ groups: ['88'], text: 'the login is slow' }],
  })
  expect(received[1]?.place).toEqual(place)
})

test('in a post of a forum a task is a chain of answers, and only answering it guides', async () => {
  const roots: { chat: string; channel: string; thread: string }[] = []
  const { chat, people, ann, post, place, received, at } = await inForum({ catchUp: { threads: async () => roots } })
  const root = await chat.post(place, rootCard('job'), 't1:status')
  roots.push({ ...place, thread: root.id })
  const asked = await chat.post({ ...place, thread: root.id }, card('may I?'), 't1:request:a')
  expect(at(asked.id)).toMatchObject({ channel_id: post.id, message_reference: { message_id: root.id } })
  expect(await chat.find({ ...place, thread: root.id }, 't1:request:a')).toEqual(asked)
  people.writes(ann, post.id, 'only among us')
  people.writes(ann, post.id, 'use the other one', { replyTo: asked.id })
  await until(() => received.length > 0)
  expect(received).toMatchObject([{ kind: 'reply', text: 'use the other one', place: { ...place, thread: root.id } }])
  // The post is the people’s: its name and its state stay.
  await chat.edit(root, rootCard('job: done', true))
  expect(post).toMatchObject({ name: 'slow login', thread_metadata: { archived: false } })
})

test('what answered a task in a post while we were away is read on return', async () => {
  const roots: { chat: string; channel: string; thread: string }[] = []
  const on = await inForum({ isOn: false, catchUp: { threads: async () => roots, cursor: async () => '1' } })
  const { chat, people, ann, post, place, received, start } = on
  const root = await chat.post(place, rootCard('job'), 't1:status')
  roots.push({ ...place, thread: root.id })
  const said = people.writes(ann, post.id, 'use the other one', { replyTo: root.id })
  await start()
  await until(() => received.length > 0)
  expect(received).toMatchObject([{ kind: 'reply', key: said.id, text: 'use the other one' }])
})

test('a form filled in from a post of a forum starts its task there', async () => {
  const fields = [{ id: 'prompt', label: 'What to do', required: true }]
  const { people, ann, post, place, received } = await inForum({
    answer: async (event) =>
      event.kind === 'command'
        ? { kind: 'form', id: 'v1:start:new::', form: { title: 'Start', submit: 'Start', fields } }
        : { kind: 'none' },
  })
  const asked = await people.answered(people.slash(ann, post.id, 'new'))
  await people.answered(people.submits(ann, asked, { 't:prompt': 'fix it' }))
  expect(received.at(-1)).toMatchObject({ kind: 'click', values: { prompt: 'fix it' } })
  expect(received.map((event) => event.place)).toEqual([place, place])
})

test('that a line cannot stand in a forum itself is said', async () => {
  const { chat, forum } = await inForum()
  const line = chat.post({ chat: 'discord', channel: forum.id }, card('', { buttons: [] }), 't1:line:1')
  await expect(line).rejects.toThrow(/is a forum, .* name another one in config\.yaml/u)
})

test('under an announcement there is a thread; in a voice channel, which has none, a task is a chain of answers', async () => {
  const { chat, world, at } = await discordOn()
  const [news, voice] = [world.channel('news', 5), world.channel('talk', 2)]
  for (const { id } of [news, voice]) {
    const place = { chat: 'discord', channel: id }
    const root = await chat.post(place, rootCard('job'), `${id}:status`)
    const asked = at((await chat.post({ ...place, thread: root.id }, card('may I?'), `${id}:request:a`)).id)
    expect([asked.channel_id, asked.message_reference?.message_id]).toEqual(
      id === news.id ? [root.id, undefined] : [voice.id, root.id],
    )
  }
})
