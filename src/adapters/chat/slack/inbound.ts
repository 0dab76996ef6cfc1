// What Slack sends, read at the door and told in words of ours. Pure: it asks nobody; what it cannot know (names, groups, whether a
// thread is ours) the caller adds. Keys name the thing and not its delivery: a message that arrives as a mention, as a message, again, and
// once more out of the history is one.

import { z } from 'zod'
import type { Place } from '../../../task/words.ts'

export const CHAT = 'slack'
/** The button that opens the form of `/bg` where there is none to type it. */
export const ASK_AGAIN = 'bg:start'

/** Who acted and where, as far as the payload says. */
export type Whence = { key: string; user: string; name: string | null; place: Place }
export type Heard = Whence &
  (
    | { kind: 'command'; text: string; trigger: string; respond: string | null }
    | {
        kind: 'click'
        id: string
        asksFirst: boolean
        trigger: string
        respond: string | null
        ephemeral: boolean
        home: boolean
      }
    | { kind: 'submit'; id: string; values: Submitted; view: string; home: boolean }
    | { kind: 'shortcut'; message: SlackMessage; trigger: string; respond: string | null }
    | { kind: 'home' }
  )

const id = z.string().min(1)
/** Slack leaves out what is not there, or says that it is null. */
const maybe = z
  .string()
  .nullish()
  .transform((text) => text ?? undefined)
const person = z.object({ id, name: maybe, username: maybe })

const Command = z.object({
  user_id: id,
  user_name: maybe,
  channel_id: id,
  text: z
    .string()
    .nullish()
    .transform((text) => text ?? ''),
  trigger_id: id,
  response_url: maybe,
})

/** One chosen thing, several, or what was typed. */
const StateValue = z.object({
  value: z.string().nullish(),
  selected_option: z.object({ value: z.string(), text: z.object({ text: z.string() }) }).nullish(),
  selected_options: z.array(z.object({ value: z.string(), text: z.object({ text: z.string() }) })).nullish(),
})
const State = z.object({ values: z.record(z.string(), z.record(z.string(), StateValue)) })
export type StateValue = z.infer<typeof StateValue>
/** By block: what stands there. */
export type Submitted = Record<string, StateValue>

const SlackMessage = z.object({
  ts: id,
  user: maybe,
  bot_id: maybe,
  subtype: maybe,
  text: z
    .string()
    .nullish()
    .transform((text) => text ?? ''),
  thread_ts: maybe,
  parent_user_id: maybe,
  username: maybe,
  files: z.array(z.unknown()).nullish(),
})
export type SlackMessage = z.infer<typeof SlackMessage>

const Click = z.object({
  user: person,
  channel: z.object({ id }).nullish(),
  container: z
    .object({ message_ts: maybe, thread_ts: maybe, channel_id: maybe, is_ephemeral: z.boolean().nullish() })
    .prefault({}),
  message: z.object({ ts: maybe, thread_ts: maybe }).nullish(),
  view: z.object({ type: z.string() }).nullish(),
  actions: z.array(z.object({ action_id: id, value: maybe })).min(1),
  trigger_id: id,
  response_url: maybe,
})

const Submission = z.object({
  user: person,
  view: z.object({ id, hash: z.string(), callback_id: z.string(), private_metadata: z.string(), state: State }),
})

const Shortcut = z.object({
  user: person,
  callback_id: id,
  channel: z.object({ id }),
  message: SlackMessage,
  trigger_id: id,
  response_url: maybe,
})

const HomeOpened = z.object({ event_id: id, event: z.object({ user: id, tab: z.string() }) })
const Message = z.object({
  event: SlackMessage.extend({ channel: id, channel_type: maybe }),
})

/** What a form remembers while it is open: which button it belongs to, and where that was. */
const Window = z.object({ id: z.string(), channel: id, thread: z.string().optional(), home: z.boolean().optional() })
export type Window = z.infer<typeof Window>

export const placeOf = (channel: string, thread?: string): Place => ({
  chat: CHAT,
  channel,
  ...(thread !== undefined && { thread }),
})

export function command(body: unknown): Extract<Heard, { kind: 'command' }> {
  const said = Command.parse(body)
  return {
    kind: 'command',
    key: `command:${said.trigger_id}`,
    user: said.user_id,
    name: said.user_name ?? null,
    place: placeOf(said.channel_id),
    text: entities(said.text),
    trigger: said.trigger_id,
    respond: said.response_url ?? null,
  }
}

export function click(body: unknown): Extract<Heard, { kind: 'click' }> {
  const clicked = Click.parse(body)
  const action = clicked.actions[0]
  const isHome = clicked.view?.type === 'home'
  const ephemeral = clicked.container.is_ephemeral === true
  const channel = clicked.channel?.id ?? clicked.container.channel_id ?? clicked.user.id
  const thread = clicked.container.thread_ts ?? clicked.message?.thread_ts
  return {
    kind: 'click',
    key: `click:${clicked.trigger_id}`,
    user: clicked.user.id,
    name: clicked.user.name ?? clicked.user.username ?? null,
    place: isHome
      ? placeOf(clicked.user.id)
      : placeOf(channel, thread ?? (ephemeral ? undefined : (clicked.container.message_ts ?? clicked.message?.ts))),
    id: action?.action_id ?? '',
    asksFirst: action?.value !== undefined,
    trigger: clicked.trigger_id,
    respond: clicked.response_url ?? null,
    ephemeral,
    home: isHome,
  }
}

