// What every call stands on: the world, its gateway, and whether the bot may do something in a channel.

import type { Gateway } from './gateway.ts'
import { Refusal } from './rest.ts'
import type { Channel, Message, World } from './world.ts'

export type Ground = {
  world: World
  gateway: () => Gateway
  /** What the application may be told: flags of its intents. */
  contentIntent: () => boolean
  permissions: () => string
}

export function channelOf(world: World, id = ''): Channel {
  const channel = world.channels.get(id)
  if (!channel) throw new Refusal(404, 10003, 'Unknown Channel')
  if (may(world, channel, 'view')) return channel
  throw new Refusal(403, 50001, 'Missing Access')
}

export const may = (world: World, { id, parent_id }: Channel, what: string): boolean =>
  ![id, parent_id].some((one) => one !== undefined && world.denied.get(one)?.has(what))

export function need(world: World, channel: Channel, what: string): void {
  if (!may(world, channel, what)) throw new Refusal(403, 50013, 'Missing Permissions')
}

export function messageOf(world: World, channel = '', id = ''): Message {
  const { type } = channelOf(world, channel)
  if (type === 15) throw new Refusal(400, 50024, 'Cannot execute action on this channel type')
  const message = world.messages.get(id)
  if (!message || message.channel_id !== channel || message.only !== undefined)
    throw new Refusal(404, 10008, 'Unknown Message')
  return message
}
