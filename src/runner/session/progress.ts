// What the agent does right now, told at most once a second: the latest wins, and the last one is never lost.

import type { Progress } from '../../task/report.ts'

const PROGRESS_INTERVAL_MS = 1000
const NOTHING_YET: Pick<Progress, 'counts' | 'checklist'> = {
  counts: { read: 0, edited: 0, commands: 0 },
  checklist: [],
}

export class ProgressGate {
  /** The latest one that was told. */
  last: Progress | null = null
  readonly #tell: (progress: Progress) => void
  #next: Progress | null = null
  #timer: NodeJS.Timeout | null = null

  constructor(tell: (progress: Progress) => void) {
    this.#tell = tell
  }

  say(progress: Omit<Progress, 'at'>): void {
    this.#next = { at: Date.now(), ...progress }
    if (this.#timer === null) this.flush()
  }

  /** Something else now, after all that was done so far. */
  sayNow(now: string): void {
    const { counts, checklist } = this.#next ?? this.last ?? NOTHING_YET
    this.say({ now, counts, checklist })
  }

  flush(): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    if (this.#next === null) return
    this.last = this.#next
    this.#next = null
    this.#tell(this.last)
    this.#timer = setTimeout(() => this.flush(), PROGRESS_INTERVAL_MS).unref()
  }
}
