// One attempt at a script. Before every step the state is saved; what comes from people is saved as taken before it is
// reported as delivered, and reported again when a later attempt is given it again.

import { createHash } from 'node:crypto'
import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync, writeSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import type { Ended, Ruling, Run, Session } from '../../../runner/agent.ts'
import type { ChecklistItem } from '../../../task/card.ts'
import type { Answer } from '../../../task/request.ts'
import { askOf, decision, type Asking } from './asks.ts'
import { defaultScript, echo } from './default-script.ts'
import { parseScript, type Step } from './script.ts'
import { openState, saveState, type State } from './state.ts'

const REQUEST_ID_CHARS = 8
/** After an answer, so that one sees what follows from it. */
const PAUSE_MS = 300

export class DemoRun implements Run {
  readonly ended: Promise<Ended>
  readonly #session: Session
  readonly #state: State
  readonly #steps: Step[]
  readonly #speed: number
  /** What came and was not taken yet. */
  #answers: Answer[] = []
  #guidance: { id: string; text: string }[] = []
  #stopped = false
  #changed = Promise.withResolvers<void>()

  constructor(session: Session) {
    this.#session = session
    this.#state = openState(session.home, session.turn, session.resume)
    this.#speed = Number(session.options['speed']) || 1
    const script = stepsOf(session)
    this.#steps = 'wrong' in script ? [{ do: 'fail', reason: script.wrong }] : script
    this.#save()
    // Said by every attempt, as the sign that it has taken the prompt of its turn.
    session.report({ type: 'identified', session: this.#state.session })
    for (const answer of session.answers) this.answer(answer)
    this.ended = this.#live()
  }

  answer(answer: Answer): void {
    if (this.#state.taken.includes(answer.request)) this.#session.report({ type: 'delivered', request: answer.request })
    else this.#answers.push(answer)
    this.#wake()
  }

  guide(guidance: { id: string; text: string }): void {
    if (this.#state.taken.includes(guidance.id))
      this.#session.report({ type: 'guidance_delivered', guidance: guidance.id })
    else this.#guidance.push(guidance)
    this.#wake()
  }

  stop(): boolean {
    this.#stopped = true
    this.#wake()
    return true
  }

  async #live(): Promise<Ended> {
    for (let step = this.#steps[this.#state.next]; step; step = this.#steps[this.#state.next]) {
      this.#hearGuidance()
      const ended = await this.#perform(step)
      if (this.#stopped) return { kind: 'failed', reason: 'It was stopped.' }
      if (ended) return ended
      this.#advance()
    }
    return this.#done('The script is done.')
  }

  /** What a step does; it ends the run, or the next one follows. */
  async #perform(step: Step): Promise<Ended | void> {
    switch (step.do) {
      case 'say':
        return this.#say(step.text)
      case 'step':
        return this.#say(step.text)
      case 'work':
        return this.#work(step)
      case 'permission':
        return this.#permission(step)
      case 'question':
        return void (await this.#ask(step))
      case 'plan':
        return this.#plan(step)
      case 'edit':
        return this.#edit(step)
      case 'run':
        return this.#run(step.command)
      case 'background':
        return this.#background(step.ms)
      case 'wait':
        return this.#waitForGuidance()
      case 'crash':
        this.#advance()
        process.kill(process.pid, 'SIGKILL')
        return new Promise(() => {})
      case 'exit':
        this.#advance()
        process.exit(0)
      case 'fail':
        return { kind: 'failed', reason: step.reason }
      case 'done':
        return this.#done(step.summary)
    }
  }

  #done(text: string): Ended {
    const { decisions, words } = this.#state
    const more = [...decisions.map((line) => `- ${line}`), ...words.map((line) => `- You said: ${line}`)]
    this.#say(text)
    return { kind: 'completed', summary: [text, ...(more.length > 0 ? ['', ...more] : [])].join('\n') }
  }

  async #work({ ms, text }: Extract<Step, { do: 'work' }>): Promise<void> {
    if (/^read/i.test(text)) this.#state.counts.read++
    this.#say(text)
    await this.#pause(ms)
  }

  async #permission(step: Extract<Step, { do: 'permission' }>): Promise<void> {
    const ruling = await this.#session.judge('Bash', { command: step.command })
    const { decision: says, opinion, rule } = ruling
    if (opinion && says !== 'ask' && !this.#state.answer) return this.#say(`${step.command} (${says}: ${rule?.text})`)
    const answer = await this.#ask(step, ruling)
    if (!answer || answer.effect === 'deny') return
    this.#state.counts.commands++
    await this.#pause(PAUSE_MS)
  }

  /** A plan that is sent back is made anew with what was said, and shown again. */
  async #plan(step: Extract<Step, { do: 'plan' }>): Promise<void> {
    for (let answer = await this.#ask(step); answer?.effect === 'deny'; answer = await this.#ask(step)) {
      this.#state.revised.push(answer.values['words'] ?? 'try again')
      this.#state.answer = null
      this.#state.asked = []
      this.#save()
      await this.#pause(PAUSE_MS)
    }
  }

  /** The answer of this step: taken before a crash, granted to this attempt, or given to the request it makes now. */
  async #ask(step: Asking, ruled: Ruling | null = null): Promise<Answer | null> {
    const state = this.#state
    const ask = askOf(this.#newRequestId(), step, state.revised, ruled)
    const isFor = (answer: Answer): boolean =>
      state.asked.includes(answer.request) ||
      (answer.inputHash !== undefined && answer.inputHash === ask.inputHash && answer.tool === ask.tool)
    if (!state.answer && !this.#answers.some(isFor)) {
      state.asked.push(ask.id)
      this.#save()
      this.#say(ask.title)
      this.#session.report({ type: 'requested', ask })
    }
    while (!state.answer) {
      const answer = this.#answers.find(isFor)
      if (answer) this.#take(step, answer)
      else await this.#change()
      if (this.#stopped) return null
    }
    return state.answer
  }

  #take(step: Asking, answer: Answer): void {
    this.#answers = this.#answers.filter((one) => one !== answer)
    this.#state.answer = answer
    this.#state.taken.push(answer.request)
    this.#state.decisions.push(decision(step, answer))
    this.#save()
    this.#session.report({ type: 'delivered', request: answer.request })
    this.#say(decision(step, answer))
  }

  #edit({ file, text }: Extract<Step, { do: 'edit' }>): Ended | void {
    const path = resolve(this.#session.cwd, file)
    if (relative(this.#session.cwd, path).startsWith('..'))
      return { kind: 'failed', reason: `${file} is not in the workspace.` }
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, `${text}\n`)
    this.#state.counts.edited++
    this.#say(`Wrote ${file}`)
  }

  /** A command that was cut off is not run again: nobody knows how far it came. */
  async #run(command: string): Promise<void> {
    if (this.#state.begun) return this.#say(`${command}: outcome unknown, it was cut off`)
    this.#state.begun = true
    this.#state.counts.commands++
    this.#save()
    this.#say(command)
    const { log, cwd, env } = this.#session
    const child = spawn('/bin/sh', ['-c', command], { cwd, env, detached: true, stdio: ['ignore', log, log] })
    const how = await new Promise<string>((done) => {
      child.once('error', (error) => done(error.message))
      child.once('exit', (code, signal) => done(signal ? `killed by ${signal}` : `exit ${code}`))
    })
    this.#state.decisions.push(`${command}: ${how}`)
  }

  #background(ms: number): void {
    const { log, cwd, env } = this.#session
    const seconds = String(ms / 1000 / this.#speed)
    spawn('sleep', [seconds], { cwd, env, detached: true, stdio: ['ignore', log, log] }).unref()
    this.#say(`Left something running for ${seconds} s in the background`)
  }

  async #waitForGuidance(): Promise<void> {
    this.#say('Waiting for a word from you')
    while (this.#state.words.length <= this.#state.waited && !this.#stopped) {
      await this.#change()
      this.#hearGuidance()
    }
    this.#state.waited++
  }

  #hearGuidance(): void {
    for (const { id, text } of this.#guidance.splice(0)) {
      this.#state.taken.push(id)
      this.#state.words.push(text)
      this.#save()
      this.#session.report({ type: 'guidance_delivered', guidance: id })
      this.#say(`You said: ${text}`)
    }
  }

