// The page as a browser uses it, over HTTP: logs in with the link, types, clicks, reads the channel, its threads and the stream.
import { randomUUID } from 'node:crypto'
import http from 'node:http'
import type { Reply } from '../../src/bot/chat.ts'
import type { ChatMessage } from '../../src/bot/chat-log.ts'
import type { TaskDetail } from '../../src/bot/views.ts'
import type { Button, Card } from '../../src/task/card.ts'
import { until } from '../support/until.ts'

type Answer = { status: number; headers: http.IncomingHttpHeaders; text: string }
type Place = { key?: string; thread?: string | null }
type Shown = { task: TaskDetail; cards: { key: string; card: Card }[]; thread: string | null }

export type Page = Awaited<ReturnType<typeof open>>

const WITHIN = { within: 45_000 }
const CHANNEL = 'general'

/** `link`: the login link; without one (a runner alone) there is no page. */
export async function open(link: string | undefined) {
  const url = new URL(link ?? 'http://127.0.0.1:1/')
  const ask = (path: string, method = 'GET', body?: unknown, headers: Record<string, string> = {}) =>
    request({ host: url.hostname, port: url.port, path, method, headers }, body)
  const login = link === undefined ? null : await ask(`${url.pathname}${url.search}`)
  const cookie = login?.headers['set-cookie']?.[0]?.split(';')[0] ?? ''
  const us = { cookie, origin: url.origin, 'content-type': 'application/json' }

  async function get<T>(path: string): Promise<T> {
    const { status, text } = await ask(path, 'GET', undefined, us)
    if (status !== 200) throw new Error(`${path}: ${status} ${text}`)
    return JSON.parse(text) as T
  }

  async function post(path: string, body: object): Promise<Reply> {
    const { status, text } = await ask(path, 'POST', { key: randomUUID(), channel: CHANNEL, ...body }, us)
    const read = JSON.parse(text) as { reply?: Reply; error?: string }
    return read.reply ?? { kind: 'refused', text: `${status}: ${read.error}` }
  }

  const say = (text: string, { key, thread = null }: Place = {}) =>
    post('/api/chat/messages', { text, thread, ...(key && { key }) })
  const click = (id: string, values: Record<string, string> = {}, { key, thread = null }: Place = {}) =>
    post('/api/chat/clicks', { id, values, thread, ...(key && { key }) })
  const roots = async () => (await get<{ messages: ChatMessage[] }>('/api/chat/messages')).messages
  const thread = async (root: string) => (await get<{ messages: ChatMessage[] }>(`/api/chat/threads/${root}`)).messages
  const shown = (id: string) => get<Shown>(`/api/tasks/${id}`)
  const task = async (id: string) => (await shown(id)).task

  /** The messages of a task's thread, its root included. */
  async function threadOf(id: string): Promise<ChatMessage[]> {
    const root = (await shown(id)).thread
    return root === null ? [] : thread(root)
  }

  return {
    url,
    cookie,
    ask,
    get,
    say,
    click,
    roots,
    thread,
    shown,
    task,
    threadOf,
    /** The stream of events, as text; a browser has it open all the time. */
    listen: () => stream({ host: url.hostname, port: url.port, path: '/api/events', headers: us }),
    healthz: () => ask('/healthz'),
    board: () => get<Record<'needs' | 'working' | 'done', TaskDetail[]>>('/api/tasks'),
    /** Types a command that starts a task, and resolves with the task. */
    async start(text: string): Promise<TaskDetail> {
      const before = await newest()
      const reply = await say(text)
      if (reply.kind !== 'none') throw new Error(`${text}: ${JSON.stringify(reply)}`)
      const id = await until(async () => (await newest()).find((one) => !before.includes(one)), WITHIN)
      return task(id)
    },
    /** Waits until the task is so. */
    until: (id: string, is: (task: TaskDetail) => unknown, what = 'the task is so') =>
      until(async () => ((now) => (is(now) ? now : null))(await task(id)), { ...WITHIN, what }),
    /** The button with this label in the task's thread, once it is there. */
    button: (id: string, label: string): Promise<Button> =>
      until(
        async () =>
          cards(await threadOf(id))
            .flatMap((card) => card.buttons)
            .findLast((one) => one.label === label),
        {
          ...WITHIN,
          what: `${id} shows the button ${label}`,
        },
      ),
  }

  async function newest(): Promise<string[]> {
    const { needs, working, done } = await get<Record<'needs' | 'working' | 'done', TaskDetail[]>>('/api/tasks')
    return [...needs, ...working, ...done].map((one) => one.id)
  }
}

export const cards = (messages: ChatMessage[]): Card[] =>
  messages.flatMap(({ content }) => (content.kind === 'card' ? [content.card] : []))

/** All text of a card, as one would read it aloud. */
export const wordsOf = (card: Card): string => JSON.stringify([card.title, card.body])

function request(options: http.RequestOptions, body?: unknown): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const asked = http.request({ ...options, agent: false }, (response) => {
    const chunks: Buffer[] = []
    response.on('data', (chunk: Buffer) => chunks.push(chunk))
    response.on('error', reject)
    response.on('end', () =>
      resolve({ status: response.statusCode ?? 0, headers: response.headers, text: Buffer.concat(chunks).toString() }),
    )
  })
  asked.on('error', reject)
  asked.end(body === undefined ? undefined : JSON.stringify(body))
  return promise
}

function stream(options: http.RequestOptions): Promise<{ text: () => string; close(): void }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ text: () => string; close(): void }>()
  const asked = http.get({ ...options, agent: false }, (response) => {
    let text = ''
    response.setEncoding('utf8').on('data', (more: string) => (text += more))
    response.on('error', () => {})
    resolve({ text: () => text, close: () => asked.destroy() })
  })
  asked.on('error', reject)
  return promise
}
