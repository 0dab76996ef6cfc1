// The ways into a chat of Slack and back: commands, mentions, direct messages, a shortcut, forms, the home; and who alone is told.
import { describe, expect, test } from 'vitest'
import type { Reply } from '../../src/bot/chat.ts'
import type { Form } from '../../src/task/card.ts'
import { buttonsIn, envelope } from '../fake/slack/people.ts'
import { allOf } from '../fake/slack/spec.ts'
import { until } from '../support/until.ts'
import { card, live } from './live.ts'

const START: Form = {
  title: 'Start a background task',
  submit: 'Start',
  fields: [
    { id: 'prompt', label: 'What to do', required: true, long: true, prefill: 'as said' },
    {
      id: 'repo',
      label: 'Repository',
      required: false,
      closed: true,
      choices: [{ label: 'api' }, { label: 'web' }],
      prefill: 'api',
    },
  ],
}
const STARTS: Reply = { kind: 'form', id: 'v1:start:new::', form: START }
const ASK: Form = {
  title: 'Where should the counters of the limiter live?',
  submit: 'Answer',
  fields: [
    {
      id: 'q0',
      label: 'Where?',
      required: true,
      choices: [{ label: 'SQLite', description: 'one file' }, { label: 'Redis' }],
    },
    {
      id: 'q1',
      label: 'What else?',
      required: false,
      multi: true,
      closed: true,
      choices: [{ label: 'Docs' }, { label: 'Metrics' }],
    },
  ],
}
const QUESTION = { id: 'v1:vote:t1:r1:words', label: 'Answer…', form: ASK }

