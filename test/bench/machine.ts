// The machine the numbers are of, and what one of its processes uses (Linux: /proc).

import fs from 'node:fs'
import os from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Use } from './samples.ts'

/** Above this others work on the machine too, and the numbers are theirs as well as ours. */
const LOAD_QUIET = 0.5
/** The unit of the kernel's times in /proc, the same on every Linux. */
const TICKS_PER_SECOND = 100
const KB_PER_MB = 1_024

export function machine(): string {
  const [cpu] = os.cpus()
  const [one = 0, five = 0, fifteen = 0] = os.loadavg()
  const load = [one, five, fifteen].map((value) => value.toFixed(2)).join(' ')
  const line = `${os.availableParallelism()} cores (${cpu?.model.trim() ?? 'unknown'}), node ${process.version}, load average ${load}`
  return one <= LOAD_QUIET
    ? line
    : `${line}\n\n**The machine is not idle (load average ${one.toFixed(2)}): these numbers are too high.**`
}

/** What a process uses while nothing happens. */
export async function watch(who: string, pid: number, forMs: number): Promise<Use> {
  const [before, began] = [cpuMs(pid), performance.now()]
  await sleep(forMs)
  const cpuPercent = (100 * (cpuMs(pid) - before)) / (performance.now() - began)
  return { who, cpuPercent, rssMb: kilobytes(`/proc/${pid}/status`, 'VmRSS') / KB_PER_MB, pssMb: pssMb(pid) }
}

/** All the time it has had of any core. */
export function cpuMs(pid: number): number {
  const text = fs.readFileSync(`/proc/${pid}/stat`, 'latin1')
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return ((Number(fields[11]) + Number(fields[12])) * 1_000) / TICKS_PER_SECOND
}

/** Its share of what it shares with others; null where one may not look. */
function pssMb(pid: number): number | null {
  try {
    return kilobytes(`/proc/${pid}/smaps_rollup`, 'Pss') / KB_PER_MB
  } catch {
    return null
  }
}

function kilobytes(file: string, name: string): number {
  const value = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(fs.readFileSync(file, 'utf8'))?.[1]
  if (value === undefined) throw new Error(`${file} has no ${name}`)
  return Number(value)
}
