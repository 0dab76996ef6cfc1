// The content of a stored chat message as a schema, and a task's progress: what the page reads back from stored JSON.

import { z } from 'zod'
import type { ChatMessage } from '../../bot/chat-log.ts'
import type { Block, Card, Part } from '../../task/card.ts'
import type { Progress } from '../../task/report.ts'
import { actor, exactly, field, messageRef, style } from './words-schema.ts'

const text = z.string()

const part = exactly<Part>()(
  z.union([
    text,
    z.object({ at: z.number() }),
    z.object({ since: z.number() }),
    z.object({ code: text }),
    z.object({ strong: text }),
    z.object({ person: actor }),
    z.object({ file: z.object({ task: text, path: text }) }),
    z.object({ message: messageRef, text }),
  ]),
)

const checklist = z.array(z.object({ text, state: z.enum(['todo', 'doing', 'done']) }))

const block = exactly<Block>()(
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('line'), parts: z.array(part) }),
    z.object({ kind: z.literal('words'), text }),
    z.object({
      kind: z.literal('code'),
      text,
      title: text.exactOptional(),
      syntax: z.literal('diff').exactOptional(),
    }),
    z.object({ kind: z.literal('checklist'), items: checklist }),
  ]),
)

const form = z.object({ title: text, says: text.exactOptional(), submit: text, fields: z.array(field) })

const card = exactly<Card>()(
  z.object({
    tone: z.enum(['queued', 'working', 'needs', 'good', 'bad', 'stopped', 'plain']),
    title: text,
    body: z.array(block),
    buttons: z.array(z.object({ id: text, label: text, style: style.exactOptional(), form: form.exactOptional() })),
    mention: z.array(actor),
    thread: z.object({ name: text, isOver: z.boolean() }).exactOptional(),
  }),
)

export const chatContent = exactly<ChatMessage['content']>()(
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('text'), text, mark: z.enum(['received', 'delivered']).nullable() }),
    z.object({ kind: z.literal('card'), card }),
  ]),
)

export const progressNow = exactly<Progress>()(
  z.object({
    at: z.number(),
    now: text,
    counts: z.object({ read: z.number(), edited: z.number(), commands: z.number() }),
    checklist,
    subagents: z.array(z.object({ name: text, now: text })).exactOptional(),
  }),
)
