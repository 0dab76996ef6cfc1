// One connection for all tabs of a browser, because a browser opens six to a server and each would take one for good.
import { stream } from './stream.js'

/** @type {Set<MessagePort>} */
const ports = new Set()
let live = false
let seq = 0

/** @param {import('./stream.js').News} news */
const tellAll = (news) => {
  for (const port of ports) port.postMessage(news)
}

globalThis.addEventListener('connect', (event) => {
  const port = /** @type {MessageEvent} */ (event).ports[0]
  if (!port) return
  ports.add(port)
  port.addEventListener('message', () => ports.delete(port))
  port.start()
  // A tab that joins late reads everything itself, from here on.
  if (live) port.postMessage({ kind: 'state', live })
  if (live) port.postMessage({ kind: 'hello', seq })
})

stream((news) => {
  if (news.kind === 'state') live = news.live
  if (news.kind === 'hello') seq = news.seq
  tellAll(news)
})
