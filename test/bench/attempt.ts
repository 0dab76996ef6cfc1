// When a session said something, from the file it writes before it tells anybody.

import fs from 'node:fs'
import path from 'node:path'
import { attemptDir, FILES } from '../../src/runner/attempt-files.ts'
import type { SessionEvent } from '../../src/runner/protocol.ts'

/** The instant, by the clock, of the first event of the first attempt that is so. */
export function saidAt(home: string, task: string, is: (event: SessionEvent) => boolean): number {
  const text = fs.readFileSync(path.join(attemptDir(home, task, 1), FILES.events), 'utf8')
  const events = text.split('\n').filter(Boolean)
  const found = events.map((line) => JSON.parse(line) as SessionEvent).find(is)
  if (!found) throw new Error(`the session of ${task} never said it`)
  return found.at
}
