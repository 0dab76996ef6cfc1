// The read port over the journal, the logs and git on this machine.

import { fold, load, tasksOf } from '../runner/folds.ts'
import type { Head, Journal } from '../runner/journal.ts'
import { discarded } from '../task/chores.ts'
import type { Work } from '../task/facts.ts'
import { line } from '../task/plan.ts'
import type { Progress } from '../task/report.ts'
import { branchOf, currentTurn, endedAt, openRequests, status, type Task } from '../task/task.ts'
import { refuse, type Refused, type TaskId } from '../task/words.ts'
import { readLog } from './log.ts'
import type { Diff, TaskRow, Views } from './views.ts'
import { unknown } from './words.ts'
import { openInWorkspace } from './workspace-file.ts'

type Ports = {
  journal: Journal
  /** Where an attempt's log lies. */
  logPath: (task: TaskId, attempt: number) => string
  diff: (task: TaskId, work: Work) => Promise<Diff | Refused>
}

const QUEUED_MAX = 1_000
const CANDIDATES_MAX = 6

export function reading({ journal, logPath, diff }: Ports): Views {
  async function rows(heads: Head[]): Promise<TaskRow[]> {
    const ids = heads.map((head) => head.task)
    const [folds, progress, inLine] = await Promise.all([
      tasksOf(journal, heads),
      journal.progress(ids),
      queue(heads.some((head) => head.status === 'queued')),
    ])
    return folds.map((task) => row(task, progress.get(task.id) ?? null, inLine))
  }

  /** Everybody's place in line, asked for only when somebody in the list stands in it. */
  async function queue(wanted: boolean): Promise<TaskId[]> {
    if (!wanted) return []
    const queued = await journal.heads({ status: ['queued'], limit: QUEUED_MAX })
    return line(await tasksOf(journal, queued)).map((task) => task.id)
  }

  return {
    async tasks(filter) {
      return rows(await journal.heads(filter))
    },

    async find(ref) {
      const found = await journal.find(ref, CANDIDATES_MAX)
      const exact = found.find((head) => head.task === ref)
      if (exact) return exact.task
      const [first, second] = found
      if (first && !second) return first.task
      if (!first) return refuse(unknown(ref, await labels(journal), 'known task'))
      const shown = found.slice(0, CANDIDATES_MAX - 1).map((head) => `${head.task} (${head.label})`)
      return refuse(
        `“${ref}” could be several tasks: ${shown.join(', ')}${found.length === CANDIDATES_MAX ? ', …' : ''}. Name one by its id.`,
      )
    },

    async task(id) {
      const facts = (await journal.facts([id])).get(id) ?? []
      const task = fold(facts)
      if (!task) return null
      const progress = (await journal.progress([id])).get(id) ?? null
      const inLine = await queue(status(task) === 'queued')
      const { work, session } = task
      return {
        ...row(task, progress, inLine),
        work,
        turns: task.turns.length,
        session,
        open: openRequests(task),
        chores: task.chores,
        facts,
      }
    },

    async log(id, query) {
      const task = await load(journal, id)
      const attempts = Array.from({ length: task?.attempt ?? 0 }, (_, index) => logPath(id, index + 1))
      return readLog(attempts, query, task === null || endedAt(task) !== null)
    },

    async logFile(id) {
      const task = await load(journal, id)
      return task && task.attempt > 0 ? logPath(id, task.attempt) : null
    },

    async diff(id) {
      const task = await load(journal, id)
      return task ? diff(id, task.work) : refuse('There is no such task.')
    },

    async file(id, path) {
      const task = await load(journal, id)
      return task ? openInWorkspace(task.work, path) : refuse('There is no such task.')
    },
  }
}

const LABELS_FOR_NEAREST = 200

async function labels(journal: Journal): Promise<string[]> {
  const heads = await journal.heads({ limit: LABELS_FOR_NEAREST })
  return heads.map((head) => head.label)
}

function row(task: Task, progress: Progress | null, inLine: TaskId[]): TaskRow {
  const { phase, prompt } = currentTurn(task)
  const ended = endedAt(task)
  const away = discarded(task)
  const place = inLine.indexOf(task.id)
  return {
    id: task.id,
    label: task.label,
    status: status(task),
    agent: task.agent,
    repo: task.work.repo,
    branch: branchOf(task),
    workspace: task.work.kind === 'worktree' ? task.work.worktree : task.work.path,
    createdAt: new Date(task.createdAt).toISOString(),
    endedAt: ended === null ? null : new Date(ended).toISOString(),
    outcome: phase.kind === 'ended' ? phase.outcome : null,
    requests: openRequests(task).map(({ id, kind, title }) => ({ id, kind, title })),
    line: place < 0 ? null : place + 1,
    progress: ended === null ? progress : null,
    prompt,
    requester: task.requester.name,
    discardedUntil: away && !away.expired ? new Date(away.until).toISOString() : null,
  }
}
