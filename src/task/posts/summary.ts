// The summary of a turn: a new message, because edits notify nobody. It offers only what decide would accept now, so an
// older turn's summary has no buttons.

import { actionId } from '../action-id.ts'
import type { Block, Button, Card, Tone } from '../card.ts'
import type { Changes, Ending, Exit } from '../facts.ts'
import { currentTurn, type Outcome, type Task, type Turn } from '../task.ts'
import { logButton } from './status.ts'

const TONES: Record<Outcome['kind'], Tone> = { completed: 'good', failed: 'bad', cancelled: 'stopped' }

export function summaryCard(task: Task, turn: Turn, outcome: Outcome): Card {
  return {
    tone: TONES[outcome.kind],
    title: title(outcome),
    body: [...numbers(outcome.ending), ...words(outcome), ...output(outcome.ending)],
    buttons: turn === currentTurn(task) ? buttons(task, outcome.ending) : [],
    mention: outcome.kind === 'cancelled' ? [] : [turn.by],
  }
}

/** "done in 11 min": an ended duration is a fact, not a clock that runs on. */
function title(outcome: Outcome): string {
  const took =
    outcome.ending.durationMs === undefined
      ? ''
      : ` ${outcome.kind === 'completed' ? 'in' : 'after'} ${duration(outcome.ending.durationMs)}`
  switch (outcome.kind) {
    case 'completed':
      return `Done${took}`
    case 'failed':
      return `Failed${took}`
    case 'cancelled':
      return `Stopped${took} by @${outcome.by.name}`
  }
}

function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.round(seconds / 60)
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

function numbers({ exit, changes, costUsd, tokens }: Ending): Block[] {
  const parts = [
    exit && exitWords(exit),
    changes && changeWords(changes),
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

function buttons(task: Task, { changes }: Ending): Button[] {
  const diff: Button[] = changes && changes.files > 0 ? [{ id: actionId('diff', task.id), label: 'Diff' }] : []
  return [
    ...diff,
    logButton(task),
    task.limits.resume
      ? continueButton(task)
      : { id: actionId('again', task.id, String(currentTurn(task).n)), label: 'Run again' },
  ]
}

const continueButton = (task: Task): Button => ({
  id: actionId('continue', task.id, String(currentTurn(task).n)),
  label: 'Continue…',
  form: {
    title: `Continue ${task.label}`,
    submit: 'Continue',
    fields: [{ id: 'text', label: 'What next?', required: true }],
  },
})
