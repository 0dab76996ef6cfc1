// Draws the page and connects it.
import { render } from 'preact'
import { App } from './app.js'
import { html } from './html.js'
import { goLive } from './live.js'
import { loadMe } from './me.js'
import { readOutbox } from './outbox.js'

const root = document.getElementById('app')
if (root) {
  readOutbox()
  render(/** @type {import('preact').VNode} */ (html`<${App} />`), root)
  void loadMe()
  goLive()
}
