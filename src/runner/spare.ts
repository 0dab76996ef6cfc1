// A session process that is started before anybody needs it and waits to be told which attempt it is, so that an attempt does
// not begin with the start of a process. It is born with a marker of its own. It lives no longer than we do: its input ends with us.

import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { closeSync, openSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { FILES, socketDir, spareMarker } from './attempt-files.ts'
import { CACHE, MAIN, WAITS } from './session-process.ts'
import { MARKER_VARIABLE } from './protocol.ts'

/** To spawn is to stand still for 4 to 15 ms: not while what was just asked for is on its way to people. */
const AFTER_MS = 100

type Waiting = { child: ChildProcess; marker: string; errors: string }

export class Spare {
  readonly #home: string
  readonly #door: string
  #waiting: Waiting | null = null
  #timer: NodeJS.Timeout | null = null

  /** `door`: what it loads besides, because most need it. */
  constructor(home: string, door: string) {
    this.#home = home
    this.#door = door
    this.#later()
  }

  /** The one that waits, for the caller alone; null when there is none. Another one follows. */
  take(): Taken | null {
    const taken = this.#waiting
    this.#waiting = null
    this.#later()
    return taken && new Taken(taken)
  }

  /** Resolves when nobody waits any more. */
  async close(): Promise<void> {
    const taken = this.take()
    if (this.#timer) clearTimeout(this.#timer)
    await taken?.leave()
  }

  #later(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null
      this.#waiting ??= this.#start()
    }, AFTER_MS).unref()
  }

  #start(): Waiting | null {
    const id = randomBytes(8).toString('hex')
    const errors = join(socketDir(this.#home), `${id}.err`)
    const marker = spareMarker(this.#home, id)
    try {
      const descriptor = openSync(errors, 'a', 0o600)
      const child = spawn(process.execPath, [MAIN, WAITS, errors, this.#door], {
        cwd: this.#home,
        env: { NODE_COMPILE_CACHE: join(this.#home, CACHE), [MARKER_VARIABLE]: marker },
        detached: true,
        stdio: ['pipe', descriptor, descriptor],
      })
      closeSync(descriptor)
      const waiting = { child, marker, errors }
      const gone = (): void => {
        if (this.#waiting === waiting) this.#waiting = null
      }
      child.once('error', gone)
      child.once('exit', gone)
      child.stdin?.on('error', gone)
      child.unref()
      return waiting
    } catch {
      // A start without one takes longer, and says what is wrong.
      return null
    }
  }
}

/** One that was waiting. */
export class Taken {
  readonly child: ChildProcess
  readonly marker: string
  readonly #errors: string

  constructor({ child, marker, errors }: Waiting) {
    this.child = child
    this.marker = marker
    this.#errors = errors
  }

  /** It becomes the session process of the attempt in `dir`, whose spec is there. */
  begin(dir: string): void {
    renameSync(this.#errors, join(dir, FILES.errors))
    this.child.stdin?.end(`${JSON.stringify({ dir })}\n`)
  }

  /** There is nothing to begin: it ends. */
  async leave(): Promise<void> {
    const gone = new Promise((resolve) => this.child.once('exit', resolve))
    this.child.stdin?.destroy()
    if (this.child.exitCode === null && this.child.signalCode === null) await gone
  }
}
