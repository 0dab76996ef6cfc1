// What can follow where the caret stands in a /bg command: verbs, then what the verb takes, then its flags. Pure.

/** @typedef {import('../api.ts').Completion} Completion */
/** @typedef {import('../api.ts').Takes} Takes */
/** @typedef {{ word: string, says: string }} Item */
/** @typedef {{ from: number, to: number, items: Item[] }} Offer */

const ITEMS_MAX = 8

/** @type {(known: Completion) => Record<Takes, string[]>} */
const listsOf = ({ agents, repos, tasks }) => ({ agent: agents, repo: repos, task: tasks, words: [], nothing: [] })

/**
 * @param {Completion} known
 * @param {string} text
 * @param {number} caret
 * @returns {Offer | null}
 */
export function complete(known, text, caret) {
  const before = text.slice(0, caret)
  if (before.includes('\n') || /^\S/.test(text.slice(caret))) return null
  if (/^\/b?g?$/i.test(before)) return { from: 0, to: caret, items: [{ word: '/bg', says: 'begins every command' }] }
  const words = before.split(/\s+/)
  if (words[0]?.toLowerCase() !== '/bg' || words.length < 2) return null
  const typed = words.at(-1) ?? ''
  const offer = (/** @type {Item[]} */ items) => {
    const fitting = items.filter(({ word }) => word.toLowerCase().startsWith(typed.toLowerCase()) && word !== typed)
    return fitting.length > 0 ? { from: caret - typed.length, to: caret, items: fitting.slice(0, ITEMS_MAX) } : null
  }
  if (words.length === 2) return offer(known.verbs)
  const verb = known.verbs.find(({ word }) => word === words[1])
  if (!verb) return null
  const previous = verb.flags.find(({ word }) => word === words.at(-2))
  if (previous && previous.takes !== 'nothing')
    return offer(listsOf(known)[previous.takes].map((word) => ({ word, says: '' })))
  if (typed.startsWith('-')) return offer(verb.flags.filter(({ word }) => !words.includes(word) || word === typed))
  if (words.length === 3) return offer(listsOf(known)[verb.takes].map((word) => ({ word, says: '' })))
  return null
}

/** The text with the item in place, and where the caret goes. @param {string} text @param {Offer} offer @param {Item} item */
export function accept(text, { from, to }, { word }) {
  const rest = text.slice(to).replace(/^ /, '')
  return { text: `${text.slice(0, from)}${word} ${rest}`, caret: from + word.length + 1 }
}