  #advance(): void {
    Object.assign(this.#state, { next: this.#state.next + 1, asked: [], answer: null, begun: false, revised: [] })
    this.#save()
  }

  #say(text: string): void {
    writeSync(this.#session.log, `${text}\n`)
    this.#session.progress({ now: text, counts: { ...this.#state.counts }, checklist: this.#checklist() })
  }

  #checklist(): ChecklistItem[] {
    const marks = this.#steps.flatMap((step, at) => (step.do === 'step' ? { text: step.text, at } : []))
    const { next } = this.#state
    const current = this.#steps[next]?.do === 'done' ? marks.length : marks.findLastIndex(({ at }) => at <= next)
    return marks.map(({ text }, index) => ({
      text,
      state: index < current ? 'done' : index === current ? 'doing' : 'todo',
    }))
  }

  /** The same for the same ask of the same conversation, and a new one each time it is asked again. */
  #newRequestId(): string {
    const { session, turn, next, revised, asked } = this.#state
    const name = [session, turn, next, revised.length, asked.length].join(' ')
    return createHash('sha256').update(name).digest('hex').slice(0, REQUEST_ID_CHARS)
  }

  async #pause(ms: number): Promise<void> {
    const end = performance.now() + ms / this.#speed
    for (let left = ms / this.#speed; left > 0 && !this.#stopped; left = end - performance.now()) {
      const timer = setTimeout(() => this.#wake(), left)
      await this.#change()
      clearTimeout(timer)
    }
  }

  #change(): Promise<void> {
    return this.#changed.promise
  }

  #wake(): void {
    this.#changed.resolve()
    this.#changed = Promise.withResolvers<void>()
  }

  #save(): void {
    saveState(this.#session.home, this.#state)
  }
}

/** A prompt that is no script opens a conversation with the show, and goes on in it as an echo. */
function stepsOf({ prompt, turn }: Session): Step[] | { wrong: string } {
  return parseScript(prompt) ?? (turn === 1 ? defaultScript() : echo(prompt))
}
