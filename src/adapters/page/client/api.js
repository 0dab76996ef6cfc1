// Asking the server. An answer is a value: what was asked for, a sentence to show, or that the server was not reached, which
// is the one thing worth trying again by itself.

/**
 * @template T
 * @typedef {{ kind: 'ok', value: T } | { kind: 'refused', status: number, sentence: string } | { kind: 'unreached' }} Answer
 */

const UNREACHED = new Set([502, 503, 504])

/**
 * @template T
 * @param {string} path
 * @returns {Promise<Answer<T>>}
 */
export const get = (path) => ask(path, {})

/**
 * @template T
 * @param {string} path
 * @param {object} body
 * @returns {Promise<Answer<T>>}
 */
export const post = (path, body) =>
  ask(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })

/**
 * @template T
 * @param {string} path
 * @param {RequestInit} how
 * @returns {Promise<Answer<T>>}
 */
async function ask(path, how) {
  try {
    const response = await fetch(path, how)
    if (UNREACHED.has(response.status)) return { kind: 'unreached' }
    const body = /** @type {T & { error?: string }} */ (await response.json())
    if (response.ok) return { kind: 'ok', value: body }
    return {
      kind: 'refused',
      status: response.status,
      sentence: body.error ?? `The server answered ${response.status}.`,
    }
  } catch {
    return { kind: 'unreached' }
  }
}

/** A delivery key: the same thing sent again carries the same key. */
export const newKey = () => crypto.randomUUID()
