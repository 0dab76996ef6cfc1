// Processes: who one is, whether it still lives, and the end of everything that belongs to one attempt. A process is never
// signalled by its pid alone: it carries our marker, or descends from one that does and still has the start time just read.
// Linux only (/proc). Control groups would be surer, but nobody delegates one to an ordinary program.

import { readFileSync, readdirSync } from 'node:fs'
import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import { MARKER_VARIABLE, type Identity } from './protocol.ts'

/** After SIGKILL a process is gone in milliseconds, unless the kernel holds it. */
const KILL_MS_MAX = 10_000
const LOOK_MS_MIN = 10
const LOOK_MS_MAX = 100
/** On a machine where processes are born faster than they can be read a list is never complete. */
const ROUNDS_MAX = 100

type Stat = { pid: number; state: string; parent: number; group: number; session: number; start: string }

/** Who `pid` is, or null when there is no such process. */
export function identify(pid: number): Identity | null {
  const stat = readStat(pid)
  return stat && { pid, start: stat.start, boot: bootId() }
}

/** Whether exactly this process lives: a zombie, or another one that got its pid, does not count. */
export function isAlive({ pid, start, boot }: Identity): boolean {
  if (boot !== bootId()) return false
  const stat = readStat(pid)
  return stat?.start === start && lives(stat)
}

/** The processes that carry one of the markers, whoever started them. */
export function marked(...markers: string[]): number[] {
  return look().flatMap((stat) => (isOf(stat, markers) && lives(stat) ? stat.pid : []))
}

/**
 * The end of the ladder: SIGTERM to all of the attempt, a grace, SIGKILL, and again until two looks in a row find nothing,
 * because in the middle of becoming another program a process has no environment. Each gets SIGTERM once, and while one of
 * those still tidies up, what it starts for that is let be.
 * `left` are those that even SIGKILL did not end in time.
 */
export async function endMarked(
  markers: string[],
  { graceMs, except = [] }: { graceMs: number; except?: number[] },
): Promise<{ ended: number; left: number[] }> {
  const spared = new Set([...except, process.pid])
  const asked = new Set<number>()
  const known = new Map<number, Stat>()
  const killAt = performance.now() + graceMs
  let empty = 0
  for (let wait = LOOK_MS_MIN; ; wait = Math.min(wait * 2, LOOK_MS_MAX)) {
    const found = family(markers, look(), known).filter(({ pid }) => !spared.has(pid))
    for (const stat of found) known.set(stat.pid, stat)
    empty = found.length === 0 ? empty + 1 : 0
    if (empty === 2) return { ended: asked.size, left: [] }
    if (performance.now() > killAt + KILL_MS_MAX) return { ended: asked.size, left: found.map(({ pid }) => pid) }
    const kill = performance.now() >= killAt
    if (kill && found.length > 0) strike(markers, spared)
    const tidying = !kill && found.some(({ pid }) => asked.has(pid))
    for (const process of tidying ? [] : found) {
      signal(process, markers, kill ? 'SIGKILL' : 'SIGTERM')
      asked.add(process.pid)
    }
    if (empty === 0) await sleep(Math.min(wait, Math.max(killAt - performance.now(), LOOK_MS_MIN)))
    else await setImmediate()
  }
}

/** Every process of every session of whatever home, by pid, with the marker of its session; read anew at each call. */
export function inSessions(): Map<number, string> {
  const all = readProcesses()
  const markers = new Set(all.flatMap((stat) => [...stat.markers]))
  return new Map(
    [...markers].flatMap((marker) => family([marker], all).map(({ pid }): [number, string] => [pid, marker])),
  )
}

/** The marker of the session this process belongs to; null where it belongs to none. Cheaper than to look at all. */
export function markerOfSession(pid: number): string | null {
  const asked = new Set([pid])
  for (const one of asked) {
    const stat = readStat(one)
    // Whose leader is gone belongs to whoever is left.
    if (!stat) return inSessions().get(pid) ?? null
    const [marker] = readMarkers(one)
    if (marker !== undefined) return marker
    for (const next of [stat.parent, stat.session]) if (next > 0) asked.add(next)
  }
  return null
}

