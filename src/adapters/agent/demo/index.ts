// The agent that needs nothing and shows everything: it follows a script, asks, waits, writes a file, runs a command, is
// killed and goes on. Tests and newcomers use the same one.

import type { Agent } from '../../../runner/agent.ts'
import { DemoRun } from './run.ts'

export const agent: Agent = {
  name: 'demo',
  limits: { guidance: true, resume: true, questions: true },
  open: (session) => new DemoRun(session),
}
