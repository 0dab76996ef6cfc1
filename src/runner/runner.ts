// The runner: makes the live sessions agree with the tasks. It looks at what is (tasks from the journal, sessions from their
// sockets), asks plan what must be done, and does it. Its memory is only a cache: after any crash the first look is enough.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Workspaces } from './care/workspaces.ts'
import { discarded, pendingChore, type Chore } from '../task/chores.ts'
import { due, type Patience } from '../task/due.ts'
import { isKeptLongEnough, mayTidy } from '../task/tidy.ts'
import type { Saying } from '../task/decide/command.ts'
import { hear } from '../task/decide/index.ts'
import type { FactBody } from '../task/facts.ts'
import { plan, words, type Effect } from '../task/plan.ts'
import type { RuleSource } from '../task/policy/rule.ts'
import { currentTurn, heldGuidance, undeliveredAnswers, type Task } from '../task/task.ts'
import { HOUSE, isRefused, refuse, type Instant, type TaskId } from '../task/words.ts'
import { Granted } from './granted.ts'
import { load, record, type HouseJournal, type Journal } from './journal.ts'
import { isAlive } from './processes.ts'
import type { Gone } from './attachment.ts'
import type { SessionEvent } from './protocol.ts'
import type { Begin, Sessions } from './sessions.ts'
import { Watched } from './watched.ts'

export type RunnerPorts = {
  journal: Journal
  house: HouseJournal
  sessions: Sessions
  workspaces: Workspaces
  settings: Patience & { slots: number; stopGraceMs: number; tidyAfterMs: number }
  /** What an attempt of this task needs beyond what its journal says; `granted` are rules people granted. */
  launch: (task: Task, granted: RuleSource[]) => Launch
  now: () => Instant
  /** Asks for another look, of this runner and of whoever shows what changed; or of the latter alone. */
  ring: () => void
  ringBot: () => void
  failed: (task: TaskId, error: unknown) => void
}

export type Launch = Pick<Begin, 'agentModule' | 'env' | 'logBytesMax' | 'stopGraceMs' | 'policy' | 'door'>

/** An attempt the runner is attached to. `delivered`: what it was handed. `gone`: nothing of it lives, all it wrote is heard. */
type Hold = { attempt: number; delivered: Set<string>; gone: Gone | null }

const RETRY_MS = 1_000

export type Runner = {
  look(): Promise<void>
  /** Tidies up what is old: slowly, and rarely. */
  tidyUp(): Promise<void>
  stop(): Promise<void>
}

