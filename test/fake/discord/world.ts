// What exists in our Discord: users, channels, threads, messages, and what the bot may do. Ids are snowflakes, so that they are in
// the order of time.

import { randomBytes } from 'node:crypto'

export type User = {
  id: string
  username: string
  global_name: string | null
  discriminator: string
  avatar: null
  public_flags: number
  flags: number
  primary_guild: null
  bot?: boolean
}

export type Channel = {
  id: string
  /** 0 text, 1 direct, 2 voice, 5 announcements, 10 and 11 threads (a post of a forum is one), 15 forum. */
  type: 0 | 1 | 2 | 5 | 10 | 11 | 15
  name: string
  guild_id?: string
  parent_id?: string
  owner_id?: string
  recipients?: User[]
  thread_metadata?: { archived: boolean; locked: boolean; auto_archive_duration: number; archive_timestamp: string }
  last_message_id: string | null
}

export type Attachment = {
  id: string
  filename: string
  size: number
  url: string
  proxy_url: string
  content_type: string
}

export type Component = { type: number; id?: number; custom_id?: string; content?: string; [key: string]: unknown }

export type Message = {
  id: string
  channel_id: string
  guild_id?: string
  author: User
  member?: { roles: string[]; nick: string | null }
  content: string
  timestamp: string
  edited_timestamp: string | null
  type: number
  flags: number
  components: Component[]
  attachments: Attachment[]
  mentions: User[]
  message_reference?: { type: number; channel_id: string; message_id: string }
  referenced_message?: Message | null
  nonce?: string
  /** Emoji to who reacted with it. */
  reacted: Map<string, Set<string>>
  /** Who heard a sound for it. */
  pinged: string[]
  /** Only this user sees it. */
  only?: string
}

const EPOCH = 1_420_070_400_000n

export class World {
  readonly guild: { id: string; name: string }
  readonly bot: User
  /** What Discord makes for a bot that is invited: it is called like the bot. */
  readonly role: string
  readonly application: string
  readonly channels = new Map<string, Channel>()
  readonly messages = new Map<string, Message>()
  readonly files = new Map<string, Buffer>()
  readonly users = new Map<string, User>()
  readonly roles = new Map<string, string[]>()
  /** People who take no direct messages. */
  readonly shut = new Set<string>()
  /** Messages that take no other thread once theirs was deleted: which of both Discord does is not known to us. */
  takesOneThread = false
  readonly spent = new Set<string>()
  /** What the bot may not do in a channel: `view`, `send`, `threads`, `manage`, `react`, `history`, `files`. */
  readonly denied = new Map<string, Set<string>>()
  commands: unknown[] = []
  /** Set by the server, which knows its port. */
  cdn = ''
  #sequence = 0n

  constructor() {
    this.guild = { id: this.newId(), name: 'The team' }
    this.bot = { ...this.person('Backchannel'), bot: true }
    this.users.set(this.bot.id, this.bot)
    this.role = this.newId()
    this.application = this.bot.id
  }

