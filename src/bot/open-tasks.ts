// How many tasks one person may have open. Slots bound what works at once; this bounds the line, so that a thousand commands of one
// person, or of a program that writes for them, neither bury everybody else's nor fill the house.

import { tasksOf } from '../runner/folds.ts'
import type { Journal } from '../runner/journal.ts'
import { isSamePerson, type People } from '../task/authorize.ts'
import { UNENDED } from '../task/task.ts'
import { refuse, type Actor, type Refused } from '../task/words.ts'

export const OPEN_TASKS_MAX = 250

/** Why this person may start no more now, or null. */
export async function whyTooMany(journal: Journal, people: People, by: Actor): Promise<Refused | null> {
  if ((await journal.heads({ status: UNENDED, limit: OPEN_TASKS_MAX })).length < OPEN_TASKS_MAX) return null
  const open = await tasksOf(journal, await journal.heads({ status: UNENDED, limit: Number.MAX_SAFE_INTEGER }))
  const own = open.filter(({ requester }) => isSamePerson(people, requester, by))
  if (own.length < OPEN_TASKS_MAX) return null
  return refuse(
    `You have ${own.length} open tasks, and ${OPEN_TASKS_MAX} is the most: start more when some have ended.`,
  )
}

/** One after another, so that what comes at once is counted one by one. */
export function inTurn(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const mine = last.then(work)
    last = mine.catch(() => {})
    return mine
  }
}
