// What the page reads, as JSON: the board, a task with its cards, ranges of its log, its diff. All of it through the read
// port; what a query may say is parsed here.

import fs from 'node:fs'
import { Readable } from 'node:stream'
import { Hono } from 'hono'
import { z } from 'zod'
import type { LogQuery, TaskRow, Views } from '../../bot/views.ts'
import type { Card } from '../../task/card.ts'
import { workspaceFile } from './files.ts'
import type { Actor, TaskId } from '../../task/words.ts'

const ACTIVE_MAX = 500
const DONE_PER_LOOK = 40
const LOG_BYTES_MAX = 512 * 1024
const TAIL_LINES_MAX = 5_000

/** What the page completes while a person types a command. `takes`: what follows the word. */
export type Takes = 'agent' | 'repo' | 'task' | 'words' | 'nothing'
export type Completion = {
  verbs: { word: string; says: string; takes: Takes; flags: { word: string; says: string; takes: Takes }[] }[]
  agents: string[]
  repos: string[]
  tasks: string[]
}

export type Looks = {
  views: Views
  owner: Actor
  /** The cards of a task as its chat shows them, so that it can be answered from its own page too. */
  cards: (task: TaskId) => Promise<{ key: string; card: Card }[]>
  /** The thread a task is talked about in, and the task of a thread; ids of root messages. */
  links: { thread(task: TaskId): Promise<string | null>; task(root: string): Promise<TaskId | null> }
  completion: () => Promise<Completion>
}

const Before = z.object({ createdAt: z.coerce.number(), task: z.string().min(1) })
const count = z.coerce.number().int().min(0)
const LogAsked = z.object({
  from: count.optional(),
  tail: count.max(TAIL_LINES_MAX).optional(),
  grep: z.string().max(500).optional(),
  bytesMax: count.max(LOG_BYTES_MAX).optional(),
})

const NO_TASK = { error: 'There is no such task.' }

export function api({ views, owner, cards, links, completion }: Looks): Hono {
  const active = (...status: TaskRow['status'][]) => views.tasks({ status, limit: ACTIVE_MAX })

  return new Hono()
    .get('/me', (c) => c.json({ owner }))
    .get('/completion', async (c) => c.json(await completion()))
    .get('/threads/:root/task', async (c) => c.json({ task: await links.task(c.req.param('root')) }))
    .get('/tasks', async (c) => {
      const before =
        c.req.query('before') === undefined
          ? undefined
          : Before.safeParse({ createdAt: c.req.query('before'), task: c.req.query('task') })
      if (before?.success === false) return c.json({ error: 'This page of the board does not exist.' }, 400)
      const [needs, working, done] = await Promise.all([
        active('input_required'),
        active('working', 'queued'),
        views.tasks({
          status: ['completed', 'failed', 'cancelled'],
          limit: DONE_PER_LOOK + 1,
          ...(before && { before: before.data }),
        }),
      ])
      return c.json({ needs, working, done: done.slice(0, DONE_PER_LOOK), more: done.length > DONE_PER_LOOK })
    })
    .get('/tasks/:id', async (c) => {
      const id = c.req.param('id')
      const task = await views.task(id)
      if (!task) return c.json(NO_TASK, 404)
      const [shown, thread] = await Promise.all([cards(id), links.thread(id)])
      return c.json({ task, cards: shown, thread })
    })
    .get('/tasks/:id/log', async (c) => {
      const asked = LogAsked.safeParse(c.req.query())
      if (!asked.success)
        return c.json({ error: `A log is asked for by from, tail (at most ${TAIL_LINES_MAX} lines) or grep.` }, 400)
      if (!(await views.task(c.req.param('id')))) return c.json(NO_TASK, 404)
      const query: LogQuery = { bytesMax: LOG_BYTES_MAX, ...withoutUndefined(asked.data) }
      return c.json(await views.log(c.req.param('id'), query))
    })
    .get('/tasks/:id/log/download', async (c) => {
      const task = await views.task(c.req.param('id'))
      const file = task && (await views.logFile(task.id))
      if (!task || !file) return c.json({ error: 'There is no log of this task yet.' }, 404)
      c.header('Content-Type', 'text/plain; charset=utf-8')
      c.header('Content-Disposition', `attachment; filename*=UTF-8''${encodeURIComponent(`${task.label}.log`)}`)
      return c.body(Readable.toWeb(fs.createReadStream(file)) as ReadableStream)
    })
    .get('/tasks/:id/diff', async (c) => {
      if (!(await views.task(c.req.param('id')))) return c.json(NO_TASK, 404)
      return c.json(await views.diff(c.req.param('id')))
    })
    .get('/tasks/:id/files/*', (c) => workspaceFile(c, views))
}

const withoutUndefined = <T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
