// A card as the page draws it: its sign and title, its blocks, its buttons.
import { useLayoutEffect, useRef } from 'preact/hooks'
import { BlockView, revealed } from './blocks.js'
import { press, pressed } from './clicks.js'
import { classes, html } from './html.js'
import { ToneSign } from './icons.js'
import { useStore } from './store.js'

/** @import { Button, Card } from '../../../task/card.ts' */
/** @typedef {import('./clicks.js').Clicked} Clicked */

/** @param {{ card: Card, on: Clicked, quiet?: boolean }} props */
export function CardView({ card, on, quiet = false }) {
  return html`
    <article class=${classes('card', `card-${card.tone}`, quiet && 'card-quiet')} tabindex="-1">
      <header class="card-head">
        <${ToneSign} tone=${card.tone} />
        <h2 class="card-title" dir="auto">${revealed(card.title, false)}</h2>
      </header>
      ${card.body.length > 0 && html`<div class="card-body">${card.body.map((block, at) => html`<${BlockView} key=${at} block=${block} />`)}</div>`}
      ${card.buttons.length > 0 && html`<${Buttons} card=${card} on=${on} />`}
    </article>
  `
}

/** @param {{ card: Card, on: Clicked }} props */
function Buttons({ card, on }) {
  const pending = useStore(pressed, (all) => all[on.shown])
  const group = useRef(/** @type {HTMLDivElement | null} */ (null))
  // The keyboard keeps its place when the buttons it was on go away.
  useLayoutEffect(() => {
    const at = group.current
    const article = at?.closest('article')
    return () => {
      if (at?.contains(document.activeElement)) setTimeout(() => article?.focus({ preventScroll: true }))
    }
  }, [])
  return html`
    <div class="buttons" role="group" ref=${group} aria-label=${`Answer: ${card.title}`}>
      ${card.buttons.map((button) => html`<${ButtonView} key=${button.id} button=${button} pending=${pending} onPress=${() => press(on, button)} />`)}
    </div>
  `
}

/** While one is on its way none can be pressed; they stay focusable, so that the keyboard does not lose its place. @param {{ button: Button, pending: string | undefined, onPress: () => void }} props */
function ButtonView({ button, pending, onPress }) {
  const busy = pending === button.id
  return html`
    <button
      type="button"
      class=${classes('button', button.style && `button-${button.style}`, busy && 'busy')}
      aria-disabled=${pending === undefined ? undefined : 'true'}
      aria-busy=${busy ? 'true' : undefined}
      onClick=${() => pending === undefined && onPress()}
    >
      ${busy && html`<span class="spinner" aria-hidden="true"></span>`}${button.label}
    </button>
  `
}
