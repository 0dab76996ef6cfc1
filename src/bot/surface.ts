// Keeps the posted messages true, of all tasks in all chats. Level-triggered: a restart is merely the first look. The tasks of
// a chat are mended a few at a time, each alone and as it is when its turn comes, so that a chat that is slow or takes few
// edits keeps back neither the other chats nor what people have to decide.

import { Watched } from '../runner/watched.ts'
import type { Journal } from '../runner/journal.ts'
import { line } from '../task/plan.ts'
import type { Instant, Place, TaskId } from '../task/words.ts'
import type { Chat } from './chat.ts'
import type { Messages } from './messages.ts'
import { mend, type Seen } from './mend.ts'

type Ports = {
  journal: Journal
  messages: Messages
  chats: Chat[]
  now: () => Instant
  /** Where a finished task is told in one line; left out, in its channel. */
  lineIn?: (place: Place) => Place
  failed: (chat: string, error: unknown) => void
  /** How long to wait with a task that could not be shown so many times in a row. */
  retryMs?: (failures: number) => number
}

export type Surface = {
  /** Takes what changed and begins to show it. */
  begin(): Promise<void>
  /** Resolves when nothing is being shown. */
  idle(): Promise<void>
  /** Both. */
  look(): Promise<void>
}

/** Without a sign of life for so long, people may want to look. */
const QUIET_MS = 10 * 60_000
/** Tasks of one channel that are mended at the same time: where a chat lets one wait, the others do not. */
const LANES_MAX = 8
/** What an agent does right now is shown this often at most, where edits are counted. */
const PROGRESS_MS = 3_000
/** The part of the edits that progress may take: the rest is for what happened. */
const PROGRESS_SHARE = 0.75
const RETRY_MS_MAX = 30_000

export function surface(ports: Ports): Surface {
  const { journal, chats, now } = ports
  const watched = new Watched(journal, 'bot')
  const displays = new Map(chats.map((chat) => [chat.id, display(ports, chat, watched)]))

  async function begin(): Promise<void> {
    await watched.refresh()
    const tasks = [...watched.tasks.values()]
    const inLine = line(tasks)
    const progress = await journal.progress(tasks.map((task) => task.id))
    const seen = tasks.map((task): Seen => {
      const place = inLine.indexOf(task)
      const does = progress.get(task.id) ?? null
      const isQuiet = does !== null && now() - does.at > QUIET_MS
      return { task, progress: does, line: place < 0 ? null : place + 1, isQuiet }
    })
    const byChat = Map.groupBy(seen, ({ task }) => task.place.chat)
    for (const [chat, ones] of byChat) {
      const shown = displays.get(chat)
      if (shown) shown.show(ones)
      // A task of a chat that is switched off has nobody to be shown to.
      else for (const { task } of ones) await watched.done(task)
    }
  }

  const idle = async (): Promise<void> => {
    await Promise.all([...displays.values()].map((one) => one.idle()))
  }
  return {
    begin,
    idle,
    async look() {
      await begin()
      await idle()
    },
  }
}

/** What is shown in one chat, and what waits to be. All of it may be forgotten: it only spares looking again. */
function display({ messages, now, failed, ...ports }: Ports, chat: Chat, watched: Watched) {
  const { lineIn = (place) => place, retryMs = (failures) => Math.min(1_000 * 2 ** failures, RETRY_MS_MAX) } = ports
  const shown = new Map<TaskId, { seen: Seen; at: Instant }>()
  const troubles = new Map<TaskId, { failures: number; at: Instant }>()
  /** The newest of each task; one that is being mended is taken up again afterwards. */
  const waiting = new Map<TaskId, Seen>()
  const busy = new Map<TaskId, string>()
  const lanes = new Set<Promise<void>>()
  /** The last time the chat took no edit of what happened. */
  let refusedAt: Instant | null = null

  function show(all: Seen[]): void {
    const changed = all.filter((one) => !isSame(one, shown.get(one.task.id)?.seen) && mayTry(one))
    const news = changed.filter(isNews)
    const progress = changed.filter((one) => !isNews(one) && isDue(one, all.length))
    for (const one of [...news, ...progress]) waiting.set(one.task.id, one)
    while (next()) open()
  }

  function open(): void {
    const lane = work().finally(() => lanes.delete(lane))
    lanes.add(lane)
  }

  /** Not being mended, and in a channel with room for one more. */
  function next(): Seen | undefined {
    const inChannel = Map.groupBy(busy.values(), (channel) => channel)
    return [...waiting.values()].find(
      ({ task }) => !busy.has(task.id) && (inChannel.get(task.place.channel)?.length ?? 0) < LANES_MAX,
    )
  }

  async function work(): Promise<void> {
    for (let one = next(); one; one = next()) {
      const { id, place } = one.task
      waiting.delete(id)
      busy.set(id, place.channel)
      await showOne(one)
      busy.delete(id)
    }
  }

  async function showOne(one: Seen): Promise<void> {
    const { id } = one.task
    try {
      const isLate = (await mend({ messages, lineIn }, chat, one)) === 'later'
      if (isLate && isNews(one)) refusedAt = now()
      troubles.delete(id)
      if (isLate) return
      shown.set(id, { seen: one, at: now() })
      await watched.done(one.task)
      if (!watched.tasks.has(id)) shown.delete(id)
    } catch (error) {
      // Its mark stays: it is tried again, and the other tasks do not wait for it.
      troubles.set(id, { failures: (troubles.get(id)?.failures ?? 0) + 1, at: now() })
      failed(chat.id, error)
    }
  }

  const passed = (since: Instant, ms: number): boolean => Math.abs(now() - since) >= ms

  function mayTry({ task }: Seen): boolean {
    const trouble = troubles.get(task.id)
    return !trouble || passed(trouble.at, retryMs(trouble.failures))
  }

  /** Something happened, and not only what the agent does right now is another. */
  function isNews(one: Seen): boolean {
    const before = shown.get(one.task.id)?.seen
    return !before || !isSame({ ...one, progress: null }, { ...before, progress: null })
  }

  /** The edits a chat takes are shared by all tasks, and what happened goes before. */
  function isDue({ task }: Seen, tasks: number): boolean {
    const { editsPerMinute } = chat.limits
    if (editsPerMinute === null) return true
    const everyMs = Math.max(PROGRESS_MS, (tasks * 60_000) / (editsPerMinute * PROGRESS_SHARE))
    if (refusedAt !== null && !passed(refusedAt, PROGRESS_MS)) return false
    return passed(shown.get(task.id)?.at ?? 0, everyMs)
  }

  return {
    show,
    async idle(): Promise<void> {
      while (lanes.size > 0) await Promise.all(lanes)
    },
  }
}

const isSame = (one: Seen, other: Seen | undefined): boolean =>
  one.task === other?.task &&
  one.progress?.at === other.progress?.at &&
  one.line === other.line &&
  one.isQuiet === other.isQuiet
