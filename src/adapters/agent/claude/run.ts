// One attempt at a turn. Claude's program runs in legs: a leg ends when the turn is over, or when a question or a plan has to
// wait for people, because then no process is needed. The next leg begins as an attempt does after a crash: by looking at what
// is on disk. A program that dies under us makes the whole attempt a lost one, so that there is one way back, not two.

import { randomUUID } from 'node:crypto'
import { writeSync } from 'node:fs'
import type { PermissionUpdate, SDKMessage } from '@anthropic-ai/claude-agent-sdk'
import type { Ended, Run, Session } from '../../../runner/agent.ts'
import type { Ending } from '../../../task/facts.ts'
import type { Progress } from '../../../task/report.ts'
import type { Answer } from '../../../task/request.ts'
import { QUESTION, said, type Call } from './asks.ts'
import { brief } from './calls.ts'
import { FRESH, freshAsk, GONE } from './fresh.ts'
import { Gate } from './gate.ts'
import { SILENCE, type Heard } from './heard.ts'
import { unknownKind } from './kinds.ts'
import { launch, modeOf, type Start } from './launch.ts'
import { Leg } from './leg.ts'
import { logLines } from './log.ts'
import { revive, type Revival, type Told } from './revive.ts'
import { NOTHING, openState, saveState, type State } from './state.ts'
import { readTranscript, type Deferred } from './transcript.ts'

type Words = { id: string; text: string }
type Saying = { say: string | null; isPrompt: boolean; dismiss: string | null }

export class ClaudeRun implements Run {
  readonly ended: Promise<Ended>
  readonly #session: Session
  readonly #state: State
  readonly #gate: Gate
  readonly #tools = new Map<string, string>()
  readonly #unknown = new Set<string>()
  /** Resolves when it cannot go on, whatever Claude does. */
  readonly #broken = Promise.withResolvers<Ended>()
  #stopped = false
  #wake = (): void => {}
  #leg: Leg | null = null
  #heard: Heard = SILENCE
  #identified = false
  /** Guidance no leg has been told, and what was told and not taken yet, by the id of its message. */
  #untold: Words[] = []
  readonly #told = new Map<string, string>()

