// A page with everything behind it made up: the real server and the real web chat, a chat log in memory, tasks from a list. What
// people do lands in `received`; a script answers commands and clicks so that the page can be looked at and used.
import fs from 'node:fs'
import path from 'node:path'
import { webChat, type WebChat } from '../../src/adapters/chat/web/index.ts'
import { page, type Completion, type Page } from '../../src/adapters/page/index.ts'
import type { Inbound, Reply } from '../../src/bot/chat.ts'
import type { ChatLog } from '../../src/bot/chat-log.ts'
import type { LogRange, TaskDetail, Views } from '../../src/bot/views.ts'
import { openInWorkspace } from '../../src/bot/workspace-file.ts'
import type { Card } from '../../src/task/card.ts'
import { chatLogInMemory } from '../support/chat-log.ts'
import { NOTHING_MISSED } from '../contract/chat.ts'
import {
  ANN,
  diff,
  ended,
  failedSummary,
  logText,
  nastyCard,
  permission,
  question,
  settled,
  statusWorking,
  summary,
  tasksAt,
} from './fixture-data.ts'

const PLACE = { chat: 'web', channel: 'general' }

export type World = {
  url: string
  port: number
  chat: WebChat
  log: ChatLog
  tasks: TaskDetail[]
  logs: Map<string, string>
  received: Inbound[]
  health: { ok: boolean }
  ringBoard(): void
  /** How many streams are open. */
  streams(): number
  login(): Promise<string>
  /** Takes the server away and brings it back at the same address. */
  stop(): Promise<void>
  start(): Promise<void>
}

