// One run of Claude's program, from what is said to it first to its end.

import {
  query,
  type CanUseTool,
  type HookCallback,
  type HookJSONOutput,
  type Options,
  type PermissionResult,
  type PreToolUseHookInput,
  type SDKMessage,
} from '@anthropic-ai/claude-agent-sdk'
import type { ChildProcess } from 'node:child_process'
import { whyNotAnyMore, type Ruling, type Session } from '../../../runner/agent.ts'
import { PLAN, QUESTION, type Call } from './asks.ts'
import { hashOf } from './calls.ts'
import type { Gate } from './gate.ts'
import { hear, type Heard } from './heard.ts'
import { Inbox } from './inbox.ts'
import { startProgram } from './program.ts'
import { failure, isHopeless, loginRefused } from './trouble.ts'

/** When the last work in the background has ended, Claude has this long to begin to speak about it. */
const NEWS_MS = 3_000

export type LegEnd =
  | { kind: 'over' }
  /** A call waits for people and will be offered again. */
  | { kind: 'deferred' }
  | { kind: 'failed'; reason: string }
  /** The program ended and did not say why. */
  | { kind: 'died'; reason: string }

type Parts = {
  options: Options
  cwd: string
  gate: Gate
  judge: Session['judge']
  /** A call from an earlier turn that nobody asks about any more. */
  dismiss: string | null
  /** What is known so far; it is told after every message. */
  heard: Heard
  onMessage: (message: SDKMessage, heard: Heard) => void
  /** Gets what the program prints to its standard error. */
  complain: (text: string) => void
}

export class Leg {
  readonly ended: Promise<LegEnd>
  readonly #parts: Parts
  readonly #inbox = new Inbox()
  readonly #said: string[] = []
  #heard: Heard
  #program: ChildProcess | null = null
  #deferring = false
  #next = Promise.withResolvers<void>()
  #failed: string | null = null
  #lastWords = ''
  #awaitsNews = false
  /** What the rules said about a call, by its id. */
  readonly #rulings = new Map<string, Ruling>()
  #timer: NodeJS.Timeout | undefined

  constructor(parts: Parts) {
    this.#parts = parts
    this.#heard = parts.heard
    this.ended = this.#live().finally(() => clearTimeout(this.#timer))
  }

