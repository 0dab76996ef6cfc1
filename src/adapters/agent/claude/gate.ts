// gate: calls that wait for a person. Each is asked once; its answer reaches exactly that call, or, when the call died with
// its process, the next one with the same tool and input, once. What is written down as delivered comes before what it allows:
// killed in between, a call is asked about again, never run without a yes.

import type { PermissionResult, PermissionUpdate } from '@anthropic-ai/claude-agent-sdk'
import type { Answer } from '../../../task/request.ts'
import type { Session } from '../../../runner/agent.ts'
import { askOf, resultOf, type Call } from './asks.ts'
import { hashOf } from './calls.ts'

/** A program that is ended from outside takes back what it asked, but its people are still asked: the next attempt goes on with it. */
const WITHDRAW_MS = 3_000

type Waiting = { call: Call; settle: (result: PermissionResult) => void; promise: Promise<PermissionResult> }

type Memory = {
  report: Session['report']
  /** Whether this call was asked about before; and to remember that it is now. */
  wasAsked: (id: string) => boolean
  remember: (call: Call) => void
  /** The files the call of this request led to when it was asked about. */
  reached: (request: string) => string[] | undefined
  /** What a person allows beyond the call. */
  allow: (updates: PermissionUpdate[]) => void
}

export class Gate {
  readonly #memory: Memory
  readonly #waiting = new Map<string, Waiting>()
  /** Answers no call has taken yet. */
  #answers: Answer[] = []
  #arrived = Promise.withResolvers<void>()

  constructor(memory: Memory) {
    this.#memory = memory
  }

  get waits(): boolean {
    return this.#waiting.size > 0
  }

  /** Takes an answer from a person, for a call that waits, one that is offered again, or one like it. */
  answer(answer: Answer): void {
    const waiting = this.#waiting.get(answer.request)
    if (waiting) this.#settle(waiting, answer)
    else this.#answers.push(answer)
    this.#arrived.resolve()
    this.#arrived = Promise.withResolvers<void>()
  }

  /** Resolves with what Claude may do, once a person has said it. Asked twice about one call, it is one question. */
  ask(call: Call, signal: AbortSignal): Promise<PermissionResult> {
    const known = this.#waiting.get(call.id)
    if (known) return known.promise
    const { promise, resolve } = Promise.withResolvers<PermissionResult>()
    const waiting = { call, settle: resolve, promise }
    const answer = this.#takeAnswer(call)
    if (answer) {
      this.#settle(waiting, answer)
      return promise
    }
    this.#waiting.set(call.id, waiting)
    this.announce(call)
    signal.addEventListener('abort', () => this.#withdraw(call.id), { once: true })
    return promise
  }

  /** Tells people about a call, once. */
  announce(call: Call): void {
    if (this.#memory.wasAsked(call.id)) return
    this.#memory.remember(call)
    this.#memory.report({ type: 'requested', ask: askOf(call) })
  }

  /** The answer to the call of this id, if nobody has taken it. */
  answerTo(id: string): Answer | undefined {
    return this.#answers.find(({ request }) => request === id)
  }

  hasAnswer(id: string): boolean {
    return this.answerTo(id) !== undefined
  }

  /** Resolves when another answer arrives. */
  get arrival(): Promise<void> {
    return this.#arrived.promise
  }

  /** Answers to calls that died, which Claude has to be told of; that of `except` finds its call again by itself. */
  orphans(except: string | null): Answer[] {
    return this.#answers.filter(({ request }) => request !== except)
  }

  /** What was told has arrived; a permission only arrives with the call it is for. */
  told(answers: Answer[]): void {
    this.#deliver(answers.filter((one) => !isGrant(one)))
  }

  #deliver(answers: Answer[]): void {
    this.#answers = this.#answers.filter((one) => !answers.includes(one))
    for (const { request } of answers) this.#memory.report({ type: 'delivered', request })
  }

  #takeAnswer({ id, tool, input, reaches }: Call): Answer | undefined {
    const inputHash = hashOf(tool, input)
    const leadsThere = (request: string): boolean =>
      JSON.stringify(this.#memory.reached(request) ?? reaches) === JSON.stringify(reaches)
    const found =
      this.answerTo(id) ??
      this.#answers.find(
        (one) => isGrant(one) && one.tool === tool && one.inputHash === inputHash && leadsThere(one.request),
      )
    this.#answers = this.#answers.filter((one) => one !== found)
    return found
  }

  #settle({ call, settle }: Waiting, answer: Answer): void {
    this.#waiting.delete(call.id)
    this.#memory.report({ type: 'delivered', request: answer.request })
    const result = resultOf(call, answer)
    if (result.behavior === 'allow') this.#memory.allow(result.updatedPermissions ?? [])
    settle(result)
  }

  #withdraw(id: string): void {
    const waiting = this.#waiting.get(id)
    if (!waiting) return
    this.#waiting.delete(id)
    waiting.settle({ behavior: 'deny', message: 'It is not asked any more.' })
    const withdrawn = { type: 'withdrawn', request: id, reason: 'Claude does not ask it any more' } as const
    setTimeout(() => this.#memory.report(withdrawn), WITHDRAW_MS).unref()
  }
}

const isGrant = ({ kind, effect }: Pick<Answer, 'kind' | 'effect'>): boolean =>
  kind === 'permission' && effect === 'allow'
