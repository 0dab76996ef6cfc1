// The ways to start and to answer: forms page by page, menus, completion, mentions, and what only their person is told.
import { expect, test } from 'vitest'
import type { Inbound, Reply } from '../../src/bot/chat.ts'
import type { Form } from '../../src/task/card.ts'
import type { Interaction } from '../fake/discord/interactions.ts'
import { flat } from '../fake/discord/world.ts'
import { until } from '../support/until.ts'
import { card, discordOn, type On } from './support.ts'

const START: Form = {
  title: 'Start a background task',
  submit: 'Start',
  fields: [
    { id: 'prompt', label: 'What to do', required: true, long: true },
    { id: 'bounds', label: 'What is out of bounds', required: false, long: true },
    { id: 'done', label: 'When it is done', required: false },
    {
      id: 'repo',
      label: 'Repository',
      required: false,
      closed: true,
      prefill: 'api',
      choices: [{ label: 'api' }, { label: 'web' }],
    },
    { id: 'agent', label: 'Agent', required: false, closed: true, choices: [{ label: 'demo' }, { label: 'other' }] },
    {
      id: 'mode',
      label: 'How it asks',
      required: false,
      closed: true,
      choices: [{ label: 'default' }, { label: 'plan' }],
    },
    { id: 'label', label: 'What to call it', required: false },
    {
      id: 'notify',
      label: 'Whom to call',
      required: false,
      closed: true,
      choices: [{ label: 'always' }, { label: 'off' }],
    },
  ],
}
const START_ID = 'v1:start:new::'
const QUESTION: Form = {
  title: 'Which of them, and in which order should they be done?',
  submit: 'Answer',
  fields: [
    {
      id: 'q1',
      label: 'Which?',
      required: true,
      choices: [{ label: 'One', description: 'the first' }, { label: 'Two' }],
    },
    {
      id: 'q2',
      label: 'And which of these?',
      required: false,
      multi: true,
      choices: [{ label: 'a' }, { label: 'b' }, { label: 'c'.repeat(120) }],
    },
  ],
}
const answerWithForm = async (event: Inbound): Promise<Reply> =>
  event.kind === 'command' && event.text === '' ? { kind: 'form', id: START_ID, form: START } : { kind: 'none' }

const told = ({ people }: On, { original }: Interaction): string => (original ? people.reads(original) : '')

test('the long form is asked in two pages, may be sent after the first, and nothing of it is in memory between them', async () => {
  const on = await discordOn({ answer: answerWithForm })
  const { people, ann, channel, received, start, chat } = on
  const asked = await people.answered(people.slash(ann, channel.id, 'new'))
  expect(asked.callback).toMatchObject({ type: 9, data: { title: 'Start a background task (1/2)' } })
  const first = await people.answered(people.submits(ann, asked, { 't:prompt': 'fix it', 's:repo': 'web' }))
  expect(told(on, first)).toContain('nothing is sent yet')
  expect(received.filter(({ kind }) => kind === 'click')).toEqual([])
  if (!first.original) throw new Error('there is no message between the pages')
  expect(people.buttons(first.original).map(({ label }) => label)).toEqual(['Start', 'More (2/2)…'])

  // Backchannel is started again in between.
  await chat.stop()
  await start()
  const more = await people.answered(people.clicks(ann, first.original, 'v1p'))
  expect(more.callback).toMatchObject({ type: 9, data: { title: 'Start a background task (2/2)' } })
  await people.answered(people.submits(ann, more, { 't:label': 'mine', 's:mode': 'plan' }))
  expect(received.at(-1)).toMatchObject({
    kind: 'click',
    id: START_ID,
    values: { prompt: 'fix it', repo: 'web', mode: 'plan', label: 'mine' },
  })

  await people.answered(people.clicks(ann, first.original, 'v1e'))
  expect(received.at(-1)).toMatchObject({ kind: 'click', id: START_ID, values: { prompt: 'fix it', repo: 'web' } })
})

test('a long form is one form, however often the message between its pages is sent', async () => {
  const { people, ann, channel, received } = await discordOn({ answer: answerWithForm })
  const asked = await people.answered(people.slash(ann, channel.id, 'new'))
  const { original } = await people.answered(people.submits(ann, asked, { 't:prompt': 'fix it' }))
  if (!original) throw new Error('there is no message between the pages')
  const pressed = ['v1e', 'v1e'].map((button) => people.clicks(ann, original, button))
  await Promise.all(pressed.map((one) => people.answered(one)))
  const sent = received.filter(({ kind }) => kind === 'click')
  expect(new Set(sent.map(({ key }) => key)).size).toBe(1)
})

