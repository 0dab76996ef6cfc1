// What the calls about the application, channels, messages, threads and reactions do.

import { Refusal, type Answer, type Call, type Route } from './rest.ts'
import { mentionsIn, pingedBy, wrongMessage, type Body } from './rules.ts'
import { INTENTS, type Gateway } from './gateway.ts'
import { channelBody, messageBody, type Channel, type Message, type User, type World } from './world.ts'

/** A message with the same nonce by the same author within this is the same message. */
const NONCE_MS = 5 * 60_000
const ALL_PERMISSIONS = String((1n << 53n) - 1n)

export type Ground = {
  world: World
  gateway: () => Gateway
  /** What the application may be told: flags of its intents. */
  contentIntent: () => boolean
  permissions: () => string
}

export function routes(ground: Ground): Route[] {
  const { world } = ground
  const gatewayUrl = () => world.cdn.replace('http:', 'ws:')
  return [
    ['GET', /^\/gateway\/bot$/u, () => ok({ url: gatewayUrl(), shards: 1, session_start_limit: LIMIT })],
    ['GET', /^\/applications\/@me$/u, () => ok(application(ground))],
    [
      'GET',
      /^\/users\/@me$/u,
      () => ok({ ...world.bot, mfa_enabled: false, locale: 'en-US', email: null, verified: true }),
    ],
    ['GET', /^\/users\/@me\/guilds$/u, () => ok(guilds(ground))],
    ['GET', /^\/applications\/\d+\/commands$/u, () => ok(world.commands)],
    ['PUT', /^\/applications\/\d+\/commands$/u, (call) => ok((world.commands = commands(call, world)))],
    ['GET', /^\/guilds\/\d+\/members\/(\d+)$/u, ({ params }) => ok(memberOf(world, params[0]))],
    ['GET', /^\/channels\/(\d+)$/u, ({ params }) => ok(channelBody(channelOf(world, params[0])))],
    ['PATCH', /^\/channels\/(\d+)$/u, (call) => patchThread(ground, call)],
    ['POST', /^\/channels\/(\d+)\/messages$/u, (call) => post(ground, call)],
    ['GET', /^\/channels\/(\d+)\/messages$/u, (call) => history(world, call)],
    [
      'GET',
      /^\/channels\/(\d+)\/messages\/(\d+)$/u,
      ({ params }) => ok(messageBody(messageOf(world, params[0], params[1]), world)),
    ],
    ['PATCH', /^\/channels\/(\d+)\/messages\/(\d+)$/u, (call) => edit(ground, call)],
    ['POST', /^\/channels\/(\d+)\/messages\/(\d+)\/threads$/u, (call) => openThread(ground, call)],
    ['PUT', /^\/channels\/(\d+)\/messages\/(\d+)\/reactions\/([^/]+)\/@me$/u, (call) => react(world, call, true)],
    ['DELETE', /^\/channels\/(\d+)\/messages\/(\d+)\/reactions\/([^/]+)\/@me$/u, (call) => react(world, call, false)],
    [
      'DELETE',
      /^\/channels\/(\d+)\/messages\/(\d+)$/u,
      ({ params }) => gone(ground, messageOf(world, params[0], params[1])),
    ],
  ]
}

const LIMIT = { total: 1000, remaining: 999, reset_after: 1, max_concurrency: 1 }

const ok = (body: unknown, status = 200): Answer => ({ status, body })

const application = ({ world, contentIntent }: Ground): object => ({
  id: world.application,
  name: world.bot.username,
  icon: null,
  description: '',
  type: null,
  bot: world.bot,
  verify_key: '',
  flags: contentIntent() ? 1 << 19 : 0,
  flags_new: '0',
  redirect_uris: [],
  eligible_oauth2_scopes: [],
  interactions_endpoint_url: null,
  role_connections_verification_url: null,
  owner: world.bot,
  approximate_guild_count: 1,
  approximate_user_install_count: 0,
  approximate_user_authorization_count: 0,
  explicit_content_filter: 0,
  team: null,
})

const guilds = ({ world, permissions }: Ground): object[] =>
  world.guild.name === ''
    ? []
    : [
        {
          ...world.guild,
          icon: null,
          banner: null,
          owner: false,
          permissions: permissions() || ALL_PERMISSIONS,
          features: [],
        },
      ]

function commands({ body }: Call, world: World): object[] {
  return (body as { name: string; type?: number; description?: string }[]).map((one) => ({
    ...one,
    id: world.newId(),
    application_id: world.application,
    version: world.newId(),
    default_member_permissions: null,
    type: one.type ?? 1,
    nsfw: false,
    description: one.description ?? '',
  }))
}

