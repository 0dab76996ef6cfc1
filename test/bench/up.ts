// A real `backchannel up` in a home of its own, and its page as a browser uses it: login, posts, clicks, the stream.

import type { SpawnOptions } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Reply } from '../../src/bot/chat.ts'
import type { ChatMessage } from '../../src/bot/chat-log.ts'
import type { TaskDetail, TaskRow } from '../../src/bot/views.ts'
import { until } from '../support/until.ts'
import { end, start } from './rubble.ts'
import { Stream } from './stream.ts'

/** As people start it. */
const BACKCHANNEL = path.join(import.meta.dirname, '../../bin/backchannel')
const CHANNEL = 'general'
const SLOW = { within: 60_000 }

export type Change = { message: ChatMessage; root: ChatMessage | null }
type Board = Record<'needs' | 'working' | 'done', TaskRow[]>

export type Up = Awaited<ReturnType<typeof up>>

/** `env` is given besides what a person's shell hands over. */
export async function up(home: string, env: Record<string, string> = {}) {
  const asPeopleDo = {
    cwd: os.tmpdir(),
    env: { ...environment(home), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  } satisfies SpawnOptions
  const child = start(['up'], asPeopleDo, BACKCHANNEL)
  let words = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => (words += text))
  await until(() => words.includes('Ctrl-C') || child.exitCode !== null, { ...SLOW, what: 'up is there' })
  const link = /http:\S+/.exec(words)?.[0]
  if (child.pid === undefined || link === undefined) throw new Error(`up did not start: ${words}`)

  const origin = `http://127.0.0.1:${fs.readFileSync(path.join(home, 'page.port'), 'utf8').trim()}`
  const login = await fetch(link, { redirect: 'manual' })
  const cookie = login.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  const headers = { cookie, origin, 'content-type': 'application/json' }
  const stream = await Stream.open<Change>(`${origin}/api/events`, headers)

  async function ask<T>(where: string, body?: object): Promise<T> {
    const how = body ? { method: 'POST', body: JSON.stringify(body) } : {}
    const response = await fetch(`${origin}${where}`, { headers, ...how })
    const text = await response.text()
    if (!response.ok) throw new Error(`${where}: ${response.status} ${text}`)
    return JSON.parse(text) as T
  }

  async function send(where: string, body: object): Promise<Reply> {
    const { reply } = await ask<{ reply: Reply }>(where, { key: randomUUID(), channel: CHANNEL, ...body })
    if (reply.kind === 'refused') throw new Error(`${JSON.stringify(body)}: ${reply.text}`)
    return reply
  }

  return {
    pid: child.pid,
    stream,
    say: (text: string) => send('/api/chat/messages', { text }),
    click: (id: string, thread: string | null) => send('/api/chat/clicks', { id, thread }),
    board: () => ask<Board>('/api/tasks'),
    task: async (id: string) => (await ask<{ task: TaskDetail }>(`/api/tasks/${id}`)).task,
    /** Waits until this many tasks stand there on the board. */
    until: (column: keyof Board, count: number) =>
      until(async () => (await ask<Board>('/api/tasks'))[column].length >= count, {
        within: SLOW.within + 2_000 * count,
        what: `${count} tasks are in ${column}`,
      }),
    async stop(): Promise<void> {
      stream.close()
      await end(child)
    },
  }
}

/** All that a person's shell would hand over. */
const environment = (home: string): Record<string, string> => ({
  PATH: process.env['PATH'] ?? '',
  HOME: path.dirname(home),
  TMPDIR: os.tmpdir(),
  LANG: 'C.UTF-8',
  LOG_LEVEL: 'warn',
  PORT: '0',
  BACKCHANNEL_HOME: home,
})
