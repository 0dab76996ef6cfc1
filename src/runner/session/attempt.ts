// One attempt from its first event to its last: prepare the workspace, run the agent, end what it leaves behind, say how it
// ended. Every way to stop it early (a person, a limit, a full disk, a signal, an agent that throws) is one interruption.

import { closeSync, openSync, rmSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Ending } from '../../task/facts.ts'
import { refuse } from '../../task/words.ts'
import { endingOf, type Agent, type Ended, type Run, type Session } from '../agent.ts'
import { FILES, makeAgentHome, markersIn } from '../attempt-files.ts'
import { changesOf } from '../changes.ts'
import { endMarked } from '../processes.ts'
import { MARKER_VARIABLE, PROTOCOL_VERSION, type FromSession, type Spec, type ToSession } from '../protocol.ts'
import { prepare } from '../workspace.ts'
import { Door } from './door.ts'
import { EventFile } from './events.ts'
import { NO_OPINION, type Gate } from './gate.ts'
import { Leftovers } from './leftovers.ts'
import { watchLimits } from './limits.ts'
import { check, cutOff, keepDone, readDone, setUp, type Bench, type Checked } from './own-commands.ts'
import { ProgressGate } from './progress.ts'

/** An agent that was asked to end has this long before its processes get SIGTERM. */
const ASK_MS = 1000
/** When the disk fills or the log is full there is no time for a long grace. */
const HURRY_GRACE_MS = 500
/** Once all its processes are gone an agent has this long to say how they ended. */
const LAST_WORDS_MS = 1000

type Interruption = { kind: 'stopped' } | { kind: 'failed'; reason: string }
type Delivery = Extract<ToSession, { answer: unknown } | { guide: unknown }>

export class Attempt {
  readonly #spec: Spec
  readonly #agent: Agent
  readonly #gate: Gate | null
  readonly #dir: string
  /** The complete environment of whatever this process starts. */
  readonly #env: Record<string, string>
  readonly #startedAt = performance.now()
  readonly #events: EventFile
  readonly #door: Door
  readonly #log: number
  readonly #progress: ProgressGate
  readonly #leftovers: Leftovers
  readonly #pending = new Set<string>()
  readonly #delivered = new Set<string>()
  readonly #given = new Set<string>()
  /** What came before the agent was there to take it. */
  readonly #early: Delivery[] = []
  readonly #interrupted = Promise.withResolvers<Interruption>()
  readonly #abort = new AbortController()
  #run: Run | null = null
  /** How the agent ended, while what it did is still checked: that it is complete stays true whatever comes of the check. */
  #checked: Checked | null = null
  #graceMs: number

