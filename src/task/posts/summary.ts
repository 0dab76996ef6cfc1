// The summary of a turn: a new message, because edits notify nobody. It offers only what decide would accept now, so an
// older turn's summary has no buttons.

import { actionId } from '../action-id.ts'
import type { Block, Button, Card, Form, Part, Tone } from '../card.ts'
import { discarded } from '../chores.ts'
import { commitMessage, DISCARDING, whyDiscarded, whyNoChore } from '../decide/chore.ts'
import type { Changes, ChoreKind, Ending, Exit } from '../facts.ts'
import { currentTurn, didNotPass, isGreen, type Outcome, type Task, type Turn } from '../task.ts'
import { callsWhenEnded } from './notify.ts'
import { logButton } from './status.ts'

/** More are told by their number; the diff has them all. */
const FILES_SHOWN_MAX = 10

const TONES: Record<Outcome['kind'], Tone> = { completed: 'good', failed: 'bad', cancelled: 'stopped' }

export function summaryCard(task: Task, turn: Turn, outcome: Outcome): Card {
  return {
    tone: didNotPass(outcome) ? 'bad' : TONES[outcome.kind],
    title: title(turn, outcome),
    body: [
      ...numbers(outcome.ending),
      ...words(outcome),
      ...output(outcome.ending),
      ...checked(outcome.ending),
      ...changed(outcome.ending),
      ...reports(task, outcome.ending),
    ],
    buttons: turn === currentTurn(task) ? buttons(task, outcome.ending) : [],
    mention: callsWhenEnded(task, outcome.kind) ? [turn.by] : [],
  }
}

/**
 * "done in 11 min": an ended duration is a fact, not a clock that runs on. An attempt says how long it took; a turn that needed several
 * took from its prompt to its end, what it waited for people included.
 */
function title({ attempts, at }: Turn, outcome: Outcome): string {
  const ms = attempts > 1 ? outcome.at - at : outcome.ending.durationMs
  const took = ms === undefined ? '' : ` ${outcome.kind === 'completed' ? 'in' : 'after'} ${duration(ms)}`
  switch (outcome.kind) {
    case 'completed':
      return `Done${took}${didNotPass(outcome) ? ', but its check did not pass' : ''}`
    case 'failed':
      return `Failed${took}`
    case 'cancelled':
      return `${outcome.interrupted ? 'Interrupted' : 'Stopped'}${took} by @${outcome.by.name}`
  }
}

function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.round(seconds / 60)
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

function numbers({ exit, changes, branch, costUsd, tokens }: Ending): Block[] {
  const parts = [
    exit && exitWords(exit),
    changes && changeWords(changes),
    branch,
    costUsd !== undefined && `$${costUsd.toFixed(2)}`,
    tokens !== undefined && `${tokens} tokens`,
  ].filter((part) => typeof part === 'string')
  return parts.length > 0 ? [{ kind: 'line', parts: [parts.join(' · ')] }] : []
}

const exitWords = (exit: Exit): string => ('code' in exit ? `exit ${exit.code}` : `ended by ${exit.signal}`)

const changeWords = ({ files, added, removed }: Changes): string | null =>
  files === 0 ? null : `+${added} −${removed} in ${files} ${files === 1 ? 'file' : 'files'}`

function words(outcome: Outcome): Block[] {
  const text = outcome.kind === 'completed' ? outcome.summary : outcome.kind === 'failed' ? outcome.reason : ''
  return text === '' ? [] : [{ kind: 'words', text }]
}

const output = ({ output: text }: Ending): Block[] => (text ? [{ kind: 'code', text, title: 'Output' }] : [])

/** How it really ended, and where it did not pass what it printed last. */
function checked({ check }: Ending): Block[] {
  if (!check) return []
  const how = check.exit === null ? 'could not be run' : exitWords(check.exit)
  const parts: Part[] = [{ code: check.command }, `: ${how}`]
  if (isGreen(check)) return [{ kind: 'line', parts }]
  return [
    { kind: 'line', parts: check.why ? [...parts, `. ${check.why}`] : parts },
    ...(check.output ? [{ kind: 'code', text: check.output, title: 'Output of the check' } as const] : []),
  ]
}

function changed({ files: told = [], changes }: Ending): Block[] {
  if (told.length === 0) return []
  const shown = told.slice(0, FILES_SHOWN_MAX).map(({ path, added, removed }) => `+${added} −${removed} ${path}`)
  const more = (changes?.files ?? told.length) - shown.length
  return [{ kind: 'code', text: [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join('\n'), title: 'Files' }]
}

function reports(task: Task, { reports: paths = [] }: Ending): Block[] {
  if (paths.length === 0 || discarded(task)) return []
  const links = paths.flatMap((path, index): Part[] => [
    ...(index > 0 ? [' · '] : []),
    { file: { task: task.id, path } },
  ])
  return [{ kind: 'line', parts: ['To read: ', ...links] }]
}

function buttons(task: Task, { changes }: Ending): Button[] {
  const isChanged = changes !== undefined && changes.files > 0
  const isAway = whyDiscarded(task) !== null
  return [
    ...(isChanged && !discarded(task)?.expired ? [{ id: actionId('diff', task.id), label: 'Diff' }] : []),
    logButton(task),
    ...(isAway ? [] : [goOnButton(task)]),
    ...choreButtons(task, isChanged),
  ]
}

const goOnButton = (task: Task): Button =>
  task.limits.resume
    ? continueButton(task)
    : { id: actionId('again', task.id, String(currentTurn(task).n)), label: 'Run again' }

/** What may be done with the work now. What was committed since is offered no second time. */
function choreButtons(task: Task, isChanged: boolean): Button[] {
  const { n } = currentTurn(task)
  const id = (what: ChoreKind): string => actionId(what, task.id, String(n))
  const isCommitted = task.chores.some(
    ({ what, turn, state }) => what === 'commit' && turn === n && state.kind === 'done',
  )
  const all: { what: ChoreKind; button: Button; offered: boolean }[] = [
    {
      what: 'commit',
      offered: isChanged && !isCommitted,
      button: { id: id('commit'), label: 'Commit…', form: commitForm(task) },
    },
    {
      what: 'discard',
      offered: true,
      button: { id: id('discard'), label: 'Discard…', style: 'danger', form: discardForm(task) },
    },
    { what: 'restore', offered: true, button: { id: id('restore'), label: 'Restore', style: 'primary' } },
  ]
  return all.flatMap(({ what, offered, button }) => (offered && whyNoChore(task, what) === null ? [button] : []))
}

const commitForm = (task: Task): Form => ({
  title: `Commit the work of ${task.label}`,
  submit: 'Commit',
  fields: [{ id: 'message', label: 'Message', required: true, prefill: commitMessage(task) }],
})

const discardForm = (task: Task): Form => ({
  title: `Discard the work of ${task.label}?`,
  says: DISCARDING,
  submit: 'Discard',
  fields: [],
})

const continueButton = (task: Task): Button => ({
  id: actionId('continue', task.id, String(currentTurn(task).n)),
  label: 'Continue…',
  form: {
    title: `Continue ${task.label}`,
    submit: 'Continue',
    fields: [{ id: 'text', label: 'What next?', required: true }],
  },
})
