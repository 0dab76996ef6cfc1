// Whether the work of a task may be committed, discarded or restored now, and what the runner says came of it.

import { discarded, pendingChore } from '../chores.ts'
import type { ChoreKind, FactBody } from '../facts.ts'
import { currentTurn, type Task } from '../task.ts'
import { refuse, type Refused } from '../words.ts'
import type { Command, Saying } from './command.ts'
import { cleanText } from './text.ts'

const MESSAGE_CHARS_MAX = 72
const DOING = { commit: 'committed', discard: 'discarded', restore: 'restored' } as const

/** What a person agrees to. */
export const DISCARDING =
  'All that is committed, changed and new is put away as one commit and kept for 30 days; “restore” brings it back. The worktree and its branch are removed, and with them what git ignores, such as node_modules.'

export function chore(task: Task, { what, message }: Extract<Command, { type: 'chore' }>): FactBody[] | Refused {
  const why = whyNoChore(task, what)
  if (why) return refuse(why)
  const id = `${what}${task.chores.length + 1}`
  if (what !== 'commit') return [{ type: 'chore_asked', chore: id, what }]
  const text = cleanText(message ?? commitMessage(task), 'message')
  return typeof text === 'string' ? [{ type: 'chore_asked', chore: id, what, message: text }] : text
}

/** Why this cannot be done now, as a sentence, or null. */
export function whyNoChore(task: Task, what: ChoreKind): string | null {
  const { label, work, attempt } = task
  if (work.kind === 'here') return `${label} works in a checkout of yours: ${what} there with git.`
  if (currentTurn(task).phase.kind !== 'ended') return `${label} has not ended yet: wait for it, or stop it first.`
  if (attempt === 0) return `${label} never began, so there is nothing to ${what}.`
  const pending = pendingChore(task)
  if (pending) return `${label} is being ${DOING[pending.what]} already.`
  const away = discarded(task)
  if (what === 'restore') {
    if (!away) return `${label} is not discarded.`
    return away.expired ? `${label} was discarded and is not kept any more.` : null
  }
  return away && whyDiscarded(task)
}

/** Why it cannot go on because its work is put away, as a sentence, or null. */
export function whyDiscarded(task: Task): string | null {
  if (pendingChore(task)?.what === 'discard') return `${task.label} is being discarded.`
  const away = discarded(task)
  if (!away) return null
  return away.expired
    ? `${task.label} was discarded and is not kept any more: start a new task.`
    : `${task.label} is discarded: restore it first.`
}

/** The first line of what the agent says it did, else what the task is called. */
export function commitMessage({ turns, label }: Task): string {
  const summaries = turns.flatMap(({ phase }) =>
    phase.kind === 'ended' && phase.outcome.kind === 'completed' ? phase.outcome.summary : [],
  )
  const line =
    summaries
      .at(-1)
      ?.split('\n')
      .find((one) => /\p{L}/u.test(one)) ?? ''
  const text = line.replace(/^[\s#>*-]+/u, '').trim()
  if (text === '') return label
  return text.length <= MESSAGE_CHARS_MAX
    ? text
    : `${text
        .slice(0, MESSAGE_CHARS_MAX - 1)
        .toWellFormed()
        .trimEnd()}…`
}

/** What came of a chore. Said again, or of one that is not wanted any more, it changes nothing. */
export function choreOver(task: Task, said: Extract<Saying, { chore: string }>): FactBody[] {
  if (said.type === 'discard_expired') {
    const away = discarded(task)
    return away?.chore === said.chore && !away.expired && pendingChore(task) === null ? [said] : []
  }
  return pendingChore(task)?.id === said.chore ? [said] : []
}