describe('to start', () => {
  test('/bg alone opens a form, and what is filled in comes as a click from the place where it was asked', async () => {
    const { ann, channel, received } = await live({
      answer: async (event) => (event.kind === 'command' ? STARTS : { kind: 'none' }),
    })
    await ann.command(channel, '')
    const window = await until(() => ann.window())
    expect([window['title'], window['submit']]).toMatchObject([{ text: 'Start a background task' }, { text: 'Start' }])
    expect(await ann.submits({ 'What to do': 'Fix it\nplease', Repository: 'web' })).toBeNull()
    expect(received).toMatchObject([
      { kind: 'command', text: '', place: { channel } },
      {
        kind: 'click',
        id: 'v1:start:new::',
        values: { prompt: 'Fix it\nplease', repo: 'web' },
        place: { chat: 'slack', channel },
      },
    ])
  })

  test('a mention in a thread brings what was said there before, by whom, and which groups they are in', async () => {
    const { server, ann, bob, channel, received } = await live({ groups: { S0DEVS: ['U0BOB'] } })
    const root = await bob.says(channel, 'the login & <limiter> breaks, see https://x.example/1')
    await ann.says(channel, 'I can reproduce it @U0BOB', { thread: root.ts })
    server.world.messages.push({
      ...root,
      ts: server.world.ts(),
      user: 'U0MON',
      bot_id: 'B0MON',
      text: 'p99 is 3 s',
      thread_ts: root.ts,
    })
    await ann.says(channel, '@bg start fix this', { thread: root.ts })
    expect(received).toEqual([
      expect.objectContaining({
        kind: 'command',
        text: 'start fix this',
        place: { chat: 'slack', channel, thread: root.ts },
        actor: { chat: 'slack', id: ann.id, name: 'ann' },
        groups: [],
        said: [
          {
            author: { chat: 'slack', id: bob.id, name: 'bob' },
            groups: ['S0DEVS'],
            text: 'the login & <limiter> breaks, see https://x.example/1',
          },
          { author: { chat: 'slack', id: ann.id, name: 'ann' }, groups: [], text: 'I can reproduce it @bob' },
          { author: expect.objectContaining({ id: 'U0MON' }), groups: [], text: 'p99 is 3 s' },
        ],
      }),
    ])
  })

  test('a mention alone offers a button that opens the form, because only what is clicked can open one', async () => {
    const { ann, channel, received } = await live({ answer: async () => STARTS })
    await ann.says(channel, '@bg')
    const whisper = await until(() => ann.whisper())
    await ann.clicks(channel, whisper.ts, 'Open the form')
    expect((await until(() => ann.window())).blocks).toHaveLength(2)
    expect(received.map((event) => 'text' in event && event.text)).toEqual(['', ''])
  })

  test('in a thread, what was said there goes along into that form', async () => {
    const { ann, bob, channel, received } = await live({ answer: async () => STARTS })
    const root = await bob.says(channel, 'the build is red')
    await bob.says(channel, 'since noon', { thread: root.ts })
    await ann.says(channel, '@bg', { thread: root.ts })
    const whisper = await until(() => ann.whisper())
    await ann.clicks(channel, whisper.ts, 'Open the form')
    await until(() => ann.window())
    expect(received.at(-1)).toMatchObject({ said: [{ text: 'the build is red' }, { text: 'since noon' }] })
  })

  test('a thread that Slack does not let us read keeps nobody waiting, and that it is missing is said', async () => {
    const { server, ann, channel, received } = await live()
    const root = await ann.says(channel, 'the build is red')
    server.fault('conversations.replies', { limited: 3_600 })
    const started = ann.says(channel, '@bg start fix this', { thread: root.ts })
    await until(() => server.callsOf('conversations.replies').length > 0)
    await ann.says(channel, '@bg stop', { thread: root.ts })
    await started
    expect(received.map((event) => 'text' in event && event.text)).toEqual(['start fix this', 'stop'])
    expect(received[0]).toMatchObject({
      said: [{ author: { name: 'bg' }, text: expect.stringContaining('not be read') }],
    })
  })

  test('a direct message is the command, with /bg or without; words in a thread of ours there are a reply', async () => {
    const { server, ann, chat, received } = await live()
    const direct = server.world.im(ann.id).id
    await ann.says(direct, '/bg tasks')
    await ann.says(direct, 'start fix it')
    const root = await chat.post({ chat: 'slack', channel: ann.id }, card('one'), 'k1')
    expect(root.channel).toBe(direct)
    await ann.says(direct, 'keep it', { thread: root.id })
    await ann.says(direct, '/bg show', { thread: root.id })
    expect(received.map((event) => [event.kind, 'text' in event && event.text, event.place.thread])).toEqual([
      ['command', 'tasks', undefined],
      ['command', 'start fix it', undefined],
      ['reply', 'keep it', root.id],
      ['command', 'show', root.id],
    ])
    expect(await chat.find({ chat: 'slack', channel: ann.id }, 'k1')).toEqual(root)
  })

  test('the shortcut on a message brings that message', async () => {
    const { ann, bob, channel, received } = await live({ answer: async () => STARTS })
    const said = bob.writes(channel, 'the build is red')
    await ann.shortcut(said)
    expect((await until(() => ann.window())).blocks).toHaveLength(2)
    expect(received).toMatchObject([
      {
        kind: 'command',
        text: '',
        actor: { id: ann.id },
        said: [{ author: { id: bob.id }, text: 'the build is red' }],
      },
    ])
  })

  test('in a conversation between people, which we cannot be invited into, they are told where to go', async () => {
    const { server, ann, bob, chat } = await live()
    const between = 'D0ANNBOB'
    server.world.channels.set(between, { id: between, name: between, kind: 'im', members: new Set([ann.id, bob.id]) })
    await ann.command(between, 'start fix it')
    const post = chat.post({ chat: 'slack', channel: between }, card('one'), 'k1')
    await expect(post).rejects.toThrow('start it in a channel')
    await until(() => ann.whispers().length > 0)
    expect(ann.whispers().join()).toContain('start it in a channel')
  })

  test('in a channel we were not invited to, whoever asked is told how to, once', { timeout: 60_000 }, async () => {
    const { server, ann, chat } = await live()
    const elsewhere = server.channel('C0ELSEWHERE', [ann.id], { invited: false })
    await ann.command(elsewhere, 'start fix it')
    const post = () => chat.post({ chat: 'slack', channel: elsewhere }, card('one'), 'k1')
    for (const _ of [1, 2, 3]) await expect(post()).rejects.toThrow('invite me with /invite @bg')
    await until(() => ann.whispers().length > 0)
    expect(ann.whispers()).toEqual(['I am not in this channel: invite me with /invite @bg.'])
    expect(server.callsOf('chat.postMessage')).toHaveLength(1)
  })
})

