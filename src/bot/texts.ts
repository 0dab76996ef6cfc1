// What the reading verbs say as text: the same words in every chat and on the command line.

import type { Chore } from '../task/chores.ts'
import type { Check, FileChange } from '../task/facts.ts'
import { standing } from '../task/requirement.ts'
import { isGreen } from '../task/task.ts'
import type { Diff, LogRange, TaskDetail, TaskRow } from './views.ts'

type Text = { text: string; code?: string }

const STATUS_WORDS: Record<TaskRow['status'], string> = {
  queued: 'queued',
  working: 'working',
  input_required: 'needs you',
  completed: 'done',
  failed: 'failed',
  cancelled: 'stopped',
}

export function tasksText(rows: TaskRow[]): Text {
  if (rows.length === 0) return { text: 'No task yet. “run npm test” starts one, or “start” and what you want done.' }
  return {
    text: '',
    code: table(rows.map((row) => [row.id, STATUS_WORDS[row.status], row.label, row.agent, where(row), detail(row)])),
  }
}

const where = ({ repo, branch, workspace }: TaskRow): string => (branch ? `${repo}@${branch}` : (repo ?? workspace))

function detail({ requests, line, progress, outcome }: TaskRow): string {
  if (requests[0]) return requests[0].title
  if (line !== null) return `number ${line} in line`
  if (outcome?.kind === 'failed') return firstLine(outcome.reason)
  if (outcome) return ''
  return progress?.now ?? ''
}

const firstLine = (text: string): string => text.split('\n', 1)[0]?.slice(0, 80) ?? ''

function table(rows: string[][]): string {
  const widths = rows.reduce<number[]>(
    (all, row) => row.map((cell, index) => Math.max(all[index] ?? 0, cell.length)),
    [],
  )
  return rows
    .map((row) =>
      row
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

export function showText(task: TaskDetail): Text {
  const lines = [
    `${task.label} (${task.id}) · ${STATUS_WORDS[task.status]} · ${task.agent} · ${where(task)}`,
    `started by ${task.requester} at ${task.createdAt}${task.endedAt ? `, ended at ${task.endedAt}` : ''}`,
    ...(task.line === null ? [] : [`number ${task.line} in line`]),
    ...(task.progress?.now ? [`now: ${task.progress.now}`] : []),
    ...task.open.flatMap((request) => [
      `asks (${request.id}): ${request.title} [${request.options.map((one) => one.id).join(', ')}]`,
      ...(request.requires ?? []).map((one) => `  ${one.rule}: ${standing(one, request.votes)}`),
    ]),
    ...(task.outcome?.kind === 'completed' ? [task.outcome.summary] : []),
    ...(task.outcome?.kind === 'failed' ? [task.outcome.reason] : []),
    ...checkLines(task.outcome?.ending.check),
    ...(task.outcome?.kind === 'cancelled' ? [`stopped by ${task.outcome.by.name}`] : []),
    ...task.chores.map(choreWords),
  ]
  return { text: lines.join('\n') }
}

function checkLines(check: Check | undefined): string[] {
  if (!check) return []
  const { command, exit, output, why } = check
  const how = exit === null ? 'could not be run' : 'code' in exit ? `exit ${exit.code}` : `ended by ${exit.signal}`
  return [`${command}: ${how}${why ? `. ${why}` : ''}`, ...(isGreen(check) || output === '' ? [] : [output])]
}

/** What came of a chore, in one sentence. */
export function choreWords({ what, state }: Chore): string {
  if (state.kind === 'asked') return `asked to ${what}.`
  if (state.kind === 'failed') return `It could not ${what}: ${state.reason}`
  const { result } = state
  if (result.what === 'discard')
    return state.kind === 'expired'
      ? 'discarded, and not kept any more.'
      : `discarded; kept until ${new Date(result.until).toISOString().slice(0, 10)} in ${result.ref}.`
  if (result.what === 'restore') return `restored on ${result.branch}.`
  return result.commit === null
    ? 'there was nothing to commit.'
    : `committed ${result.commit.slice(0, 7)} on ${result.branch}.`
}

export function logText({ text, from, bytes }: LogRange, charsMax: number): Text {
  if (text === '') return { text: bytes === 0 ? 'The log is empty so far.' : 'No line of the log matches.' }
  const shown = text.length > charsMax ? text.slice(-charsMax) : text
  const left = from + Buffer.byteLength(text) - Buffer.byteLength(shown)
  return {
    text: left > 0 ? `${left} bytes before this are left out; the task page has all of it.` : '',
    code: plain(shown),
  }
}

/** What changed file by file, and in all. */
export function diffNumbers({ files }: Diff): string {
  if (files.length === 0) return 'Nothing is changed.'
  const sum = (of: (file: FileChange) => number): number => files.reduce((total, file) => total + of(file), 0)
  const all = `+${sum(({ added }) => added)} −${sum(({ removed }) => removed)} in ${files.length} files`
  return [
    ...files.map((file) => `+${file.added} −${file.removed} ${file.path}`),
    ...(files.length > 1 ? [all] : []),
  ].join('\n')
}

export function diffText(diff: Diff, charsMax: number): Text {
  const { files, text } = diff
  const numbers = diffNumbers(diff)
  if (files.length === 0) return { text: numbers }
  if (text.length <= charsMax) return { text: numbers, code: text }
  return {
    text: `${numbers}\nThe first ${charsMax} of ${text.length} characters; the task page has all of it.`,
    code: text.slice(0, charsMax),
  }
}

/** Colours and cursor movements stay in the file; people read text. */
function plain(text: string): string {
  return text
    .replaceAll(/\u001b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\-_])/gu, '')
    .replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f]/gu, '')
}
