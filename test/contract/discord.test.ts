import { onTestFinished } from 'vitest'
import { REFUSED_SIGN, TAKEN } from '../../src/adapters/chat/discord/answers.ts'
import type { Reply } from '../../src/bot/chat.ts'
import { discordOn } from '../discord/support.ts'
import type { Interaction } from '../fake/discord/interactions.ts'
import type { Message } from '../fake/discord/world.ts'
import { until } from '../support/until.ts'
import { chatContract, type Driver } from './chat.ts'

/** What our own hands say, so that they know what was handled. */
const AFTER = 'was it handled'

chatContract('Discord', async (): Promise<Driver> => {
  const { world, people, ann, channel, place, chat, failures, at } = await discordOn({ isOn: false })
  onTestFinished(() => {
    if (failures.length > 0) throw new Error(`the adapter failed: ${failures.join()}`)
  })
  const typed = new Map<string, Message>()
  const clicked = new Map<string, Interaction>()
  const handled = new Set<string>()

  /** Messages of a channel are handed on in order: what was said before this one was handled when this one is. */
  const isHandled = async (where: string): Promise<void> => {
    const after = people.writes(ann, where, `<@${world.bot.id}> /bg ${AFTER}`)
    await until(() => handled.has(after.id))
    people.deletes(after)
  }

  async function answerTo(message: Message): Promise<Reply> {
    await isHandled(message.channel_id)
    const answer = world.in(message.channel_id).find((one) => one.message_reference?.message_id === message.id)
    return answer ? { kind: 'text', text: people.reads(answer) } : { kind: 'none' }
  }

  return {
    chat: {
      ...chat,
      start: (receive, catchUp) =>
        chat.start(async (event) => {
          const isOwn = event.kind === 'command' && event.text === AFTER
          if (isOwn) handled.add(event.key)
          return isOwn ? { kind: 'none' } : receive(event)
        }, catchUp),
    },
    place,
    async types(text, thread, key) {
      const words = text.replace(/^\/bg/u, `<@${world.bot.id}>`)
      if (thread !== undefined && !world.channels.has(thread)) people.opensThread(ann, at(thread), 'by hand')
      const again = key === undefined ? undefined : typed.get(key)
      if (again) people.writesAgain(again)
      const message = again ?? people.writes(ann, thread ?? channel.id, words)
      if (key !== undefined) typed.set(key, message)
      return answerTo(message)
    },
    async clicks(ref, { id }, values = {}, key) {
      const again = key === undefined ? undefined : clicked.get(key)
      if (again) {
        people.again(again)
        return replyTo(again)
      }
      const interaction = people.clicks(ann, at(ref.id), id)
      if (key !== undefined) clicked.set(key, interaction)
      return replyTo(await filledIn(interaction, values))
    },
    async titleOf({ id }) {
      const message = world.messages.get(id)
      return message ? (/^### (?:\S+ )?(.*)$/mu.exec(people.reads(message))?.[1] ?? null) : null
    },
    countIn: async ({ channel: where, thread }) => world.in(thread ?? where).length,
    async markOn({ id }) {
      const shown = people.reactions(at(id))
      return shown.includes('✅') ? 'delivered' : shown.includes('👀') ? 'received' : null
    },
    deletes: async ({ id }) => people.deletes(at(id)),
    close: async () => {},
  }

  async function filledIn(interaction: Interaction, values: Record<string, string>): Promise<Interaction> {
    const asked = await people.answered(interaction)
    if (asked.callback?.type !== 9) return asked
    const given = Object.fromEntries(Object.entries(values).map(([id, value]) => [`t:${id}`, value]))
    return people.answered(people.submits(ann, asked, given))
  }

  async function replyTo(interaction: Interaction): Promise<Reply> {
    const { original } = await people.answered(interaction)
    const text = original ? people.reads(original) : ''
    if (text === '' || text === TAKEN) return { kind: 'none' }
    return text.startsWith(REFUSED_SIGN)
      ? { kind: 'refused', text: text.slice(REFUSED_SIGN.length).trim() }
      : { kind: 'text', text }
  }
})