describe('to answer', () => {
  const knows = { form: async (button: string) => (button === QUESTION.id ? ASK : null) }

  test('a button that asks first opens its form; choices, own words and several at once come as they were meant', async () => {
    const { ann, channel, chat, place, received } = await live({ catchUp: knows })
    const root = await chat.post(place, card('one', { buttons: [QUESTION] }), 'k1')
    await ann.clicks(channel, root.id, 'Answer…')
    const window = await until(() => ann.window())
    expect(allOf(window.blocks, 'text').join('\n')).toContain(ASK.title)
    expect(allOf(window.blocks, 'text').join('\n')).toContain('SQLite: one file')
    expect(await ann.submits({ 'What else?': ['Docs', 'Metrics'] })).toEqual({
      errors: { 'm:q0': expect.stringContaining('Choose one') },
    })
    expect(await ann.submits({ 'or in your own words': 'In memory', 'What else?': ['Docs', 'Metrics'] })).toBeNull()
    expect(received).toMatchObject([
      { kind: 'click', id: QUESTION.id, values: { q0: 'In memory', q1: 'Docs, Metrics' }, place: { thread: root.id } },
    ])
  })

  test('a form that is refused stays open with the reason and what was typed', async () => {
    const { ann, channel, chat, place } = await live({
      catchUp: knows,
      answer: async () => ({ kind: 'refused', text: 'Already answered by @bob.' }),
    })
    const root = await chat.post(place, card('one', { buttons: [QUESTION] }), 'k1')
    await ann.clicks(channel, root.id, 'Answer…')
    await until(() => ann.window())
    expect(await ann.submits({ 'Where?': 'Redis' })).toEqual({ errors: { 'm:q0': 'Already answered by @bob.' } })
    expect(ann.window()).toBeDefined()
  })

  test('a form that was refused is mended and sent again', async () => {
    const { ann, channel, chat, place, received } = await live({
      catchUp: knows,
      answer: async (event) =>
        event.kind === 'click' && event.values['q0'] === 'Redis'
          ? { kind: 'none' }
          : { kind: 'refused', text: 'Not that.' },
    })
    const root = await chat.post(place, card('one', { buttons: [QUESTION] }), 'k1')
    await ann.clicks(channel, root.id, 'Answer…')
    await until(() => ann.window())
    expect(await ann.submits({ 'Where?': 'SQLite' })).toEqual({ errors: { 'm:q0': 'Not that.' } })
    expect(await ann.submits({ 'Where?': 'Redis' })).toBeNull()
    expect(received.map((event) => event.kind === 'click' && event.values['q0'])).toEqual(['SQLite', 'Redis'])
  })

  test('a form that takes long closes in time, and its person alone is told the rest, with what they wrote', async () => {
    const answered = Promise.withResolvers<Reply>()
    const { ann, channel, chat, place } = await live({ catchUp: knows, answer: () => answered.promise })
    const root = await chat.post(place, card('one', { buttons: [QUESTION] }), 'k1')
    await ann.clicks(channel, root.id, 'Answer…')
    await until(() => ann.window())
    expect(await ann.submits({ 'or in your own words': 'In memory' })).toBeNull()
    answered.resolve({ kind: 'refused', text: 'Too late.' })
    expect(await until(() => ann.whisper())).toMatchObject({
      thread_ts: root.id,
      text: expect.stringMatching(/Too late\.\s+You wrote: In memory/u),
    })
  })

  test('an outsider’s words in a thread are refused to them alone, and words in threads of others are not even read', async () => {
    const { server, ann, bob, channel, chat, place, received } = await live({
      answer: async () => ({ kind: 'refused', text: 'You may not.' }),
    })
    const root = await chat.post(place, card('one'), 'k1')
    const other = await ann.says(channel, 'lunch?')
    await bob.says(channel, 'yes', { thread: other.ts })
    await bob.says(channel, 'do it', { thread: root.id })
    await until(() => bob.whispers().length > 0)
    expect([received.length, bob.whispers(), ann.whispers()]).toEqual([1, ['You may not.'], []])
    expect(server.world.thread(channel, root.id)).toHaveLength(2)
  })

  test('whoever adds a file to a reply is told, once, that only the words were passed on', async () => {
    const { ann, channel, chat, place, received } = await live()
    const root = await chat.post(place, card('one'), 'k1')
    const said = await ann.says(channel, 'like this', { thread: root.id, file: true })
    await ann.delivers(said)
    await until(() => ann.whispers().length > 0)
    expect([received.length, ann.whispers()]).toEqual([1, [expect.stringContaining('files are not')]])
  })

  test('a task in a thread that a person began is heard there, once it is listed', async () => {
    const listed: { chat: string; channel: string; thread: string }[] = []
    const { ann, channel, place, received } = await live({ catchUp: { threads: async () => listed } })
    const root = await ann.says(channel, 'lunch?')
    listed.push({ ...place, thread: root.ts })
    await until(async () => {
      await ann.says(channel, 'keep it', { thread: root.ts })
      return received.length > 0
    })
    expect(received[0]).toMatchObject({ kind: 'reply', text: 'keep it' })
  })
})