test('a page that Discord does not bring back is said, and nothing is sent', async () => {
  const on = await discordOn({ answer: answerWithForm })
  const { people, ann, channel, received, world } = on
  const asked = await people.answered(people.slash(ann, channel.id, 'new'))
  const first = await people.answered(people.submits(ann, asked, { 't:prompt': 'fix it' }))
  if (!first.original) throw new Error('there is no message between the pages')
  world.files.clear()
  expect(told(on, await people.answered(people.clicks(ann, first.original, 'v1e')))).toContain('please begin again')
  expect(received.filter(({ kind }) => kind === 'click')).toEqual([])
})

test('a question is asked with its choices and room for words of one’s own; words typed are the choice', async () => {
  const on = await discordOn({ catchUp: { form: async () => QUESTION } })
  const { chat, place, people, ann, received, at } = on
  const ref = await chat.post(
    place,
    card('Which?', { buttons: [{ id: 'v1:vote:t1:r1:answer', label: 'Answer…', form: QUESTION }] }),
    'k',
  )
  const click = () => people.answered(people.clicks(ann, at(ref.id), 'v1:vote:t1:r1:answer'))
  const asked = await click()
  const read = flat(asked.callback?.data?.components ?? [])
  expect(read.map((one) => one.content ?? '').join('')).toContain('in which order should they be done?')
  const long = read.flatMap(({ options }) => (options as { value: string; label: string }[] | undefined) ?? []).at(-1)
  await people.answered(people.submits(ann, asked, { 's:q1': 'Two', 'm:q2': ['a', long?.value ?? ''] }))
  expect(received.at(-1)).toMatchObject({ values: { q1: 'Two', q2: `a, ${'c'.repeat(120)}` } })
  await people.answered(
    people.submits(ann, await click(), { 's:q1': 'One', 'o:q1': 'a third', 'm:q2': ['b'], 'o:q2': 'and d' }),
  )
  expect(received.at(-1)).toMatchObject({ values: { q1: 'a third', q2: 'b, and d' } })
})

test('a form that asks for nothing but a yes says what will happen', async () => {
  const form: Form = { title: 'Discard?', says: 'It is kept for 30 days.', submit: 'Discard', fields: [] }
  const on = await discordOn({ catchUp: { form: async () => form } })
  const { chat, place, people, ann, received, at } = on
  const ref = await chat.post(place, card('Done'), 'k')
  const asked = await people.answered(people.clicks(ann, at(ref.id), 'v1:discard:t1:1:'))
  expect(JSON.stringify(asked.callback)).toContain('It is kept for 30 days.')
  const sent = await people.answered(people.submits(ann, asked, {}))
  expect(sent.callback?.type).toBe(6)
  expect(received).toEqual([expect.objectContaining({ kind: 'click', id: 'v1:discard:t1:1:', values: {} })])
})

test('what is too long to be edited in a form is said', async () => {
  const fields = [{ id: 'command', label: 'Command', required: true, prefill: 'x'.repeat(4_001) }]
  const on = await discordOn({ catchUp: { form: async () => ({ title: 'Edit', submit: 'Allow', fields }) } })
  const { chat, place, people, ann, at } = on
  const ref = await chat.post(place, card('May it?'), 'k')
  const asked = await people.answered(people.clicks(ann, at(ref.id), 'v1:vote:t1:r1:edit'))
  expect(told(on, asked)).toContain('4001 characters, and a form of Discord takes 4000')
})

test('the menu of a message starts the form about that message', async () => {
  const { people, ann, world, channel, received } = await discordOn({ answer: answerWithForm })
  const bob = world.person('bob')
  const message = people.writes(bob, channel.id, 'the login is slow')
  const asked = await people.answered(people.menu(ann, message, 'Start background task'))
  expect(asked.callback?.type).toBe(9)
  expect(received).toEqual([
    expect.objectContaining({
      kind: 'command',
      text: '',
      actor: expect.objectContaining({ id: ann.id }) as object,
      said: [{ author: { chat: 'discord', id: bob.id, name: 'bob' }, groups: [], text: 'the login is slow' }],
    }),
  ])
})

test('what is being typed is completed by what there is', async () => {
  const asked: unknown[] = []
  const on = await discordOn({
    options: {
      complete: async (what, text, { actor, groups }) => {
        asked.push([what, text, actor.id, groups])
        return ['fix-login', 'fix-logout']
      },
    },
  })
  const done = await on.people.answered(on.people.completes(on.ann, on.channel.id, 'stop', { task: 'fix' }, 'task'))
  expect(done.callback).toMatchObject({
    type: 8,
    data: {
      choices: [
        { name: 'fix-login', value: 'fix-login' },
        { name: 'fix-logout', value: 'fix-logout' },
      ],
    },
  })
  expect(asked).toEqual([['task', 'fix', on.ann.id, ['77']]])
})

