// The status card: the root of a task's thread, edited in place. A finished one has no button.

import { actionId } from '../action-id.ts'
import type { Block, Button, Card, Part, Tone } from '../card.ts'
import { discarded } from '../chores.ts'
import type { Progress } from '../report.ts'
import { branchOf, currentTurn, didNotPass, openRequests, status, type Phase, type Status, type Task } from '../task.ts'
import type { Surroundings } from './index.ts'

const TONES: Record<Status, Tone> = {
  queued: 'queued',
  working: 'working',
  input_required: 'needs',
  completed: 'good',
  failed: 'bad',
  cancelled: 'stopped',
}

export function statusCard(task: Task, { progress, line, isQuiet }: Surroundings): Card {
  const { phase, losses, n } = currentTurn(task)
  const body: Block[] = [
    {
      kind: 'line',
      parts: [
        ...standing(task, line),
        ' · ',
        task.agent,
        ' · ',
        place(task),
        ...(discarded(task) ? [' · discarded'] : []),
        ...(n > 1 ? [` · turn ${n}`] : []),
      ],
    },
  ]
  if (losses > 0) body.push({ kind: 'line', parts: [lostWords(losses, phase)] })
  if (phase.kind === 'ended' && phase.outcome.kind === 'failed') {
    body.push({ kind: 'words', text: phase.outcome.reason.split('\n', 1)[0] ?? '' })
  }
  if (phase.kind === 'running' && progress)
    body.push(...doing(openRequests(task).length > 0 ? { ...progress, now: '' } : progress))
  if (isQuiet && progress && status(task) === 'working')
    body.push({ kind: 'line', parts: ['No sign of life since ', { at: progress.at }, '. It may still be busy.'] })
  return {
    tone: phase.kind === 'ended' && didNotPass(phase.outcome) ? 'bad' : TONES[status(task)],
    title: task.label,
    body,
    buttons: phase.kind === 'ended' ? [] : stopButtons(task),
    mention: [],
    thread: { name: task.label, isOver: phase.kind === 'ended' },
  }
}

/** What people read of where a task stands, with the instant since when. */
function standing(task: Task, line: number | null): Part[] {
  const { phase } = currentTurn(task)
  if (task.terminal)
    return ['in the terminal of ', { person: task.terminal.by }, ' since ', { at: task.terminal.since }]
  switch (phase.kind) {
    case 'queued':
      return line === null
        ? ['queued since ', { at: phase.since }]
        : [`queued, number ${line} in line, since `, { at: phase.since }]
    case 'running': {
      const open = openRequests(task)[0]
      return open
        ? [{ strong: 'needs you' }, ' since ', { at: open.askedAt }]
        : ['working since ', { at: currentTurn(task).at }]
    }
    case 'waiting':
      return [
        { strong: 'needs you' },
        ' since ',
        { at: openRequests(task)[0]?.askedAt ?? phase.since },
        ' (its process is ended, the answer resumes it)',
      ]
    case 'stopping':
      return [phase.interrupt ? 'being interrupted by ' : 'stopping, asked by ', { person: phase.by }]
    case 'ended':
      return [
        `${endWords[phase.outcome.kind]} `,
        { at: phase.outcome.at },
        ...(didNotPass(phase.outcome) ? [', its check did not pass'] : []),
      ]
  }
}

function lostWords(losses: number, { kind }: Phase): string {
  const times = losses === 1 ? 'once' : `${losses} times`
  return `Its session was lost ${times}${kind === 'queued' || kind === 'running' ? ' and is resumed' : ''}.`
}

const endWords = { completed: 'done', failed: 'failed', cancelled: 'stopped' } as const

const place = (task: Task): string => {
  const { work } = task
  return work.kind === 'worktree' ? `${work.repo}@${branchOf(task)}` : (work.repo ?? work.path)
}

function doing({ now, counts, checklist, subagents = [] }: Progress): Block[] {
  const counted = [
    counts.read > 0 && `${counts.read} read`,
    counts.edited > 0 && `${counts.edited} edited`,
    counts.commands > 0 && `${counts.commands} ${counts.commands === 1 ? 'command' : 'commands'}`,
  ].filter((one) => one !== false)
  const parts: Part[] = [
    counted.join(', '),
    counted.length > 0 && now ? ' · ' : '',
    ...(now ? ['now: ', { code: now }] : []),
  ]
  const words = parts.filter((part) => part !== '')
  return [
    ...(words.length > 0 ? [{ kind: 'line', parts: words } as const] : []),
    ...subagents.map(({ name, now: does }): Block => ({
      kind: 'line',
      parts: ['↳ ', name, ...(does ? [': ', { code: does }] : [])],
    })),
    ...(checklist.length > 0 ? [{ kind: 'checklist', items: checklist } as const] : []),
  ]
}

function stopButtons(task: Task): Button[] {
  const { phase, n } = currentTurn(task)
  if (phase.kind === 'stopping') return []
  const canInterrupt = phase.kind === 'running' && task.limits.resume
  return [
    { id: actionId('stop', task.id, String(n)), label: 'Stop', style: 'danger' },
    ...(canInterrupt ? [{ id: actionId('interrupt', task.id, String(n)), label: 'Interrupt' }] : []),
    logButton(task),
  ]
}

export const logButton = (task: Task): Button => ({ id: actionId('log', task.id), label: 'Log' })
