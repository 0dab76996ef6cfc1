// The runner's side of session processes: start one, attach to it wherever it is in its life, stop it, end what is left of it.
// Everything here may be asked for again and again: it says what should be.

import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RuleSource } from '../task/policy/rule.ts'
import type { TaskId } from '../task/words.ts'
import { Attachment, type Delivery, type Handlers } from './attachment.ts'
import {
  agentHome,
  attemptDir,
  FILES,
  homeTooLong,
  markerOf,
  markersOf,
  socketDir,
  socketPath,
} from './attempt-files.ts'
import { isLast, readEvents } from './event-reader.ts'
import { endMarked, isAlive, marked } from './processes.ts'
import { MARKER_VARIABLE, PROTOCOL_VERSION, type Spec } from './protocol.ts'
import { claim, ownerOf } from './session/claim.ts'
import { CACHE, MAIN } from './session-process.ts'
import { Spare, type Taken } from './spare.ts'
import { stopSession } from './stop-session.ts'

/** A process that was spawned owns its attempt within 100 ms; on a machine that hardly moves, within this. */
const BIRTH_MS_MAX = 20_000
/** Between the fact that an attempt starts, its spec and its process lie milliseconds; what is not there by then never will be. */
const SPEC_MS_MAX = 2000
/** What people wait to see goes before: to spawn is to stand still for 4 to 15 ms, and one that waited takes a core of ours. */
const SHOWN_MS = 8

/** What an agent left running when its session process died gets this long to end by itself. */
const ORPHAN_GRACE_MS = 2000
/** Between the end of a process and the word that it ended. */
const EXIT_MS_MAX = 200
const STOP_GRACE_MS = 5000

/** What is known of an attempt before it begins; the rest of its spec follows from the home. */
export type Begin = Omit<Spec, 'protocol' | 'marker' | 'socket' | 'agentHome'>

export class Sessions {
  readonly #home: string
  readonly #attachments = new Map<string, Attachment>()
  readonly #stopping = new Set<string>()
  /** Attempts whose process was started here and has ended, or could not be started: its last words. */
  readonly #exited = new Map<string, string>()
  /** Those that were started here and whose exit we have not heard of yet. */
  readonly #running = new Map<string, Promise<void>>()

  readonly #spare: Spare | null

  /**
   * Throws with a sentence for a home in which no socket could be made. `door`: keeps one process waiting, so that the next
   * attempt begins at once, and this is what it has loaded.
   */
  constructor(home: string, { door }: { door?: string } = {}) {
    const tooLong = homeTooLong(home)
    if (tooLong) throw new Error(tooLong)
    mkdirSync(socketDir(home), { recursive: true, mode: 0o700 })
    this.#home = realpathSync(home)
    this.#spare = door === undefined ? null : new Spare(this.#home, door)
  }

