// The head of a view. Its heading takes the focus when the view opens, so that keyboard and screen reader begin there.
import { useEffect, useRef } from 'preact/hooks'
import { revealed } from './blocks.js'
import { html } from './html.js'
import { Icon } from './icons.js'

let first = true

/** @param {{ icon: string, title: string, says?: unknown, children?: unknown }} props */
export function ViewHead({ icon, title, says, children }) {
  const heading = useRef(/** @type {HTMLHeadingElement | null} */ (null))
  useEffect(() => {
    if (!first) heading.current?.focus({ preventScroll: true })
    first = false
  }, [])
  return html`
    <header class="view-head">
      <div class="view-title">
        <${Icon} name=${icon} />
        <h1 tabindex="-1" ref=${heading} dir="auto">${revealed(title)}</h1>
        ${says && html`<p class="view-says">${says}</p>`}
      </div>
      ${children}
    </header>
  `
}
