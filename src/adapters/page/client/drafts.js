// What is typed and not yet sent, per channel and thread, kept in the browser's storage.
import { store } from './store.js'

const PREFIX = 'backchannel.draft.'

export const drafts = store(/** @type {Record<string, string>} */ ({}))

/** @param {string} place */
export const draftOf = (place) => drafts.get()[place] ?? localStorage.getItem(PREFIX + place) ?? ''

/** @param {string} place @param {string} text */
export function setDraft(place, text) {
  if (text === '') localStorage.removeItem(PREFIX + place)
  else localStorage.setItem(PREFIX + place, text)
  drafts.set((now) => ({ ...now, [place]: text }))
}

/** Gives back what could not be sent, before what was typed since. @param {string} place @param {string} text */
export function restoreDraft(place, text) {
  const since = draftOf(place)
  setDraft(place, since === '' || since === text ? text : `${text}\n${since}`)
}
