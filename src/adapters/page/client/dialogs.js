// The page's dialogs: a form to fill in before a click is sent, and long text to read. The browser's own dialog keeps the
// focus inside and gives it back.
import { useEffect, useId, useRef } from 'preact/hooks'
import { click } from './clicks.js'
import { Code, Words, revealed } from './blocks.js'
import { FieldView, valuesOf } from './fields.js'
import { html } from './html.js'
import { Icon } from './icons.js'
import { dialog } from './replies.js'
import { useStore } from './store.js'

/** @typedef {import('./replies.js').Dialog} Dialog */

export function Dialogs() {
  const shown = useStore(dialog)
  if (!shown) return null
  return shown.kind === 'form' ? html`<${FormDialog} shown=${shown} />` : html`<${TextDialog} shown=${shown} />`
}

const close = () => dialog.set(null)

/** @param {{ shown: Extract<Dialog, { kind: 'form' }> }} props */
function FormDialog({ shown }) {
  const { form, id, place, message } = shown
  /** @param {SubmitEvent} event */
  const submit = (event) => {
    event.preventDefault()
    const values = valuesOf(form.fields, new FormData(/** @type {HTMLFormElement} */ (event.target)))
    close()
    void click(
      message ?? { place, channel: 'general', thread: place === 'general' ? null : place, shown: id },
      id,
      values,
    )
  }
  return html`
    <${Frame} title=${form.title}>
      <form class="form" onSubmit=${submit}>
        <div class="form-fields">
          ${form.fields.map((field) => html`<${FieldView} key=${field.id} field=${field} />`)}
        </div>
        <div class="buttons">
          <button type="submit" class="button button-primary">${form.submit}</button>
          <button type="button" class="button" onClick=${close}>Cancel</button>
        </div>
      </form>
    <//>
  `
}

/** @param {{ shown: Extract<Dialog, { kind: 'text' }> }} props */
const TextDialog = ({ shown }) => html`
  <${Frame} title="For you" wide=${true}>
    <div class="dialog-text"><${Words} text=${shown.text} /><${Code} text=${shown.code} title="Text" /></div>
    <div class="buttons"><button type="button" class="button" onClick=${close}>Close</button></div>
  <//>
`

/** @param {{ title: string, wide?: boolean, children?: unknown }} props */
function Frame({ title, wide = false, children }) {
  const box = useRef(/** @type {HTMLDialogElement | null} */ (null))
  const heading = useId()
  useEffect(() => {
    if (box.current && !box.current.open) box.current.showModal()
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
