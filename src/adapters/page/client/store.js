// A value that components watch. All state of the page lives in a few of these; components keep only what is theirs alone.
import { useEffect, useState } from 'preact/hooks'

/**
 * @template T
 * @typedef {{ get(): T, set(next: T | ((now: T) => T)): void, watch(listener: (value: T) => void): () => void }} Store
 */

/**
 * @template T
 * @param {T} initial
 * @returns {Store<T>}
 */
export function store(initial) {
  let value = initial
  /** @type {Set<(value: T) => void>} */
  const listeners = new Set()
  return {
    get: () => value,
    set(next) {
      const changed = typeof next === 'function' ? /** @type {(now: T) => T} */ (next)(value) : next
      if (Object.is(changed, value)) return
      value = changed
      for (const listener of listeners) listener(value)
    },
    watch(listener) {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
  }
}

/**
 * The store's value, or what is picked from it; the component is drawn again when that changes.
 * @template T
 * @template [R=T]
 * @param {Store<T>} watched
 * @param {(value: T) => R} [pick]
 * @returns {R}
 */
export function useStore(watched, pick = (value) => /** @type {R} */ (/** @type {unknown} */ (value))) {
  const now = pick(watched.get())
  const [, redraw] = useState(0)
  useEffect(() => {
    let drawn = now
    return watched.watch((value) => {
      const next = pick(value)
      if (Object.is(next, drawn)) return
      drawn = next
      redraw((n) => n + 1)
    })
  })
  return now
}
