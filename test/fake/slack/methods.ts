// The methods of the local Slack's Web API: what each does to the workspace, and the errors the real one answers.
import { changed, channelOf, ephemeral, no, ok, parsed, permalink, post, update } from './messages.ts'
import { wrongBlocks, wrongView, type Json } from './spec.ts'
import { BOT, BOT_ID, TEAM, type Message, type View, type World } from './state.ts'

export type Args = Record<string, string>
export type Answer = Json & { ok: boolean; error?: string }
/** What a method may touch besides the workspace. */
export type Room = {
  world: World
  url: string
  /** Tells the app of a change, as an event. */
  tell: (event: Json) => void
  violation: (what: string) => void
  newTicket: () => string
}
type Method = (room: Room, args: Args) => Answer

const PAGE_MAX = 200

/** Methods that an app-level token is for; all others take a bot token. */
export const APP_METHODS = ['apps.connections.open']

export const METHODS: Record<string, Method> = {
  'apps.connections.open': ({ newTicket, url }) =>
    ok({ url: `${url.replace('http', 'ws').replace('/api/', '')}/link?ticket=${newTicket()}` }),
  'auth.test': ({ url }) =>
    ok({
      url: url.replace('/api/', '/'),
      team: 'local',
      team_id: TEAM,
      user: BOT.name,
      user_id: BOT.id,
      bot_id: BOT_ID,
      is_enterprise_install: false,
    }),
  'blocks.validate': (_room, args) => {
    const wrong = wrongBlocks(JSON.parse(args['blocks'] ?? '[]') as Json[])
    return wrong.length === 0 ? ok() : { ...no('invalid_blocks'), errors: wrong }
  },
  'chat.postMessage': post,
  'chat.postEphemeral': ephemeral,
  'chat.update': update,
  'chat.delete'({ world, tell }, args) {
    const message = world.find(args['channel'] ?? '', args['ts'] ?? '')
    if (!message) return no('message_not_found')
    if (message.user !== BOT.id) return no('cant_delete_message')
    world.messages.splice(world.messages.indexOf(message), 1)
    tell(changed('message_deleted', message))
    return ok({ channel: message.channel, ts: message.ts })
  },
  'chat.getPermalink'({ world, url }, args) {
    const message = world.find(args['channel'] ?? '', args['message_ts'] ?? '')
    if (!message) return no('message_not_found')
    return ok({ channel: message.channel, permalink: permalink(url, message) })
  },
  'conversations.history': (room, args) => {
    const channel = channelOf(room, args)
    if (typeof channel === 'string') return no(channel)
    const roots = room.world.roots(channel.id).toSorted((a, b) => (a.ts < b.ts ? 1 : -1))
    return page(
      roots.filter((one) => within(one, args)),
      args,
    )
  },
  'conversations.replies': (room, args) => {
    const channel = channelOf(room, args)
    if (typeof channel === 'string') return no(channel)
    const [root, ...replies] = room.world.thread(channel.id, args['ts'] ?? '')
    if (!root) return no('thread_not_found')
    // The root comes with every page, whatever is asked for.
    const wanted = replies.filter((one) => within(one, args))
    const from = Number(args['cursor'] ?? 0)
    return page(wanted, args, from, [root])
  },
  'conversations.info': ({ world }, args) => {
    const channel = world.channels.get(args['channel'] ?? '')
    if (!channel) return no('channel_not_found')
    return ok({ channel: { id: channel.id, name: channel.name, is_member: channel.members.has(BOT.id) } })
  },
  'conversations.open': ({ world }, args) =>
    world.people.has(args['users'] ?? '')
      ? ok({ channel: { id: world.im(args['users'] ?? '').id } })
      : no('user_not_found'),
  'users.conversations': ({ world }) =>
    ok({
      channels: [...world.channels.values()]
        .filter((one) => one.members.has(BOT.id) && one.kind !== 'im')
        .map(({ id, name }) => ({ id, name })),
    }),
  'reactions.add': ({ world }, args) => {
    const message = world.find(args['channel'] ?? '', args['timestamp'] ?? '')
    if (!message) return no('message_not_found')
    const name = args['name'] ?? ''
    if (!/^[a-z0-9_+-]+$/u.test(name)) return no('invalid_name')
    if (message.reactions.some((one) => one.name === name && one.user === BOT.id)) return no('already_reacted')
    message.reactions.push({ name, user: BOT.id })
    return ok()
  },
  'reactions.remove': ({ world }, args) => {
    const message = world.find(args['channel'] ?? '', args['timestamp'] ?? '')
    const at = message?.reactions.findIndex((one) => one.name === args['name'] && one.user === BOT.id) ?? -1
    if (!message) return no('message_not_found')
    if (at < 0) return no('no_reaction')
    message.reactions.splice(at, 1)
    return ok()
  },
  'users.info': ({ world }, args) => {
    const person = world.people.get(args['user'] ?? '')
    if (!person) return no('user_not_found')
    return ok({
      user: { id: person.id, name: person.name, is_bot: person.isBot ?? false, profile: { display_name: person.name } },
    })
  },
  'usergroups.list': ({ world }) => ok({ usergroups: [...world.groups.values()] }),
  'views.open': (room, args) => {
    const trigger = room.world.triggers.get(args['trigger_id'] ?? '')
    if (!trigger) return no('invalid_trigger_id')
    if (trigger.used) return no('exchanged_trigger_id')
    if (Date.now() > trigger.until) return no('expired_trigger_id')
    const view = viewOf(room, args)
    if (!view) return no('invalid_arguments')
    trigger.used = true
    room.world.views.set(view.id, { ...view, user: trigger.user })
    return ok({ view })
  },
  'views.update': (room, args) => {
    const known = room.world.views.get(args['view_id'] ?? '')
    if (!known) return no('not_found')
    const view = viewOf(room, args)
    if (!view) return no('invalid_arguments')
    room.world.views.set(known.id, { ...view, id: known.id, user: known.user })
    return ok({ view: { ...view, id: known.id } })
  },
  'views.publish': (room, args) => {
    const view = viewOf(room, args)
    if (!view) return no('invalid_arguments')
    room.world.homes.set(args['user_id'] ?? '', view)
    return ok({ view })
  },
  'files.getUploadURLExternal': ({ world, url }, args) => {
    const id = world.next('F')
    world.files.set(id, { id, name: args['filename'] ?? '', title: '', content: null, done: false, shared: [] })
    return ok({ file_id: id, upload_url: url.replace('/api/', `/upload/${id}`) })
  },
  'files.completeUploadExternal': ({ world, url, violation }, args) => {
    const given = JSON.parse(args['files'] ?? '[]') as { id: string; title?: string }[]
    if (args['channel_id'] !== undefined) violation('an upload that posts by itself cannot be looked up')
    const files = given.map(({ id, title = '' }) => {
      const file = world.files.get(id)
      if (!file || file.content === null) return null
      Object.assign(file, { title, done: true })
      return { id, title, name: file.name, permalink: `${url.replace('/api/', '')}/files/${BOT.id}/${id}/${file.name}` }
    })
    return files.includes(null) ? no('file_not_found') : ok({ files })
  },
  'files.delete': ({ world }, args) => (world.files.delete(args['file'] ?? '') ? ok() : no('file_not_found')),
}