  /** False when it takes nothing more: a call is about to be deferred, and words would break it. */
  say(text: string, id: string): boolean {
    if (this.#deferring) return false
    this.#said.push(id)
    this.#inbox.say(text, id)
    return true
  }

  async #live(): Promise<LegEnd> {
    const { options, onMessage, cwd } = this.#parts
    try {
      const messages = query({
        prompt: this.#inbox,
        options: {
          ...options,
          canUseTool: this.#canUseTool,
          hooks: { PreToolUse: [{ hooks: [this.#beforeUse] }] },
          spawnClaudeCodeProcess: (how) => {
            this.#program = startProgram(how, (text) => this.#complain(text))
            // The SDK types what it needs of a process more narrowly than node does.
            return this.#program as ReturnType<NonNullable<Options['spawnClaudeCodeProcess']>>
          },
        },
      })
      for await (const message of messages) {
        const before = this.#heard
        this.#heard = hear(before, message, cwd)
        onMessage(message, this.#heard)
        this.#react(before)
        this.#next.resolve()
        this.#next = Promise.withResolvers()
      }
    } catch (error) {
      if (this.#failed === null && !this.#isEnd()) return this.#diedOf(error)
    }
    return this.#endedHow()
  }

  #react(before: Heard): void {
    const { trouble, idle, background, result } = this.#heard
    if (trouble && isHopeless(trouble)) {
      this.#failed = loginRefused()
      this.#program?.kill('SIGTERM')
    }
    if (result && isDeferred(result)) return this.#inbox.end()
    if (idle === false) this.#awaitsNews = false
    else if (before.background.length > 0 && background.length === 0) this.#awaitsNews = true
    clearTimeout(this.#timer)
    if (this.#isOver()) this.#timer = setTimeout(() => this.#inbox.end(), this.#awaitsNews ? NEWS_MS : 0)
  }

  /** Nothing runs, nothing waits, and all that was said to it was dealt with, unless it cannot. */
  #isOver(): boolean {
    const { idle, background, result, done } = this.#heard
    if (!idle || !result) return false
    return result.is_error || (background.length === 0 && this.#said.every((id) => done.includes(id)))
  }

  /** Whether there is nothing more to come: a program that ends before that has died, also after it said a first result. */
  #isEnd(): boolean {
    const { result } = this.#heard
    return result !== null && (result.is_error || isDeferred(result) || this.#isOver())
  }

  #endedHow(): LegEnd {
    const { result, error } = this.#heard
    if (this.#failed !== null) return { kind: 'failed', reason: this.#failed }
    if (!result) return { kind: 'died', reason: 'Claude ended without a word' }
    if (isDeferred(result)) return { kind: 'deferred' }
    const reason = failure(result, error)
    return reason === null ? { kind: 'over' } : { kind: 'failed', reason }
  }

  /** What ends by itself before it says anything would do so again. */
  #diedOf(error: unknown): LegEnd {
    const reason = error instanceof Error ? error.message : String(error)
    const started = this.#heard !== this.#parts.heard || this.#program?.signalCode !== null
    if (this.#program?.pid !== undefined && started) return { kind: 'died', reason }
    return { kind: 'failed', reason: `Claude could not be started: ${this.#lastWords.trim() || reason}` }
  }

  #complain(text: string): void {
    this.#lastWords = text
    this.#parts.complain(text)
  }

  readonly #canUseTool: CanUseTool = async (tool, input, { signal, toolUseID: id, agentID, ...asked }) => {
    const subagent = this.#heard.subagents.find((one) => one.id === agentID)?.name ?? agentID
    const ruling = this.#rulings.get(id)
    const ofRules = ruling?.opinion && ruling.decision === 'ask'
    const reason = ofRules ? undefined : asked.decisionReason
    const call: Call = {
      id,
      tool,
      input,
      cwd: this.#parts.cwd,
      suggestions: asked.suggestions ?? [],
      ...(reason && { reason }),
      ruled: ruling?.ask ?? {},
      ...(ofRules && { always: ruling.always }),
      ...(tool === 'Bash' && typeof input['description'] === 'string' && { description: input['description'] }),
      ...(subagent && { subagent }),
      onceOnly: asked.suppressAlwaysAllowRule === true,
      reaches: ruling?.reaches ?? [],
    }
    const result = await this.#parts.gate.ask(call, signal)
    return ruling && result.behavior === 'allow' ? this.#judgedAgain(call, ruling, result) : result
  }

  /** Between a question and its answer a file may have become another one, and what a person edited nobody has judged. */
  async #judgedAgain(
    { tool, input }: Call,
    then: Ruling,
    result: PermissionResult & { behavior: 'allow' },
  ): Promise<PermissionResult> {
    const runs = result.updatedInput ?? input
    const now = await this.#parts.judge(tool, runs)
    const why = whyNotAnyMore(hashOf(tool, runs) === hashOf(tool, input) ? then : { ...now, requires: [] }, now)
    if (why === null) return result
    return {
      behavior: 'deny',
      message: `It was allowed and not done: ${why}. Make the call again if it is still needed.`,
    }
  }

  /**
   * What only people can answer is deferred: the program ends, and the same call is offered again when it is resumed. Not so
   * beside other calls, work in the background or unheard words: those would be lost; nor in the mode that asks nobody.
   */
  async #beforeAsking({ tool_use_id: id }: PreToolUseHookInput): Promise<HookJSONOutput> {
    if (id === this.#parts.dismiss)
      return decided('deny', 'The person did not answer this and said something else instead.')
    if (this.#parts.gate.hasAnswer(id)) return {}
    while (this.#heard.speaking) await this.#next.promise
    const { background, begun, calls, mode } = this.#heard
    const alone =
      Object.keys(calls).every((one) => one === id) &&
      background.length === 0 &&
      this.#said.every((one) => begun.includes(one))
    if (!alone || mode === 'dontAsk') return {}
    this.#deferring = true
    return decided('defer')
  }

  /** The rules of the house come first. Where they have no opinion Claude's own rules and mode decide, as in a terminal. */
  readonly #beforeUse: HookCallback = async (hook) => {
    if (hook.hook_event_name !== 'PreToolUse') return {}
    const { tool_name: tool, tool_input: input, tool_use_id: id } = hook
    if (tool === QUESTION || tool === PLAN) return this.#beforeAsking(hook)
    const ruling = await this.#parts.judge(tool, input)
    const { opinion, decision } = ruling
    this.#rulings.set(id, ruling)
    if (!opinion) return {}
    return decided(decision, `${decision === 'deny' ? 'Denied' : 'Decided'} by ${ruledBy(ruling)}.`)
  }
}

const ruledBy = ({ rule }: Ruling): string => (rule ? `the rule ${rule.text} (${rule.at})` : 'the rules of Backchannel')

const decided = (permissionDecision: 'allow' | 'ask' | 'defer' | 'deny', permissionDecisionReason?: string) => ({
  hookSpecificOutput: {
    hookEventName: 'PreToolUse' as const,
    permissionDecision,
    ...(permissionDecisionReason && { permissionDecisionReason }),
  },
})

const isDeferred = (result: NonNullable<Heard['result']>): boolean => result.terminal_reason === 'tool_deferred'
