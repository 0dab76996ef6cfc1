// The board as this tab knows it: read anew whenever the server says that something changed, one reading at a time.
import { get } from './api.js'
import { noticeNeeds } from './notify.js'
import { store } from './store.js'

/** @import { TaskRow } from '../../../bot/views.ts' */
/** @typedef {{ needs: TaskRow[], working: TaskRow[], done: TaskRow[], more: boolean }} Board */

export const board = store(/** @type {Board | null} */ (null))
/** Grows with each change, for views that read more than the board. */
export const boardTick = store(0)

let reading = false
let again = false
/** @type {TaskRow[]} */
let older = []

export async function loadBoard() {
  again = true
  if (reading) return
  reading = true
  while (again) {
    again = false
    const answer = await get('/api/tasks')
    if (answer.kind !== 'ok') continue
    const found = /** @type {Board} */ (answer.value)
    const known = new Set(found.done.map((row) => row.id))
    older = older.filter(
      (row) => !known.has(row.id) && ![...found.needs, ...found.working].some((active) => active.id === row.id),
    )
    board.set({
      ...found,
      done: [...found.done, ...older],
      more: older.length > 0 ? (board.get()?.more ?? found.more) : found.more,
    })
    boardTick.set((n) => n + 1)
    noticeNeeds(found.needs)
  }
  reading = false
}

export async function loadOlderTasks() {
  const now = board.get()
  const last = now?.done.at(-1)
  if (!now || !last) return
  const answer = await get(`/api/tasks?before=${Date.parse(last.createdAt)}&task=${encodeURIComponent(last.id)}`)
  if (answer.kind !== 'ok') return
  const found = /** @type {Board} */ (answer.value)
  older = [...older, ...found.done]
  board.set({ ...now, done: [...now.done, ...found.done], more: found.more })
}