function viewOf(room: Room, args: Args): View | null {
  const view = parsed(args['view'] ?? '')
  if (typeof view !== 'object' || view === null) return null
  const wrong = wrongView(view as Json)
  for (const what of wrong) room.violation(what)
  return wrong.length > 0 ? null : ({ ...view, id: room.world.next('V'), hash: room.world.next('h') } as View)
}

/** Timestamps are numbers of seconds: `9` is in the year 1970. */
function within(message: Message, { oldest = '0', latest = 'Infinity', inclusive = 'false' }: Args): boolean {
  const both = inclusive === 'true' || inclusive === '1'
  const [ts, from, to] = [Number(message.ts), Number(oldest), Number(latest)]
  return (ts > from || (both && ts === from)) && (ts < to || (both && ts === to))
}

function page(all: Message[], args: Args, from = Number(args['cursor'] ?? 0), first: Message[] = []): Answer {
  const limit = Math.min(Number(args['limit'] ?? PAGE_MAX), PAGE_MAX)
  const shown = all.slice(from, from + limit)
  const more = all.length > from + limit
  const withMetadata = ['true', '1'].includes(args['include_all_metadata'] ?? '')
  return ok({
    messages: [...first, ...shown].map((one) => shownOf(one, withMetadata)),
    has_more: more,
    ...(more && { response_metadata: { next_cursor: String(from + limit) } }),
  })
}

const shownOf = ({ metadata, edits: _edits, files: _files, ...message }: Message, withMetadata: boolean): Json => ({
  type: 'message',
  ...message,
  ...(withMetadata && metadata && { metadata }),
})
