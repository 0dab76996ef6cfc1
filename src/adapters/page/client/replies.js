// What only the person of this tab was told: a sentence or text by the composer of its place, long text and forms as dialogs.
import { announce } from './announce.js'
import { store } from './store.js'

/** @import { Reply } from '../../../bot/chat.ts' */
/** @import { Card, Form } from '../../../task/card.ts' */
/** @typedef {{ kind: 'form', place: string, id: string, form: Form, danger: boolean, message: import('./clicks.js').Clicked | null } | { kind: 'text', text: string, code: string } | { kind: 'cards', place: string, text: string, cards: Card[] }} Dialog */

export const replies = store(/** @type {Record<string, { refused: boolean, text: string }>} */ ({}))
export const dialog = store(/** @type {Dialog | null} */ (null))

/** @param {string} place @param {Reply} reply */
export function takeReply(place, reply) {
  switch (reply.kind) {
    case 'none':
      return dismiss(place)
    case 'form':
      return dialog.set({ kind: 'form', place, id: reply.id, form: reply.form, danger: false, message: null })
    case 'cards':
      return reply.cards.length === 0
        ? tell(place, reply.text, false)
        : dialog.set({ kind: 'cards', place, text: reply.text, cards: reply.cards })
    case 'refused':
      return tell(place, reply.text, true)
    case 'text':
      return reply.code === undefined
        ? tell(place, reply.text, false)
        : dialog.set({ kind: 'text', text: reply.text, code: reply.code })
  }
}

/** @param {string} place @param {string} text @param {boolean} refused */
function tell(place, text, refused) {
  replies.set((now) => ({ ...now, [place]: { refused, text } }))
  announce(text)
}

/** @param {string} place */
export const dismiss = (place) => replies.set(({ [place]: _gone, ...rest }) => rest)
