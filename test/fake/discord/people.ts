// What people do in our Discord: they write, use commands, press buttons, fill in forms and open threads; and what they see.

import { until } from '../../support/until.ts'
import type { Form, Interaction, Interactions } from './interactions.ts'
import { INTENTS } from './gateway.ts'
import { channelOf, type Ground } from './ground.ts'
import { addMessage, tellMessage } from './messages.ts'
import { addThread } from './routes.ts'
import { shownIn } from './rules.ts'
import { channelBody, flat, type Channel, type Component, type Message, type User } from './world.ts'

type Option = { name: string; type?: number; value?: string | boolean; focused?: boolean; options?: Option[] }

export function people(ground: Ground, asked: Interactions) {
  const { world, gateway } = ground
  const command = (name: string, options: Option[]) => ({ id: '1', name, type: 1, options })
  const sub = (verb: string, given: Record<string, string | boolean>, focused?: string): Option[] => [
    {
      name: verb,
      type: 1,
      options: Object.entries(given).map(([name, value]) => ({
        name,
        type: typeof value === 'boolean' ? 5 : 3,
        value,
        ...(name === focused && { focused: true }),
      })),
    },
  ]

  return {
    writes(user: User, channel: string, content: string, { replyTo }: { replyTo?: string } = {}): Message {
      const where = channelOf(world, channel)
      const reference = replyTo === undefined ? {} : { message_reference: { message_id: replyTo } }
      if (where.thread_metadata) where.thread_metadata.archived = false
      return addMessage(ground, where, user, { content, ...reference }, { files: [] })
    },
    /** The gateway delivers a message again. */
    writesAgain: (message: Message) => tellMessage(ground, channelOf(world, message.channel_id), message),
    /** A post of a forum is a thread that begins with its own message. */
    posts(user: User, forum: Channel, name: string, content: string): Channel {
      const post = world.thread(world.newId(), forum.id, user, name, 1440)
      gateway().dispatch('THREAD_CREATE', INTENTS.guilds, () => ({ ...channelBody(post), newly_created: true }))
      addMessage(ground, post, user, { content }, { files: [], id: post.id })
      return post
    },
    opensThread: (user: User, message: Message, name: string): Channel => addThread(ground, message, user, name),
    slash: (user: User, channel: string, verb: string, given: Record<string, string | boolean> = {}) =>
      asked.begin(user, channel, 2, command('bg', sub(verb, given))),
    completes: (user: User, channel: string, verb: string, given: Record<string, string>, focused: string) =>
      asked.begin(user, channel, 4, command('bg', sub(verb, given, focused))),
    menu: (user: User, message: Message, name: string) =>
      asked.begin(user, message.channel_id, 2, {
        id: '2',
        name,
        type: 3,
        target_id: message.id,
        resolved: { messages: { [message.id]: messageOf(message) } },
      }),
    clicks: (user: User, message: Message, customId: string) =>
      asked.begin(user, message.channel_id, 3, { custom_id: customId, component_type: 2, id: 1 }, message),
    chooses: (user: User, message: Message, customId: string, values: string[]) =>
      asked.begin(user, message.channel_id, 3, { custom_id: customId, component_type: 3, id: 1, values }, message),
    /** Fills in the form that an interaction was answered with. */
    submits(
      user: User,
      { callback, on, channel }: Interaction,
      values: Record<string, string | string[]>,
    ): Interaction {
      const form = callback?.data as Form
      const components = form.components.map((one) => filled(one, values))
      return asked.begin(user, channel.id, 5, { custom_id: form.custom_id, components }, on)
    },
    again: (interaction: Interaction) => asked.tell(interaction),
    answered: (interaction: Interaction) =>
      until(() => interaction.callback !== null && interaction, { what: 'the interaction is answered' }),
    /** What is read in a message, without marks of its own. */
    reads: (message: Message): string => shownIn(message),
    buttons: (message: Message): { id: string; label: string }[] =>
      flat(message.components).flatMap((one) =>
        one.type === 2 && one.custom_id ? [{ id: one.custom_id, label: String(one['label']) }] : [],
      ),
    reactions: (message: Message): string[] =>
      [...message.reacted].filter(([, who]) => who.size > 0).map(([emoji]) => emoji),
    files: (message: Message): Record<string, string> =>
      Object.fromEntries(message.attachments.map(({ id, filename }) => [filename, String(world.files.get(id))])),
    deletes(message: Message): void {
      world.messages.delete(message.id)
    },
    deletesChannel(id: string): void {
      world.channels.delete(id)
      if (world.takesOneThread) world.spent.add(id)
      for (const { id: message, channel_id } of world.messages.values())
        if (channel_id === id) world.messages.delete(message)
    },
  }

  function messageOf(message: Message): object {
    const { reacted: _reacted, pinged: _pinged, referenced_message: _referenced, ...rest } = message
    return rest
  }
}

/** What a form sends of one of its components. */
function filled(component: Component, values: Record<string, string | string[]>): object {
  const { type, id = 1 } = component
  if (type !== 18) return { type, id }
  const {
    type: kind,
    custom_id = '',
    value,
    options,
  } = component['component'] as Component & { value?: string; options?: { value: string; default?: boolean }[] }
  const given = values[custom_id]
  if (kind === 4) return { type, id, component: { type: kind, id, custom_id, value: given ?? value ?? '' } }
  const preset = (options ?? []).filter((one) => one.default).map((one) => one.value)
  return { type, id, component: { type: kind, id, custom_id, values: given === undefined ? preset : [given].flat() } }
}
