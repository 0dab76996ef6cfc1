// The chat of Discord on our own server, with what it was given and what its people do.
import { onTestFinished } from 'vitest'
import { discordChat, type DiscordOptions } from '../../src/adapters/chat/discord/index.ts'
import type { CatchUp, Inbound, Reply } from '../../src/bot/chat.ts'
import { VERB_HELP } from '../../src/bot/help.ts'
import type { Card } from '../../src/task/card.ts'
import { NOTHING_MISSED } from '../contract/chat.ts'
import { discordForTest } from '../fake/discord/for-test.ts'
import type { Message } from '../fake/discord/world.ts'

type Wish = {
  discord?: Parameters<typeof discordForTest>[0]
  answer?: (event: Inbound) => Promise<Reply>
  catchUp?: Partial<CatchUp>
  options?: Partial<DiscordOptions>
  /** Begins to receive at once. */
  isOn?: boolean
}

export type On = Awaited<ReturnType<typeof discordOn>>

export async function discordOn({ discord: wish = {}, answer, catchUp = {}, options = {}, isOn = true }: Wish = {}) {
  const discord = await discordForTest(wish)
  const { world } = discord
  const [ann, channel] = [world.person('ann', ['77']), world.channel('general')]
  const received: Inbound[] = []
  const failures: unknown[] = []
  const chat = discordChat({
    token: discord.token,
    apiUrl: discord.api,
    verbs: VERB_HELP,
    complete: async () => [],
    now: Date.now,
    failed: (error) => failures.push(error),
    ...options,
  })
  const start = () =>
    chat.start(
      async (event) => {
        received.push(event)
        return answer ? answer(event) : { kind: 'none' }
      },
      { ...NOTHING_MISSED, ...catchUp },
    )
  onTestFinished(() => chat.stop())
  if (isOn) await start()
  const at = (id: string): Message => {
    const message = world.messages.get(id)
    if (!message) throw new Error(`there is no message ${id}`)
    return message
  }
  const place = { chat: 'discord', channel: channel.id }
  return { discord, world, people: discord.people, ann, channel, place, chat, start, received, failures, at }
}

export const card = (title: string, more: Partial<Card> = {}): Card => ({
  tone: 'working',
  title,
  body: [{ kind: 'line', parts: ['working since ', { at: 1_000 }] }],
  buttons: [{ id: 'v1:stop:t1::', label: 'Stop', style: 'danger' }],
  mention: [],
  ...more,
})

/** With a thread that is opened under it. */
export const rootCard = (title: string, isOver = false): Card =>
  card(title, { tone: isOver ? 'good' : 'working', thread: { name: title, isOver } })
