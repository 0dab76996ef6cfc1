// Pressing a button of a card. It stays pressed until the card itself says something new: what happened is for the card to
// say, not for us to guess.
import { newKey, post } from './api.js'
import { dialog, takeReply } from './replies.js'
import { store } from './store.js'

/** @import { Reply } from '../../../bot/chat.ts' */
/** @import { Button } from '../../../task/card.ts' */
/** @typedef {{ place: string, channel: string, thread: string | null, shown: string }} Clicked `shown`: names the state of the card the click was made on. */

const AGAIN_MS = 1_500
/** How long a click waits for its card to change once the server took it. */
const CARD_WITHIN_MS = 4_000

/** Button ids by the card they were pressed on. */
export const pressed = store(/** @type {Record<string, string>} */ ({}))

/** @param {Clicked} on @param {Button} button */
export function press(on, button) {
  const danger = button.style === 'danger'
  if (button.form) dialog.set({ kind: 'form', place: on.place, id: button.id, form: button.form, danger, message: on })
  else void click(on, button.id)
}

/** @param {Clicked} on @param {string} id */
async function click(on, id) {
  takeReply(on.place, await submit(on, id, {}))
}

/** Resolves to what the bot said; the button stays pressed for a while longer. @param {Clicked} on @param {string} id @param {Record<string, string>} values */
export async function submit(on, id, values) {
  pressed.set((now) => ({ ...now, [on.shown]: id }))
  const reply = await untilTaken({ key: newKey(), channel: on.channel, thread: on.thread, id, values })
  setTimeout(() => pressed.set(({ [on.shown]: _done, ...rest }) => rest), reply.kind === 'none' ? CARD_WITHIN_MS : 0)
  return reply
}

/** @param {object} body @returns {Promise<Reply>} */
async function untilTaken(body) {
  for (;;) {
    const answer = await post('/api/chat/clicks', body)
    if (answer.kind === 'ok') return /** @type {{ reply: Reply }} */ (answer.value).reply
    if (answer.kind === 'refused') return { kind: 'refused', text: answer.sentence }
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS))
  }
}
