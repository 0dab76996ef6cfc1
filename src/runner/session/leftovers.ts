// The end of everything an attempt started: what it left running in the background, and all of it when it has to stop.

import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { endMarked, marked } from '../processes.ts'

/** What was left running may end by itself for a moment, then gets SIGTERM and, after a grace, SIGKILL. */
const SETTLE_MS = 200
const GRACE_MS = 2000
const LOOK_MS = 20

export class Leftovers {
  readonly #markers: string[]
  readonly #note: (text: string) => void

  /** `note`: says what people should know about the attempt. */
  constructor(markers: string[], note: (text: string) => void) {
    this.#markers = markers
    this.#note = note
  }

  async end(): Promise<void> {
    for (let left = SETTLE_MS; this.#pids().length > 0 && left > 0; left -= LOOK_MS) await sleep(LOOK_MS)
    const names = this.#pids().map(nameOf)
    await this.sweep(GRACE_MS)
    if (names.length > 0) this.#note(`ended what was left running in the background: ${names.join(', ')}`)
  }

  /** Nothing is over while anything of it lives, not even what the kernel holds in the middle of a system call. */
  async sweep(graceMs: number): Promise<void> {
    for (let { left } = await endMarked(this.#markers, { graceMs }); left.length > 0;) {
      this.#note(`cannot be ended, not even by SIGKILL: ${left.map(nameOf).join(', ')}`)
      ;({ left } = await endMarked(this.#markers, { graceMs: 0 }))
    }
  }

  #pids(): number[] {
    return marked(...this.#markers).filter((pid) => pid !== process.pid)
  }
}

function nameOf(pid: number): string {
  try {
    return `${readFileSync(`/proc/${pid}/comm`, 'utf8').trim()} (${pid})`
  } catch {
    return `gone (${pid})`
  }
}
