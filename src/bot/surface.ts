// Keeps the posted messages true: compares what people should see (posts) with the messages that exist, and mends the
// difference. Level-triggered: a restart is merely the first look. The intent is stored before a post, its reference after.

import { createHash } from 'node:crypto'
import { Watched } from '../runner/watched.ts'
import type { Journal } from '../runner/journal.ts'
import type { Post } from '../task/card.ts'
import { line } from '../task/plan.ts'
import { posts, type Surroundings } from '../task/posts/index.ts'
import type { Task } from '../task/task.ts'
import type { Instant, MessageRef, Place, TaskId } from '../task/words.ts'
import type { Chat } from './chat.ts'
import type { Message, Messages } from './messages.ts'

type Ports = {
  journal: Journal
  messages: Messages
  chats: Chat[]
  now: () => Instant
  failed: (chat: string, error: unknown) => void
}

/** Without a sign of life for so long, people may want to look. */
const QUIET_MS = 10 * 60_000

/** All that posts depend on. A task that was not folded anew is the same object. */
type Seen = { task: Task } & Surroundings

export function surface({ journal, messages, chats, now, failed }: Ports): { look(): Promise<void> } {
  const watched = new Watched(journal, 'bot')
  /** What the messages of a task were last made true for: only a hint that spares looking at them again. */
  const shown = new Map<TaskId, Seen>()
  const chatOf = new Map(chats.map((chat) => [chat.id, chat]))

  async function look(): Promise<void> {
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
    // One chat's outage leaves the others untouched. A task of a chat that is switched off has nobody to be shown to.
    await Promise.all(
      chats.map((chat) =>
        showAll(
          chat,
          seen.filter(({ task }) => task.place.chat === chat.id),
        ),
      ),
    )
    for (const { task } of seen) if (!chatOf.has(task.place.chat)) await watched.done(task)
  }

  async function showAll(chat: Chat, seen: Seen[]): Promise<void> {
    for (const one of seen) {
      try {
        if (!isSame(one, shown.get(one.task.id))) await show(chat, one)
        shown.set(one.task.id, one)
        await watched.done(one.task)
        if (!watched.tasks.has(one.task.id)) shown.delete(one.task.id)
      } catch (error) {
        // Its mark stays: the next look tries again, and the other tasks do not wait for it.
        failed(chat.id, error)
      }
    }
  }

  async function show(chat: Chat, { task, ...surroundings }: Seen): Promise<void> {
    const known = await messages.of(task.id)
    const wanted = [...posts(task, surroundings)]
    // What is new notifies somebody, so it goes out before what is only kept up to date; in a thread that is there.
    const isNew = ([key]: [string, Post]): boolean => !known.get(key)?.ref && known.get('status')?.ref !== undefined
    const ordered = [...wanted.filter(isNew), ...wanted.filter((one) => !isNew(one))]
    for (const [key, post] of ordered) await mendOne(chat, task, key, post, known)
  }

  async function mendOne(chat: Chat, task: Task, key: string, post: Post, known: Map<string, Message>): Promise<void> {
    const hash = hashOf(post)
    const message = known.get(key)
    if (message?.ref && message.hash === hash) return
    const store = async (ref: MessageRef | null): Promise<void> => {
      const stored = { task: task.id, key, ref, hash: ref ? hash : '' }
      await messages.put(stored)
      known.set(key, stored)
    }
    if (post.kind === 'mark') {
      await chat.mark(post.on, post.mark)
      return store(post.on)
    }
    if (message?.ref) {
      // What it shows is not known until the edit is: a card may come back to what it once said.
      if (message.hash !== '') await messages.put({ ...message, hash: '' })
      if ((await chat.edit(message.ref, post.card)) === 'edited') return store(message.ref)
    }
    const place = post.where === 'root' ? task.place : threadOf(task, known)
    // A message that is gone is posted anew under a key that names it, so that this post, too, can be looked up.
    const postKey = message?.ref ? `${task.id}:${key}:${message.ref.id}` : `${task.id}:${key}`
    // Intended before, reference never stored: it may be there.
    const orphan = message ? await chat.find(place, postKey) : null
    if (orphan && (await chat.edit(orphan, post.card)) === 'edited') return store(orphan)
    if (!message) await store(null)
    const ref = await chat.post(place, post.card, postKey)
    // A chat that keeps keys may have answered with the first message, and that shows what was true then.
    if (message) await chat.edit(ref, post.card)
    await store(ref)
  }

  return { look }
}

const isSame = (one: Seen, other: Seen | undefined): boolean =>
  one.task === other?.task &&
  one.progress?.at === other.progress?.at &&
  one.line === other.line &&
  one.isQuiet === other.isQuiet

/** A task that was started in a thread stays there; else its thread hangs on its status card. */
function threadOf(task: Task, known: Map<string, Message>): Place {
  if (task.place.thread !== undefined) return task.place
  const root = known.get('status')?.ref
  if (!root) throw new Error(`the status card of ${task.id} was not posted first`)
  return { ...task.place, thread: root.id }
}

const hashOf = (content: unknown): string => createHash('sha256').update(JSON.stringify(content)).digest('base64url')
