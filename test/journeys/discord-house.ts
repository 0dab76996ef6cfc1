// A house whose bot is in our Discord as well, and what people do there: ann becomes its owner as people do, with the code of the terminal.
import { expect } from 'vitest'
import type { FakeDiscord } from '../fake/discord.ts'
import { discordForTest } from '../fake/discord/for-test.ts'
import type { Interaction } from '../fake/discord/interactions.ts'
import type { Channel, Message, User } from '../fake/discord/world.ts'
import { until } from '../support/until.ts'
import { house, SLOW, type House } from './house.ts'

export async function discordHouse(wish: Parameters<typeof discordForTest>[0] = {}) {
  const discord = await discordForTest(wish)
  const channel = discord.world.channel('general')
  const ann = discord.world.person('ann')
  const here = await house({ env: { DISCORD_BOT_TOKEN: discord.token, DISCORD_API_URL: discord.api } })
  return { ...here, discord, channel, ann, ...hands(discord, here, channel, ann) }
}

/** What people do and see in a channel of Discord. */
export function hands(discord: FakeDiscord, here: House, channel: Channel, ann: User) {
  const { world, people } = discord
  const at = (id: string): Message[] => world.in(id)
  const root = (label: string) =>
    until(() => at(channel.id).find((one) => people.reads(one).includes(`### `) && titleOf(one).endsWith(label)), {
      ...SLOW,
      what: `the card of ${label} is there`,
    })
  const titleOf = (message: Message): string => /^### (.*)$/mu.exec(people.reads(message))?.[1] ?? ''
  const titlesIn = (thread: string): string[] =>
    at(thread)
      .map(titleOf)
      .filter((title) => title !== '')

  /** The newest message of a place with a button of this label. */
  const withButton = (place: string, label: string) =>
    until(() => at(place).findLast((one) => people.buttons(one).some((button) => button.label === label)), {
      ...SLOW,
      what: `${label} can be pressed`,
    })
  const idOf = (message: Message, label: string): string =>
    people.buttons(message).find((button) => button.label === label)?.id ?? ''

  async function press(place: string, label: string, who = ann): Promise<Interaction> {
    const message = await withButton(place, label)
    return people.answered(people.clicks(who, message, idOf(message, label)))
  }

  return {
    root,
    titlesIn,
    withButton,
    idOf,
    press,
    /** What an interaction was answered with, as its person reads it. */
    told: (interaction: Interaction): string => (interaction.original ? people.reads(interaction.original) : ''),
    slash: async (verb: string, given: Record<string, string | boolean> = {}, who = ann): Promise<Interaction> =>
      people.answered(people.slash(who, channel.id, verb, given)),
    inThread: (thread: string, text: string, who = ann): Message => people.writes(who, thread, text),
    async pairs(): Promise<void> {
      const { out } = await here.cli(['pair'])
      const code = /\/bg pair (\S+)/u.exec(out)?.[1] ?? ''
      const paired = await people.answered(people.slash(ann, channel.id, 'pair', { text: code }))
      expect(people.reads(paired.original as Message)).toContain('is an owner here')
    },
    connected: () => until(() => discord.gateway.sessions() > 0, { ...SLOW, what: 'the bot is connected' }),
  }
}
