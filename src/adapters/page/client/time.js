// Instants as people read them. One clock ticks for the whole page, and a time is drawn again only when its words change.
import { html } from './html.js'
import { store, useStore } from './store.js'

const TICK_MS = 5_000
const clock = store(Date.now())
setInterval(() => clock.set(Date.now()), TICK_MS)

const sameDay = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' })
const otherDay = new Intl.DateTimeFormat(undefined, {
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
})
const otherYear = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })
const whole = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' })

/** @param {number} at @param {number} now */
export function clockWords(at, now) {
  const then = new Date(at)
  const today = new Date(now)
  if (then.toDateString() === today.toDateString()) return sameDay.format(then)
  return (then.getFullYear() === today.getFullYear() ? otherDay : otherYear).format(then)
}

/** @param {number} at @param {number} now */
export function agoWords(at, now) {
  const seconds = Math.max(0, Math.round((now - at) / 1000))
  if (seconds < 10) return 'just now'
  if (seconds < 60) return `${seconds - (seconds % 5)} s ago`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min ago`
  const hours = Math.floor(minutes / 60)
  return hours < 48 ? `${hours} h ago` : `${Math.floor(hours / 24)} days ago`
}

/** @param {number} ms */
export function durationWords(ms) {
  if (ms < 1000) return `${Math.round(ms)} ms`
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** A clock time in the reader's zone. @param {{ at: number }} props */
export function At({ at }) {
  const words = useStore(clock, (now) => clockWords(at, now))
  return html`<time class="at" datetime=${new Date(at).toISOString()} title=${whole.format(at)}>${words}</time>`
}

/** How long ago. @param {{ at: number }} props */
export function Since({ at }) {
  const words = useStore(clock, (now) => agoWords(at, Math.max(now, at)))
  return html`<time class="since" datetime=${new Date(at).toISOString()} title=${whole.format(at)}>${words}</time>`
}
