// The fields of a form: text, one of several choices, or several of them, with room for words of one's own unless it is closed.
import { useEffect, useId, useRef } from 'preact/hooks'
import { html } from './html.js'

/** @typedef {import('../../../task/request.ts').Field} Field */

const OWN = '\u0000own'

/** `first`: where one begins to type. @param {{ field: Field, first?: boolean }} props */
export function FieldView({ field, first = false }) {
  return field.choices
    ? html`<${Choices} field=${field} choices=${field.choices} />`
    : html`<${Text} field=${field} first=${first} />`
}

/** @param {{ field: Field, first: boolean }} props */
function Text({ field, first }) {
  const id = useId()
  return html`
    <div class="field">
      <label for=${id}>${field.label}${!field.required && html` <span class="optional">optional</span>`}</label>
      <textarea
        id=${id}
        name=${field.id}
        required=${field.required}
        rows=${rowsFor(field)}
        dir="auto"
        autofocus=${first}
        defaultValue=${field.prefill ?? ''}
      ></textarea>
    </div>
  `
}

/** @param {Field} field */
const rowsFor = ({ prefill = '', long = false }) => Math.min(14, Math.max(long ? 4 : 2, prefill.split('\n').length + 1))

/** @param {{ field: Field, choices: NonNullable<Field['choices']> }} props */
function Choices({ field, choices }) {
  const id = useId()
  const type = field.multi ? 'checkbox' : 'radio'
  const group = useRef(/** @type {HTMLFieldSetElement | null} */ (null))
  /** The browser knows "one of these" for radios alone. */
  const check = () => {
    const boxes = [...(group.current?.querySelectorAll('input[type=checkbox]') ?? [])].filter(
      (box) => box instanceof HTMLInputElement,
    )
    const missing = field.required && field.multi === true && !boxes.some((box) => box.checked)
    boxes[0]?.setCustomValidity(missing ? 'Choose at least one.' : '')
  }
  useEffect(check, [])
  /** Whoever types words of their own has chosen them. @param {Event} event */
  const choose = (event) => {
    const own = group.current?.querySelector('.own')
    if (own instanceof HTMLInputElement) own.checked = /** @type {HTMLInputElement} */ (event.target).value !== ''
    check()
  }
  return html`
    <fieldset class="field choices" ref=${group} onChange=${check}>
      <legend>${field.label}${!field.required && html` <span class="optional">optional</span>`}</legend>
      ${choices.map(
        ({ label, description }, at) => html`
          <label class="choice" key=${label}>
            <input
              type=${type}
              name=${field.id}
              value=${label}
              required=${field.required && !field.multi}
              defaultChecked=${label === field.prefill}
              aria-describedby=${description ? `${id}-${at}` : undefined}
            />
            <span
              ><span class="choice-label" dir="auto">${label}</span
              >${description && html`<span class="choice-says" id=${`${id}-${at}`} dir="auto">${description}</span>`}</span
            >
          </label>
        `,
      )}
      ${!field.closed && html`<${Own} field=${field} type=${type} choose=${choose} />`}
    </fieldset>
  `
}

/** @param {{ field: Field, type: string, choose: (event: Event) => void }} props */
const Own = ({ field, type, choose }) => html`
  <div class="choice choice-own">
    <input
      type=${type}
      class="own"
      name=${field.id}
      value=${OWN}
      required=${field.required && !field.multi}
      aria-label="In your own words"
    />
    <input
      type="text"
      name=${field.id + OWN}
      aria-label=${`${field.label}: in your own words`}
      placeholder="In your own words"
      dir="auto"
      onInput=${choose}
    />
  </div>
`

/** @param {Field[]} fields @param {FormData} data @returns {Record<string, string>} */
export function valuesOf(fields, data) {
  return Object.fromEntries(
    fields.map((field) => {
      const own = String(data.get(field.id + OWN) ?? '').trim()
      const chosen = data.getAll(field.id).map((value) => (value === OWN ? own : String(value)))
      return [field.id, chosen.filter((value) => value !== '').join(field.multi ? ', ' : '\n')]
    }),
  )
}
