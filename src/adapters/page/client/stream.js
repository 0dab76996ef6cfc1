// The connection for what changes. It tells its listener whether it is live and what arrives, and comes back by itself: the
// browser asks again with the last seq it saw; where it gives up, it is opened again from there.

const AGAIN_MS = 1_500

/** @typedef {{ kind: 'state', live: boolean } | { kind: 'hello', seq: number } | { kind: 'message', change: unknown } | { kind: 'board' }} News */

/**
 * @param {(news: News) => void} tell
 */
export function stream(tell) {
  /** @type {string | null} */
  let last = null

  function open() {
    const source = new EventSource(last === null ? '/api/events' : `/api/events?after=${last}`)
    source.addEventListener('hello', (event) => {
      last = event.lastEventId
      tell({ kind: 'state', live: true })
      tell({ kind: 'hello', seq: /** @type {{ seq: number }} */ (JSON.parse(event.data)).seq })
    })
    source.addEventListener('message', (event) => {
      last = event.lastEventId
      tell({ kind: 'message', change: /** @type {unknown} */ (JSON.parse(event.data)) })
    })
    source.addEventListener('board', () => tell({ kind: 'board' }))
    source.addEventListener('error', () => {
      tell({ kind: 'state', live: false })
      if (source.readyState !== EventSource.CLOSED) return
      source.close()
      setTimeout(open, AGAIN_MS)
    })
  }

  open()
}
