// A command as people type it into a terminal, with nobody at the keyboard and its output in the log. For agents that run one,
// and for what we run ourselves beside an agent.

import { spawn, type ChildProcess } from 'node:child_process'
import { accessSync, constants, fstatSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Exit } from '../task/facts.ts'
import { headAndTail } from './output.ts'
import { openPipe } from './pipe.ts'

export { lastLine } from './output.ts'

/** The kernel takes no argument of 128 KiB; a longer command is run from a file. */
const ARGUMENT_BYTES_MAX = 120 * 1024

export type Command = {
  text: string
  cwd: string
  /** The complete environment. */
  env: Record<string, string>
  /** A directory for files of ours, and the name of this command among them. */
  home: string
  name: string
  /** Descriptor of the log, opened for append and reading, and the most bytes it may have. */
  log: number
  logBytesMax: number
}

/** How it ended, with head and tail of its output; or a sentence about why it did not run or was ended by us. */
export type Ran = { exit: Exit; output: string } | { failed: string }

/** Resolves when the command itself has ended; what it left running is for others to end. Never rejects. */
export async function runCommand(command: Command): Promise<Ran> {
  try {
    return await run(command)
  } catch (error) {
    return { failed: notStarted(error) }
  }
}

async function run(command: Command): Promise<Ran> {
  const { text, home, log, logBytesMax } = command
  if (text.includes('\0')) return { failed: 'A command cannot hold a zero character.' }
  const before = fstatSync(log).size
  let child: ChildProcess | null = null
  let full: string | null = null
  const pipe = openPipe({
    home,
    log,
    bytesMax: logBytesMax - before,
    broken: (error) => {
      full ??= unwritable(error)
      killGroup(child)
    },
  })
  child = start(command, pipe.end)
  pipe.given()
  const end = await endOf(child)
  await pipe.close()
  if (full !== null) return { failed: full }
  return 'error' in end
    ? { failed: notStarted(end.error) }
    : { exit: end, output: headAndTail(log, before, logBytesMax) }
}

/** A group of its own, so that it can be ended without ending the session process; stdin closed, so that who asks ends. */
function start({ text, home, name, cwd, env }: Command, output: number): ChildProcess {
  const file = join(home, name)
  const long = Buffer.byteLength(text) > ARGUMENT_BYTES_MAX
  if (long) writeFileSync(file, text, { mode: 0o600 })
  return spawn(interpreterIn(env), long ? [file] : ['-c', text], {
    cwd,
    env,
    detached: true,
    stdio: ['ignore', output, output],
  })
}

/** bash where there is one, because that is what people's commands are written for. */
function interpreterIn(env: Record<string, string>): string {
  for (const directory of (env['PATH'] ?? '').split(delimiter)) {
    try {
      accessSync(join(directory, 'bash'), constants.X_OK)
      return join(directory, 'bash')
    } catch {
      // Not here.
    }
  }
  return '/bin/sh'
}

const endOf = (child: ChildProcess): Promise<Exit | { error: Error }> =>
  new Promise((resolve) => {
    child.once('error', (error) => resolve({ error }))
    child.once('exit', (code, signal) => resolve(signal ? { signal } : { code: code ?? 0 }))
  })

const notStarted = (error: unknown): string =>
  `The command could not be started: ${error instanceof Error ? error.message : String(error)}`

const unwritable = (error: unknown): string =>
  /ENOSPC|EDQUOT/.test(String(error))
    ? 'The disk is full: it was stopped because its log could not be written any more.'
    : `It was stopped because its log could not be written any more (${String(error)}).`

/** While the child is ours to wait for, nobody else can have its number. */
function killGroup(child: ChildProcess | null): void {
  if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    // It ended in this moment.
  }
}