  constructor(session: Session) {
    this.#session = session
    const { home, turn, resume, options, report } = session
    this.#state = openState(home, { turn, resume, mode: modeOf(options) })
    this.#save()
    this.#gate = new Gate({
      report,
      wasAsked: (id) => id in this.#state.asked,
      remember: (call) => this.#remember(call),
      reached: (id) => this.#state.asked[id]?.reaches,
      allow: (updates) => this.#allow(updates),
    })
    for (const answer of session.answers) this.#gate.answer(answer)
    this.ended = Promise.race([this.#live(), this.#broken.promise])
  }

  answer(answer: Answer): void {
    this.#gate.answer(answer)
  }

  guide(words: Words): void {
    if (!this.#tell(words)) this.#untold.push(words)
  }

  /** SIGTERM is what its program understands best: its commands end with it, and what waits is left as it is. */
  stop(): boolean {
    this.#stopped = true
    this.#wake()
    return false
  }

  async #live(): Promise<Ended> {
    // What judges calls is loaded while the program starts, not while the first one waits.
    void this.#session.judge('', {})
    for (let cutOff = this.#session.begun; !this.#stopped; cutOff = false) {
      const { revival, orphans } = await this.#revive(cutOff)
      const ended = await this.#go(revival, orphans)
      if (ended) return ended
    }
    return { kind: 'failed', reason: 'It was stopped.' }
  }

  async #revive(cutOff: boolean): Promise<{ revival: Revival; orphans: Answer[] }> {
    const { session, since, promptId, asked } = this.#state
    const { prompt, turn, env } = this.#session
    const transcript = await readTranscript(session, env)
    const id = transcript?.deferred?.id ?? null
    const orphans = this.#gate.orphans(id)
    const deferredIs = id !== null && this.#gate.hasAnswer(id) ? 'answered' : isOf(turn, id, asked) ? 'asked' : 'stale'
    const told = orphans.map((answer) => this.#inWords(answer))
    return {
      revival: revive({ prompt, promptId, continued: turn > since, transcript, cutOff, deferredIs, told }),
      orphans,
    }
  }

  #inWords(answer: Answer): Told {
    const { by, kind, effect, tool, request } = answer
    const { brief: call, input } = this.#state.asked[request] ?? {}
    return { by, kind, allowed: effect !== 'deny', call: call ?? tool ?? 'a call', said: said(input, answer) }
  }

  /** Null when the turn goes on. */
  async #go(revival: Revival, orphans: Answer[]): Promise<Ended | null> {
    switch (revival.how) {
      case 'wait':
        await this.#wait(revival.call)
        return null
      case 'gone':
        return (await this.#mayBeginAnew()) ? null : { kind: 'failed', reason: GONE }
      case 'begin':
        this.#arriveInWords(orphans)
        return this.#run({ ...revival, isPrompt: true, dismiss: null }, { sessionId: this.#state.session })
      case 'resume':
        if (revival.say !== null) this.#arriveInWords(orphans)
        return this.#run(revival, { resume: this.#state.session })
    }
  }

  /** No process is needed as long as people have not answered. */
  async #wait({ id, tool, input }: Deferred): Promise<void> {
    this.#gate.announce({
      id,
      tool,
      input,
      cwd: this.#session.cwd,
      suggestions: [],
      ruled: {},
      reaches: [],
      onceOnly: false,
    })
    while (!this.#gate.hasAnswer(id) && !this.#stopped) await this.#arrival()
  }

  async #mayBeginAnew(): Promise<boolean> {
    const id = `${FRESH}-${this.#state.turn}`
    if (!(id in this.#state.asked)) {
      this.#state.asked[id] = { turn: this.#state.turn, brief: '' }
      this.#save()
      this.#session.report({ type: 'requested', ask: freshAsk(id) })
    }
    while (!this.#gate.hasAnswer(id) && !this.#stopped) await this.#arrival()
    const answer = this.#gate.answerTo(id)
    const isWanted = answer?.option === FRESH
    if (isWanted) this.#changeSession(randomUUID(), this.#state.turn)
    if (answer) this.#gate.told([answer])
    return isWanted
  }

  #arrival(): Promise<void> {
    return Promise.race([this.#gate.arrival, new Promise<void>((resolve) => (this.#wake = resolve))])
  }

  async #run({ say, isPrompt, dismiss }: Saying, start: Start): Promise<Ended | null> {
    const { cwd, env, options, log } = this.#session
    const { counts, todos, summaries } = this.#heard
    const leg = new Leg({
      options: launch({ options, cwd, env, mode: this.#state.mode, always: this.#state.always }, start),
      cwd,
      gate: this.#gate,
      judge: (tool, input) => this.#session.judge(tool, input),
      dismiss,
      heard: { ...SILENCE, counts, todos, summaries },
      onMessage: (message, heard) => this.#onMessage(message, heard),
      complain: (text) => void writeSync(log, text),
    })
    this.#leg = leg
    if (say !== null) leg.say(say, isPrompt ? this.#state.promptId : randomUUID())
    this.#untold = this.#untold.filter((words) => !this.#tell(words))
    const end = await leg.ended
    this.#leg = null
    if (this.#stopped) return { kind: 'failed', reason: 'It was stopped.' }
    switch (end.kind) {
      case 'deferred':
        return null
      case 'died':
        return { kind: 'lost', reason: end.reason }
      case 'failed':
        return { kind: 'failed', reason: end.reason, ending: this.#spent() }
      case 'over':
        return { kind: 'completed', summary: this.#heard.summaries.join('\n\n'), ending: this.#spent() }
    }
  }

  #arriveInWords(orphans: Answer[]): void {
    const plan = orphans.find(({ kind, effect }) => kind === 'plan' && effect === 'allow')
    if (plan) this.#changeMode(plan.option === 'edits' ? 'acceptEdits' : 'default')
    this.#gate.told(orphans)
  }

  /** False when nobody is there who could be told. */
  #tell({ id, text }: Words): boolean {
    const message = randomUUID()
    if (!this.#leg?.say(text, message)) return false
    this.#told.set(message, id)
    return true
  }

  #onMessage(message: SDKMessage, heard: Heard): void {
    this.#heard = heard
    const { report, progress, cwd, log } = this.#session
    this.#noteUnknown(message)
    const lines = logLines(message, cwd, this.#tools)
    if (lines !== '') writeSync(log, lines)
    if (!this.#identified && (heard.begun.length > 0 || heard.mode !== null)) {
      this.#identified = true
      report({ type: 'identified', session: this.#state.session })
    }
    for (const id of heard.begun) {
      const guidance = this.#told.get(id)
      if (guidance !== undefined) report({ type: 'guidance_delivered', guidance })
      this.#told.delete(id)
    }
    if (heard.clearedTo && heard.clearedTo !== this.#state.session) {
      this.#changeSession(heard.clearedTo, this.#state.turn + 1)
      report({ type: 'identified', session: heard.clearedTo })
    }
    if (heard.mode && heard.mode !== this.#state.mode) this.#changeMode(heard.mode)
    progress(progressOf(heard))
  }

  #noteUnknown(message: SDKMessage): void {
    const kind = unknownKind(message)
    if (kind === null || this.#unknown.has(kind)) return
    this.#unknown.add(kind)
    this.#session.note(`ignored what Claude says and this version does not know: ${kind}`)
  }

  #changeSession(session: string, since: number): void {
    Object.assign(this.#state, { session, since })
    this.#save()
  }

  #changeMode(mode: State['mode']): void {
    this.#state.mode = mode
    this.#save()
  }

  #remember({ id, tool, input, cwd, reaches }: Call): void {
    const kept = tool === QUESTION ? { input } : {}
    this.#state.asked[id] = { turn: this.#state.turn, brief: brief(tool, input, cwd), ...kept, reaches }
    this.#save()
  }

  /** Only for the session: Claude itself writes down what is for the repository. */
  #allow(updates: PermissionUpdate[]): void {
    const { always } = this.#state
    for (const update of updates.filter(({ destination }) => destination === 'session')) {
      if (update.type === 'addRules') always.rules.push(...update.rules)
      if (update.type === 'addDirectories') always.directories.push(...update.directories)
    }
    this.#save()
  }

  /** What this turn cost: the totals of the conversation without those of the turns before. */
  #spent(): Pick<Ending, 'costUsd' | 'tokens'> {
    const { spent } = this.#heard
    if (spent === null) return {}
    const { since, turn } = this.#state
    const before = since === turn ? NOTHING : this.#state.before
    this.#state.before = spent
    this.#save()
    return { costUsd: Math.max(0, spent.costUsd - before.costUsd), tokens: Math.max(0, spent.tokens - before.tokens) }
  }

  /** What is not on disk would be asked twice or be lost after a crash. */
  #save(): void {
    try {
      saveState(this.#session.home, this.#state)
    } catch (error) {
      const reason = `What Claude does could not be written down (${String(error)}): mend that, then continue this task.`
      this.#broken.resolve({ kind: 'failed', reason })
    }
  }
}

/** A call that is in the transcript and was never asked about belongs to this turn: it was killed before it could ask. */
const isOf = (turn: number, id: string | null, asked: State['asked']): boolean =>
  id === null || (asked[id]?.turn ?? turn) === turn

function progressOf({ trouble, idle, background, now, counts, todos, subagents }: Heard): Omit<Progress, 'at'> {
  const waitsFor = idle && background.length > 0 ? `waits for ${background.map(({ name }) => name).join(', ')}` : null
  return {
    now: trouble?.words ?? waitsFor ?? now,
    counts,
    checklist: todos.map(({ text, state }) => ({ text, state })),
    subagents: subagents.map(({ name, now: does }) => ({ name, now: does })),
  }
}
