// The rail: where one can go, and how much waits there.
import { post } from './api.js'
import { revealed } from './blocks.js'
import { board } from './board-state.js'
import { html } from './html.js'
import { Icon } from './icons.js'
import { messages } from './messages.js'
import { askToNotify, permission } from './notify.js'
import { Link, route } from './router.js'
import { useStore } from './store.js'

export function Rail() {
  const channel = useStore(messages, (now) => now.channel)
  const { view } = useStore(route)
  const now = useStore(board)
  const needs = now?.needs.length ?? 0
  const working = now?.working.length ?? 0
  return html`
    <nav class="rail" aria-label="Backchannel">
      <p class="brand"><img src="/assets/icon.svg" alt="" width="22" height="22" /><span>Backchannel</span></p>
      <ul class="places">
        <li>
          <${Link} to="/" class="place" aria-current=${view === 'channel' ? 'page' : undefined}
            ><${Icon} name="hash" /><span class="place-name">${channel}</span><//
          >
        </li>
        <li>
          <${Link} to="/board" class="place" aria-current=${view === 'board' ? 'page' : undefined}>
            <${Icon} name="board" /><span class="place-name">Board</span>
            ${needs > 0 && html`<span class="count count-needs">${needs}<span class="unseen"> need you</span></span>`}
          <//>
          <dl class="counts">
            <div>
              <dt>needs you</dt>
              <dd>${needs}</dd>
            </div>
            <div>
              <dt>working</dt>
              <dd>${working}</dd>
            </div>
            <div>
              <dt>done</dt>
              <dd>${now ? `${now.done.length}${now.more ? '+' : ''}` : 0}</dd>
            </div>
          </dl>
        </li>
      </ul>
      <${Needing} />
      <div class="rail-end">
        <${Notify} />
        <button type="button" class="place" aria-label="Log out" onClick=${logOut}>
          <${Icon} name="leave" /><span class="place-name">Log out</span>
        </button>
      </div>
    </nav>
  `
}

/** The tasks that wait for a person, one press away from anywhere. */
function Needing() {
  const needs = useStore(board)?.needs ?? []
  if (needs.length === 0) return null
  return html`
    <div class="needing">
      <h2>Needs you</h2>
      <ul>
        ${needs.slice(0, 8).map(
          (row) =>
            html`<li key=${row.id}>
              <${Link} to=${`/task/${encodeURIComponent(row.id)}`} class="place needing-task"
                ><span class="dot" aria-hidden="true"></span
                ><span class="place-name" dir="auto">${revealed(row.label)}</span><//
              >
            </li>`,
        )}
      </ul>
    </div>
  `
}

function Notify() {
  const state = useStore(permission)
  if (state !== 'default') return null
  return html`<button type="button" class="place" aria-label="Notify me" onClick=${askToNotify}>
    <${Icon} name="bell" /><span class="place-name">Notify me</span>
  </button>`
}

async function logOut() {
  await post('/logout', {})
  location.assign('/')
}
