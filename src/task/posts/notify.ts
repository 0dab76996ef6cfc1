// Whom a card calls: somebody is mentioned when they are needed, or when they asked to be told.

import type { Task } from '../task.ts'

/** `on-block`: when it asks or has failed; `on-complete`: when a turn has ended; `always`: both; `off`: never. */
export const NOTIFY = ['on-block', 'on-complete', 'always', 'off'] as const
export type Notify = (typeof NOTIFY)[number]

/** The option of a task that says so. */
export const NOTIFY_OPTION = 'notify'
export const NOTIFY_DEFAULT: Notify = 'on-block'

const wish = ({ options }: Task): Notify => NOTIFY.find((one) => one === options[NOTIFY_OPTION]) ?? NOTIFY_DEFAULT

export const callsWhenAsking = (task: Task): boolean => ['on-block', 'always'].includes(wish(task))

export function callsWhenEnded(task: Task, outcome: 'completed' | 'failed' | 'cancelled'): boolean {
  if (outcome === 'cancelled') return false
  return ['on-complete', 'always'].includes(wish(task)) || (outcome === 'failed' && wish(task) === 'on-block')
}
