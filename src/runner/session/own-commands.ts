// The commands of the repository that we run ourselves, beside the agent: `setup` in a new worktree before the agent begins,
// `check` after it says it is done. Their output goes to the log, and how they ended is never the agent's word.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Check, Ending, Exit } from '../../task/facts.ts'
import type { Ended } from '../agent.ts'
import { runCommand, type Command } from '../command.ts'
import { isObject, parseLine } from '../lines.ts'
import { readRecord, writeRecord } from '../workspace-record.ts'

/** A check that hangs must not hold its slot for ever. */
const CHECK_MS_MAX = 15 * 60_000

/** The attempt they run in. */
export type Bench = Pick<Command, 'cwd' | 'env' | 'home' | 'log' | 'logBytesMax'> & {
  /** What it does right now, for whoever watches. */
  now(text: string): void
  /** A line of ours in the log. */
  write(text: string): void
  /** Ends all processes of the attempt but this one. */
  endAll(): Promise<void>
}

/**
 * Makes a new worktree ready, once: one that was set up is left as it is, one whose setup was cut off is set up again.
 * Null when the agent can begin.
 */
export async function setUp(command: string | undefined, taskDir: string, bench: Bench): Promise<Ended | null> {
  const record = readRecord(taskDir)
  if (!command || !record || record.setUp) return null
  bench.write(`setup: ${command}`)
  bench.now(command)
  const ran = await runCommand({ ...bench, text: command, name: 'setup' })
  const how = 'failed' in ran ? ran.failed : exitWords(ran.exit)
  if (how === 'exit 0') {
    writeRecord(taskDir, { ...record, setUp: true })
    return null
  }
  return {
    kind: 'failed',
    reason: `The workspace could not be set up, so nothing was begun. ${command}: ${how}`,
    ending: 'output' in ran ? { output: ran.output } : {},
  }
}

/** Runs a check to its end, or to ours: `limitMs` is the most it may take. */
export async function check(command: string, bench: Bench, limitMs = CHECK_MS_MAX): Promise<Check> {
  bench.write(`check: ${command}`)
  bench.now(command)
  const running = runCommand({ ...bench, text: command, name: 'check' })
  const over = new AbortController()
  const late = await Promise.race([
    running.then(() => false),
    sleep(limitMs, true, { signal: over.signal }).catch(() => false),
  ])
  over.abort()
  if (late) await bench.endAll()
  const ran = await running
  const why = late ? { why: `It was ended after ${Math.round(limitMs / 60_000)} min, the most a check may take.` } : {}
  if ('failed' in ran) return { command, exit: null, output: '', why: ran.failed }
  bench.write(`${command}: ${exitWords(ran.exit)}`)
  return { command, exit: ran.exit, output: ran.output, ...why }
}

export type Checked = Completed & { ending: Ending & { check: Check } }
type Completed = Extract<Ended, { kind: 'completed' }>

/** How the agent ended its turn, kept while that is checked: an attempt that is lost then leaves only the check to be done again. */
const DONE = 'done.json'

/** Keeps it, and returns what is to be told if the check never comes to anything. */
export function keepDone(done: Completed, command: string, taskDir: string, turn: number): Checked {
  writeFileSync(join(taskDir, DONE), `${JSON.stringify({ turn, ended: done })}\n`, { mode: 0o600 })
  return { ...done, ending: { ...done.ending, check: { command, exit: null, output: '' } } }
}

export function readDone(taskDir: string, turn: number): Ended | null {
  try {
    const read = parseLine(readFileSync(join(taskDir, DONE), 'utf8'))
    return read?.['turn'] === turn && isObject(read['ended']) ? (read['ended'] as Ended) : null
  } catch {
    return null
  }
}

/** A check that was cut off takes nothing back: the work was complete before. `ended`: what came of it then, if anything. */
export function cutOff(done: Checked, by: { kind: string; reason?: string }, ended: Ended | null): Checked {
  const found = (ended && 'ending' in ended ? ended.ending?.check : undefined) ?? done.ending.check
  return {
    ...done,
    ending: { ...done.ending, check: { ...found, why: by.reason ?? 'It was stopped before its end.' } },
  }
}

const exitWords = (exit: Exit): string => ('code' in exit ? `exit ${exit.code}` : `ended by ${exit.signal}`)