  newId(at = Date.now()): string {
    this.#sequence = (this.#sequence + 1n) & 0x3f_ffffn
    return String(((BigInt(at) - EPOCH) << 22n) | this.#sequence)
  }

  person(name: string, roles: string[] = []): User {
    const user: User = {
      id: this.newId(),
      username: name.toLowerCase().replaceAll(/[^a-z0-9._]/gu, '_'),
      global_name: name,
      discriminator: '0',
      avatar: null,
      public_flags: 0,
      flags: 0,
      primary_guild: null,
    }
    this.users.set(user.id, user)
    this.roles.set(user.id, roles)
    return user
  }

  channel(name: string, type: Channel['type'] = 0): Channel {
    return this.#add({ id: this.newId(), type, name, guild_id: this.guild.id, last_message_id: null })
  }

  direct(user: User): Channel {
    const known = [...this.channels.values()].find(({ recipients }) => recipients?.[0]?.id === user.id)
    return known ?? this.#add({ id: this.newId(), type: 1, name: '', recipients: [user], last_message_id: null })
  }

  thread(id: string, parent: string, owner: User, name: string, minutes: number): Channel {
    return this.#add({
      id,
      type: this.channels.get(parent)?.type === 5 ? 10 : 11,
      name,
      guild_id: this.guild.id,
      parent_id: parent,
      owner_id: owner.id,
      thread_metadata: {
        archived: false,
        locked: false,
        auto_archive_duration: minutes,
        archive_timestamp: new Date().toISOString(),
      },
      last_message_id: null,
    })
  }

  #add(channel: Channel): Channel {
    this.channels.set(channel.id, channel)
    return channel
  }

  in(channel: string): Message[] {
    return [...this.messages.values()].filter(({ channel_id, only }) => channel_id === channel && only === undefined)
  }

  attach(filename: string, body: Buffer, type: string): Attachment {
    const id = this.newId()
    this.files.set(id, body)
    const url = `${this.cdn}/attachments/${id}/${encodeURIComponent(filename)}`
    return { id, filename, size: body.length, url, proxy_url: url, content_type: type }
  }

  token(): string {
    return randomBytes(24).toString('base64url')
  }
}

/** Every component of a message or form, however deep, in order. */
export function flat(components: Component[]): Component[] {
  return components.flatMap((one) => [
    one,
    ...flat((one['components'] as Component[] | undefined) ?? []),
    ...flat(one['component'] ? [one['component'] as Component] : []),
    ...flat(one['accessory'] ? [one['accessory'] as Component] : []),
  ])
}

/** As Discord answers it. */
export function messageBody(message: Message, world: World): object {
  const {
    reacted,
    pinged: _pinged,
    only: _only,
    referenced_message,
    member: _member,
    guild_id: _guild,
    ...rest
  } = message
  const me = world.bot.id
  return {
    ...rest,
    components: rest.components.map((one) => componentBody(one, rest.attachments)),
    embeds: [],
    pinned: false,
    mention_everyone: false,
    mention_roles: [],
    tts: false,
    ...(referenced_message !== undefined && {
      referenced_message: referenced_message && messageBody(referenced_message, world),
    }),
    ...(reacted.size > 0 && {
      reactions: [...reacted].map(([name, who]) => ({
        emoji: { id: null, name },
        count: who.size,
        count_details: { burst: 0, normal: who.size },
        burst_colors: [],
        me_burst: false,
        me: who.has(me),
      })),
    }),
  }
}

let componentIds = 0

/** What Discord adds to what was sent. */
function componentBody(component: Component, attachments: Attachment[]): Component {
  const nested = component['components'] as Component[] | undefined
  const more: Record<string, unknown> = { id: component.id ?? (componentIds += 1) }
  if (component.type === 17) Object.assign(more, { spoiler: false, accent_color: component['accent_color'] ?? null })
  if (component.type === 13) Object.assign(more, fileBody(component, attachments))
  return { ...component, ...more, ...(nested && { components: nested.map((one) => componentBody(one, attachments)) }) }
}

function fileBody({ file }: Component, attachments: Attachment[]): object {
  const name = (file as { url: string }).url.replace('attachment://', '')
  const found = attachments.find(({ filename }) => filename === name)
  const { id = '0', url = '', proxy_url = '', size = 0 } = found ?? {}
  return { spoiler: false, name, size, file: { id, url, proxy_url } }
}

export const channelBody = (channel: Channel): object =>
  channel.type === 1
    ? { ...channel, name: undefined, flags: 0 }
    : {
        ...channel,
        flags: 0,
        ...(channel.thread_metadata
          ? { message_count: 0, member_count: 1, total_message_sent: 0 }
          : { position: 0, ...(channel.type === 15 && { available_tags: [] }) }),
      }
