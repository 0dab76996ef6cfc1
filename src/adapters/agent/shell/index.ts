// The agent for plain commands: what one types into a shell, with nobody at the keyboard.

import type { Agent, Ended, Run, Session } from '../../../runner/agent.ts'
import { lastLine, runCommand, type Ran } from '../../../runner/command.ts'
import { permissionFor } from './permission.ts'

const PROGRESS_INTERVAL_MS = 1000

export const agent: Agent = {
  name: 'shell',
  limits: { guidance: false, resume: false, questions: true },
  open(session: Session): Run {
    const permission = permissionFor(session)
    return {
      ended: live(session, permission.refused),
      answer: (answer) => permission.answer(answer),
      guide() {},
      stop: () => permission.stop(),
    }
  },
}

async function live(session: Session, refused: Promise<string | null>): Promise<Ended> {
  const reason = await refused
  if (reason !== null) return { kind: 'failed', reason }
  const { prompt: text, turn, cwd, env, home, log, logBytesMax } = session
  const stopTelling = tellProgress(session)
  return runCommand({ text, cwd, env, home, name: `command-${turn}`, log, logBytesMax })
    .then(ended)
    .finally(stopTelling)
}

function ended(ran: Ran): Ended {
  if ('failed' in ran) return { kind: 'failed', reason: ran.failed }
  const { exit } = ran
  if ('signal' in exit) return { kind: 'failed', reason: `killed by ${exit.signal}`, ending: ran }
  if (exit.code !== 0) return { kind: 'failed', reason: `exit ${exit.code}`, ending: ran }
  return { kind: 'completed', summary: 'exit 0', ending: ran }
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
