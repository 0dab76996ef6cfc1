// Keeps what the page shows in step with the server: says hello by reading anew, applies each change, and knows whether the
// connection stands.
import { loadBoard } from './board-state.js'
import { applyChange, loadChannel, resetIfOther } from './messages.js'
import { flushOutbox } from './outbox.js'
import { store } from './store.js'
import { stream } from './stream.js'

/** @typedef {import('./stream.js').News} News */

/** `cut` only after a moment: a connection that is just coming back is no news. */
export const connection = store(/** @type {'opening' | 'live' | 'cut' | 'out'} */ ('opening'))

const CUT_AFTER_MS = 1_200

/** @type {ReturnType<typeof setTimeout> | undefined} */
let cutting

export function goLive() {
  if (typeof SharedWorker === 'undefined') return stream(take)
  const worker = new SharedWorker('/assets/stream-worker.js', { type: 'module', name: 'backchannel' })
  worker.addEventListener('error', () => stream(take), { once: true })
  worker.port.addEventListener('message', (event) => take(/** @type {News} */ (event.data)))
  worker.port.start()
  addEventListener('pagehide', () => worker.port.postMessage('bye'))
  addEventListener('pageshow', (event) => {
    if (event.persisted) location.reload()
  })
}

/** @param {News} news */
function take(news) {
  switch (news.kind) {
    case 'state':
      return setLive(news.live)
    case 'hello':
      resetIfOther(news.seq)
      void loadChannel()
      void loadBoard()
      flushOutbox()
      return
    case 'message':
      return applyChange(/** @type {import('./messages.js').Change} */ (news.change))
    case 'board':
      return void loadBoard()
  }
}

/** @param {boolean} live */
function setLive(live) {
  if (live) {
    clearTimeout(cutting)
    cutting = undefined
    return connection.set('live')
  }
  cutting ??= setTimeout(() => void lost(), CUT_AFTER_MS)
}

async function lost() {
  cutting = undefined
  connection.set('cut')
  const response = await fetch('/api/me').catch(() => null)
  if (response?.status === 401) connection.set('out')
}