export async function world({
  home,
  empty = false,
  answer = scripted,
  port: asked = 0,
}: {
  home: string
  empty?: boolean
  answer?: (event: Inbound, chat: WebChat) => Promise<Reply>
  port?: number
}): Promise<World> {
  const log = chatLogInMemory()
  const tasks = empty ? [] : tasksAt(Date.now())
  const logs = new Map(tasks.map((task, at) => [task.id, logText(at === 2 ? 3_000 : 40)]))
  const received: Inbound[] = []
  const health = { ok: true }
  const listeners = new Set<() => void>()
  const chat = webChat({ log, now: Date.now, owner: ANN })
  await chat.start(async (event) => {
    received.push(event)
    return answer(event, chat)
  }, NOTHING_MISSED)
  const roots = empty ? new Map<string, string>() : await seed(log)

  const make = (port: number): Page =>
    page({
      callers: () => null,
      views: viewsOf(tasks, logs, home),
      owner: ANN,
      cards: async (id) => cardsOf(id),
      links: {
        thread: async (task) => roots.get(task) ?? null,
        task: async (root) => [...roots].find(([, one]) => one === root)?.[0] ?? null,
      },
      completion: async () => COMPLETION,
      chat,
      health: () => health,
      changes(listener) {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
      now: Date.now,
      port,
      home,
    })
  let running = make(asked)
  const { port, url } = await running.start()
  return {
    url,
    port,
    chat,
    log,
    tasks,
    logs,
    received,
    health,
    ringBoard: () => listeners.forEach((listener) => listener()),
    streams: () => listeners.size,
    login: () => running.newLogin(),
    stop: () => running.stop(),
    async start() {
      running = make(port)
      await running.start()
    },
  }
}

async function seed(log: ChatLog): Promise<Map<string, string>> {
  const now = Date.now()
  const MINUTE = 60_000
  const say = (text: string, at: number, thread: string | null = null, mark: 'received' | 'delivered' | null = null) =>
    log.add({ key: `seed:${text}`, channel: 'general', thread, author: ANN, at, content: { kind: 'text', text, mark } })
  const post = async (card: Card, at: number, thread: string | null = null) =>
    (
      await log.add({
        key: `seed:${card.title}:${at}`,
        channel: 'general',
        thread,
        author: { chat: 'web', id: 'backchannel', name: 'Backchannel' },
        at,
        content: { kind: 'card', card },
      })
    ).id
  await say('/bg start --agent demo', now - 3000 * MINUTE)
  const nasty = await post(nastyCard(), now - 2999 * MINUTE)
  await say('/bg run npm run build', now - 200 * MINUTE)
  const built = await post(ended('bad', 'npm-run-build', 'failed', now - 199 * MINUTE), now - 200 * MINUTE + 40)
  await post(failedSummary(), now - 199 * MINUTE, built)
  await say('/bg start Write the page about limits.', now - 90 * MINUTE)
  const docs = await post(ended('good', 'docs-for-limits', 'done', now - 79 * MINUTE), now - 90 * MINUTE + 40)
  await post(summary(), now - 79 * MINUTE, docs)
  await say('/bg start Make the login rate limiter per user. Stop when npm test is green.', now - 14 * MINUTE)
  const limiter = await post(statusWorking(now - 14 * MINUTE), now - 14 * MINUTE + 40)
  await post(settled(now - 10 * MINUTE), now - 12 * MINUTE, limiter)
  await say('keep the old header names', now - 9 * MINUTE, limiter, 'delivered')
  await say('and tell me when the tests are slow', now - 3 * MINUTE, limiter, 'received')
  await post(permission(), now - 2 * MINUTE, limiter)
  await post(question(), now - MINUTE, limiter)
  return new Map([
    ['t1', limiter],
    ['t4', docs],
    ['t6', built],
    ['t7', nasty],
  ])
}

/** Enough of a bot to look at: cards for starts and runs, a settled card for votes. */
async function scripted(event: Inbound, chat: WebChat): Promise<Reply> {
  const now = Date.now()
  if (event.kind === 'command') {
    if (/^(start|run) ./.test(event.text))
      await chat.post(PLACE, ended('queued', event.text.slice(0, 60), 'queued since', now), `new:${event.key}`)
    else if (event.text === 'tasks')
      return {
        kind: 'text',
        text: '2 tasks need you.',
        code: 'login-rate-limiter  needs you\nchoose-a-store      needs you',
      }
    else return { kind: 'refused', text: `There is no “${event.text}”. Did you mean “start”?` }
    return { kind: 'none' }
  }
  if (event.kind === 'reply') {
    await chat.mark(event.source, 'received')
    return { kind: 'none' }
  }
  if (event.id.includes(':log:')) return { kind: 'text', text: 'The log so far:', code: logText(60) }
  if (event.id.includes(':vote:') && event.place.thread) {
    const thread = await chat.find(PLACE, 'none')
    if (thread === null) await chat.post(event.place, settled(now), `vote:${event.key}`)
  }
  return { kind: 'none' }
}

const cardsOf = (id: string): { key: string; card: Card }[] => {
  const now = Date.now()
  if (id === 't1')
    return [
      { key: 'status', card: statusWorking(now - 840_000) },
      { key: 'request:r0', card: settled(now - 600_000) },
      { key: 'request:r1', card: permission() },
    ]
  if (id === 't7') return [{ key: 'status', card: nastyCard() }]
  return [
    { key: 'status', card: statusWorking(now - 840_000) },
    { key: 'summary:1', card: summary() },
  ]
}

function viewsOf(tasks: TaskDetail[], logs: Map<string, string>, home: string): Views {
  const textOf = (id: string) => Buffer.from(logs.get(id) ?? '')
  return {
    tasks: async ({ status, limit }) => tasks.filter((task) => !status || status.includes(task.status)).slice(0, limit),
    find: async (ref) => tasks.find((task) => task.id === ref)?.id ?? { refused: 'none' },
    task: async (id) => tasks.find((task) => task.id === id) ?? null,
    async log(id, { from = 0, tail, grep, bytesMax = 1e9 }): Promise<LogRange> {
      const all = textOf(id)
      const isEnded = tasks.find((task) => task.id === id)?.endedAt !== null
      const lines = all.toString().split('\n')
      if (grep !== undefined)
        return {
          text: lines.filter((line) => line.includes(grep)).join('\n'),
          from: 0,
          next: all.length,
          bytes: all.length,
          ended: isEnded,
        }
      const start =
        tail === undefined ? from : Math.max(0, all.length - Buffer.byteLength(lines.slice(-tail - 1).join('\n')))
      const text = all.subarray(start, start + bytesMax)
      return { text: text.toString(), from: start, next: start + text.length, bytes: all.length, ended: isEnded }
    },
    async logFile(id) {
      const file = path.join(home, `${id}.log`)
      fs.writeFileSync(file, textOf(id))
      return file
    },
    diff: async (id) =>
      id === 't5' ? { refused: 'This task works in the checkout itself, so what it changed is not known.' } : diff(),
    file: async (_id, name) =>
      openInWorkspace(
        { kind: 'worktree', repo: 'r', path: home, worktree: path.join(home, 'workspace'), branch: 'b', base: null },
        name,
      ),
  }
}

const TASK_VERB = { takes: 'task' as const, flags: [] }
const COMPLETION: Completion = {
  verbs: [
    {
      word: 'start',
      says: 'give work to an agent',
      takes: 'words',
      flags: [
        { word: '--agent', says: 'which agent', takes: 'agent' },
        { word: '--repo', says: 'which repository', takes: 'repo' },
      ],
    },
    {
      word: 'run',
      says: 'run a command',
      takes: 'words',
      flags: [{ word: '--repo', says: 'which repository', takes: 'repo' }],
    },
    { word: 'tasks', says: 'list the tasks', takes: 'nothing', flags: [] },
    { word: 'show', says: 'show a task', ...TASK_VERB },
    { word: 'logs', says: 'read the log of a task', ...TASK_VERB },
    { word: 'diff', says: 'see what a task changed', ...TASK_VERB },
    { word: 'stop', says: 'stop a task', ...TASK_VERB },
    { word: 'help', says: 'everything there is to type', takes: 'nothing', flags: [] },
  ],
  agents: ['careful', 'demo', 'shell'],
  repos: ['api', 'sample'],
  tasks: ['login-rate-limiter', 'choose-a-store', 'upgrade-to-node-24'],
}
