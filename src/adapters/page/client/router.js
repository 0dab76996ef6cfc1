// Where the person is: one address per view, so that reload, back, and a link to a task work.
import { html } from './html.js'
import { store } from './store.js'

/**
 * @typedef {{ view: 'channel', thread: string | null } | { view: 'board' } | { view: 'task', id: string, tab: Tab } | { view: 'absent' }} Route
 * @typedef {'overview' | 'log' | 'diff'} Tab
 */

/** @param {string} path @returns {Route} */
export function routeOf(path) {
  const [view, id, tab, ...rest] = path.split('/').slice(1).map(decode)
  if (rest.length > 0) return { view: 'absent' }
  if (view === '' && id === undefined) return { view: 'channel', thread: null }
  if (view === 'board' && id === undefined) return { view: 'board' }
  if (view === 'thread' && id && tab === undefined) return { view: 'channel', thread: id }
  if (view === 'task' && id && (tab === undefined || tab === 'log' || tab === 'diff'))
    return { view: 'task', id, tab: tab ?? 'overview' }
  return { view: 'absent' }
}

export const route = store(routeOf(location.pathname))
addEventListener('popstate', () => route.set(routeOf(location.pathname)))

/** @param {string} path */
export function go(path) {
  if (path !== location.pathname) history.pushState(null, '', path)
  route.set(routeOf(path))
}

/** @param {string} id @param {Tab} [tab] */
export const taskPath = (id, tab) =>
  `/task/${encodeURIComponent(id)}${tab === undefined || tab === 'overview' ? '' : `/${tab}`}`

/** @param {string} root */
export const threadPath = (root) => `/thread/${encodeURIComponent(root)}`

/** A link within the page. @param {{ to: string, children?: unknown, [attribute: string]: unknown }} props */
export function Link({ to, children, ...rest }) {
  /** @param {MouseEvent} event */
  const follow = (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return
    event.preventDefault()
    go(to)
  }
  return html`<a href=${to} onClick=${follow} ...${rest}>${children}</a>`
}

/** @param {string} part */
function decode(part) {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