  constructor(dir: string, spec: Spec, agent: Agent, gate: Gate | null) {
    this.#spec = spec
    this.#agent = agent
    this.#gate = gate
    this.#dir = dir
    this.#env = { ...spec.env, [MARKER_VARIABLE]: spec.marker }
    this.#graceMs = spec.stopGraceMs
    this.#log = openSync(join(dir, FILES.log), 'a+', 0o600)
    this.#events = new EventFile(dir, {
      written: (event) => this.#door.tell({ event }),
      stuck: (reason) => this.#hurry(reason),
    })
    this.#leftovers = new Leftovers(markersIn(spec), (text) => this.#note(text))
    this.#progress = new ProgressGate((progress) => this.#door.tell({ progress }))
    this.#door = new Door(dir, {
      hello: () => this.#hello(),
      after: (seq) => this.#events.after(seq),
      progress: () => this.#progress.last && { progress: this.#progress.last },
      heard: (message) => {
        if ('stop' in message) this.stop(message.stop.graceMs)
        else if ('rules' in message) this.#gate?.replace(message.rules, this.#event)
        else this.#take(message)
      },
      note: this.#event,
    })
  }

  async live(): Promise<void> {
    await this.#door.open(this.#spec.socket)
    this.#events.append({ type: 'began' })
    const limits = this.#watchLimits()
    const work = this.#work()
    const first = await Promise.race([work, this.#interrupted.promise])
    const early = this.#abort.signal.aborted
    const ended = await (early ? this.#ladder(work) : work)
    if (!early) await this.#leftovers.end()
    limits.close()
    // Nothing is said about the end of a lost attempt: it is found as one whose session process was killed.
    if (!early && first.kind === 'lost') throw new Error(first.reason)
    if (early && first.kind === 'failed') this.#write(first.reason)
    await this.#say(this.#checked && first.kind !== 'completed' ? cutOff(this.#checked, first, ended) : first, ended)
    await this.#door.close()
    this.#events.close()
    closeSync(this.#log)
    rmSync(this.#spec.socket, { force: true })
  }

  stop(graceMs = this.#graceMs): void {
    this.#interrupt({ kind: 'stopped' }, graceMs)
  }

  fail(error: unknown): void {
    this.#interrupt({ kind: 'failed', reason: brokenAgent(this.#agent, error) }, this.#graceMs)
  }

  async #work(): Promise<Ended> {
    const { task, work, agentHome, answers, guidance, turn, begun, prompt, resume, options } = this.#spec
    const place = { task, taskDir: dirname(this.#dir), env: this.#env, signal: this.#abort.signal }
    const prepared = await prepare(work, place).catch((error: unknown) =>
      refuse(`The workspace cannot be made: ${String(error)}.`),
    )
    if ('refused' in prepared) return { kind: 'failed', reason: prepared.refused }
    if (prepared.note) this.#event(prepared.note)
    const bench = this.#bench(prepared.cwd)
    const unready = this.#abort.signal.aborted ? null : await setUp(options['setup'], place.taskDir, bench)
    if (unready) return unready
    const idle = this.#abort.signal.aborted ? 'It was stopped before it began.' : makeAgentHome(agentHome)
    if (idle) return { kind: 'failed', reason: idle }
    try {
      const before = readDone(place.taskDir, turn)
      if (before) return await this.#check(before, bench)
      for (const { request } of answers) this.#given.add(`answer ${request}`)
      const told = { turn, begun, prompt, resume, answers, options }
      const run = this.#agent.open({
        ...told,
        cwd: prepared.cwd,
        home: agentHome,
        env: this.#env,
        log: this.#log,
        logBytesMax: this.#spec.logBytesMax,
        report: (report) => this.#report(report),
        progress: (progress) => this.#progress.say(progress),
        note: this.#event,
        judge: async (tool, input) =>
          (await this.#gate?.judge(tool, input, this.#site(prepared.cwd), this.#event)) ?? NO_OPINION,
      })
      this.#run = run
      for (const guide of guidance) this.#take({ guide })
      for (const message of this.#early.splice(0)) this.#give(run, message)
      return await this.#check(await run.ended, bench)
    } catch (error) {
      return { kind: 'failed', reason: brokenAgent(this.#agent, error) }
    }
  }

  /** The agent's word that it is done, and beside it what the repository's own check says. */
  async #check(ended: Ended, bench: Bench): Promise<Ended> {
    const command = this.#spec.options['check']
    if (ended.kind !== 'completed' || !command || this.#abort.signal.aborted) return ended
    this.#checked = keepDone(ended, command, dirname(this.#dir), this.#spec.turn)
    await this.#leftovers.end()
    if (this.#abort.signal.aborted) return ended
    return { ...ended, ending: { ...ended.ending, check: await check(command, bench) } }
  }

  readonly #site = (cwd: string) => ({ cwd, home: this.#env['HOME'] ?? '/', repo: this.#spec.work.repo })

  #bench(cwd: string): Bench {
    return {
      cwd,
      env: this.#env,
      home: this.#dir,
      log: this.#log,
      logBytesMax: this.#spec.logBytesMax,
      now: (now) => this.#progress.sayNow(now),
      write: (text) => this.#write(text),
      endAll: () => this.#leftovers.sweep(this.#graceMs),
    }
  }

  #report(report: Parameters<Session['report']>[0]): void {
    if (report.type === 'requested') this.#pending.add(report.ask.id)
    if (report.type === 'withdrawn' || report.type === 'delivered') this.#pending.delete(report.request)
    if (report.type === 'delivered') this.#delivered.add(report.request)
    if (report.type === 'guidance_delivered') this.#delivered.add(report.guidance)
    this.#events.append(report)
  }

  /** Each answer and each guidance goes to the agent once, however often it is sent. */
  #take(message: Delivery): void {
    const key = 'answer' in message ? `answer ${message.answer.request}` : `guide ${message.guide.id}`
    if (this.#given.has(key)) return
    this.#given.add(key)
    if (this.#run) this.#give(this.#run, message)
    else this.#early.push(message)
  }

  #give(run: Run, message: Delivery): void {
    try {
      if ('answer' in message) run.answer(message.answer)
      else if (this.#agent.limits.guidance) run.guide(message.guide)
      else this.#event(`${this.#agent.name} takes no guidance: ${message.guide.text}`)
    } catch (error) {
      this.fail(error)
    }
  }

  /** Only the first interruption counts: what comes later is already being ended. */
  #interrupt(interruption: Interruption, graceMs: number): void {
    if (this.#abort.signal.aborted) return
    this.#graceMs = graceMs
    this.#abort.abort()
    this.#interrupted.resolve(interruption)
  }

  #hurry(reason: string): void {
    this.#interrupt({ kind: 'failed', reason }, Math.min(HURRY_GRACE_MS, this.#graceMs))
  }

  /** Ask, SIGTERM, SIGKILL, until nothing of the attempt is left but this process. */
  async #ladder(work: Promise<Ended>): Promise<Ended | null> {
    if (this.#ask()) await Promise.race([work, sleep(Math.min(ASK_MS, this.#graceMs))])
    await this.#leftovers.sweep(this.#graceMs)
    return Promise.race([work, sleep(LAST_WORDS_MS, null)])
  }

  #ask(): boolean {
    try {
      return this.#run?.stop() ?? false
    } catch (error) {
      this.#event(brokenAgent(this.#agent, error))
      return false
    }
  }

  async #say(last: Ended | Interruption, ended: Ended | null): Promise<void> {
    const place = { taskDir: dirname(this.#dir), env: this.#env }
    const changes = await changesOf(this.#spec.work, place)
    const durationMs = Math.round(performance.now() - this.#startedAt)
    this.#progress.flush()
    const ending: Ending = {
      ...endingOf(last, ended),
      durationMs,
      ...changes,
      eventsHash: this.#events.hash(),
    }
    switch (last.kind) {
      case 'completed':
        this.#events.append({ type: 'completed', summary: last.summary, ending })
        break
      case 'failed':
        this.#events.append({ type: 'failed', reason: last.reason, ending })
        break
      case 'stopped':
        this.#events.append({ type: 'stopped', ending })
        break
      case 'lost':
    }
    await this.#events.flushed()
  }

  readonly #event = (text: string): void => this.#events.append({ type: 'note', text })

  /** A word of ours about the attempt, in its events and in its log. */
  #note(text: string): void {
    this.#event(text)
    this.#write(text)
  }

  #write(text: string): void {
    try {
      writeSync(this.#log, `[backchannel] ${text}\n`)
    } catch {
      // The disk is full: the event says it.
    }
  }

  #hello(): FromSession {
    const { task, attempt } = this.#spec
    const ids = { pending: [...this.#pending], delivered: [...this.#delivered] }
    return { hello: { protocol: PROTOCOL_VERSION, task, attempt, seq: this.#events.seq, ...ids } }
  }

  #watchLimits(): { close(): void } {
    const { logBytesMax, options } = this.#spec
    const timeoutMs = Number(options['timeout_ms'])
    return watchLimits({
      log: this.#log,
      dir: this.#dir,
      logBytesMax,
      timeoutMs: timeoutMs > 0 ? timeoutMs : null,
      waits: () => this.#pending.size > 0,
      reached: ({ reason, hurry, kill }) => {
        if (hurry) this.#hurry(reason)
        else this.#interrupt({ kind: 'failed', reason }, this.#graceMs)
        if (kill) void endMarked(markersIn(this.#spec), { graceMs: 0 })
      },
    })
  }
}

const brokenAgent = (agent: Agent, error: unknown): string =>
  `The agent ${agent.name} broke: ${error instanceof Error ? error.message : String(error)}`
