// What the calls about messages do, and how a message of anybody is told to who listens.

import { INTENTS } from './gateway.ts'
import { channelOf, may, messageOf, need, type Ground } from './ground.ts'
import { Refusal, type Answer, type Call, type Route } from './rest.ts'
import { mentionsIn, pingedBy, wrongMessage, type Body } from './rules.ts'
import { messageBody, type Channel, type Message, type User, type World } from './world.ts'

/** A message with the same nonce by the same author within this is the same message. */
const NONCE_MS = 5 * 60_000
const ORDINARY = 0
const ANSWER = 19

export const messageRoutes = (ground: Ground): Route[] => [
  ['POST', /^\/channels\/(\d+)\/messages$/u, (call) => post(ground, call)],
  ['GET', /^\/channels\/(\d+)\/messages$/u, (call) => history(ground.world, call)],
  [
    'GET',
    /^\/channels\/(\d+)\/messages\/(\d+)$/u,
    ({ params }) => ok(messageBody(messageOf(ground.world, params[0], params[1]), ground.world)),
  ],
  ['PATCH', /^\/channels\/(\d+)\/messages\/(\d+)$/u, (call) => edit(ground, call)],
  [
    'DELETE',
    /^\/channels\/(\d+)\/messages\/(\d+)$/u,
    ({ params }) => gone(ground, messageOf(ground.world, params[0], params[1])),
  ],
]

const ok = (body: unknown): Answer => ({ status: 200, body })

function post(ground: Ground, call: Call): Answer {
  const { world } = ground
  const channel = channelOf(world, call.params[0])
  const body = call.body as Body
  if (channel.type === 15) throw new Refusal(400, 40058, 'Cannot send a message in a forum channel')
  need(world, channel, 'send')
  if (world.shut.has(channel.recipients?.[0]?.id ?? ''))
    throw new Refusal(403, 50007, 'Cannot send messages to this user')
  if (body.message_reference && !may(world, channel, 'history'))
    throw new Refusal(400, 160_002, 'Cannot reply without permission to read message history')
  if (call.files.length > 0) need(world, channel, 'files')
  const wrong = wrongMessage(
    body,
    null,
    call.files.map(({ name }) => name),
  )
  if (wrong) throw new Refusal(400, 50035, wrong)
  const same = body.enforce_nonce ? sameNonce(world, channel, String(body.nonce)) : undefined
  if (same) return ok(messageBody(same, world))
  const state = channel.thread_metadata
  if (state?.archived && state.locked && !may(world, channel, 'manage'))
    throw new Refusal(403, 50083, 'Thread is archived')
  if (state) state.archived = false
  const message = addMessage(ground, channel, world.bot, body, call)
  return ok(messageBody(message, world))
}

const sameNonce = (world: World, channel: Channel, nonce: string): Message | undefined =>
  world
    .in(channel.id)
    .find(
      (one) =>
        one.nonce === nonce && one.author.id === world.bot.id && Date.now() - Date.parse(one.timestamp) < NONCE_MS,
    )

/** A message of anybody, as it is told to whoever listens. */
export function addMessage(
  ground: Ground,
  channel: Channel,
  author: User,
  body: Body,
  { files, type, id = ground.world.newId() }: Pick<Call, 'files'> & { type?: number; id?: string },
): Message {
  const { world } = ground
  const referenced = body.message_reference ? (world.messages.get(body.message_reference.message_id) ?? null) : null
  const message: Message = {
    id,
    channel_id: channel.id,
    ...(channel.guild_id && { guild_id: channel.guild_id }),
    author,
    member: { roles: world.roles.get(author.id) ?? [], nick: null },
    content: body.content ?? '',
    timestamp: new Date().toISOString(),
    edited_timestamp: null,
    type: type ?? (referenced ? ANSWER : ORDINARY),
    flags: body.flags ?? 0,
    components: body.components ?? [],
    attachments: files.map((file) => world.attach(file.name, file.data, file.type)),
    mentions: mentionsIn(body.content ?? '', world),
    ...(referenced && {
      message_reference: { type: 0, channel_id: referenced.channel_id, message_id: referenced.id },
      referenced_message: referenced,
    }),
    ...(body.nonce !== undefined && body.nonce !== null && { nonce: String(body.nonce) }),
    reacted: new Map(),
    pinged: author.id === world.bot.id ? pingedBy(body, referenced, world) : [],
  }
  world.messages.set(id, message)
  channel.last_message_id = id
  tellMessage(ground, channel, message)
  return message
}

export function tellMessage({ world, gateway }: Ground, channel: Channel, message: Message): void {
  const wants = channel.type === 1 ? INTENTS.direct : INTENTS.messages
  gateway().dispatch('MESSAGE_CREATE', wants, (intents) => messageEvent(world, channel, message, intents))
}

/** Without the intent, words are seen only by whom they name or address. */
function messageEvent(world: World, channel: Channel, message: Message, intents: number): object {
  const isSeen =
    (intents & INTENTS.content) !== 0 ||
    channel.type === 1 ||
    message.author.id === world.bot.id ||
    message.mentions.some(({ id }) => id === world.bot.id)
  const body = messageBody(message, world) as Record<string, unknown>
  const member = message.member && {
    ...message.member,
    joined_at: message.timestamp,
    deaf: false,
    mute: false,
    flags: 0,
  }
  return {
    ...body,
    ...(channel.guild_id && { guild_id: channel.guild_id, member }),
    ...(!isSeen && { content: '', components: [], attachments: [] }),
  }
}

function history(world: World, { params, query }: Call): Answer {
  const channel = channelOf(world, params[0])
  const limit = Number(query.get('limit') ?? 50)
  const [after, before] = [query.get('after'), query.get('before')]
  const all = world.in(channel.id).toSorted((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1))
  const some =
    after === null
      ? all.filter(({ id }) => before === null || BigInt(id) < BigInt(before)).slice(-limit)
      : all.filter(({ id }) => BigInt(id) > BigInt(after)).slice(0, limit)
  // Newest first, as Discord does, whatever was asked.
  return ok(some.toReversed().map((one) => messageBody(one, world)))
}

function edit(ground: Ground, call: Call): Answer {
  const { world } = ground
  const message = messageOf(world, call.params[0], call.params[1])
  const channel = channelOf(world, call.params[0])
  if (message.author.id !== world.bot.id)
    throw new Refusal(403, 50005, 'Cannot edit a message authored by another user')
  if (channel.thread_metadata?.archived) throw new Refusal(400, 50083, 'Thread is archived')
  change(world, message, call)
  return ok(messageBody(message, world))
}

export function change(world: World, message: Message, { body, files }: Call): void {
  const given = body as Body
  const wrong = wrongMessage(
    given,
    message,
    files.map(({ name }) => name),
  )
  if (wrong) throw new Refusal(400, 50035, wrong)
  const kept = given.attachments
    ? message.attachments.filter(({ id }) => given.attachments?.some((one) => String(one.id) === id))
    : message.attachments
  Object.assign(message, {
    ...(given.content !== undefined && { content: given.content ?? '' }),
    ...(given.components && { components: given.components }),
    ...(given.flags !== undefined && given.flags !== null && { flags: given.flags }),
    attachments: [...kept, ...files.map(({ name, data, type }) => world.attach(name, data, type))],
    edited_timestamp: new Date().toISOString(),
  })
}

function gone({ world, gateway }: Ground, message: Message): Answer {
  world.messages.delete(message.id)
  gateway().dispatch('MESSAGE_DELETE', INTENTS.messages, () => ({ id: message.id, channel_id: message.channel_id }))
  return { status: 204 }
}
