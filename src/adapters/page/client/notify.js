// Reaching a person who is not looking: the number in the title, and the browser's notifications once they were asked for.
import { store } from './store.js'

/** @import { TaskRow } from '../../../bot/views.ts' */

export const permission = store(typeof Notification === 'undefined' ? 'unsupported' : Notification.permission)

/** @type {Set<string> | null} */
let known = null

/** @param {TaskRow[]} needs */
export function noticeNeeds(needs) {
  document.title = needs.length > 0 ? `(${needs.length}) Backchannel` : 'Backchannel'
  const open = needs.flatMap((row) => row.requests.map((request) => ({ row, request })))
  const fresh = open.filter(({ request }) => known !== null && !known.has(request.id))
  known = new Set(open.map(({ request }) => request.id))
  if (!document.hidden) return
  for (const { row, request } of fresh) show(row, request)
}

/** @param {TaskRow} row @param {TaskRow['requests'][number]} request */
function show(row, request) {
  if (permission.get() !== 'granted') return
  // The same tag in every tab: the browser shows it once.
  const notification = new Notification(`${row.label} needs you`, {
    body: request.title,
    tag: request.id,
    icon: '/assets/icon.svg',
  })
  notification.addEventListener('click', () => {
    focus()
    history.pushState(null, '', `/task/${encodeURIComponent(row.id)}`)
    dispatchEvent(new PopStateEvent('popstate'))
    notification.close()
  })
}

export async function askToNotify() {
  permission.set(await Notification.requestPermission())
}
