// Discord with real processes: `up` connected to a Discord of ours that holds all it is sent against Discord's own description.
import { expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { factsOf } from './facts.ts'
import { discordHouse } from './discord-house.ts'
import { SLOW } from './house.ts'

const LONG = 120_000
const PERMISSION = 'Demo wants to run'

test(
  'a task is started, approved, denied with a reason, guided and summed up in Discord, over a kill -9 of up',
  { timeout: LONG },
  async () => {
    const here = await discordHouse()
    const { discord, ann, channel } = here
    const first = await here.up()
    await here.connected()
    const stranger = await here.slash('start', { agent: 'demo', text: 'done' })
    expect(here.told(stranger)).toMatch(/^🚫/u)
    await here.pairs()

    const script = [
      'permission npm install a',
      'permission npm publish b',
      'question Which? One | Two',
      'wait guidance',
      'done All is well',
    ].join('\n')
    expect(here.told(await here.slash('start', { agent: 'demo', label: 'asks', text: script }))).toContain('Taken')
    const root = await here.root('asks')
    const allow = await here.press(root.id, 'Allow once')
    expect(allow.callback?.type).toBe(6)
    const card = discord.world.in(root.id).find((one) => discord.people.reads(one).includes('npm install a'))
    await until(() => card && discord.people.reads(card).includes(`by <@${ann.id}>`), SLOW)
    expect(card && discord.people.buttons(card)).toEqual([])
    expect(card?.pinged).toEqual([ann.id])

    // Somebody else presses it: only they are told.
    const bob = discord.world.person('bob')
    await until(() => here.titlesIn(root.id).filter((title) => title.includes(PERMISSION)).length === 2, SLOW)
    const before = discord.world.in(root.id).length
    const refused = await here.press(root.id, 'Allow once', bob)
    expect(refused.original?.only).toBe(bob.id)
    expect(here.told(refused)).toMatch(/^🚫/u)
    expect(discord.world.in(root.id)).toHaveLength(before)

    // The same press is delivered again, by who was killed in between.
    await first.kill9()
    await here.up()
    await here.connected()
    const denial = await here.press(root.id, 'Deny…')
    expect(denial.callback?.type).toBe(9)
    const denied = discord.people.submits(ann, denial, { 't:reason': 'not today' })
    await discord.people.answered(denied)
    discord.people.again(allow)
    const detail = await until(async () => {
      const task = (await here.tasks()).find(({ label }) => label === 'asks')
      const found = task && (await here.task(task.id))
      return found?.open[0]?.kind === 'question' && found
    }, SLOW)
    expect([factsOf(detail.facts, 'voted'), detail.open.length]).toEqual([2, 1])

    here.inThread(root.id, 'two')
    await until(async () => (await here.task(detail.id)).open.length === 0, SLOW)
    const words = here.inThread(root.id, 'keep the old names')
    await until(() => discord.people.reactions(words).join('') === '✅', { ...SLOW, what: 'the words are marked' })
    const summary = await until(
      () => discord.world.in(root.id).find((one) => discord.people.reads(one).includes('### ✅ Done')),
      SLOW,
    )
    expect(discord.people.reads(summary)).toContain('denied by ann')
    expect(discord.people.reads(summary)).toContain('Which? Two')
    expect(here.titlesIn(root.id).filter((title) => title.includes(PERMISSION))).toHaveLength(2)
    const line = await until(
      () => discord.world.in(channel.id).find((one) => one.id !== root.id && one.author.bot),
      SLOW,
    )
    expect(discord.people.reads(line)).toContain(`/${channel.id}/${root.id})`)
    await until(() => discord.world.channels.get(root.id)?.thread_metadata, SLOW)
    await until(() => discord.world.channels.get(root.id)?.name === '✅ asks', SLOW)
    expect(discord.rest.refusals.filter(({ status }) => status === 429)).toEqual([])
  },
)

test(
  'words that were said while the gateway was away for a while are read on return, once',
  { timeout: LONG },
  async () => {
    const here = await discordHouse()
    const { discord, ann } = here
    const { page } = await here.up()
    await here.connected()
    await here.pairs()
    await here.slash('start', { agent: 'demo', label: 'asks', text: 'question Which? One | Two\ndone well' })
    const root = await here.root('asks')
    await here.withButton(root.id, 'One')
    // The first words tell how far was read.
    const [task] = await here.tasks()
    discord.gateway.goesAway({ forgets: true })
    discord.people.writes(ann, root.id, 'one')
    await until(async () => (await health(page.url.origin)).chats.discord?.state !== 'live', SLOW)
    discord.gateway.comesBack()
    await here.connected()
    await until(async () => (await here.task(task?.id ?? '')).outcome?.kind === 'completed', SLOW)
    const { facts } = await here.task(task?.id ?? '')
    expect(factsOf(facts, 'voted')).toBe(1)
    await until(async () => (await health(page.url.origin)).chats.discord?.state === 'live', SLOW)
  },
)

test('words that were said while up was dead are read at the next start, once', { timeout: LONG }, async () => {
  const here = await discordHouse()
  const { discord, ann } = here
  const first = await here.up()
  await here.connected()
  await here.pairs()
  await here.slash('start', { agent: 'demo', label: 'waits', text: 'wait guidance\ndone well' })
  const root = await here.root('waits')
  await until(async () => (await here.task('waits')).progress?.now === 'Waiting for a word from you', SLOW)
  await until(() => discord.world.channels.has(root.id), SLOW)
  await first.kill9()
  discord.gateway.goesAway({ forgets: true })
  discord.gateway.comesBack()
  const words = discord.people.writes(ann, root.id, 'keep the old names')
  await here.up()
  await until(() => discord.people.reactions(words).join('') === '✅', SLOW)
  const { facts } = await here.task('waits')
  expect(facts.find(({ body }) => body.type === 'guided')).toMatchObject({
    by: { chat: 'discord', id: ann.id },
    body: { text: 'keep the old names' },
  })
  await until(() => here.titlesIn(root.id).some((title) => title.includes('Done')), SLOW)
  // Delivered late by the gateway as well.
  discord.people.writesAgain(words)
  await here.slash('tasks')
  expect(factsOf((await here.task('waits')).facts, 'guided')).toBe(1)
  expect(discord.world.in(root.id).filter((one) => discord.people.reads(one).includes('### ✅'))).toHaveLength(1)
})

test(
  'a status card and a thread that somebody deleted are there again with what is true now, and up ends also while Discord is away',
  { timeout: LONG },
  async () => {
    const here = await discordHouse()
    const { discord, channel } = here
    const up = await here.up()
    await here.connected()
    await here.pairs()
    await here.slash('start', {
      agent: 'demo',
      label: 'asks',
      text: 'permission npm install a\npermission npm publish b\ndone well',
    })
    const first = await here.root('asks')
    await here.withButton(first.id, 'Allow once')
    discord.people.deletesChannel(first.id)
    discord.people.deletes(first)
    expect(await here.cli(['answer', 'asks', 'allow'])).toMatchObject({ code: 0 })
    const again = await here.root('asks')
    expect(again.id).not.toBe(first.id)
    // What was asked next can be answered, wherever it stands now.
    await until(async () => (await here.task('asks')).open.length === 1, SLOW)
    const places = (): string[] => [again.id, channel.id]
    const asked = await until(
      () =>
        places()
          .flatMap((place) => discord.world.in(place))
          .findLast(
            (one) => discord.people.reads(one).includes('npm publish b') && discord.people.buttons(one).length > 0,
          ),
      SLOW,
    )
    await discord.people.answered(discord.people.clicks(here.ann, asked, here.idOf(asked, 'Allow once')))
    await until(() => discord.world.in(again.id).some((one) => discord.people.reads(one).includes('### ✅ Done')), SLOW)
    discord.gateway.goesAway({ forgets: true })
    await discord.rest.stop()
    const began = performance.now()
    expect(await up.end()).toBe(0)
    expect(performance.now() - began).toBeLessThan(15_000)
    await discord.rest.again()
  },
)

test(
  'a task asked for in a post of a forum is decided, guided and summed up in that post',
  { timeout: LONG },
  async () => {
    const here = await discordHouse()
    const { discord, ann } = here
    const { people, world } = discord
    await here.up()
    await here.connected()
    await here.pairs()
    const post = people.posts(ann, world.channel('ideas', 15), 'slow login', 'the login is slow')
    const text = 'permission npm install a\nwait guidance\ndone All is well'
    await people.answered(people.slash(ann, post.id, 'start', { agent: 'demo', label: 'asks', text }))
    const asked = await here.press(post.id, 'Allow once')
    expect(asked.callback?.type).toBe(6)
    await until(async () => (await here.task('asks')).progress?.now === 'Waiting for a word from you', SLOW)
    const words = people.writes(ann, post.id, 'keep the old names', { replyTo: asked.on?.id ?? '' })
    await until(() => people.reactions(words).join('') === '✅', SLOW)
    await until(() => here.titlesIn(post.id).some((title) => title.includes('Done')), SLOW)
    expect(post.name).toBe('slow login')
  },
)

test(
  'a token that Discord refuses ends up with one sentence, and none is ever given to a session',
  { timeout: LONG },
  async () => {
    const here = await discordHouse()
    const wrong = await here.cli(['up'], { env: { DISCORD_BOT_TOKEN: 'wrong.token.here' } })
    expect(wrong).toMatchObject({ code: 1, out: '' })
    expect(wrong.err).toMatch(/^backchannel: Discord does not accept DISCORD_BOT_TOKEN: .*\n$/u)
    await here.up()
    await here.connected()
    await here.pairs()
    await here.slash('run', { label: 'env', text: 'env | grep -c DISCORD; true' })
    const root = await here.root('env')
    const summary = await until(
      () => here.discord.world.in(root.id).find((one) => here.discord.people.reads(one).includes('Done')),
      SLOW,
    )
    expect(here.discord.people.reads(summary)).toContain('```\n0\n```')
  },
)

type Health = { chats: Record<string, { state: string } | undefined> }
const health = async (origin: string): Promise<Health> => (await (await fetch(`${origin}/healthz`)).json()) as Health