function memberOf(world: World, id = ''): object {
  const user = world.users.get(id)
  if (!user) throw new Refusal(404, 10007, 'Unknown Member')
  return {
    user,
    nick: null,
    avatar: null,
    banner: null,
    roles: world.roles.get(id) ?? [],
    joined_at: new Date().toISOString(),
    premium_since: null,
    communication_disabled_until: null,
    pending: false,
    mute: false,
    deaf: false,
    flags: 0,
    collectibles: null,
  }
}

export function channelOf(world: World, id = ''): Channel {
  const channel = world.channels.get(id)
  if (!channel) throw new Refusal(404, 10003, 'Unknown Channel')
  if (may(world, channel, 'view')) return channel
  throw new Refusal(403, 50001, 'Missing Access')
}

const may = (world: World, { id, parent_id }: Channel, what: string): boolean =>
  ![id, parent_id].some((one) => one !== undefined && world.denied.get(one)?.has(what))

function need(world: World, channel: Channel, what: string): void {
  if (!may(world, channel, what)) throw new Refusal(403, 50013, 'Missing Permissions')
}

export function messageOf(world: World, channel = '', id = ''): Message {
  channelOf(world, channel)
  const message = world.messages.get(id)
  if (!message || message.channel_id !== channel || message.only !== undefined)
    throw new Refusal(404, 10008, 'Unknown Message')
  return message
}

function post(ground: Ground, call: Call): Answer {
  const { world } = ground
  const channel = channelOf(world, call.params[0])
  const body = call.body as Body
  need(world, channel, 'send')
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
  { files }: Pick<Call, 'files'>,
): Message {
  const { world } = ground
  const id = world.newId()
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
    type: referenced ? 19 : 0,
    flags: body.flags ?? 0,
    components: body.components ?? [],
    attachments: files.map(({ name, data, type }) => world.attach(name, data, type)),
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

function openThread(ground: Ground, { params, body }: Call): Answer {
  const { world } = ground
  const root = messageOf(world, params[0], params[1])
  need(world, channelOf(world, params[0]), 'threads')
  if (world.channels.has(root.id)) throw new Refusal(400, 160_004, 'A thread has already been created for this message')
  if (channelOf(world, params[0]).type !== 0)
    throw new Refusal(400, 50024, 'Cannot execute action on this channel type')
  const { name, auto_archive_duration } = body as { name: string; auto_archive_duration?: number }
  return ok(channelBody(addThread(ground, root, world.bot, name, auto_archive_duration)), 201)
}

export function addThread(
  { world, gateway }: Ground,
  root: Message,
  owner: User,
  name: string,
  minutes = 1440,
): Channel {
  const thread = world.thread(root, owner, name, minutes)
  gateway().dispatch('THREAD_CREATE', INTENTS.guilds, () => ({ ...channelBody(thread), newly_created: true }))
  return thread
}

function patchThread({ world }: Ground, { params, body }: Call): Answer {
  const thread = channelOf(world, params[0])
  if (!thread.thread_metadata) throw new Refusal(403, 50013, 'Missing Permissions')
  const { name, archived, locked, auto_archive_duration } = body as Record<string, never>
  const state = thread.thread_metadata
  const opensOnly = archived === false && name === undefined && !state.locked
  const isOwn = thread.owner_id === world.bot.id
  if (!(opensOnly || (isOwn && locked === undefined && !state.locked))) need(world, thread, 'manage')
  if (state.archived && archived !== false) throw new Refusal(400, 50083, 'Thread is archived')
  if (name !== undefined) thread.name = name
  if (archived !== undefined) state.archived = archived
  if (locked !== undefined) state.locked = locked
  if (auto_archive_duration !== undefined) state.auto_archive_duration = auto_archive_duration
  return ok(channelBody(thread))
}

function react(world: World, { params }: Call, on: boolean): Answer {
  const message = messageOf(world, params[0], params[1])
  const emoji = params[2] ?? ''
  const channel = channelOf(world, params[0])
  need(world, channel, 'react')
  if (channel.thread_metadata?.archived) throw new Refusal(400, 50083, 'Thread is archived')
  const who = message.reacted.get(emoji) ?? new Set()
  if (on) message.reacted.set(emoji, who.add(world.bot.id))
  else if (!who.delete(world.bot.id)) throw new Refusal(404, 10014, 'Unknown Emoji')
  else if (who.size === 0) message.reacted.delete(emoji)
  return { status: 204 }
}

function gone({ world, gateway }: Ground, message: Message): Answer {
  world.messages.delete(message.id)
  gateway().dispatch('MESSAGE_DELETE', INTENTS.messages, () => ({ id: message.id, channel_id: message.channel_id }))
  return { status: 204 }
}
