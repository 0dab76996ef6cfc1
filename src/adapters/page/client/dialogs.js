// The page's dialogs: a form to fill in before a click is sent, and long text to read. The browser's own dialog keeps the
// focus inside and gives it back.
import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { submit } from './clicks.js'
import { Code, Words, revealed } from './blocks.js'
import { CardView } from './card.js'
import { FieldView, valuesOf } from './fields.js'
import { classes, html } from './html.js'
import { Icon } from './icons.js'
import { dialog, takeReply } from './replies.js'
import { useStore } from './store.js'

/** @typedef {import('./replies.js').Dialog} Dialog */

/** A longer sentence stands below the heading instead. */
const TITLE_CHARS_MAX = 80

export function Dialogs() {
  const shown = useStore(dialog)
  if (!shown) return null
  switch (shown.kind) {
    case 'form':
      return html`<${FormDialog} shown=${shown} />`
    case 'text':
      return html`<${TextDialog} shown=${shown} />`
    case 'cards':
      return html`<${CardsDialog} shown=${shown} />`
  }
}

const close = () => dialog.set(null)

/** @param {{ shown: Extract<Dialog, { kind: 'form' }> }} props */
function FormDialog({ shown }) {
  const { form, id, place, message, danger } = shown
  const [state, setState] = useState({ busy: false, sentence: '' })
  /** @param {SubmitEvent} event */
  const send = (event) => {
    event.preventDefault()
    if (!state.busy) void answer(valuesOf(form.fields, new FormData(/** @type {HTMLFormElement} */ (event.target))))
  }
  // Open until it has arrived: a refusal must not cost what was filled in.
  /** @param {Record<string, string>} values */
  const answer = async (values) => {
    setState({ busy: true, sentence: '' })
    const on = message ?? { place, channel: 'general', thread: place === 'general' ? null : place, shown: id }
    const reply = await submit(on, id, values)
    if (reply.kind === 'refused') return setState({ busy: false, sentence: reply.text })
    if (dialog.get() === shown) close()
    takeReply(place, reply)
  }
  return html`
    <${Frame} title=${form.title}>
      <form class="form" onSubmit=${send}>
        <div class="form-fields">
          ${form.says && html`<p class="form-says">${form.says}</p>`}
          ${form.fields.map((field, at) => html`<${FieldView} key=${field.id} field=${field} first=${at === 0} />`)}
        </div>
        ${state.sentence && html`<p class="form-refused" role="alert" dir="auto">${state.sentence}</p>`}
        <div class="buttons">
          <button
            type="submit"
            class=${classes('button', danger ? 'button-danger' : 'button-primary')}
            aria-busy=${state.busy ? 'true' : undefined}
          >
            ${state.busy && html`<span class="spinner" aria-hidden="true"></span>`}${form.submit}
          </button>
          <button type="button" class="button" onClick=${close}>Cancel</button>
        </div>
      </form>
    <//>
  `
}

/** @param {{ shown: Extract<Dialog, { kind: 'text' }> }} props */
const TextDialog = ({ shown: { text, code } }) => html`
  <${Frame} title=${text.length <= TITLE_CHARS_MAX ? text : 'Only you see this'} wide=${true}>
    <div class="dialog-text">
      ${text.length > TITLE_CHARS_MAX && html`<${Words} text=${text} />`}
      <${Code} text=${code} />
    </div>
    <div class="buttons"><button type="button" class="button" onClick=${close}>Close</button></div>
  <//>
`

/** What is answered here shows itself in its thread. @param {{ shown: Extract<Dialog, { kind: 'cards' }> }} props */
function CardsDialog({ shown }) {
  const { place, text, cards } = shown
  /** @param {MouseEvent} event */
  const follow = ({ target }) => {
    if (target instanceof Element && target.closest('.card button, .card a') && dialog.get() === shown) close()
  }
  const on = (/** @type {number} */ at) => ({ place, channel: 'general', thread: null, shown: `mine:${at}` })
  return html`
    <${Frame} title=${text} wide=${true}>
      <div class="dialog-cards" onClick=${follow}>
        ${cards.map((card, at) => html`<${CardView} key=${at} card=${card} on=${on(at)} />`)}
      </div>
      <div class="buttons"><button type="button" class="button" onClick=${close}>Close</button></div>
    <//>
  `
}

/** @param {{ title: string, wide?: boolean, children?: unknown }} props */
function Frame({ title, wide = false, children }) {
  const box = useRef(/** @type {HTMLDialogElement | null} */ (null))
  const heading = useId()
  useEffect(() => {
    const from = document.activeElement
    if (box.current && !box.current.open) box.current.showModal()
    return () => {
      if (from instanceof HTMLElement) from.focus()
    }
  }, [])
  return html`
    <dialog ref=${box} class=${wide ? 'dialog wide' : 'dialog'} aria-labelledby=${heading} onClose=${close}>
      <header class="dialog-head">
        <h2 id=${heading} dir="auto">${revealed(title, false)}</h2>
        <button type="button" class="icon-button" aria-label="Close" title="Close" onClick=${close}>
          <${Icon} name="close" />
        </button>
      </header>
      ${children}
    </dialog>
  `
}
