// The whole page: the rail, the view of the address, a thread beside it, and what lies over everything.
import { announced } from './announce.js'
import { BoardView } from './board.js'
import { Channel } from './channel.js'
import { Dialogs } from './dialogs.js'
import { classes, html } from './html.js'
import { connection } from './live.js'
import { outbox } from './outbox.js'
import { Rail } from './rail.js'
import { Link, route } from './router.js'
import { useStore } from './store.js'
import { TaskPage } from './task-page.js'
import { Thread } from './thread.js'
import { ViewHead } from './view-head.js'

export function App() {
  const now = useStore(route)
  const thread = now.view === 'channel' ? now.thread : null
  return html`
    <div class=${classes('frame', thread !== null && 'with-thread')}>
      <${Rail} />
      <div class="middle">
        <${Banner} />
        <main>
          <${View} />
          ${thread !== null && html`<${Thread} key=${thread} root=${thread} />`}
        </main>
      </div>
    </div>
    <${Dialogs} />
    <${Announcer} />
  `
}

function View() {
  const now = useStore(route)
  switch (now.view) {
    case 'channel':
      return html`<${Channel} thread=${now.thread} />`
    case 'board':
      return html`<${BoardView} />`
    case 'task':
      return html`<${TaskPage} key=${now.id} id=${now.id} tab=${now.tab} />`
    case 'absent':
      return html`
        <section class="view">
          <${ViewHead} icon="hash" title="Nothing is here" />
          <div class="empty">
            <p>This address leads nowhere.</p>
            <p><${Link} to="/">To the channel<//></p>
          </div>
        </section>
      `
  }
}

function Banner() {
  const state = useStore(connection)
  const waiting = useStore(outbox).length
  const kept = waiting > 0 ? ' What you typed is kept and sent then.' : ''
  if (state === 'out')
    return html`<p class="banner banner-bad" role="alert">
      You are logged out. Run <code>backchannel login</code> in a terminal and open the link it prints.
    </p>`
  if (state === 'cut')
    return html`<p class="banner" role="status">
      <span class="spinner" aria-hidden="true"></span>No connection to Backchannel. This page comes back by
      itself.${kept}
    </p>`
  return null
}

/** Read out by screen readers; the count makes the same words twice be read twice. */
function Announcer() {
  const { n, text } = useStore(announced)
  return html`<div class="unseen" role="status" aria-live="polite" data-n=${n}>${text}</div>`
}
