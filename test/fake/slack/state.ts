// What a workspace of the local Slack holds: people, channels, messages, files, views, and what only one person was shown.
import type { Json } from './spec.ts'

export type Person = { id: string; name: string; isBot?: boolean }
export type Channel = { id: string; name: string; kind: 'channel' | 'group' | 'im'; members: Set<string> }
export type Message = {
  ts: string
  channel: string
  user: string
  bot_id?: string
  text: string
  blocks?: Json[]
  thread_ts?: string
  metadata?: { event_type: string; event_payload: Json }
  subtype?: string
  reactions: { name: string; user: string }[]
  edits: number
  files: string[]
}
export type File = { id: string; name: string; title: string; content: string | null; done: boolean; shared: string[] }
export type View = Json & { id: string; hash: string; blocks: Json[]; private_metadata?: string; callback_id?: string }
/** What one person alone was shown: in a channel or thread, inline under a command, or in a window. */
export type Ephemeral = {
  ts: string
  user: string
  channel: string
  thread_ts?: string
  text: string
  blocks?: Json[]
  at: number
}

export const BOT: Person = { id: 'U0BOT', name: 'bg', isBot: true }
export const BOT_ID = 'B0BOT'
export const TEAM = 'T0TEAM'

export type World = ReturnType<typeof world>

const TRIGGER_MS = 3_000

export function world() {
  const people = new Map<string, Person>([[BOT.id, BOT]])
  const channels = new Map<string, Channel>()
  const messages: Message[] = []
  const files = new Map<string, File>()
  const groups = new Map<string, { id: string; handle: string; users: string[] }>()
  const views = new Map<string, View & { user: string }>()
  const homes = new Map<string, View>()
  const ephemerals: Ephemeral[] = []
  const triggers = new Map<string, { user: string; until: number; used: boolean }>()
  const responses = new Map<
    string,
    { user: string; channel: string; thread_ts?: string; left: number; original?: string }
  >()
  let counter = 0
  let last = 0

  return {
    people,
    channels,
    messages,
    files,
    groups,
    views,
    homes,
    ephemerals,
    triggers,
    responses,
    /** Ids and hashes that occur once. */
    next: (prefix: string): string => `${prefix}${(counter += 1).toString(36).toUpperCase().padStart(6, '0')}`,
    /** A later timestamp than all before. */
    ts(): string {
      last = Math.max(last + 1, Date.now() * 1_000)
      return `${Math.floor(last / 1_000_000)}.${String(last % 1_000_000).padStart(6, '0')}`
    },
    trigger(user: string, id: string): string {
      triggers.set(id, { user, until: Date.now() + TRIGGER_MS, used: triggers.get(id)?.used ?? false })
      return id
    },
    find: (channel: string, ts: string): Message | undefined =>
      messages.find((one) => one.channel === channel && one.ts === ts),
    /** A thread's root and its replies. */
    thread: (channel: string, root: string): Message[] =>
      messages.filter((one) => one.channel === channel && (one.ts === root || one.thread_ts === root)),
    roots: (channel: string): Message[] =>
      messages.filter((one) => one.channel === channel && (one.thread_ts === undefined || one.thread_ts === one.ts)),
    /** The direct messages between the bot and somebody. */
    im(user: string): Channel {
      const id = `D${user.slice(1)}`
      const known = channels.get(id)
      if (known) return known
      const made: Channel = { id, name: id, kind: 'im', members: new Set([user, BOT.id]) }
      channels.set(id, made)
      return made
    },
  }
}
