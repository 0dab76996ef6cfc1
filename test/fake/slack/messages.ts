// Messages of the local Slack: posted, edited, shown to one person, and as they arrive at the app.
import type { Answer, Args, Room } from './methods.ts'
import { BLOCK_CHARS_MAX, charsOf, wrongBlocks, type Json } from './spec.ts'
import { BOT, BOT_ID, type Channel, type Message, type World } from './state.ts'

const TEXT_CHARS_MAX = 40_000
const UPDATE_CHARS_MAX = 4_000

export const ok = (more: Json = {}): Answer => ({ ok: true, ...more })
export const no = (error: string): Answer => ({ ok: false, error })

export function post(room: Room, args: Args): Answer {
  const { world, tell, violation } = room
  const id = args['channel'] ?? ''
  const channel = /^[UW]/u.test(id) && world.people.has(id) ? world.im(id) : channelOf(room, args)
  if (typeof channel === 'string') return no(channel)
  const content = contentOf(room, args)
  if ('error' in content) return no(content.error)
  const root = args['thread_ts'] === undefined ? undefined : world.find(channel.id, args['thread_ts'])
  if (args['thread_ts'] !== undefined && !root) return no('cannot_reply_to_message')
  if (root?.thread_ts !== undefined && root.thread_ts !== root.ts) violation('a thread hangs on a reply')
  if (content.text.length > TEXT_CHARS_MAX) violation(`a text of ${content.text.length} characters was truncated`)
  const message: Message = {
    ts: world.ts(),
    channel: channel.id,
    user: BOT.id,
    bot_id: BOT_ID,
    text: content.text.slice(0, TEXT_CHARS_MAX),
    ...(content.blocks && { blocks: content.blocks }),
    ...(args['thread_ts'] !== undefined && { thread_ts: args['thread_ts'] }),
    ...(args['metadata'] !== undefined && { metadata: JSON.parse(args['metadata']) as Message['metadata'] & object }),
    reactions: [],
    edits: 0,
    files: linkedFiles(room, args),
  }
  world.messages.push(message)
  tell({ type: 'message', ...wire(world, message), channel_type: channel.kind, event_ts: message.ts })
  return ok({ channel: channel.id, ts: message.ts, message: wire(world, message) })
}

export function update(room: Room, args: Args): Answer {
  const { world, tell } = room
  const message = world.find(args['channel'] ?? '', args['ts'] ?? '')
  if (!message) return no('message_not_found')
  if (message.user !== BOT.id) return no('cant_update_message')
  if ((args['text'] ?? '').length > UPDATE_CHARS_MAX) return no('msg_too_long')
  const content = contentOf(room, args)
  if ('error' in content) return no(content.error)
  message.text = content.text
  message.edits += 1
  // A text without blocks removes the blocks.
  if (content.blocks) message.blocks = content.blocks
  else delete message.blocks
  message.files = linkedFiles(room, args)
  tell(changed('message_changed', message))
  return ok({ channel: message.channel, ts: message.ts, text: message.text })
}

export function ephemeral(room: Room, args: Args): Answer {
  const channel = channelOf(room, args)
  if (typeof channel === 'string') return no(channel)
  if (!channel.members.has(args['user'] ?? '')) return no('user_not_in_channel')
  const content = contentOf(room, args)
  if ('error' in content) return no(content.error)
  const at = Date.now()
  const thread = args['thread_ts'] === undefined ? {} : { thread_ts: args['thread_ts'] }
  room.world.ephemerals.push({
    ts: room.world.ts(),
    user: args['user'] ?? '',
    channel: channel.id,
    ...thread,
    ...content,
    at,
  })
  return ok({ message_ts: room.world.ts() })
}

function contentOf(room: Room, args: Args): { text: string; blocks?: Json[] } | { error: string } {
  const text = args['text'] ?? ''
  if (args['blocks'] === undefined) return text === '' ? { error: 'no_text' } : { text }
  const blocks = parsed(args['blocks'])
  if (!Array.isArray(blocks)) return { error: 'invalid_blocks_format' }
  const wrong = wrongBlocks(blocks as Json[])
  for (const what of wrong) room.violation(what)
  if (wrong.length > 0) return { error: 'invalid_blocks' }
  if (charsOf(blocks as Json[]) > BLOCK_CHARS_MAX) {
    room.violation(`blocks of ${charsOf(blocks as Json[])} characters`)
    return { error: 'msg_blocks_too_long' }
  }
  if (text === '') room.violation('blocks without a text: notifications and screen readers get nothing')
  return { text, blocks: blocks as Json[] }
}

function linkedFiles({ world }: Room, args: Args): string[] {
  const linked = [...`${args['text'] ?? ''} ${args['blocks'] ?? ''}`.matchAll(/\/files\/\w+\/(F\w+)\//gu)]
  const ids = [...new Set(linked.map((match) => match[1] ?? ''))]
  for (const id of ids) world.files.get(id)?.shared.push(args['channel'] ?? '')
  return ids
}

export function channelOf({ world }: Room, args: Args): Channel | string {
  const channel = world.channels.get(args['channel'] ?? '')
  if (!channel) return 'channel_not_found'
  return channel.members.has(BOT.id) ? channel : 'not_in_channel'
}

/** A message as it arrives in events and payloads. */
export const wire = (world: World, { metadata: _metadata, edits: _edits, files, ...message }: Message): Json => ({
  type: 'message',
  ...message,
  ...(message.thread_ts !== undefined &&
    message.thread_ts !== message.ts && { parent_user_id: world.find(message.channel, message.thread_ts)?.user }),
  ...(files.length > 0 && { files: files.map((id) => ({ id })) }),
})

export const changed = (subtype: string, message: Message): Json => ({
  type: 'message',
  subtype,
  channel: message.channel,
  channel_type: 'channel',
  hidden: true,
  ts: message.ts,
  event_ts: message.ts,
  message: { type: 'message', user: message.user, bot_id: message.bot_id, text: message.text, ts: message.ts },
})

export const permalink = (url: string, { channel, ts }: Message): string =>
  `${url.replace('/api/', '')}/archives/${channel}/p${ts.replace('.', '')}`

export function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
