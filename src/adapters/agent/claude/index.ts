// Claude Code as an agent: the person's own, through Anthropic's agent SDK and the program that comes with it. Four nouns:
// `launch` (options → how to start it), `translate` (what it says → what is known), `gate` (calls that wait for a person) and
// `revive` (what a dead attempt left → how to go on). `run` puts them together; everything else here is a part of one of them.

import type { Agent } from '../../../runner/agent.ts'
import { ClaudeRun } from './run.ts'

export const agent: Agent = {
  name: 'claude',
  limits: { guidance: true, resume: true, questions: true },
  open: (session) => new ClaudeRun(session),
}
