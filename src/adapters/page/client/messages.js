// The messages this tab knows. A message replaces an older state of itself, so it does not matter how often or in which order
// changes arrive.
import { get } from './api.js'
import { announceMessage } from './announce.js'
import { store } from './store.js'

/** @import { ChatMessage } from '../../../bot/chat-log.ts' */
/** @typedef {{ seq: number, message: ChatMessage, root: ChatMessage | null }} Change */
/** @typedef {{ loaded: boolean, more: boolean, seq: number, channel: string, byId: Map<string, ChatMessage>, threads: Set<string>, absent: Set<string> }} Messages */

const CHANNEL = 'general'

/** @returns {Messages} */
const nothing = () => ({
  loaded: false,
  more: false,
  seq: 0,
  channel: CHANNEL,
  byId: new Map(),
  threads: new Set(),
  absent: new Set(),
})

export const messages = store(nothing())

/** @typedef {{ seq: number, messages: ChatMessage[], more?: boolean }} Loaded */

/** Reads the newest messages, and anew the threads that are known. */
export async function loadChannel() {
  const answer = await get(/** @type {string} */ (`/api/chat/messages?channel=${CHANNEL}`))
  if (answer.kind !== 'ok') return
  const { seq, messages: found, more } = /** @type {Loaded} */ (answer.value)
  messages.set((now) => ({ ...merged(now, found, seq), more: now.loaded ? now.more : more === true, loaded: true }))
  await Promise.all([...messages.get().threads].map((root) => loadThread(root)))
}

export async function loadOlder() {
  const oldest = rootsOf(messages.get())[0]
  if (!oldest) return
  const answer = await get(`/api/chat/messages?channel=${CHANNEL}&before=${encodeURIComponent(oldest.id)}`)
  if (answer.kind !== 'ok') return
  const { messages: found, more } = /** @type {Loaded} */ (answer.value)
  messages.set((now) => ({ ...merged(now, found, 0), more: more === true }))
}

/** @param {string} root */
export async function loadThread(root) {
  const answer = await get(`/api/chat/threads/${encodeURIComponent(root)}`)
  if (answer.kind === 'refused') messages.set((now) => ({ ...now, absent: new Set([...now.absent, root]) }))
  if (answer.kind !== 'ok') return
  const { messages: found } = /** @type {Loaded} */ (answer.value)
  messages.set((now) => ({ ...merged(now, found, 0), threads: new Set([...now.threads, root]) }))
}

/** @param {Change} change */
export function applyChange({ seq, message, root }) {
  const before = messages.get()
  const isNew = !before.byId.has(message.id) && message.editedAt === null && seq > before.seq
  const wanted = [message, root].filter((one) => one !== null).filter((one) => isKept(before, one))
  messages.set(merged(before, wanted, seq))
  if (isNew) announceMessage(message)
}

/** @param {ChatMessage} message */
export const applyMessage = (message) => messages.set((now) => merged(now, isKept(now, message) ? [message] : [], 0))

/** The server's seq is behind ours: it is another database, so what we know is of no use. @param {number} seq */
export function resetIfOther(seq) {
  if (seq < messages.get().seq) messages.set(nothing())
}

/** Of a thread nobody opened only the root is kept, and of old messages only what was loaded. @param {Messages} now @param {ChatMessage} message */
function isKept(now, message) {
  if (now.byId.has(message.id)) return true
  if (message.thread !== null) return now.threads.has(message.thread)
  const oldest = rootsOf(now)[0]
  return !now.more || !oldest || message.at >= oldest.at
}

/**
 * @param {Messages} now
 * @param {ChatMessage[]} found
 * @param {number} seq
 * @returns {Messages}
 */
function merged(now, found, seq) {
  const byId = new Map(now.byId)
  for (const message of found) {
    const known = byId.get(message.id)
    if (!known || message.seq > known.seq || (message.seq === known.seq && message.replies >= known.replies))
      byId.set(message.id, message)
  }
  return { ...now, byId, seq: Math.max(now.seq, seq, ...found.map((one) => one.seq)) }
}

/** @param {Messages} now */
export const rootsOf = (now) =>
  inOrder([...now.byId.values()].filter((one) => one.thread === null && one.channel === now.channel))

/** The root first. @param {Messages} now @param {string} root */
export const threadOf = (now, root) =>
  inOrder([...now.byId.values()].filter((one) => one.id === root || one.thread === root))

/** @param {ChatMessage[]} found */
const inOrder = (found) => found.toSorted((a, b) => a.at - b.at)