/**
 * All that carry one of the markers, and their descendants and session members that emptied their environment. `known` were
 * found before: they stay of the family also when those are gone by whom they were found.
 */
function family(markers: string[], all: Seen[], known: ReadonlyMap<number, Stat> = new Map()): Stat[] {
  const isKnown = ({ pid, start }: Stat): boolean => known.get(pid)?.start === start
  const own = new Map(all.filter((stat) => isOf(stat, markers) || isKnown(stat)).map((stat) => [stat.pid, stat]))
  const leads = new Map(all.map((stat) => [stat.pid, stat]))
  for (let before = -1; before !== own.size;) {
    before = own.size
    const sessions = new Set(
      [...known.values(), ...own.values()]
        .map((stat) => stat.session)
        .filter((id) => id > 0 && (own.has(id) || !leads.has(id))),
    )
    for (const stat of all) if (own.has(stat.parent) || sessions.has(stat.session)) own.set(stat.pid, stat)
  }
  return [...own.values()].filter(lives)
}

type Seen = Stat & { markers: Set<string> }
let seen: Seen[] | null = null

/** All processes, read once for all who ask in the same turn: after a start there may be hundreds of attempts to ask about. */
function look(): Seen[] {
  if (seen === null) {
    seen = readProcesses()
    void setImmediate().then(() => (seen = null))
  }
  return seen
}

function readProcesses(): Seen[] {
  const found: Seen[] = []
  for (const pid of everyPid()) {
    const markers = readMarkers(pid)
    const stat = readStat(pid)
    if (stat) found.push({ ...stat, markers })
  }
  return found
}

/**
 * Each once, until the list has nobody new: who is born while we read, of a parent that is gone when we come to it, is on the
 * next list. So a chain of processes that each start one and leave is seen, too.
 */
function* everyPid(): Generator<number> {
  const known = new Set<number>()
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const fresh = readPids().filter((pid) => !known.has(pid))
    if (fresh.length === 0) return
    for (const pid of fresh) {
      known.add(pid)
      yield pid
    }
  }
}

/** SIGKILL to each the moment it is seen, and to its whole group: a chain of short lives outruns whoever first makes a list. */
function strike(markers: string[], spared: Set<number>): void {
  const groups = new Set([...spared].map((pid) => readStat(pid)?.group))
  for (const pid of everyPid()) {
    if (spared.has(pid) || !carries(pid, markers)) continue
    const group = readStat(pid)?.group ?? 0
    if (group > 1 && !groups.has(group)) send(-group, 'SIGKILL')
    send(pid, 'SIGKILL')
  }
}

function signal({ pid, start }: Stat, markers: string[], name: NodeJS.Signals): void {
  if (carries(pid, markers) || readStat(pid)?.start === start) send(pid, name)
}

function send(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // Gone meanwhile, or another user's: the next look tells.
  }
}

const lives = ({ state }: Stat): boolean => state !== 'Z' && state !== 'X'

const isOf = (stat: Pick<Seen, 'markers'>, markers: string[]): boolean => markers.some((one) => stat.markers.has(one))

const carries = (pid: number, markers: string[]): boolean => isOf({ markers: readMarkers(pid) }, markers)

const readMarkers = (pid: number): Set<string> =>
  new Set(
    read(`/proc/${pid}/environ`)
      .split('\0')
      .filter((variable) => variable.startsWith(`${MARKER_VARIABLE}=`))
      .map((variable) => variable.slice(MARKER_VARIABLE.length + 1)),
  )

const readPids = (): number[] => readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? Number(name) : []))

/** The name in parentheses may hold anything, so fields are counted from behind its last one. */
function readStat(pid: number): Stat | null {
  const text = read(`/proc/${pid}/stat`)
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const [state = '', parent, group, session] = fields
  const start = fields[19]
  return start ? { pid, state, parent: Number(parent), group: Number(group), session: Number(session), start } : null
}

let boot: string | undefined
const bootId = (): string => (boot ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim())

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}