  /** Starts a session process. That it could not be started is told like every other end: to who attaches, as gone. */
  start(begin: Begin): void {
    setTimeout(() => this.#startNow(begin), SHOWN_MS)
  }

  #startNow(begin: Begin): void {
    let taken: Taken | null = null
    const { task, attempt } = begin
    try {
      const dir = attemptDir(this.#home, task, attempt)
      mkdirSync(dir, { recursive: true, mode: 0o700 })
      if (ownerOf(dir).kind !== 'nobody') return
      taken = this.#spare?.take() ?? null
      const spec = this.#specOf(begin, taken?.marker)
      writeFileSync(join(dir, FILES.spec), JSON.stringify(spec), { mode: 0o600 })
      if (taken) taken.begin(dir)
      this.#watch(dir, spec, taken?.child ?? this.#spawn(dir, spec))
    } catch (error) {
      void taken?.leave()
      this.#exited.set(key(task, attempt), error instanceof Error ? error.message : String(error))
    }
  }

  /** Hears everything after event `after` and, last and once, that the attempt is gone. Who attached before hears no more. */
  attach(task: TaskId, attempt: number, after: number, handlers: Handlers): void {
    const id = key(task, attempt)
    const dir = attemptDir(this.#home, task, attempt)
    const since = performance.now()
    this.#attachments.get(id)?.detach()
    const attachment = new Attachment({
      dir,
      socket: socketPath(this.#home, task, attempt),
      after,
      handlers: {
        ...handlers,
        gone: async (gone) => {
          this.#attachments.delete(id)
          await handlers.gone(gone)
        },
      },
      unborn: () => {
        const waitedMs = performance.now() - since
        const over = this.#exited.has(id) || waitedMs > BIRTH_MS_MAX
        const never = waitedMs > SPEC_MS_MAX && !this.#isBeingBorn(task, attempt)
        return (over || never) && this.#claim(task, attempt)
      },
      end: () => this.giveUp(task, attempt),
    })
    this.#attachments.set(id, attachment)
  }

  /** Sees to it that the session is told, once, also when the connection breaks. Needs somebody attached. */
  deliver(task: TaskId, attempt: number, message: Delivery): void {
    this.#attachments.get(key(task, attempt))?.deliver(message)
  }

  /** Sees to it that the session judges by these rules from now on. Needs somebody attached. */
  replaceRules(task: TaskId, attempt: number, rules: RuleSource[]): void {
    this.#attachments.get(key(task, attempt))?.replaceRules(rules)
  }

  /** Sees to it that the attempt stops: by itself when it can, from outside when it does not. Who is attached hears of it. */
  stop(task: TaskId, attempt: number, graceMs = STOP_GRACE_MS): void {
    const id = key(task, attempt)
    if (this.#stopping.has(id) || this.#claim(task, attempt)) return
    this.#stopping.add(id)
    const place = { dir: attemptDir(this.#home, task, attempt), socket: socketPath(this.#home, task, attempt) }
    const endAll = () => this.endAll(task, attempt, graceMs)
    void stopSession({ ...place, graceMs, endAll }).finally(() => this.#stopping.delete(id))
  }

  /**
   * Ends what there is of an attempt, a living session process included, and keeps one that was not born yet from ever
   * starting. Afterwards nothing of it lives. `began`: the agent may have done something.
   */
  async giveUp(task: TaskId, attempt: number): Promise<{ began: boolean; reason: string }> {
    this.#claim(task, attempt)
    const dir = attemptDir(this.#home, task, attempt)
    const owner = ownerOf(dir)
    // Whoever told how it ended had ended everything before, so that the many attempts of the past cost no search each.
    const isOver = owner.kind === 'process' && !isAlive(owner.identity) && readEvents(dir, 0).some(isLast)
    for (let left = isOver ? [] : [0]; left.length > 0;) ({ left } = await this.endAll(task, attempt, ORPHAN_GRACE_MS))
    const began = readEvents(dir, 0).length > 0
    await Promise.race([this.#running.get(key(task, attempt)), sleep(EXIT_MS_MAX)])
    const words = this.#exited.get(key(task, attempt))
    this.#exited.delete(key(task, attempt))
    return {
      began,
      reason: `Its session process ${began ? 'ended unexpectedly' : 'did not start'}${words ? ` (${words})` : ''}.`,
    }
  }

  /** The ladder from outside, for a session process that hangs or was killed. `left` are those even SIGKILL did not end. */
  endAll(task: TaskId, attempt: number, graceMs = STOP_GRACE_MS): Promise<{ ended: number; left: number[] }> {
    return endMarked(markersOf(this.#home, task, attempt), { graceMs })
  }

  /** Lets go of all sessions; they go on. */
  async close(): Promise<void> {
    for (const attachment of this.#attachments.values()) attachment.detach()
    this.#attachments.clear()
    await this.#spare?.close()
  }

  /** A process carries its marker from when it is a program of ours. */
  #isBeingBorn(task: TaskId, attempt: number): boolean {
    if (this.#running.has(key(task, attempt))) return true
    const spec = join(attemptDir(this.#home, task, attempt), FILES.spec)
    return existsSync(spec) && marked(...markersOf(this.#home, task, attempt)).length > 0
  }

  /** Gives up an attempt nobody owns: true when from now on nobody ever will. */
  #claim(task: TaskId, attempt: number): boolean {
    const dir = attemptDir(this.#home, task, attempt)
    mkdirSync(dir, { recursive: true, mode: 0o700 })
    return claim(dir, 'given up') || ownerOf(dir).kind === 'given up'
  }

  #specOf(begin: Begin, bornAs?: string): Spec {
    return {
      ...begin,
      ...(bornAs !== undefined && { bornAs }),
      protocol: PROTOCOL_VERSION,
      marker: markerOf(this.#home, begin.task, begin.attempt),
      socket: socketPath(this.#home, begin.task, begin.attempt),
      agentHome: agentHome(this.#home, begin.task),
    }
  }

  /** Detached and with files instead of pipes, so that it neither ends nor blocks when we do. */
  #spawn(dir: string, { env, marker }: Spec): ChildProcess {
    const errors = openSync(join(dir, FILES.errors), 'a', 0o600)
    try {
      const { NODE_OPTIONS: _, ...rest } = env
      return spawn(process.execPath, [MAIN, dir], {
        cwd: dir,
        env: { ...rest, NODE_COMPILE_CACHE: join(this.#home, CACHE), [MARKER_VARIABLE]: marker },
        detached: true,
        stdio: ['ignore', errors, errors],
      })
    } finally {
      closeSync(errors)
    }
  }

  /** How it ended is known to us alone. */
  #watch(dir: string, { task, attempt }: Spec, child: ChildProcess): void {
    const id = key(task, attempt)
    const exited = new Promise<void>((resolve) => {
      const ended = (how: string): void => {
        this.#exited.set(id, lastError(join(dir, FILES.errors)) ?? how)
        this.#running.delete(id)
        resolve()
      }
      // One that was taken may have ended before anybody looked.
      if (child.exitCode !== null || child.signalCode !== null) ended(child.signalCode ?? `exit ${child.exitCode}`)
      child.once('error', (error) => ended(error.message))
      child.once('exit', (code, signal) => ended(signal ?? (code === 0 ? '' : `exit ${code}`)))
    })
    if (child.exitCode === null && child.signalCode === null) this.#running.set(id, exited)
    child.unref()
  }
}

const key = (task: TaskId, attempt: number): string => `${task}/${attempt}`

/** The line that says what went wrong, of a stack trace or what a program printed. */
function lastError(path: string): string | undefined {
  try {
    const lines = readFileSync(path, 'utf8').trim().split('\n')
    return lines.findLast((line) => /^\w*Error\b/.test(line)) ?? lines.find((line) => line !== '')
  } catch {
    return undefined
  }
}
