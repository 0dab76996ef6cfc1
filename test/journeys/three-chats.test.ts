// Slack, Discord and the page at once on one runner: each task is seen in all of them and decided where its people are; the outage
// of one leaves the others as they are.
import { expect, test } from 'vitest'
import { discordForTest } from '../fake/discord/for-test.ts'
import { until } from '../support/until.ts'
import { hands } from './discord-house.ts'
import { SLOW } from './house.ts'
import { labelsOf, slackHouse, titleOf, wordsOf } from './slack.ts'

const SCRIPT = 'permission npm install a\ndone well'

test(
  'a task of each chat is in the list of all, decided where its people are, and one outage leaves the others alone',
  { timeout: 180_000 },
  async () => {
    const discord = await discordForTest()
    const channel = discord.world.channel('general')
    const [annThere, bob] = [discord.world.person('ann'), discord.world.person('bob')]
    const here = await slackHouse()
    const there = hands(discord, here, channel, annThere)
    const up = await here.up({ env: { DISCORD_BOT_TOKEN: discord.token, DISCORD_API_URL: discord.api } })
    const states = async (): Promise<string> => {
      const { chats } = JSON.parse((await up.page.healthz()).text) as { chats: Record<string, { state: string }> }
      return Object.entries(chats)
        .map(([chat, { state }]) => `${chat} ${state}`)
        .toSorted()
        .join(', ')
    }
    await there.connected()
    await until(async () => (await states()) === 'discord live, slack live, web live', SLOW)
    await here.pair()
    await there.pairs()

    await here.ann.command(here.channel, `start --agent demo --label from-slack ${SCRIPT}`)
    await there.slash('start', { agent: 'demo', label: 'from-discord', text: SCRIPT })
    await up.page.start(`/bg start --agent demo --label from-page ${SCRIPT}`)
    const [inSlack, inDiscord] = [await here.root('from-slack'), await there.root('from-discord')]
    const asked = await here.button(inSlack.ts, 'Allow once')
    await there.withButton(inDiscord.id, 'Allow once')

    // Seen everywhere.
    await here.ann.command(here.channel, 'tasks')
    const seen = [
      here.ann.whispers().at(-1) ?? '',
      there.told(await there.slash('tasks')),
      (await here.cli(['tasks'])).out,
    ]
    for (const list of seen)
      for (const label of ['from-slack', 'from-discord', 'from-page']) expect(list).toContain(label)
    // Shown where it was started, and nowhere else.
    expect(here.roots().map(titleOf)).toEqual(['from-slack'])
    expect(discord.world.in(channel.id).filter(({ author }) => author.bot)).toHaveLength(1)
    // Decided by its people: a stranger of one chat has nothing to say about a task of another.
    const stranger = await there.slash('answer', { task: 'from-slack', text: 'allow' }, bob)
    expect(there.told(stranger)).toMatch(/^🚫/u)
    expect((await here.task('from-slack')).open).toHaveLength(1)

    // Discord is gone; the others go on.
    discord.gateway.goesAway({ forgets: true })
    await discord.rest.stop()
    await until(async () => (await states()) === 'discord reconnecting, slack live, web live', SLOW)
    const began = performance.now()
    await here.ann.clicks(here.channel, asked.ts, 'Allow once')
    await until(() => here.ofThread(inSlack.ts).some((one) => titleOf(one).startsWith('Done')), SLOW)
    expect(performance.now() - began).toBeLessThan(10_000)
    expect(wordsOf(asked)).toContain('Allow once by @ann')
    expect(labelsOf(asked)).toEqual([])
    // What is decided elsewhere meanwhile is shown when it is back.
    expect(await here.cli(['answer', 'from-discord', 'allow'])).toMatchObject({ code: 0 })
    await until(async () => (await here.task('from-discord')).outcome?.kind === 'completed', SLOW)
    await discord.rest.again()
    discord.gateway.comesBack()
    await until(() => there.titlesIn(inDiscord.id).some((title) => title.includes('Done')), { within: 60_000 })
    await until(async () => (await states()) === 'discord live, slack live, web live', SLOW)
    expect(there.titlesIn(inDiscord.id).filter((title) => title.includes('Done'))).toHaveLength(1)
    expect(await up.end()).toBe(0)
  },
)
