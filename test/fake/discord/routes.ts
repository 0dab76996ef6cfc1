// What the calls about the application, channels, threads and reactions do.

import { INTENTS } from './gateway.ts'
import { channelOf, messageOf, need, type Ground } from './ground.ts'
import { addMessage, messageRoutes } from './messages.ts'
import { Refusal, type Answer, type Call, type Route } from './rest.ts'
import { channelBody, type Channel, type Message, type User, type World } from './world.ts'

/** What the history of a thread begins with: the message it hangs on. */
const THREAD_STARTER = 21
const ALL_PERMISSIONS = String((1n << 53n) - 1n)

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
    ['POST', /^\/users\/@me\/channels$/u, (call) => directWith(ground, call)],
    ['GET', /^\/users\/@me\/guilds$/u, () => ok(guilds(ground))],
    ['GET', /^\/applications\/\d+\/commands$/u, () => ok(world.commands)],
    ['PUT', /^\/applications\/\d+\/commands$/u, (call) => ok((world.commands = commands(call, world)))],
    ['GET', /^\/guilds\/\d+\/members\/(\d+)$/u, ({ params }) => ok(memberOf(world, params[0]))],
    ['GET', /^\/channels\/(\d+)$/u, ({ params }) => ok(channelBody(channelOf(world, params[0])))],
    ['PATCH', /^\/channels\/(\d+)$/u, (call) => patchThread(ground, call)],
    ['DELETE', /^\/channels\/(\d+)$/u, ({ params }) => ({ status: 200, body: deleted(world, params[0]) })],
    ['POST', /^\/channels\/(\d+)\/messages\/(\d+)\/threads$/u, (call) => openThread(ground, call)],
    ['PUT', /^\/channels\/(\d+)\/messages\/(\d+)\/reactions\/([^/]+)\/@me$/u, (call) => react(world, call, true)],
    ['DELETE', /^\/channels\/(\d+)\/messages\/(\d+)\/reactions\/([^/]+)\/@me$/u, (call) => react(world, call, false)],
    ...messageRoutes(ground),
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

function directWith({ world }: Ground, { body }: Call): Answer {
  const { recipient_id: id } = body as { recipient_id: string }
  const user = world.users.get(id)
  if (!user) throw new Refusal(400, 50033, 'Invalid Recipient(s)')
  return ok(channelBody(world.direct(user)))
}

function openThread(ground: Ground, { params, body }: Call): Answer {
  const { world } = ground
  const root = messageOf(world, params[0], params[1])
  need(world, channelOf(world, params[0]), 'threads')
  if (world.channels.has(root.id) || world.spent.has(root.id))
    throw new Refusal(400, 160_004, 'A thread has already been created for this message')
  if (![0, 5].includes(channelOf(world, params[0]).type))
    throw new Refusal(400, 50024, 'Cannot execute action on this channel type')
  const { name, auto_archive_duration } = body as { name: string; auto_archive_duration?: number }
  return ok(channelBody(addThread(ground, root, world.bot, name, auto_archive_duration)), 201)
}

export function addThread(ground: Ground, root: Message, owner: User, name: string, minutes = 1440): Channel {
  const thread = ground.world.thread(root.id, root.channel_id, owner, name, minutes)
  ground.gateway().dispatch('THREAD_CREATE', INTENTS.guilds, () => ({ ...channelBody(thread), newly_created: true }))
  const body = { message_reference: { message_id: root.id } }
  addMessage(ground, thread, owner, body, { files: [], type: THREAD_STARTER })
  return thread
}

function deleted(world: World, id = ''): object {
  const channel = channelOf(world, id)
  need(world, channel, 'manage')
  world.channels.delete(id)
  return channelBody(channel)
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
