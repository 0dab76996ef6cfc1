// What the page's chat is sent, read at the door: a request body becomes what a person did, or a sentence they can read.
// Pure: it stores nothing and knows no task, only that commands begin with /bg.

import { z } from 'zod'
import type { Inbound } from '../../../bot/chat.ts'
import type { ChatMessage } from '../../../bot/chat-log.ts'
import type { Actor, Refused } from '../../../task/words.ts'

const TEXT_CHARS_MAX = 300_000
const KEY_CHARS_MAX = 64
const ID_CHARS_MAX = 200

const key = z
  .string('The delivery key is missing.')
  .regex(/^[\w-]{8,64}$/, `A delivery key has 8 to ${KEY_CHARS_MAX} letters, digits, _ or -.`)
const id = z.string('An id is missing.').min(1, 'An id is missing.').max(ID_CHARS_MAX, 'An id is too long.')
const text = z
  .string('The text is missing.')
  .max(TEXT_CHARS_MAX, `A message has at most ${TEXT_CHARS_MAX} characters: put the rest in a file and name it.`)
  .refine((words) => words.trim() !== '', 'Type something first.')

const Said = z.object({ key, channel: id, thread: id.nullable().default(null), text })
const Clicked = z.object({
  key,
  channel: id,
  thread: id.nullable().default(null),
  id,
  values: z.record(z.string(), z.string().max(TEXT_CHARS_MAX, 'What you filled in is too long.')).default({}),
})
export type Said = z.infer<typeof Said>
type Clicked = z.infer<typeof Clicked>

export const readSaid = (body: unknown): Said | Refused => read(Said, body)

export function readClick(body: unknown, actor: Actor): Extract<Inbound, { kind: 'click' }> | Refused {
  const click = read(Clicked, body)
  if ('refused' in click) return click
  return { kind: 'click', key: click.key, actor, place: placeOf(actor, click), id: click.id, values: click.values }
}

/** Words at the root of the channel that are no command: nobody would take them, so they are not even posted. */
export const isHint = (said: Said): boolean => said.thread === null && commandOf(said.text) === null

export const HINT =
  'Nothing was started. Begin with /bg: “/bg start …” gives work to an agent, “/bg run …” runs a command, “/bg help” shows the rest. To talk to a task, reply in its thread.'

/** What a stored message of a person asks for: a command wherever it begins with /bg, else a reply in its thread. */
export function meaningOf(message: ChatMessage, deliveryKey: string): Inbound {
  const words = message.content.kind === 'text' ? message.content.text : ''
  const actor = message.author
  const source = { chat: actor.chat, channel: message.channel, id: message.id }
  const place = placeOf(actor, message)
  const command = commandOf(words)
  return command === null
    ? { kind: 'reply', key: deliveryKey, actor, place, text: words, source }
    : { kind: 'command', key: deliveryKey, actor, place, text: command, source }
}

/** What follows /bg, or null. */
const commandOf = (words: string): string | null =>
  /^\s*\/bg(?:\s+([\s\S]*))?$/i.exec(words)?.map((part) => part ?? '')[1] ?? null

const placeOf = (actor: Actor, { channel, thread }: Pick<Said, 'channel' | 'thread'>): Inbound['place'] => ({
  chat: actor.chat,
  channel,
  ...(thread !== null && { thread }),
})

function read<T>(shape: z.ZodType<T>, body: unknown): T | Refused {
  const parsed = shape.safeParse(body)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const where = issue?.path.join('.')
  return {
    refused: where
      ? `${issue?.message} (${where})`
      : 'The page sent something Backchannel cannot read: reload the page.',
  }
}
