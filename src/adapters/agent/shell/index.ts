// The agent for plain commands: what one types into a shell, with nobody at the keyboard. Both streams go through the one
// append-only descriptor of the log, in the order they were written and without passing through us.

import { spawn, type ChildProcess } from 'node:child_process'
import { accessSync, constants, fstatSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Agent, Ended, Run, Session } from '../../../runner/agent.ts'
import type { Exit } from '../../../task/facts.ts'
import { headAndTail, lastLine } from './output.ts'

const PROGRESS_INTERVAL_MS = 1000

export const agent: Agent = {
  name: 'shell',
  limits: { guidance: false, resume: false, questions: false },
  open(session: Session): Run {
    const before = fstatSync(session.log).size
    const child = spawn(shellIn(session.env), ['-c', session.prompt], {
      cwd: session.cwd,
      env: session.env,
      // A group of its own, so that it can be ended without ending the session process.
      detached: true,
      stdio: ['ignore', session.log, session.log],
    })
    const stopTelling = tellProgress(session)
    return {
      ended: endOf(child)
        .then((end) => ended(end, headAndTail(session.log, before, session.logBytesMax)))
        .finally(stopTelling),
      answer() {},
      guide() {},
      stop() {
        if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) signalGroup(child.pid)
      },
    }
  },
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

type End = Exit | { error: string }

const endOf = (child: ChildProcess): Promise<End> =>
  new Promise((resolve) => {
    child.once('error', (error) => resolve({ error: error.message }))
    child.once('exit', (code, signal) => resolve(signal ? { signal } : { code: code ?? 0 }))
  })

function ended(end: End, output: string): Ended {
  if ('error' in end) return { kind: 'failed', reason: `The command could not be started: ${end.error}` }
  const ending = { exit: end, output }
  if ('signal' in end) return { kind: 'failed', reason: `killed by ${end.signal}`, ending }
  if (end.code !== 0) return { kind: 'failed', reason: `exit ${end.code}`, ending }
  return { kind: 'completed', summary: 'exit 0', ending }
}

/** While the child is ours to wait for, nobody else can have its number. */
function signalGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGTERM')
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
