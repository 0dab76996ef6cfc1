// Discord, over a server of ours: a command until it is acknowledged and until its card is there, a click until the card says so, beside
// a bot over the bare library that only echoes; and many tasks in one channel.

import { fakeDiscord, type FakeDiscord } from '../fake/discord.ts'
import type { Interaction } from '../fake/discord/interactions.ts'
import type { Message } from '../fake/discord/world.ts'
import { until } from '../support/until.ts'
import { newHome, start } from './rubble.ts'
import type { Found, Size } from './samples.ts'
import { up } from './up.ts'

const MANY = 50
const TIMES_MAX = 100
/** What Discord is known to take in a channel, which the description does not say. */
const PACE = [{ method: 'POST', path: /^\/channels\/\d+\/messages$/u, limit: 5, windowMs: 5_000 }]

export async function discord({ asks, parked }: Size): Promise<Found> {
  const count = Math.min(asks, TIMES_MAX)
  const ours = await measured(count)
  const bare = await bareBot(count)
  const many = await manyTasks(Math.min(parked, MANY))
  return {
    hops: [
      {
        hop: 'Discord: command acknowledged',
        ours: ours.acknowledged,
        bareMs: bare.acknowledged,
        bare: 'discord.js, reply',
      },
      { hop: 'Discord: command → card', ours: ours.card, bareMs: bare.card, bare: 'discord.js, reply and post' },
      {
        hop: 'Discord: click → card says so',
        ours: ours.click,
        bareMs: bare.click,
        bare: 'discord.js, deferUpdate and edit',
      },
    ],
    notes: [many],
  }
}

type Samples = { acknowledged: number[]; card: number[]; click: number[] }

async function measured(count: number): Promise<Samples> {
  const server = await fakeDiscord({ checked: false })
  const { world, people } = server
  const [ann, channel] = [world.person('ann'), world.channel('general')]
  const it = await up(newHome(`people:\n  admins: { who: ["discord:${ann.id}"], admin: true }\n`), envOf(server))
  const found: Samples = { acknowledged: [], card: [], click: [] }
  for (let n = 0; n <= count; n++) {
    const label = `job-${n}`
    const began = performance.now()
    const text = 'permission npm install a\ndone well'
    const asked = people.slash(ann, channel.id, 'start', { agent: 'demo', label, here: true, text })
    const acknowledged = await answered(server, asked)
    const isRoot = (one: Message): boolean => people.reads(one).includes(label) && people.buttons(one).length > 0
    const card = await server.rest.when(() => world.in(channel.id).some(isRoot))
    const root = world.in(channel.id).find(isRoot)
    const request = await until(() => world.in(root?.id ?? '').find((one) => allowIn(server, one) !== ''))
    const pressed = performance.now()
    people.clicks(ann, request, allowIn(server, request))
    const click = await server.rest.when(() => people.buttons(request).length === 0)
    await until(() => people.reads(world.messages.get(root?.id ?? '') ?? request).includes('✅'))
    // The first time fills caches.
    if (n === 0) continue
    found.acknowledged.push(acknowledged - began)
    found.card.push(card - began)
    found.click.push(click - pressed)
  }
  await it.stop()
  await server.stop()
  return found
}

const allowIn = ({ people }: FakeDiscord, message: Message): string =>
  people.buttons(message).find(({ label }) => label === 'Allow once')?.id ?? ''

const envOf = ({ token, api }: FakeDiscord): Record<string, string> => ({
  DISCORD_BOT_TOKEN: token,
  DISCORD_API_URL: api,
})

const answered = ({ rest }: FakeDiscord, asked: Interaction): Promise<number> =>
  rest.when(() => asked.callback !== null)

async function bareBot(count: number): Promise<Samples> {
  const server = await fakeDiscord({ checked: false })
  const { world, people } = server
  const [ann, channel] = [world.person('ann'), world.channel('general')]
  const script = new URL('discord-bare.ts', import.meta.url).pathname
  start([script, server.api, server.token], { stdio: ['ignore', 'ignore', 'inherit'] })
  await until(() => server.gateway.sessions() > 0)
  const found: Samples = { acknowledged: [], card: [], click: [] }
  for (let n = 0; n <= count; n++) {
    const began = performance.now()
    const acknowledged = await answered(server, people.slash(ann, channel.id, 'start'))
    const card = await server.rest.when(() => world.in(channel.id).length === n + 1)
    const [message] = world.in(channel.id).slice(-1)
    if (!message) throw new Error('the bare bot posted nothing')
    const pressed = performance.now()
    people.clicks(ann, message, 'press')
    const click = await server.rest.when(() => message.content === 'Pressed')
    if (n === 0) continue
    found.acknowledged.push(acknowledged - began)
    found.card.push(card - began)
    found.click.push(click - pressed)
  }
  await server.stop()
  return found
}

/** As many tasks at once as a channel may see, at the pace Discord takes. */
async function manyTasks(count: number): Promise<string> {
  const server = await fakeDiscord({ checked: false, budgets: PACE })
  const { world, people } = server
  const [ann, channel] = [world.person('ann'), world.channel('general')]
  const config = `slots: ${count}\npeople:\n  admins: { who: ["discord:${ann.id}"], admin: true }\n`
  const it = await up(newHome(config), envOf(server))
  const began = performance.now()
  for (let n = 0; n < count; n++) {
    const given = { agent: 'demo', label: `job-${n}`, here: true, text: 'work 500ms Reading\ndone well' }
    await answered(server, people.slash(ann, channel.id, 'start', given))
  }
  const ends = (): number => world.in(channel.id).filter((one) => people.reads(one).startsWith('### ✅')).length
  await until(() => ends() === count, { within: 30_000 + count * 5_000, what: 'every final card is there' })
  const seconds = (performance.now() - began) / 1000
  const refused = server.rest.refusals.filter(({ status }) => status === 429).length
  await it.stop()
  await server.stop()
  return `Discord: ${count} tasks at once in one channel, at 5 messages in 5 s: every final card after ${seconds.toFixed(0)} s, ${refused} calls refused for coming too fast.`
}
