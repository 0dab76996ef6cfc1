// The agent for plain commands: what one types into a shell, with nobody at the keyboard.

import { spawn, type ChildProcess } from 'node:child_process'
import { accessSync, constants, fstatSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Agent, Ended, Run, Session } from '../../../runner/agent.ts'
import type { Exit } from '../../../task/facts.ts'
import { headAndTail, lastLine } from './output.ts'
import { permissionFor } from './permission.ts'
import { openPipe } from './pipe.ts'

const PROGRESS_INTERVAL_MS = 1000
/** The kernel takes no argument of 128 KiB; a longer command is run from a file. */
const ARGUMENT_BYTES_MAX = 120 * 1024

export const agent: Agent = {
  name: 'shell',
  limits: { guidance: false, resume: false, questions: true },
  open(session: Session): Run {
    const before = fstatSync(session.log).size
    let child: ChildProcess | null = null
    let full: string | null = null
    const permission = permissionFor(session)
    async function live(): Promise<Ended> {
      if (session.prompt.includes('\0')) return { kind: 'failed', reason: 'A command cannot hold a zero character.' }
      const refused = await permission.refused
      if (refused !== null) return { kind: 'failed', reason: refused }
      const pipe = openPipe({
        home: session.home,
        log: session.log,
        bytesMax: session.logBytesMax - before,
        broken: (error) => {
          full ??= unwritable(error)
          killGroup(child)
        },
      })
      child = start(session, pipe.end)
      pipe.given()
      const stopTelling = tellProgress(session)
      const how = await endOf(child)
      await pipe.close()
      stopTelling()
      if (full !== null) return { kind: 'failed', reason: full }
      return ended(how, headAndTail(session.log, before, session.logBytesMax))
    }

    return {
      ended: live().catch((error: unknown) => ({ kind: 'failed', reason: notStarted(error) })),
      answer: (answer) => permission.answer(answer),
      guide() {},
      stop: () => permission.stop(),
    }
  },
}

/** A group of its own, so that it can be ended without ending the session process; stdin closed, so that who asks ends. */
function start({ prompt, home, turn, cwd, env }: Session, output: number): ChildProcess {
  const file = join(home, `command-${turn}`)
  const long = Buffer.byteLength(prompt) > ARGUMENT_BYTES_MAX
  if (long) writeFileSync(file, prompt, { mode: 0o600 })
  return spawn(shellIn(env), long ? [file] : ['-c', prompt], {
    cwd,
    env,
    detached: true,
    stdio: ['ignore', output, output],
  })
}

/** bash where there is one, because that is what people's commands are written for. */
function shellIn(env: Record<string, string>): string {
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

type End = Exit | { error: Error }

const endOf = (child: ChildProcess): Promise<End> =>
  new Promise((resolve) => {
    child.once('error', (error) => resolve({ error }))
    child.once('exit', (code, signal) => resolve(signal ? { signal } : { code: code ?? 0 }))
  })

function ended(end: End, output: string): Ended {
  if ('error' in end) return { kind: 'failed', reason: notStarted(end.error) }
  const ending = { exit: end, output }
  if ('signal' in end) return { kind: 'failed', reason: `killed by ${end.signal}`, ending }
  if (end.code !== 0) return { kind: 'failed', reason: `exit ${end.code}`, ending }
  return { kind: 'completed', summary: 'exit 0', ending }
}

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

/** What it does right now is the last line it wrote. */
function tellProgress(session: Session): () => void {
  let told = ''
  const timer = setInterval(() => {
    const now = lastLine(session.log)
    if (now === told) return
    told = now
    session.progress({ now, counts: { read: 0, edited: 0, commands: 0 }, checklist: [] })
  }, PROGRESS_INTERVAL_MS)
  return () => clearInterval(timer)
}
