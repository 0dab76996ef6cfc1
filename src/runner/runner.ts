// The runner: makes the live sessions agree with the tasks. It looks at what is (tasks from the journal, sessions from their
// sockets), asks plan what must be done, and does it. Its memory is only a cache: after any crash the first look is enough.

import { due, type Patience } from '../task/due.ts'
import type { Saying } from '../task/decide/command.ts'
import { hear } from '../task/decide/index.ts'
import type { FactBody } from '../task/facts.ts'
import { plan, words, type Effect } from '../task/plan.ts'
import { currentTurn, heldGuidance, undeliveredAnswers, type Task } from '../task/task.ts'
import { HOUSE, isRefused, type Instant, type TaskId } from '../task/words.ts'
import { record, type Journal } from './journal.ts'
import type { SessionEvent } from './protocol.ts'
import type { Attachment, Sessions } from './sessions.ts'
import { Watched } from './watched.ts'

export type RunnerPorts = {
  journal: Journal
  sessions: Sessions
  settings: Patience & { slots: number }
  now: () => Instant
  /** Asks for another look, of this runner and of whoever shows what changed. */
  ring: () => void
  failed: (task: TaskId, error: unknown) => void
}

/** An attempt the runner is attached to. `delivered`: what it was handed. `gone`: no process of it is there, all it wrote is heard. */
type Hold = { attempt: number; attachment: Attachment; delivered: Set<string>; gone: boolean }

export function runner({ journal, sessions, settings, now, ring, failed }: RunnerPorts): {
  look(): Promise<void>
  stop(): Promise<void>
} {
  const watched = new Watched(journal, 'runner')
  const holds = new Map<TaskId, Hold>()
  const busy = new Map<TaskId, Promise<void>>()

  async function look(): Promise<void> {
    await watched.refresh()
    const tasks = [...watched.tasks.values()]
    for (const task of tasks) if (task.attempt > 0 && holds.get(task.id)?.attempt !== task.attempt) hold(task)
    const idle = tasks.filter((task) => !busy.has(task.id))
    for (const task of idle)
      if (due(task, settings, now()).facts.length > 0) inTurn(task.id, () => tell(task.id, onTime))
    for (const effect of plan(tasks, live(), settings))
      if (!busy.has(effect.task)) inTurn(effect.task, () => perform(effect))
    for (const task of tasks) if (currentTurn(task).phase.kind !== 'ended' || letGo(task)) await watched.done(task)
  }

  const onTime = (task: Task | null, at: Instant): FactBody[] => (task ? due(task, settings, at).facts : [])

  const live = () =>
    [...holds]
      .filter(([, { gone }]) => !gone)
      .map(([task, { attempt, delivered }]) => ({ task, attempt, delivered: [...delivered] }))

  /** An ended task is of interest as long as a process of it is there. */
  function letGo(task: Task): boolean {
    const held = holds.get(task.id)
    if (held && !held.gone) return false
    return holds.delete(task.id) || true
  }

  /** What is done about one task follows one another. What fails is told, and the next look tries again. */
  function inTurn(task: TaskId, work: () => Promise<void>): void {
    const before = busy.get(task) ?? Promise.resolve()
    const mine = before
      .then(work)
      .catch((error: unknown) => failed(task, error))
      .finally(() => {
        if (busy.get(task) === mine) busy.delete(task)
        ring()
      })
    busy.set(task, mine)
  }

  async function perform(effect: Effect): Promise<void> {
    const held = holds.get(effect.task)
    switch (effect.do) {
      case 'start':
        return start(effect.task)
      case 'gone':
        return gone(effect.task, effect.attempt)
      case 'answer':
        held?.delivered.add(effect.answer.request)
        return held?.attachment.answer(effect.answer)
      case 'guide':
        held?.delivered.add(effect.guidance.id)
        return held?.attachment.guide(effect.guidance)
      case 'stop':
        return sessions.stop(effect.task, effect.attempt)
    }
  }

  /** The attempt is a fact before it is a process: a crash in between is found as one that never began. */
  async function start(id: TaskId): Promise<void> {
    const before = watched.tasks.get(id)?.attempt
    await tell(id, (task) => hear(task, { type: 'start' }))
    const task = watched.tasks.get(id)
    if (!task || task.attempt === before) return
    const { prompt, n, begun } = currentTurn(task)
    const { attempt, agent, session: resume, options, work } = task
    const guidance = heldGuidance(task).map(words)
    const answers = undeliveredAnswers(task)
    try {
      await sessions.start({
        task: id,
        attempt,
        agent,
        prompt,
        turn: n,
        begun,
        resume,
        answers,
        guidance,
        options,
        work,
      })
    } catch (error) {
      failed(id, error)
    }
    const held = hold(task)
    for (const one of answers) held.delivered.add(one.request)
    for (const one of guidance) held.delivered.add(one.id)
  }

  /** Ends what the attempt left behind before anybody is told that nothing of it lives. */
  async function gone(id: TaskId, attempt: number): Promise<void> {
    const { began, reason } = await sessions.end(id, attempt)
    await heard(id, { type: 'gone', attempt, began, reason })
    await journal.putProgress(id, null)
  }

  function hold(task: Task): Hold {
    holds.get(task.id)?.attachment.detach()
    const attachment = sessions.attach(task.id, task.attempt, task.seq, {
      event: (event) => inTurn(task.id, () => onEvent(task.id, held, event)),
      progress: (progress) =>
        void journal.putProgress(task.id, progress).then(ring, (error: unknown) => failed(task.id, error)),
      gone: () => inTurn(task.id, async () => void (held.gone = true)),
    })
    const held: Hold = { attempt: task.attempt, attachment, delivered: new Set(), gone: false }
    holds.set(task.id, held)
    return held
  }

  async function onEvent(id: TaskId, held: Hold, event: SessionEvent): Promise<void> {
    if (holds.get(id) !== held || event.type === 'began' || event.type === 'note') return
    const { seq, at: _at, ...report } = event
    try {
      await heard(id, { type: 'report', attempt: held.attempt, seq, report })
    } catch (error) {
      // Not stored, so not heard: the next look attaches anew and has it said again.
      held.attachment.detach()
      holds.delete(id)
      throw error
    }
    if (report.type === 'completed' || report.type === 'failed' || report.type === 'stopped')
      await journal.putProgress(id, null)
  }

  const heard = (id: TaskId, saying: Saying): Promise<void> => tell(id, (task) => hear(task, saying))

  async function tell(id: TaskId, decide: (task: Task | null, at: Instant) => FactBody[]): Promise<void> {
    const recorded = await record(journal, id, decide, { by: HOUSE, now })
    if (recorded !== 'repeated' && !isRefused(recorded)) watched.put(recorded.task)
  }

  /** Lets go of all sessions; they go on working. */
  async function stop(): Promise<void> {
    for (const { attachment } of holds.values()) attachment.detach()
    await Promise.allSettled(busy.values())
  }

  return { look, stop }
}
