// What an agent may not ask, because no button could answer it or an old one could.

import { actionId, parseActionId } from '../action-id.ts'
import type { Ask } from '../request.ts'
import type { Task } from '../task.ts'

/** What is wrong with it, to follow "The agent …", or null. */
export function whyUnanswerable(task: Task, { id, options }: Ask): string | null {
  // Two requests of one name could answer each other.
  if (task.requests.some((one) => one.id === id)) return `asked twice under one name (${id})`
  if (options.length === 0) return `asked something without a possible answer (${id})`
  const names = options.map((option) => option.id)
  if (new Set(names).size < names.length) return `asked something with two answers of one name (${id})`
  const unreadable = names.find((name) => {
    const read = parseActionId(actionId('vote', task.id, id, name))
    return name === '' || read?.request !== id || read.option !== name
  })
  return unreadable === undefined ? null : `asked something no button can name (${id}, ${unreadable})`
}
