// What the gateway brings, read at the door: interactions and messages as far as they concern us. Unknown kinds are null, never a
// crash. Pure.

import { z } from 'zod'
import type { Actor, Place } from '../../../task/words.ts'
import { COMMAND, MENU_ENTRY, type Given } from './commands.ts'
import { NEW_COMPONENTS, ONLY_THEM } from './flags.ts'
import { SELECT_ID } from './render.ts'

export const CHAT = 'discord'

const id = z.string().regex(/^\d+$/u)
const User = z.object({
  id,
  username: z.string().default(''),
  global_name: z.string().nullish(),
  bot: z.boolean().optional(),
})
const Member = z.object({ user: User.optional(), nick: z.string().nullish(), roles: z.array(id).default([]) })
const Channel = z.object({ id, type: z.number(), parent_id: id.nullish() })
const Attached = z.object({ filename: z.string(), url: z.string() })
const Reference = z.object({ message_id: id.optional(), channel_id: id.optional() })

const Message = z.object({
  id,
  channel_id: id,
  guild_id: id.nullish(),
  type: z.number().default(0),
  author: User,
  member: Member.omit({ user: true }).nullish(),
  webhook_id: id.nullish(),
  content: z.string().default(''),
  attachments: z.array(Attached).default([]),
  message_reference: Reference.nullish(),
  // Of the message that was answered only whose it is, and what it answered itself.
  referenced_message: z
    .object({ id, author: User, content: z.string().default(''), message_reference: Reference.nullish() })
    .nullish(),
})
export type Message = z.infer<typeof Message>

const OptionValue = z.union([z.string(), z.boolean(), z.number().transform(String)])
const Option = z.object({ name: z.string(), value: OptionValue.optional(), focused: z.boolean().optional() })
const Interaction = z.object({
  id,
  token: z.string(),
  type: z.number(),
  application_id: id,
  guild_id: id.nullish(),
  channel: Channel.nullish(),
  channel_id: id.nullish(),
  member: Member.nullish(),
  user: User.nullish(),
  message: z
    .object({
      id,
      flags: z.number().default(0),
      attachments: z.array(Attached).default([]),
      message_reference: Reference.nullish(),
    })
    .nullish(),
  data: z
    .object({
      name: z.string().optional(),
      custom_id: z.string().optional(),
      values: z.array(z.string()).optional(),
      components: z.unknown().optional(),
      target_id: id.optional(),
      options: z.array(Option.extend({ options: z.array(Option).optional() })).optional(),
      resolved: z
        .object({ messages: z.record(id, z.object({ author: User, content: z.string().default('') })).optional() })
        .optional(),
    })
    .nullish(),
})

/** The right to answer an interaction. */
export type Ticket = { id: string; token: string; application: string; at: number }

type Who = { key: string; actor: Actor; groups: string[]; place: Place; guild: string | null; ticket: Ticket }
/** How a message looks to who clicked it: as everybody sees it, or theirs alone, of new components or of words. */
export type Looks = 'shared' | 'own card' | 'own words'
/** A message a click came from: where the pages of a form are kept, and what it answers. */
export type Source = {
  id: string | null
  looks: Looks | null
  attachments: { filename: string; url: string }[]
  answers: string | null
}
export type Asked = Who &
  (
    | { kind: 'command'; verb: string; given: Given[] }
    | { kind: 'menu'; author: Actor; text: string }
    | { kind: 'complete'; verb: string; given: Given[] }
    | { kind: 'click'; id: string; source: Source }
    | { kind: 'submit'; id: string; components: unknown; source: Source }
  )

const COMMANDS = 2
const COMPONENT = 3
const COMPLETION = 4
const SUBMISSION = 5
const THREADS = [10, 11, 12]

export function readInteraction(payload: unknown, at: number): Asked | null {
  const parsed = Interaction.safeParse(payload)
  if (!parsed.success) return null
  const { type, data, message, ...rest } = parsed.data
  const who = whoOf(rest, at, message ?? null)
  if (!who || !data) return null
  const source: Source = {
    id: message?.id ?? null,
    looks: message ? looksOf(message.flags) : null,
    attachments: message?.attachments ?? [],
    answers: message?.message_reference?.message_id ?? null,
  }
  const [sub] = data.options ?? []
  const given = (sub?.options ?? []).flatMap(({ name, value, focused = false }): Given[] =>
    value === undefined ? [] : [{ name, value, focused }],
  )
  switch (type) {
    case COMMANDS: {
      if (data.name === COMMAND && sub) return { ...who, kind: 'command', verb: sub.name, given }
      const about = data.resolved?.messages?.[data.target_id ?? '']
      if (data.name !== MENU_ENTRY || !about) return null
      return { ...who, kind: 'menu', author: actorOf(about.author), text: about.content }
    }
    case COMPLETION:
      return sub ? { ...who, kind: 'complete', verb: sub.name, given } : null
    case COMPONENT: {
      const { custom_id = '', values = [] } = data
      const chosen = custom_id.startsWith(`${SELECT_ID}:`) ? (values[0] ?? '') : custom_id
      return { ...who, kind: 'click', id: chosen, source }
    }
    case SUBMISSION:
      return { ...who, kind: 'submit', id: data.custom_id ?? '', components: data.components, source }
    default:
      return null
  }
}

