// Makes the messages of one task true: compares what people should see (posts) with the messages that exist, and mends the
// difference. The intent is stored before a post, its reference after.

import { createHash } from 'node:crypto'
import type { Post } from '../task/card.ts'
import { posts, type Surroundings } from '../task/posts/index.ts'
import type { Task } from '../task/task.ts'
import type { MessageRef, Place } from '../task/words.ts'
import type { Chat } from './chat.ts'
import type { Message, Messages } from './messages.ts'

/** All that posts depend on. A task that was not folded anew is the same object. */
export type Seen = { task: Task } & Surroundings

type Ports = {
  messages: Messages
  /** Where a finished task is told in one line. */
  lineIn: (place: Place) => Place
}

/** `later`: the platform takes no edit now, so that something is still to be shown. */
export type Mended = 'shown' | 'later'

export async function mend(ports: Ports, chat: Chat, seen: Seen): Promise<Mended> {
  const { task, ...surroundings } = seen
  const known = await ports.messages.of(task.id)
  const rootNow = (): MessageRef | null => known.get('status')?.ref ?? null
  const root = rootNow()
  const wanted = [...posts(task, { ...surroundings, root })].filter(
    ([, post]) => chat.limits.lines || post.kind !== 'card' || post.where !== 'channel',
  )
  // What is new notifies somebody, so it goes out before what is only kept up to date; in a thread that is there.
  const isNew = ([key]: [string, Post]): boolean => !known.get(key)?.ref && root !== null
  const mended: Mended[] = []
  const failures: unknown[] = []
  for (const [key, post] of [...wanted.filter(isNew), ...wanted.filter((one) => !isNew(one))])
    try {
      mended.push(await mendOne(ports, chat, task, key, post, known))
    } catch (error) {
      // Where one cannot stand, such as a line in a channel that is closed, the others are made true all the same.
      if (!rootNow()) throw error
      failures.push(error)
    }
  // Lines name the root, and that was not there yet, or is another now.
  if (rootNow()?.id !== root?.id) return mend(ports, chat, seen)
  if (failures.length > 0) throw failures[0]
  return mended.includes('later') ? 'later' : 'shown'
}

async function mendOne(
  { messages, lineIn }: Ports,
  chat: Chat,
  task: Task,
  key: string,
  post: Post,
  known: Map<string, Message>,
): Promise<Mended> {
  const hash = hashOf(post)
  const message = known.get(key)
  if (message?.ref && message.hash === hash) return 'shown'
  const store = async (ref: MessageRef | null, shows = ref ? hash : ''): Promise<Mended> => {
    const stored = { task: task.id, key, ref, hash: shows }
    await messages.put(stored)
    known.set(key, stored)
    return shows === hash ? 'shown' : 'later'
  }
  if (post.kind === 'mark') {
    await chat.mark(post.on, post.mark)
    return store(post.on)
  }
  if (message?.ref) {
    // What it shows is not known until the edit is: a card may come back to what it once said.
    if (message.hash !== '') await messages.put({ ...message, hash: '' })
    const edited = await chat.edit(message.ref, post.card)
    if (edited === 'later') return 'later'
    if (edited === 'edited') return store(message.ref)
  }
  const place = placeOf(post.where, task, known, lineIn)
  // A message that is gone is posted anew under a key that names it, so that this post, too, can be looked up.
  const postKey = message?.ref ? `${task.id}:${key}:${message.ref.id}` : `${task.id}:${key}`
  // Intended before, reference never stored: it may be there.
  const orphan = message ? await chat.find(place, postKey) : null
  if (orphan) {
    const edited = await chat.edit(orphan, post.card)
    if (edited !== 'gone') return store(orphan, edited === 'later' ? '' : hash)
  }
  if (!message) await store(null)
  const ref = await chat.post(place, post.card, postKey)
  // A chat that keeps keys may have answered with the first message, and that shows what was true then.
  const edited = message ? await chat.edit(ref, post.card) : 'edited'
  return store(ref, edited === 'later' ? '' : hash)
}

/** A task's root stands in the channel, wherever it was asked for: its thread is its own. */
function placeOf(
  where: Extract<Post, { kind: 'card' }>['where'],
  { id, place }: Task,
  known: Map<string, Message>,
  lineIn: Ports['lineIn'],
): Place {
  const channel = { chat: place.chat, channel: place.channel }
  switch (where) {
    case 'root':
      return channel
    case 'origin':
      return place
    case 'channel':
      return lineIn(channel)
    case 'thread': {
      const root = known.get('status')?.ref
      if (!root) throw new Error(`the status card of ${id} was not posted first`)
      return { ...channel, channel: root.channel, thread: root.id }
    }
  }
}

const hashOf = (content: unknown): string => createHash('sha256').update(JSON.stringify(content)).digest('base64url')
