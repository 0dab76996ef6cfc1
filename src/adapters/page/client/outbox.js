// What a person sent and the server has not confirmed. It is kept in the browser's storage until then, tried again by itself
// with the same delivery key, and given back to the composer when it was refused: nothing typed is ever lost.
import { newKey, post } from './api.js'
import { restoreDraft } from './drafts.js'
import { applyMessage } from './messages.js'
import { takeReply } from './replies.js'
import { store } from './store.js'

/** @import { ChatMessage } from '../../../bot/chat-log.ts' */
/** @import { Reply } from '../../../bot/chat.ts' */
/** @typedef {{ key: string, channel: string, thread: string | null, text: string, at: number }} Sent */
/** @typedef {Sent & { state: 'sending' } | Sent & { state: 'waiting' } | Sent & { state: 'failed', sentence: string }} Outgoing */

const STORED = 'backchannel.outbox'
const AGAIN_MS = 2_000

export const outbox = store(/** @type {Outgoing[]} */ ([]))
outbox.watch((entries) => localStorage.setItem(STORED, JSON.stringify(entries)))

/** What an earlier visit could not send. */
export function readOutbox() {
  try {
    const entries = /** @type {Outgoing[]} */ (JSON.parse(localStorage.getItem(STORED) ?? '[]'))
    outbox.set(entries.map((entry) => (entry.state === 'failed' ? entry : { ...entry, state: 'waiting' })))
  } catch {
    localStorage.removeItem(STORED)
  }
}

/** @param {{ channel: string, thread: string | null, text: string }} said */
export function send(said) {
  /** @type {Outgoing} */
  const entry = { ...said, key: newKey(), at: Date.now(), state: 'sending' }
  outbox.set((now) => [...now, entry])
  void deliver(entry)
}

/** Tries everything that waits, now. */
export function flushOutbox() {
  for (const entry of outbox.get()) if (entry.state === 'waiting') void deliver(entry)
}

/** @param {Outgoing} entry */
export const tryAgain = (entry) => deliver(entry)

/** @param {Outgoing} entry */
export function takeBack(entry) {
  remove(entry)
  restoreDraft(placeOf(entry), entry.text)
}

/** @param {Outgoing} entry */
async function deliver({ key, channel, thread, text, at }) {
  const sent = { key, channel, thread, text, at }
  replace({ ...sent, state: 'sending' })
  const answer = await post('/api/chat/messages', { key, channel, thread, text })
  if (answer.kind === 'unreached') {
    replace({ ...sent, state: 'waiting' })
    setTimeout(flushOutbox, AGAIN_MS)
    return
  }
  if (answer.kind === 'refused' && answer.status >= 500)
    return replace({ ...sent, state: 'failed', sentence: answer.sentence })
  remove(sent)
  if (answer.kind === 'refused') {
    restoreDraft(placeOf(sent), text)
    return takeReply(placeOf(sent), { kind: 'refused', text: answer.sentence })
  }
  const { message, reply } = /** @type {{ message: ChatMessage | null, reply: Reply }} */ (answer.value)
  if (message) applyMessage(message)
  if (reply.kind === 'refused') restoreDraft(placeOf(sent), text)
  takeReply(placeOf(sent), reply)
}

/** @param {Sent} sent */
const placeOf = ({ channel, thread }) => thread ?? channel

/** @param {Outgoing} entry */
const replace = (entry) => outbox.set((now) => now.map((one) => (one.key === entry.key ? entry : one)))

/** @param {Sent} entry */
const remove = (entry) => outbox.set((now) => now.filter((one) => one.key !== entry.key))