const looksOf = (flags: number): Looks =>
  (flags & ONLY_THEM) === 0 ? 'shared' : (flags & NEW_COMPONENTS) === 0 ? 'own words' : 'own card'

type Rest = Omit<z.infer<typeof Interaction>, 'type' | 'data' | 'message'>

function whoOf(
  rest: Rest,
  at: number,
  message: { message_reference?: z.infer<typeof Reference> | null | undefined } | null,
): Who | null {
  const { id: key, token, application_id, member, user, channel, channel_id, guild_id } = rest
  const person = member?.user ?? user
  const where = channel?.id ?? channel_id
  if (!person || !where) return null
  const isThread = channel !== null && channel !== undefined && THREADS.includes(channel.type) && channel.parent_id
  const answered = guild_id ? undefined : message?.message_reference?.message_id
  const place: Place = isThread
    ? { chat: CHAT, channel: channel.parent_id ?? where, thread: where }
    : { chat: CHAT, channel: where, ...(answered && { thread: answered }) }
  return {
    key,
    actor: actorOf(person, member?.nick),
    groups: member?.roles ?? [],
    place,
    guild: guild_id ?? null,
    ticket: { id: key, token, application: application_id, at },
  }
}

/** What the account is called is for reading alone. */
export const actorOf = ({ id: who, username, global_name }: z.infer<typeof User>, nick?: string | null): Actor => ({
  chat: CHAT,
  id: who,
  name: nick || global_name || username || who,
})

const Guild = z.object({
  roles: z.array(z.object({ id, tags: z.object({ bot_id: id.optional() }).optional() })).default([]),
})

/** The roles in a server that are called like us, because Discord made them for us. */
export const rolesOf = (me: string, payload: unknown): string[] =>
  (Guild.safeParse(payload).data?.roles ?? []).flatMap((role) => (role.tags?.bot_id === me ? [role.id] : []))

const ORDINARY = 0
const ANSWER = 19
const THREAD_START = 21

/** A message that a person wrote, or null. */
export function readMessage(payload: unknown): Message | null {
  const parsed = Message.safeParse(payload)
  if (!parsed.success) return null
  const { type, author, webhook_id } = parsed.data
  return (type === ORDINARY || type === ANSWER) && author.bot !== true && !webhook_id ? parsed.data : null
}

/** What somebody said, in a list of messages: also the one a thread began with. */
export function readSaid(payload: unknown): { author: Actor; text: string } | null {
  const parsed = Message.safeParse(payload)
  if (!parsed.success) return null
  const { type, author, content, referenced_message } = parsed.data
  const said = type === THREAD_START && referenced_message ? referenced_message : { author, content }
  return said.author.bot === true || said.content.trim() === ''
    ? null
    : { author: actorOf(said.author), text: said.content }
}

/** Where a message stands, as far as its words depend on it. */
export type Standing = {
  /** How we are named: our account, and the role Discord made for it. */
  names: readonly string[]
  kind: 'channel' | 'direct' | 'thread of ours' | 'other thread'
  /** The root of a task it answers, outside of threads. */
  root: string | null
  verbs: readonly string[]
}

export const isVerb = (text: string, verbs: readonly string[]): boolean =>
  verbs.includes(/^\S+/u.exec(text.trim())?.[0] ?? '')

const TYPED = /^\/bg\b\s*/iu

/** What the words ask for: a command, words for a task, or nothing of ours. */
export function meaningOf(
  content: string,
  { names, kind, root, verbs }: Standing,
): { kind: 'command' | 'reply'; text: string } | null {
  const text = content.trim()
  const named = names.find((name) => text.startsWith(name))
  const said = text.slice(named?.length ?? 0).trim()
  const rest = said.replace(TYPED, '')
  const isTyped = TYPED.test(said)
  const isInTask = kind === 'thread of ours' || root !== null
  // In a task's thread, words that begin with no verb are for the task, however they begin.
  if (isInTask)
    return text === ''
      ? null
      : (named !== undefined || isTyped) && (isVerb(rest, verbs) || isTyped || rest === '')
        ? { kind: 'command', text: rest }
        : { kind: 'reply', text: rest }
  if (kind === 'direct') return text === '' ? null : { kind: 'command', text: rest }
  return named !== undefined ? { kind: 'command', text: rest } : null
}
