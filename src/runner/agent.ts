// The agent port: what can work on a prompt or a command. It lives in the session process, one object per attempt, and
// knows neither journal nor chats. What an agent cannot do is a value in its limits, not a missing method.

import type { Ending } from '../task/facts.ts'
import type { Assessment } from '../task/policy/assess.ts'
import type { Answer, Ask, Option } from '../task/request.ts'
import type { Progress, Report } from '../task/report.ts'
import type { AgentLimits } from '../task/words.ts'

/** What a module of an agent exports as `agent`. */
export interface Agent {
  readonly name: string
  readonly limits: AgentLimits
  /** Begins the attempt. Must not throw for what a person can cause: that is an end with a reason. */
  open(session: Session): Run
}

/** What an agent is given to work with. Everything it says goes through here and is on disk before anybody is told. */
export type Session = {
  /** Number of the turn; `begun`: an earlier attempt of it has taken the prompt, so it is not given again. */
  turn: number
  begun: boolean
  prompt: string
  /** The agent's own session id to resume, or null to begin. */
  resume: string | null
  /** Settled requests no session has taken yet: the resumed agent gets exactly these, each once. */
  answers: Answer[]
  options: Record<string, string>
  cwd: string
  /** A directory of this task for the agent's own files; kept over attempts and turns. */
  home: string
  /** The complete environment for the agent's processes; carries the marker they are swept by. */
  env: Record<string, string>
  /** Descriptor of the log, opened for append and reading; children may write to it directly. It is cut at `logBytesMax`. */
  log: number
  logBytesMax: number
  report(report: Exclude<Report, { type: 'completed' | 'failed' | 'stopped' }>): void
  progress(progress: Omit<Progress, 'at'>): void
  /** Something nobody has to act on, for the events of the attempt. */
  note(text: string): void
  /**
   * What the rules say about a call of a tool, as people name it in rules (`Bash`, `Edit`, …), with the input the tool is given. An
   * agent asks before each call: deny is final; ask is to be asked; without an opinion the agent decides as it does by itself. What a
   * person allowed is judged again before it is done (`whyNotAnyMore`).
   */
  judge(tool: string, input: unknown): Promise<Ruling>
}

/**
 * For whoever asks a person about the call: `ask` is a part of what they ask, to be taken as it is; `always` are options for all
 * such calls.
 */
export type Ruling = Assessment & { always: Option[]; ask: Pick<Ask, 'askedBy' | 'warnings' | 'requires'> }

/** Judged again at the moment it is done: why what a person allowed must not be, or null. */
export { whyNotAnyMore } from '../task/policy/assess.ts'

export type Ended =
  | { kind: 'completed'; summary: string; ending?: Ending }
  | { kind: 'failed'; reason: string; ending?: Ending }
  /** Its own process died under it, and nobody knows what it did: the attempt is lost, as if the session process had died. */
  | { kind: 'lost'; reason: string }

/** What the agent itself knows of its end, from the first of these that says something. */
export const endingOf = (...ends: (object | null)[]): Ending =>
  ends.flatMap((end) => (end && 'ending' in end && end.ending ? [end.ending as Ending] : []))[0] ?? {}

/** A running attempt. `answer` and `guide` are called once per id; the agent reports when it has taken them. */
export interface Run {
  readonly ended: Promise<Ended>
  answer(answer: Answer): void
  guide(guidance: { id: string; text: string }): void
  /**
   * Asks the agent to end by itself; who called escalates when it does not. False when there is nobody to ask: then its
   * processes get SIGTERM at once, and only once, because many programs take a second one for impatience.
   */
  stop(): boolean
}