test('a mention in a thread of people carries what was said there, and who said it, with their roles', async () => {
  const { people, ann, world, channel, received } = await discordOn()
  const bob = world.person('bob', ['88'])
  const first = people.writes(bob, channel.id, 'the login is slow')
  people.opensThread(bob, first, 'login')
  people.writes(bob, first.id, 'since monday')
  people.writes(ann, first.id, 'nobody of ours')
  people.writes(ann, first.id, `<@${world.bot.id}> start --agent demo find out why`)
  await until(() => received.length === 1)
  expect(received[0]).toMatchObject({
    kind: 'command',
    text: 'start --agent demo find out why',
    place: { chat: 'discord', channel: channel.id, thread: first.id },
    said: [
      { author: { id: bob.id }, groups: ['88'], text: 'the login is slow' },
      { author: { id: bob.id }, groups: ['88'], text: 'since monday' },
      { author: { id: ann.id }, groups: ['77'], text: 'nobody of ours' },
    ],
  })
})

test('a mention alone is answered with a button that opens the form', async () => {
  const { people, ann, world, channel } = await discordOn({ answer: answerWithForm })
  const said = people.writes(ann, channel.id, `<@${world.bot.id}>`)
  const answer = await until(() => world.in(channel.id).find((one) => one.message_reference?.message_id === said.id))
  const [button] = people.buttons(answer)
  const asked = await people.answered(people.clicks(ann, answer, button?.id ?? ''))
  expect(asked.callback).toMatchObject({ type: 9, data: { title: 'Start a background task (1/2)' } })
})

const refusing = async (): Promise<Reply> => ({ kind: 'refused', text: 'You may not guide tasks here.' })

test('that words were refused is told to who said them, alone, and where that was', async () => {
  const { people, ann, world, channel, chat, place } = await discordOn({ answer: refusing })
  const root = await chat.post(place, card('one'), 't1:status')
  const [at] = world.in(channel.id)
  if (at) people.opensThread(ann, at, 'by hand')
  const said = people.writes(ann, root.id, 'do it my way')
  const alone = await until(() => world.in(world.direct(ann).id)[1] && world.in(world.direct(ann).id))
  expect(alone.map((one) => people.reads(one))).toEqual([
    '🚫 You may not guide tasks here.',
    `https://discord.com/channels/${world.guild.id}/${root.id}/${said.id}`,
  ])
  expect(
    world.in(root.id).filter((one) => one.author.id === world.bot.id && one.message_reference?.message_id === said.id),
  ).toEqual([])
})

test('who takes no direct messages is told under their words', async () => {
  const { people, ann, world, channel } = await discordOn({ answer: refusing })
  world.shut.add(ann.id)
  const said = people.writes(ann, channel.id, `<@${world.bot.id}> start something`)
  const answer = await until(() => world.in(channel.id).find((one) => one.message_reference?.message_id === said.id))
  expect(people.reads(answer)).toContain('You may not guide tasks here.')
})

test('words of people that are none of ours are left alone', async () => {
  const { people, ann, world, channel, received, chat, place } = await discordOn()
  const bob = world.person('bob')
  const theirs = people.writes(bob, channel.id, 'ours?')
  people.opensThread(bob, theirs, 'theirs')
  people.writes(ann, theirs.id, 'no')
  const line = await chat.post(place, card('', { buttons: [] }), 'line')
  people.writes(ann, channel.id, 'well done', { replyTo: line.id })
  people.writes(ann, channel.id, `hey <@${world.bot.id}> look`)
  people.writes(ann, channel.id, `<@${world.bot.id}> tasks`)
  await until(() => received.length > 0)
  expect(received).toEqual([expect.objectContaining({ kind: 'command', text: 'tasks' })])
})

test('answering the card of a task in its channel guides it', async () => {
  const roots: { chat: string; channel: string; thread: string }[] = []
  const { people, ann, channel, received, chat, place } = await discordOn({ catchUp: { threads: async () => roots } })
  const root = await chat.post(place, card('one'), 't1:status')
  roots.push({ ...place, thread: root.id })
  people.writes(ann, channel.id, 'keep the old names', { replyTo: root.id })
  await until(() => received.length === 1)
  expect(received[0]).toMatchObject({ kind: 'reply', text: 'keep the old names', place: { ...place, thread: root.id } })
})