describe('to look', () => {
  const mine = (titles: string[]): Reply => ({
    kind: 'cards',
    text: `${titles.length} to answer`,
    cards: titles.map((title) =>
      card(title, { buttons: [{ id: `v1:vote:${title}:r1:allow`, label: `Allow ${title}` }] }),
    ),
  })

  test('the home shows what needs somebody, with buttons, and is drawn anew after a click with what came of it', async () => {
    const open = ['one', 'two']
    const { server, ann, received } = await live({
      answer: async (event) => {
        if (event.kind === 'command') return mine(open)
        if (event.kind !== 'click' || !event.id.includes(':one:'))
          return { kind: 'refused', text: 'Already answered <by> @bob.' }
        open.shift()
        return { kind: 'none' }
      },
    })
    const labels = () => buttonsIn(server.world.homes.get(ann.id)?.blocks ?? []).map(({ text }) => text.text)
    await ann.opensHome()
    await until(() => labels().join() === 'Allow one,Allow two')
    await ann.clicksAtHome('Allow one')
    await until(() => labels().join() === 'Allow two')
    await ann.clicksAtHome('Allow two')
    await until(() =>
      allOf(server.world.homes.get(ann.id)?.blocks, 'text').join('').includes('Already answered <by> @bob.'),
    )
    expect(received.map((event) => event.place)).toEqual(received.map(() => ({ chat: 'slack', channel: ann.id })))
    expect(received.filter((event) => event.kind === 'command').every((event) => event.text === 'mine')).toBe(true)
  })

  test('the home stays as it is when Slack tells again that it was opened', async () => {
    const { server, ann } = await live({ answer: async () => mine(['one']) })
    const channel = server.world.im(ann.id).id
    const opened = envelope(server.world, { type: 'app_home_opened', user: ann.id, channel, tab: 'home' })
    for (const _ of [1, 2]) await server.sockets.event(opened)
    expect(allOf(server.world.homes.get(ann.id)?.blocks, 'text').join('')).toContain('1 to answer')
  })

  test('a home with more than it can hold says how many there are besides', async () => {
    const many = Array.from({ length: 60 }, (_, index) => `task-${index}`)
    const { server, ann } = await live({ answer: async () => mine(many) })
    await ann.opensHome()
    const home = await until(() => server.world.homes.get(ann.id))
    expect(allOf(home.blocks, 'text').join('\n')).toMatch(/and \d+ more: \/bg mine/u)
  })

  test('a home of long cards stays below what Slack takes of a view', async () => {
    const long = card('long', { body: [{ kind: 'words', text: '漢字 '.repeat(9_000) }] })
    const { server, ann } = await live({
      answer: async () => ({ kind: 'cards', text: '20 to answer', cards: Array.from({ length: 20 }, () => long) }),
    })
    await ann.opensHome()
    const home = await until(() => server.world.homes.get(ann.id))
    expect(allOf(home.blocks, 'text').join('\n')).toMatch(/and \d+ more: \/bg mine/u)
  })

  test('/bg mine with as many cards as there can be is told without a 429', { timeout: 60_000 }, async () => {
    const many = Array.from({ length: 20 }, (_, index) => `task-${index}`)
    const { server, ann, channel } = await live({ answer: async () => mine(many) })
    await ann.command(channel, 'mine')
    await until(() => ann.whispers().length === 21, { within: 30_000 })
    expect(server.limited).toEqual([])
  })

  test('/bg mine shows its cards to whoever asked, and one that was answered goes away', async () => {
    const { ann, channel } = await live({
      answer: async (event) => (event.kind === 'command' ? mine(['one', 'two']) : { kind: 'none' }),
    })
    await ann.command(channel, 'mine')
    await until(() => ann.whispers().length === 3)
    const whisper = ann.whisper()
    await ann.clicks(channel, whisper?.ts ?? '', 'Allow two')
    await until(() => ann.whispers().length === 2)
    expect(ann.whispers().join()).not.toContain('two')
  })

  test('what only concerns the asker stands under their command, where nobody else sees it', async () => {
    const { server, ann, bob, channel } = await live({
      answer: async () => ({ kind: 'text', text: 'The <log>', code: 'a & b\n```\n<!channel>' }),
    })
    expect(await ann.command(channel, 'logs')).toMatchObject({
      said: { response_type: 'ephemeral', text: expect.stringContaining('The &lt;log&gt;') },
    })
    expect([bob.whispers(), server.world.messages]).toEqual([[], []])
  })
})