/** Null when the window is none of ours. */
export function submission(body: unknown): Extract<Heard, { kind: 'submit' }> | null {
  const { user, view } = Submission.parse(body)
  const window = readWindow(view.private_metadata)
  if (!window) return null
  return {
    kind: 'submit',
    key: `form:${view.id}:${view.hash}`,
    user: user.id,
    name: user.name ?? user.username ?? null,
    place: placeOf(window.channel, window.thread),
    id: window.id,
    values: Object.fromEntries(
      Object.entries(view.state.values).flatMap(([block, values]) => {
        const [value] = Object.values(values)
        return value ? [[block, value]] : []
      }),
    ),
    view: view.id,
    home: window.home === true,
  }
}

function readWindow(text: string): Window | null {
  try {
    return Window.parse(JSON.parse(text))
  } catch {
    return null
  }
}

export function shortcut(body: unknown): Extract<Heard, { kind: 'shortcut' }> {
  const used = Shortcut.parse(body)
  return {
    kind: 'shortcut',
    key: `shortcut:${used.trigger_id}`,
    user: used.user.id,
    name: used.user.name ?? used.user.username ?? null,
    place: placeOf(used.channel.id, used.message.thread_ts),
    message: used.message,
    trigger: used.trigger_id,
    respond: used.response_url ?? null,
  }
}

export function homeOpened(body: unknown): Extract<Heard, { kind: 'home' }> | null {
  const { event_id: key, event } = HomeOpened.parse(body)
  if (event.tab !== 'home') return null
  return { kind: 'home', key: `home:${key}`, user: event.user, name: null, place: placeOf(event.user) }
}

/** A message of a person, wherever it comes from; null for anything else. */
export type Words = { user: string; channel: string; direct: boolean; message: SlackMessage }

export const threadOf = ({ message: { ts, thread_ts: thread } }: Pick<Words, 'message'>): string | undefined =>
  thread === ts ? undefined : thread

export function words(body: unknown): Words | null {
  const read = Message.safeParse(body)
  if (!read.success) return null
  const { channel, channel_type: type, ...message } = read.data.event
  return human(message) ? { user: message.user ?? '', channel, direct: isDirect(channel, type), message } : null
}

/** Out of a history: what is no message at all is left out. */
export const historic = (value: unknown): SlackMessage[] => {
  const read = z.array(z.unknown()).safeParse(value)
  if (!read.success) return []
  return read.data.flatMap((one) => {
    const message = SlackMessage.safeParse(one)
    return message.success ? [message.data] : []
  })
}

export const isDirect = (channel: string, type?: string): boolean => type === 'im' || channel.startsWith('D')

/** Ours and other bots' messages, edits and notices are not what a person said. */
export const human = ({ subtype, bot_id: bot, user }: SlackMessage): boolean =>
  bot === undefined &&
  user !== undefined &&
  (subtype === undefined || subtype === 'file_share' || subtype === 'thread_broadcast')

export const messageKey = (channel: string, ts: string): string => `message:${channel}:${ts}`

/** What follows a mention of the bot at the beginning; null when it begins otherwise. */
export function mentioned(text: string, bot: string): string | null {
  const [, rest] = new RegExp(`^\\s*<@${bot}(?:\\|[^>]*)?>[\\s:,]*([^]*)$`, 'u').exec(text) ?? []
  return rest === undefined ? null : withoutPrefix(rest)
}

/** `/bg` is what people type everywhere else; where it is no command of Slack it may stand or not. */
export const withoutPrefix = (text: string): string => text.trim().replace(/^\/bg(?:\s+|$)/iu, '')

export const startsWithPrefix = (text: string): boolean => /^\s*\/bg(?:\s|$)/iu.test(text)

const entities = (text: string): string => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')

/** The words of a message as they were typed: mentions by name, channels, and addresses as addresses. */
export function typed(text: string, nameOf: (user: string) => string | null = () => null): string {
  const unmarked = text.replaceAll(/<([^<>]+)>/gu, (_all, inner: string) => {
    const [target = '', label] = inner.split('|')
    if (target.startsWith('@')) return `@${label ?? nameOf(target.slice(1)) ?? target.slice(1)}`
    if (target.startsWith('#')) return `#${label || target.slice(1)}`
    if (target.startsWith('!subteam^')) return label ?? '@group'
    if (target.startsWith('!')) return label ?? `@${target.slice(1).split('^')[0]}`
    const address = target.replace(/^mailto:/u, '')
    return label === undefined || label === address || address.endsWith(label) ? address : `${label} (${address})`
  })
  return entities(unmarked)
}

/** The people named in a message, whose names are to be known before it is read. */
export const named = (text: string): string[] =>
  [...text.matchAll(/<@([UW][A-Z0-9]+)(?:\|[^>]*)?>/gu)].map(([, user = '']) => user)
