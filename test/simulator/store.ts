// Journal and messages in memory, keeping the promises of their ports: versions, conflicts, delivery keys, marks. Plain data,
// so that a search can copy it; lists are never changed in place.

import type { Message, Messages } from '../../src/bot/messages.ts'
import type { Append, Head, Journal, Reader } from '../../src/runner/journal.ts'
import type { Fact } from '../../src/task/facts.ts'
import type { Progress } from '../../src/task/report.ts'
import type { TaskId } from '../../src/task/words.ts'

export type Store = {
  facts: Map<TaskId, Fact[]>
  heads: Map<TaskId, Head>
  deliveries: Set<string>
  /** In order of change, oldest first. */
  marks: Record<Reader, Set<TaskId>>
  progress: Map<TaskId, Progress>
  messages: Map<string, Message>
}

export const emptyStore = (): Store => ({
  facts: new Map(),
  heads: new Map(),
  deliveries: new Set(),
  marks: { runner: new Set(), bot: new Set() },
  progress: new Map(),
  messages: new Map(),
})

export const copyStore = (store: Store): Store => ({
  facts: new Map(store.facts),
  heads: new Map(store.heads),
  deliveries: new Set(store.deliveries),
  marks: { runner: new Set(store.marks.runner), bot: new Set(store.marks.bot) },
  progress: new Map(store.progress),
  messages: new Map(store.messages),
})

export function journalIn(store: Store): Journal {
  const newestFirst = () => [...store.heads.values()].toSorted((a, b) => b.createdAt - a.createdAt)
  return {
    append: async (entry) => append(store, entry),
    facts: async (tasks) => new Map(tasks.map((task) => [task, store.facts.get(task) ?? []])),
    seen: async (delivery) => store.deliveries.has(delivery),
    heads: async ({ status, limit }) =>
      newestFirst()
        .filter((head) => !status || status.includes(head.status))
        .slice(0, limit),
    find: async (ref, limit) =>
      newestFirst()
        .filter((head) => head.task.startsWith(ref) || head.label.startsWith(ref))
        .slice(0, limit),
    marked: async (reader, limit) =>
      [...store.marks[reader]].flatMap((task) => store.heads.get(task) ?? []).slice(0, limit),
    unmark: async (reader, task, version) => {
      if (store.heads.get(task)?.version === version) store.marks[reader].delete(task)
    },
    putProgress: async (task, progress) => {
      if (progress) store.progress.set(task, progress)
      else store.progress.delete(task)
    },
    progress: async (tasks) =>
      new Map(
        tasks.flatMap((task) => (store.progress.has(task) ? [[task, store.progress.get(task) as Progress]] : [])),
      ),
  }
}

function append(store: Store, { task, expected, facts, by, at, delivery, head }: Append) {
  if (delivery !== undefined && store.deliveries.has(delivery)) return 'repeated'
  const known = store.facts.get(task) ?? []
  if (known.length !== expected) return 'conflict'
  const added = facts.map((body, index): Fact => ({ task, version: expected + index + 1, at, by, body }))
  store.facts.set(task, [...known, ...added])
  store.heads.set(task, head)
  if (delivery !== undefined) store.deliveries.add(delivery)
  for (const marks of Object.values(store.marks)) {
    marks.delete(task)
    marks.add(task)
  }
  return 'appended'
}

export const messagesIn = (store: Store): Messages => ({
  of: async (task) =>
    new Map(
      [...store.messages.values()].filter((message) => message.task === task).map((message) => [message.key, message]),
    ),
  put: async (message) => {
    store.messages.set(`${message.task} ${message.key}`, message)
  },
  taskOf: async (root) =>
    [...store.messages.values()].find(({ key, ref }) => key === 'status' && ref?.id === root.id)?.task ?? null,
  // The simulated chat is never away without the bot.
  roots: async () => [],
  cursor: async () => null,
  reached: async () => {},
})
