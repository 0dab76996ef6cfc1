// What runner and session process say to each other: JSON lines over a unix socket, and the files of an attempt.
// A runner speaks every released version; a session process speaks the one it was started with.

import type { Work } from '../task/facts.ts'
import type { PolicySource } from '../task/policy/judge.ts'
import type { RuleSource } from '../task/policy/rule.ts'
import type { Answer } from '../task/request.ts'
import type { Progress, Report } from '../task/report.ts'
import type { Instant, TaskId } from '../task/words.ts'

export const PROTOCOL_VERSION = 1

/** `spec.json`: all a session process is told, written before it is spawned. */
export type Spec = {
  protocol: number
  task: TaskId
  attempt: number
  /** File URL of the agent's module; it exports `agent` (see agent.ts). */
  agentModule: string
  /** Number of the turn; `begun`: an earlier attempt of it has taken the prompt, so it is not given again. */
  turn: number
  begun: boolean
  prompt: string
  resume: string | null
  answers: Answer[]
  guidance: { id: string; text: string }[]
  options: Record<string, string>
  work: Work
  env: Record<string, string>
  /** Value of MARKER_VARIABLE in every process of this attempt. */
  marker: string
  /** The value in the session process itself, where that was started before it was known for what. */
  bornAs?: string
  socket: string
  /** Directory of the task for the agent's own files. */
  agentHome: string
  logBytesMax: number
  stopGraceMs: number
  /** The rules the agent's calls are judged by; without it nothing is judged. */
  policy?: PolicySource
  /** File URL of the module that makes calls ready to be judged. */
  door?: string
}

/** Every process of an attempt carries this variable, so that leftovers can be found and ended. */
export const MARKER_VARIABLE = 'BACKCHANNEL_SESSION'

/** `session.json`: who the session process is. Whoever creates it first owns the attempt: the process, or a runner that gave it up. */
export type Identity = { pid: number; start: string; boot: string }

/** One line of `events.jsonl`, `seq` from 1. The first one is always `began`, written before the agent starts. */
export type SessionEvent = { seq: number; at: Instant } & ({ type: 'began' } | { type: 'note'; text: string } | Report)

export type Proof = { pid: number; fd: number }

export type FromSession =
  | { hello: { protocol: number; task: TaskId; attempt: number; seq: number; pending: string[]; delivered: string[] } }
  /** Before hello: a file made for this client alone. Who has it open is known, and who is known may say more than `attach`. */
  | { prove: string }
  | { event: SessionEvent }
  | { progress: Progress }

export type ToSession =
  | { attach: { after: number } }
  /** The file is open in this process under this number. */
  | { proof: Proof }
  | { answer: Answer }
  | { guide: { id: string; text: string } }
  | { stop: { graceMs: number } }
  /** The rules from now on. A session process that does not know this message ignores it. */
  | { rules: RuleSource[] }
