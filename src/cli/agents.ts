// The agents there are, with what may be known of them without loading them.

import { hasLogin, program, whyMissing } from '../adapters/agent/claude/installed.ts'
import { MODES } from '../adapters/agent/claude/launch.ts'
import type { AgentEntry } from '../bot/deeds.ts'

/** `doubt`: why it may not work although it can run, seen from the environment its sessions get. */
type Entry = AgentEntry & {
  module: string
  doubt: (env: Record<string, string>) => string | null
  /** The program that goes on with a conversation in a terminal; null when there is none. */
  terminal: ((conversation: string) => { program: string; args: string[] }) | null
}

const nothing = {
  limits: { guidance: false, resume: false, questions: false },
  missing: null,
  blank: null,
  options: {},
  doubt: () => null,
  terminal: null,
}
const able = { guidance: true, resume: true, questions: true }
const moduleOf = (name: string): string => new URL(`../adapters/agent/${name}/index.ts`, import.meta.url).href

export const AGENTS: Entry[] = [
  {
    ...nothing,
    name: 'claude',
    limits: able,
    missing: whyMissing(),
    options: { model: null, mode: MODES, 'add-dir': null, settings: ['own', 'isolated'] },
    module: moduleOf('claude'),
    doubt: (env) => (hasLogin(env) ? null : 'no login found: run “claude” and /login, or set ANTHROPIC_API_KEY'),
    terminal: (conversation) => ({ program: program() ?? 'claude', args: ['--resume', conversation] }),
  },
  {
    ...nothing,
    name: 'shell',
    limits: { guidance: false, resume: false, questions: true },
    module: moduleOf('shell'),
  },
  {
    ...nothing,
    name: 'demo',
    limits: able,
    blank: 'Show what a task can do.',
    options: { speed: null },
    module: moduleOf('demo'),
  },
]

/** What runs a command, as `run` does. */
export const RUN_AGENT = 'shell'
