// People who work with it in Slack, over the real Bolt and real processes: from the code of the terminal to the summary, with kills of
// `up`, an outage, and what was said meanwhile.
import { expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { factsOf } from './facts.ts'
import { SLOW } from './house.ts'
import { idOf, labelsOf, marksOn, slackHouse, titleOf, wordsOf } from './slack.ts'

const LONG = 120_000

test(
  'somebody pairs, starts a task, approves it by a click, guides it by a reply and reads its end; an outsider is refused alone',
  { timeout: LONG },
  async () => {
    const here = await slackHouse()
    const up = await here.up()
    const { server, ann, bob, channel } = here
    expect(JSON.parse((await up.page.healthz()).text)).toMatchObject({ chats: { slack: { state: 'live' } } })
    await bob.command(channel, 'start --agent demo')
    expect(bob.whispers().at(-1)).toContain('may not')
    await here.pair()

    const script = 'permission npm install a\nwait guidance\ndone All is <!channel> *well*'
    expect(await ann.command(channel, `start --agent demo --label tidy ${script}`)).toMatchObject({ said: null })
    const root = await here.root('tidy')
    const asked = await here.button(root.ts, 'Allow once')
    expect(wordsOf(asked)).toContain('npm install a')
    await bob.clicks(channel, asked.ts, 'Allow once')
    const refused = await until(() => bob.whispers()[1])
    expect(refused).toContain('may not')
    expect(server.world.ephemerals.filter((one) => one.user === ann.id)).toHaveLength(1)

    await ann.clicks(channel, asked.ts, 'Allow once')
    await until(() => wordsOf(asked).includes('Allow once by @ann') && labelsOf(asked).length === 0, SLOW)
    await until(async () => (await here.task('tidy')).progress?.now === 'Waiting for a word from you', SLOW)
    const reply = await ann.says(channel, 'keep <it> & go', { thread: root.ts })
    const summary = await until(() => here.ofThread(root.ts).find((one) => titleOf(one).startsWith('Done')), SLOW)
    expect(wordsOf(summary)).toContain('All is <!channel> *well*')
    expect(JSON.stringify(summary)).not.toContain('<!channel>')
    await until(() => marksOn(server.world.find(channel, reply.ts) ?? reply).join() === 'white_check_mark', SLOW)
    const { facts, id } = await here.task('tidy')
    expect(facts.find(({ body }) => body.type === 'guided')).toMatchObject({
      by: { chat: 'slack', id: ann.id, name: 'ann' },
      body: { text: 'keep <it> & go' },
    })
    expect(factsOf(facts, 'voted')).toBe(1)
    // One line in the channel, because nobody notices an edit there; the root itself has no buttons any more.
    const line = await until(() => here.roots().find((one) => one.ts !== root.ts), SLOW)
    expect(JSON.stringify(line.blocks)).toContain(`archives/${channel}/p${root.ts.replace('.', '')}`)
    await until(() => labelsOf(root).length === 0, SLOW)

    await ann.command(channel, `show ${id}`)
    expect(ann.whispers().at(-1)).toContain('tidy')
    expect(await up.end()).toBe(0)
  },
)

test(
  'kill -9 of up between a card and a click, with Slack down for a while: nothing is lost, doubled or asked again',
  { timeout: LONG },
  async () => {
    const here = await slackHouse()
    const { server, ann, channel } = here
    const first = await here.up()
    await here.pair()
    const key = 'trigger.once'
    const text =
      'start --agent demo --label twice permission npm install a\npermission npm publish b\nwait guidance\nwait guidance\ndone well'
    await ann.command(channel, text, { key })
    const root = await here.root('twice')
    const asked = await here.button(root.ts, 'Allow once')
    const button = idOf(asked, 'Allow once')
    await first.kill9()
    expect(await ann.clicks(channel, asked.ts, 'Allow once', { key: 'click.lost' })).toEqual({
      error: 'operation_timeout',
    })

    const second = await here.up({ again: true })
    // The platform delivers again what it delivered before the restart.
    await ann.command(channel, text, { key })
    await ann.clicks(channel, asked.ts, 'Allow once', { key: 'click.once' })
    const next = await until(
      () => here.ofThread(root.ts).find((one) => one.ts > asked.ts && labelsOf(one).includes('Allow once')),
      SLOW,
    )
    await second.kill9()
    const unread = ann.writes(channel, 'said while nobody was up', { thread: root.ts })
    const third = await here.up({ again: true })
    await ann.clicks(channel, asked.ts, button, { key: 'click.once' })
    expect(here.roots().filter((one) => titleOf(one) === 'twice')).toHaveLength(1)

    server.down(true)
    await until(async () => (await third.page.healthz()).text.includes('"state":"reconnecting"'), SLOW)
    expect((await third.page.healthz()).status).toBe(503)
    const missed = ann.writes(channel, 'said while nobody listened', { thread: root.ts })
    expect(await here.cli(['answer', 'twice', 'allow'])).toMatchObject({ code: 0 })
    server.down(false)
    await until(() => labelsOf(next).length === 0, SLOW)
    const summary = await until(() => here.ofThread(root.ts).find((one) => titleOf(one).startsWith('Done')), SLOW)
    expect(wordsOf(summary)).toContain('well')
    const { facts } = await here.task('twice')
    expect([factsOf(facts, 'voted'), factsOf(facts, 'guided'), factsOf(facts, 'attempt_started')]).toEqual([2, 2, 1])
    await until(() => marksOn(server.world.find(channel, missed.ts) ?? missed).includes('white_check_mark'), SLOW)
    await until(() => marksOn(server.world.find(channel, unread.ts) ?? unread).includes('white_check_mark'), SLOW)
    for (const again of [unread, missed]) await ann.delivers(again)
    expect(factsOf((await here.task('twice')).facts, 'guided')).toBe(2)
    const keys = server.world.messages.flatMap(({ metadata }) => (metadata ? [metadata.event_payload['key']] : []))
    expect(keys).toEqual([...new Set(keys)])
    expect(await here.tasks()).toHaveLength(1)
  },
)

test(
  'tokens that are wrong end up with one sentence, and one that is missing is named',
  { timeout: LONG },
  async () => {
    const here = await slackHouse()
    const wrong = async (env: Record<string, string>) => {
      const { code, err } = await here.cli(['up'], { env })
      return [code, err.trim()]
    }
    expect(await wrong({ SLACK_BOT_TOKEN: 'xoxb-other' })).toEqual([
      1,
      'backchannel: Slack does not know SLACK_BOT_TOKEN: copy it again from api.slack.com/apps.',
    ])
    expect(await wrong({ SLACK_APP_TOKEN: 'xapp-other' })).toEqual([
      1,
      'backchannel: Slack does not know SLACK_APP_TOKEN: copy it again from api.slack.com/apps.',
    ])
    expect(await wrong({ SLACK_APP_TOKEN: '' })).toEqual([1, expect.stringContaining('SLACK_APP_TOKEN is not')])
    expect(await wrong({ SLACK_APP_TOKEN: here.environment['SLACK_BOT_TOKEN'] ?? '' })).toEqual([
      1,
      expect.stringContaining('it belongs into SLACK_BOT_TOKEN'),
    ])
  },
)

test(
  'every way to start: a form, a mention with its thread, a direct message, a shortcut; and what needs somebody stands in their home',
  { timeout: LONG },
  async () => {
    const here = await slackHouse({ config: 'agent: demo\n' })
    const up = await here.up()
    const { server, ann, bob, channel } = here
    await here.pair()

    await ann.command(channel, '')
    await until(() => ann.window(), SLOW)
    const form = { 'What to do': 'permission npm install a\ndone well', 'What to call it': 'by-form' }
    expect(await ann.submits(form)).toBeNull()
    const byForm = await here.root('by-form')
    const asked = await here.button(byForm.ts, 'Allow once')

    await ann.opensHome()
    await until(() => JSON.stringify(server.world.homes.get(ann.id) ?? {}).includes('npm install a'), SLOW)
    await ann.clicksAtHome('Allow once')
    await until(() => labelsOf(asked).length === 0, SLOW)
    expect(wordsOf(asked)).toContain('Allow once by @ann')

    const thread = await bob.says(channel, 'the login breaks')
    await ann.says(channel, '@bg start --label by-mention done well', { thread: thread.ts })
    await here.root('by-mention')
    const { prompt } = await here.task('by-mention')
    expect(prompt).toContain('the login breaks')
    expect(prompt).toMatch(/bob.*may not start/u)

    const direct = server.world.im(ann.id).id
    await ann.says(direct, 'start --label by-message permission npm publish\ndone well')
    const inDirect = await until(() => server.world.roots(direct).find((one) => titleOf(one) === 'by-message'), SLOW)
    const deny = await until(
      () => server.world.thread(direct, inDirect.ts).find((one) => labelsOf(one).includes('Deny…')),
      SLOW,
    )
    await ann.clicks(direct, deny.ts, 'Deny…')
    await until(() => ann.window(), SLOW)
    expect(await ann.submits({ 'Why not?': 'not today' })).toBeNull()
    await until(async () => (await here.task('by-message')).outcome, SLOW)
    expect((await here.task('by-message')).outcome).toMatchObject({ summary: expect.stringContaining('not today') })

    await ann.shortcut(bob.writes(channel, 'done From here'))
    await until(() => ann.window(), SLOW)
    expect(await ann.submits({ 'What to call it': 'by-shortcut' })).toBeNull()
    await here.root('by-shortcut')
    expect((await here.task('by-shortcut')).prompt).toContain('From here')
    expect(await up.end()).toBe(0)
  },
)
