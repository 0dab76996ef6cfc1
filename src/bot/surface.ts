// Keeps the posted messages true: compares what people should see (posts) with the messages that exist, and mends the
// difference. Level-triggered: a restart is merely the first look. The intent is stored before a post, its reference after.

import { createHash } from 'node:crypto'
import { Watched } from '../runner/watched.ts'
import type { Journal } from '../runner/journal.ts'
import type { Post } from '../task/card.ts'
import { line } from '../task/plan.ts'
import { posts } from '../task/posts/index.ts'
import type { Task } from '../task/task.ts'
import type { MessageRef, Place, TaskId } from '../task/words.ts'
import type { Chat } from './chat.ts'
import type { Message, Messages } from './messages.ts'

type Ports = { journal: Journal; messages: Messages; chats: Chat[]; failed: (chat: string, error: unknown) => void }

export function surface({ journal, messages, chats, failed }: Ports): { look(): Promise<void> } {
  const watched = new Watched(journal, 'bot')
  /** What was last found true of a task's messages: only a hint that spares reading them again. */
  const settled = new Map<TaskId, string>()
  const chatOf = new Map(chats.map((chat) => [chat.id, chat]))

  async function look(): Promise<void> {
    await watched.refresh()
    const tasks = [...watched.tasks.values()]
    const inLine = line(tasks)
    const progress = await journal.progress(tasks.map((task) => task.id))
    const wanted = tasks.map((task) => {
      const place = inLine.indexOf(task)
      return {
        task,
        wanted: posts(task, { progress: progress.get(task.id) ?? null, line: place < 0 ? null : place + 1 }),
      }
    })
    // One chat's outage leaves the others untouched.
    await Promise.all(
      chats.map((chat) =>
        mendAll(
          chat,
          wanted.filter(({ task }) => task.place.chat === chat.id),
        ),
      ),
    )
    // A task of a chat that is switched off has nobody to be shown to.
    for (const { task } of wanted) if (!chatOf.has(task.place.chat)) await watched.done(task)
  }

  async function mendAll(chat: Chat, wanted: { task: Task; wanted: Map<string, Post> }[]): Promise<void> {
    for (const one of wanted) {
      try {
        await mend(chat, one.task, one.wanted)
        await watched.done(one.task)
        if (!watched.tasks.has(one.task.id)) settled.delete(one.task.id)
      } catch (error) {
        // Its mark stays: the next look tries again, and the other tasks do not wait for it.
        failed(chat.id, error)
      }
    }
  }

  async function mend(chat: Chat, task: Task, wanted: Map<string, Post>): Promise<void> {
    const all = hashOf([...wanted])
    if (settled.get(task.id) === all) return
    const known = await messages.of(task.id)
    for (const [key, post] of wanted) await mendOne(chat, task, key, post, known)
    settled.set(task.id, all)
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
    if (message?.ref && (await chat.edit(message.ref, post.card)) === 'edited') return store(message.ref)
    const place = post.where === 'root' ? task.place : threadOf(task, known)
    const postKey = `${task.id}:${key}`
    // Intended before, reference never stored: it may be there.
    const orphan = message && !message.ref ? await chat.find(place, postKey) : null
    if (orphan) {
      await chat.edit(orphan, post.card)
      return store(orphan)
    }
    if (!message) await store(null)
    await store(await chat.post(place, post.card, message?.ref ? `${postKey}:${message.ref.id}` : postKey))
  }

  return { look }
}

/** A task that was started in a thread stays there; else its thread hangs on its status card. */
function threadOf(task: Task, known: Map<string, Message>): Place {
  if (task.place.thread !== undefined) return task.place
  const root = known.get('status')?.ref
  if (!root) throw new Error(`the status card of ${task.id} was not posted first`)
  return { ...task.place, thread: root.id }
}

const hashOf = (content: unknown): string => createHash('sha256').update(JSON.stringify(content)).digest('base64url')