export function runner(ports: RunnerPorts): Runner {
  const { journal, sessions, workspaces, settings, launch, now, ring, ringBot, failed } = ports
  const watched = new Watched(journal, 'runner')
  const granted = new Granted(ports.house, failed)
  const holds = new Map<TaskId, Hold>()
  const busy = new Map<TaskId, Promise<void>>()
  /** Tasks that were busy when something was to be done about them: looked at again when they are not. */
  const passedOver = new Set<TaskId>()
  let stopped = false

  async function look(): Promise<void> {
    await watched.refresh()
    const tasks = [...watched.tasks.values()]
    if (await granted.refresh(tasks)) for (const task of tasks) if (holds.has(task.id)) tellRules(task)
    for (const task of tasks) if (task.attempt > 0 && holds.get(task.id)?.attempt !== task.attempt) hold(task)
    const idle = tasks.filter((task) => !busy.has(task.id))
    for (const task of idle)
      if (due(task, settings, now()).facts.length > 0) void inTurn(task.id, () => tell(task.id, onTime))
    for (const { id, terminal } of idle)
      if (terminal && !isAlive(terminal.process))
        void inTurn(id, () => heard(id, { type: 'left', terminal: terminal.process }))
    for (const effect of plan(tasks, live(), settings)) {
      if (busy.has(effect.task)) passedOver.add(effect.task)
      else void inTurn(effect.task, () => perform(effect))
    }
    for (const task of tasks)
      if (!granted.isBehind(task) && (currentTurn(task).phase.kind !== 'ended' || letGo(task))) await watched.done(task)
  }

  const onTime = (task: Task | null, at: Instant): FactBody[] => (task ? due(task, settings, at).facts : [])

  const live = () =>
    [...holds]
      .filter(([, { gone }]) => !gone)
      .map(([task, { attempt, delivered }]) => ({ task, attempt, delivered: [...delivered] }))

  /** An ended task is of interest as long as a process of it is there, or a chore is to be done. */
  function letGo(task: Task): boolean {
    if (pendingChore(task) || task.terminal) return false
    const held = holds.get(task.id)
    if (held && !held.gone) return false
    holds.delete(task.id)
    return true
  }

  /** What is done about one task follows one another. What fails is told, and the next look tries again. */
  function inTurn(task: TaskId, work: () => Promise<void>): Promise<void> {
    const before = busy.get(task) ?? Promise.resolve()
    const mine = before
      .then(work)
      .catch((error: unknown) => failed(task, error))
      .finally(() => {
        if (busy.get(task) !== mine) return
        busy.delete(task)
        if (passedOver.delete(task)) ring()
      })
    busy.set(task, mine)
    return mine
  }

  async function perform(effect: Effect): Promise<void> {
    const { task } = effect
    const held = holds.get(task)
    switch (effect.do) {
      case 'start':
        return start(task)
      case 'gone':
        if (held?.gone) await heard(task, { type: 'gone', attempt: effect.attempt, ...why(held.gone) })
        return
      case 'answer':
        sessions.deliver(task, effect.attempt, { answer: effect.answer })
        return void held?.delivered.add(effect.answer.request)
      case 'guide':
        sessions.deliver(task, effect.attempt, { guide: effect.guidance })
        return void held?.delivered.add(effect.guidance.id)
      case 'stop':
        sessions.stop(task, effect.attempt, settings.stopGraceMs)
        return
      case 'chore':
        return doChore(task, effect.chore)
    }
  }

  /** The attempt is a fact before it is a process: a crash in between is found as one that never began. */
  async function start(id: TaskId): Promise<void> {
    const before = watched.tasks.get(id)?.attempt
    await tell(id, (task) => hear(task, { type: 'start' }))
    const task = watched.tasks.get(id)
    if (!task || task.attempt === before) return
    const { prompt, n: turn, begun } = currentTurn(task)
    const { attempt, session: resume, options, work } = task
    const guidance = heldGuidance(task).map(words)
    const answers = undeliveredAnswers(task)
    sessions.start({
      task: id,
      attempt,
      prompt,
      turn,
      begun,
      resume,
      answers,
      guidance,
      options,
      work,
      ...launch(task, granted.rules(task)),
    })
    hold(task, [...answers.map((one) => one.request), ...guidance.map((one) => one.id)])
  }

  async function doChore(id: TaskId, chore: Chore): Promise<void> {
    const task = watched.tasks.get(id)
    if (!task) return
    const result = await workspaces
      .chore(task, chore)
      .catch((error: unknown) => refuse(error instanceof Error ? error.message : String(error)))
    const about = { chore: chore.id }
    await heard(
      id,
      isRefused(result)
        ? { type: 'chore_failed', ...about, reason: result.refused }
        : { type: 'chore_done', ...about, result },
    )
  }

  async function tidyUp(): Promise<void> {
    for (const id of await workspaces.tasks()) {
      if (stopped) return
      await inTurn(id, () => tidyOne(id))
    }
  }

  /** Between two things that are done about the task, so that nothing begins in a workspace while it is removed. */
  async function tidyOne(id: TaskId): Promise<void> {
    const task = await load(journal, id)
    if (!task || watched.tasks.has(id)) return
    if (isKeptLongEnough(task, now())) {
      const { chore = '' } = discarded(task) ?? {}
      await heard(id, { type: 'discard_expired', chore })
      await workspaces.forget(task)
    } else if (mayTidy(task, settings.tidyAfterMs, now())) {
      await workspaces.tidy(task)
    }
  }

  /** Hears a session from where the journal stands, wherever it is in its life. */
  function hold(task: Task, delivered: string[] = []): void {
    const held: Hold = { attempt: task.attempt, delivered: new Set(delivered), gone: null }
    holds.set(task.id, held)
    sessions.attach(task.id, task.attempt, task.seq, {
      event: (event) => void inTurn(task.id, () => onEvent(task.id, held.attempt, event)),
      progress: (progress) =>
        void journal.putProgress(task.id, progress).then(ringBot, (error: unknown) => failed(task.id, error)),
      gone: (gone) =>
        void inTurn(task.id, async () => {
          held.gone = gone
          await journal.putProgress(task.id, null)
          ring()
        }),
    })
    tellRules(task)
  }

  /** It may have been started when the rules were others. They are said before the answer that granted one of them. */
  function tellRules(task: Task): void {
    if (currentTurn(task).phase.kind !== 'running') return
    try {
      const { policy } = launch(task, granted.rules(task))
      if (policy) sessions.replaceRules(task.id, task.attempt, policy.rules)
    } catch (error) {
      failed(task.id, error)
    }
  }

  async function onEvent(id: TaskId, attempt: number, event: SessionEvent): Promise<void> {
    if (event.type === 'began' || event.type === 'note') return
    const { seq, at: _at, ...report } = event
    // What cannot be stored (a full disk) was not heard: it is said again until it is.
    while (!stopped) {
      try {
        return await heard(id, { type: 'report', attempt, seq, report })
      } catch (error) {
        failed(id, error)
        await sleep(RETRY_MS)
      }
    }
  }

  const heard = (id: TaskId, saying: Saying): Promise<void> => tell(id, (task) => hear(task, saying))

  async function tell(id: TaskId, decide: (task: Task | null, at: Instant) => FactBody[]): Promise<void> {
    const recorded = await record(journal, id, decide, { by: HOUSE, now })
    if (recorded === 'repeated' || isRefused(recorded)) return
    watched.put(recorded.task)
    if (recorded.facts.length > 0) ring()
  }

  /** Lets go of all sessions; they go on working. */
  async function stop(): Promise<void> {
    stopped = true
    await sessions.close()
    await Promise.allSettled(busy.values())
  }

  return { look, tidyUp, stop }
}

const why = ({ began, reason }: Gone) => ({ began, reason })
