// What a screen reader is told without asking: new messages of others, and what an action led to.
import { store } from './store.js'

/** @import { ChatMessage } from '../../../bot/chat-log.ts' */

export const announced = store({ n: 0, text: '' })

/** @param {string} text */
export const announce = (text) => announced.set(({ n }) => ({ n: n + 1, text }))

/** @param {ChatMessage} message */
export function announceMessage({ author, content }) {
  if (content.kind === 'card') announce(`${author.name}: ${content.card.title}`)
}
