// The chat of the local page. There is no platform behind it: a message exists once it is in the chat log, and whoever looks
// reads it from there. A person's words are written first and handed on second, so what they see is what was kept.

import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { Chat, Inbound, Reply } from '../../../bot/chat.ts'
import type { ChatLog, ChatMessage } from '../../../bot/chat-log.ts'
import type { Actor, Instant } from '../../../task/words.ts'
import { HINT, isHint, meaningOf, readClick, readSaid } from './inbound.ts'

const CARD_CHARS_MAX = 200_000
const BODY_BYTES_MAX = 1_500_000
const ROOTS_PER_LOOK = 50
const STARTING = 'Backchannel is still starting: try again in a moment.'

/** A change as a reader needs it: the message, and the root it hangs on, whose number of replies may have grown. */
export type Change = { seq: number; message: ChatMessage; root: ChatMessage | null }

export type Feed = {
  lastSeq(): Promise<number>
  since(seq: number, limit: number): Promise<Change[]>
  /** Calls the listener after each change; returns how to end that. */
  changed(listener: () => void): () => void
}

export type WebChat = Chat & { routes: Hono; feed: Feed }

export type WebChatOptions = { log: ChatLog; now: () => Instant; owner: Actor; channel?: string; name?: string }

export function webChat({ log, now, owner, channel = 'general', name = 'Backchannel' }: WebChatOptions): WebChat {
  const chat = owner.chat
  const us: Actor = { chat, id: 'backchannel', name }
  const listeners = new Set<() => void>()
  const ring = () => listeners.forEach((listener) => listener())
  let receive: ((event: Inbound) => Promise<Reply>) | null = null
  let since = now()

  const routes = new Hono()
    .use(
      bodyLimit({
        maxSize: BODY_BYTES_MAX,
        onError: (c) => c.json({ error: 'This is too long to send: put it in a file and name the file.' }, 413),
      }),
    )
    .get('/channels', (c) => c.json([{ id: channel }]))
    .get('/messages', async (c) => {
      const before = c.req.query('before')
      const seq = await log.lastSeq()
      const messages = await log.roots(c.req.query('channel') ?? channel, ROOTS_PER_LOOK + 1, before)
      return c.json({ seq, messages: messages.slice(-ROOTS_PER_LOOK), more: messages.length > ROOTS_PER_LOOK })
    })
    .get('/threads/:root', async (c) => {
      const seq = await log.lastSeq()
      const messages = await log.thread(c.req.param('root'))
      return messages.length > 0 ? c.json({ seq, messages }) : c.json({ error: 'There is no such thread.' }, 404)
    })
    .post('/messages', async (c) => {
      if (!receive) return c.json({ error: STARTING }, 503)
      const said = readSaid(await bodyOf(c.req.raw))
      if ('refused' in said) return c.json({ error: said.refused }, 400)
      if (isHint(said)) return c.json({ message: null, reply: { kind: 'refused', text: HINT } satisfies Reply })
      if (!(await exists(said))) return c.json({ error: 'There is no such channel or thread.' }, 404)
      const message = await log.add({
        key: `said:${said.key}`,
        channel: said.channel,
        thread: said.thread,
        author: owner,
        at: now(),
        content: { kind: 'text', text: said.text, mark: null },
      })
      ring()
      return c.json({ message, reply: await receive(meaningOf(message, said.key)) })
    })
    .post('/clicks', async (c) => {
      if (!receive) return c.json({ error: STARTING }, 503)
      const click = readClick(await bodyOf(c.req.raw), owner)
      if ('refused' in click) return c.json({ error: click.refused }, 400)
      return c.json({ reply: await receive(click) })
    })

  async function exists(place: { channel: string; thread: string | null }): Promise<boolean> {
    if (place.channel !== channel) return false
    if (place.thread === null) return true
    const root = await log.get(place.thread)
    return root?.thread === null && root.channel === channel
  }

  async function replace(id: string, content: ChatMessage['content']): Promise<boolean> {
    const edited = await log.edit(id, content, now())
    ring()
    return edited !== null
  }

  return {
    id: chat,
    limits: {
      name: 'the local page',
      cardCharsMax: CARD_CHARS_MAX,
      forms: true,
      marks: true,
      lines: false,
      editsPerMinute: null,
    },
    async start(handler) {
      receive = handler
      since = now()
    },
    async stop() {
      receive = null
      since = now()
    },
    health: () => ({ state: receive ? 'live' : 'down', since }),
    async post(place, card, key) {
      const message = await log.add({
        key: `post:${key}`,
        channel: place.channel,
        thread: place.thread ?? null,
        author: us,
        at: now(),
        content: { kind: 'card', card },
      })
      ring()
      return { chat, channel: message.channel, id: message.id }
    },
    edit: async (ref, card) => ((await replace(ref.id, { kind: 'card', card })) ? 'edited' : 'gone'),
    async find(_place, key) {
      const message = await log.byKey(`post:${key}`)
      return message && { chat, channel: message.channel, id: message.id }
    },
    async mark(ref, mark) {
      const message = await log.get(ref.id)
      if (message?.content.kind !== 'text' || message.content.mark === mark || message.content.mark === 'delivered')
        return
      await replace(ref.id, { ...message.content, mark })
    },
    routes,
    feed: {
      lastSeq: () => log.lastSeq(),
      async since(seq, limit) {
        const messages = await log.since(seq, limit)
        return Promise.all(
          messages.map(async (message) => ({
            seq: message.seq,
            message,
            root: message.thread === null ? null : await log.get(message.thread),
          })),
        )
      },
      changed(listener) {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
    },
  }
}

const bodyOf = async (request: Request): Promise<unknown> => {
  try {
    return await request.json()
  } catch {
    return null
  }
}