test('text, code, files and cards are told to their person alone', async () => {
  const replies: Record<string, Reply> = {
    help: { kind: 'text', text: 'What there is:', code: 'one' },
    logs: { kind: 'text', text: 'The log:', code: 'x'.repeat(5_000) },
    mine: { kind: 'cards', text: '2 to answer', cards: [card('May it?'), card('Which?')] },
    show: { kind: 'refused', text: 'There is no such @everyone.' },
  }
  const on = await discordOn({
    answer: async (event) => (event.kind === 'command' ? (replies[event.text] ?? { kind: 'none' }) : { kind: 'none' }),
  })
  const { people, ann, channel, world } = on
  const use = (verb: string) => people.answered(people.slash(ann, channel.id, verb))
  expect(told(on, await use('help'))).toBe('What there is:\n```\none\n```')
  const log = await use('logs')
  expect(log.original && people.files(log.original)).toEqual({ 'output.txt': 'x'.repeat(5_000) })
  const mine = await use('mine')
  await until(() => mine.followups.length === 2)
  expect([mine.original, ...mine.followups].map((one) => one?.only)).toEqual([ann.id, ann.id, ann.id])
  expect(mine.followups.flatMap((one) => people.buttons(one).map(({ label }) => label))).toEqual(['Stop', 'Stop'])
  expect(told(on, await use('show'))).toBe('🚫 There is no such @everyone.')
  expect(world.in(channel.id)).toEqual([])
})

test('to words, which only everybody can be answered to, the answer stands under them and calls nobody else', async () => {
  const { people, ann, world, channel } = await discordOn({
    answer: async () => ({ kind: 'text', text: 'Nobody here, @everyone.' }),
  })
  const said = people.writes(ann, channel.id, `<@${world.bot.id}> tasks`)
  const answer = await until(() => world.in(channel.id).find((one) => one.author.bot))
  expect(answer).toMatchObject({ message_reference: { message_id: said.id }, pinged: [ann.id] })
  expect(people.reads(answer)).toBe('Nobody here, @everyone.')
})

test('what somebody wrote at length in a form comes back to them when it is refused', async () => {
  const fields = [{ id: 'reason', label: 'Why?', required: true, long: true }]
  const on = await discordOn({
    catchUp: { form: async () => ({ title: 'Deny', submit: 'Deny', fields }) },
    answer: async () => ({ kind: 'refused', text: 'Already answered by @bob.' }),
  })
  const { chat, place, people, ann, at } = on
  const ref = await chat.post(place, card('May it?'), 'k')
  const asked = await people.answered(people.clicks(ann, at(ref.id), 'v1:vote:t1:r1:deny'))
  const reason = 'Because it would remove all of what was done there before, and nobody has looked at it yet.'
  const sent = await people.answered(people.submits(ann, asked, { 't:reason': reason }))
  expect(told(on, sent)).toBe(`🚫 Already answered by @bob.\nWhat you wrote:\n\`\`\`\n${reason}\n\`\`\``)
  expect(sent.original?.only).toBe(ann.id)
})

test('a card that only its person sees goes away when it was answered', async () => {
  const on = await discordOn({
    answer: async (event) =>
      event.kind === 'command' ? { kind: 'cards', text: '', cards: [card('May it?')] } : { kind: 'none' },
  })
  const { people, ann, channel } = on
  const { original } = await people.answered(people.slash(ann, channel.id, 'mine'))
  if (!original) throw new Error('there is no card')
  const clicked = await people.answered(people.clicks(ann, original, 'v1:stop:t1::'))
  expect(clicked.callback?.type).toBe(7)
  expect(people.reads(original)).toBe('✓ Taken.')
  expect(people.buttons(original)).toEqual([])
})

test('whose thread it is, is asked again when Discord did not answer', async () => {
  const { chat, place, people, ann, received, at, discord, failures } = await discordOn()
  const root = await chat.post(place, card('one'), 't1:status')
  people.opensThread(ann, at(root.id), 'job')
  discord.rest.breaks({ method: 'GET', path: new RegExp(`/messages/${root.id}$`, 'u'), how: 'reset before', times: 4 })
  people.writes(ann, root.id, 'first')
  await until(() => failures.length > 0)
  people.writes(ann, root.id, 'second')
  await until(() => received.length > 0)
  expect(received[0]).toMatchObject({ kind: 'reply', text: 'second' })
})

test('a command that could not be written down is said to be none', async () => {
  const { people, ann, world, channel } = await discordOn({ answer: () => Promise.reject(new Error('no space left')) })
  people.writes(ann, channel.id, `<@${world.bot.id}> start fix it`)
  const alone = await until(() => world.in(world.direct(ann).id)[0])
  expect(people.reads(alone)).toContain('nothing was changed: please try again')
})
