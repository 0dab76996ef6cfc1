// One session as a runner sees it: a loop that connects, listens and connects again until the attempt is gone. A process that
// does not answer is not a dead one: gone is what neither answers nor lives, or what was given up before it was born.

import { rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RuleSource } from '../task/policy/rule.ts'
import type { Progress } from '../task/report.ts'
import { isLast, parseEvent, readEvents } from './event-reader.ts'
import { isObject, lineReader, type JsonObject } from './lines.ts'
import { isAlive } from './processes.ts'
import { prove, type Proven } from './proof.ts'
import type { SessionEvent, ToSession } from './protocol.ts'
import { isCode, ownerOf } from './session/claim.ts'

const HELLO_MS_MAX = 2000
const LOOK_MS_MIN = 5
const LOOK_MS_MAX = 1000
/** Slowly: a process is born 60 to 150 ms after it was asked for, and by then the next look must be near. */
const LOOK_GROWTH = 1.03

export type Handlers = {
  event(event: SessionEvent): void | Promise<void>
  progress(progress: Progress): void
  /** Last and once: nothing of the attempt lives, and all events it ever wrote have been told. */
  gone(gone: Gone): void | Promise<void>
}

/** `began`: the agent may have done something. `ended`: an event told how it ended. `reason`: why it is gone, if none did. */
export type Gone = { began: boolean; ended: boolean; reason: string }

/** What a session is told. */
export type Delivery = Extract<ToSession, { answer: unknown } | { guide: unknown }>

type Options = {
  dir: string
  socket: string
  after: number
  handlers: Handlers
  /** Asked while the attempt has no owner: true when it never will have one. */
  unborn(): boolean
  /** Ends what the attempt left behind. */
  end(): Promise<Omit<Gone, 'ended'>>
}

/** Of the machine, not of the attempt: looked at again until it is over. */
const PASSING = ['ENOSPC', 'EDQUOT', 'EIO', 'EMFILE', 'ENFILE', 'ENOMEM']
export class Attachment {
  readonly #options: Options
  /** Kept, and told anew after every reconnect: the session takes each thing once. */
  readonly #messages = new Map<string, ToSession>()
  readonly #detached = new AbortController()
  #socket: Socket | null = null
  #proof: Proven | null = null
  #greeted = false
  #seq: number
  #ended = false
  /** Events are handled one after another, and gone after all of them. */
  #handled: Promise<void> = Promise.resolve()

  constructor(options: Options) {
    this.#options = options
    this.#seq = options.after
    void this.#follow()
  }

  deliver(message: Delivery): void {
    const id = 'answer' in message ? `answer ${message.answer.request}` : `guide ${message.guide.id}`
    if (!this.#messages.has(id)) this.#keep(id, message)
  }

  /** The last ones count. */
  replaceRules(rules: RuleSource[]): void {
    this.#keep('rules', { rules })
  }

  #keep(id: string, message: ToSession): void {
    this.#messages.set(id, message)
    if (this.#greeted) this.#send(message)
  }

  /** Nothing is heard from now on. The session goes on. */
  detach(): void {
    this.#detached.abort()
    this.#socket?.destroy()
  }

  async #follow(): Promise<void> {
    for (let wait = LOOK_MS_MIN; !this.#detached.signal.aborted; wait = Math.min(wait * LOOK_GROWTH, LOOK_MS_MAX)) {
      try {
        const owner = ownerOf(this.#options.dir)
        if (owner.kind === 'given up' || (owner.kind === 'nobody' && this.#options.unborn())) return await this.#gone()
        if (owner.kind === 'process') {
          if (await this.#converse()) wait = LOOK_MS_MIN
          if (!isAlive(owner.identity)) return await this.#gone()
        }
      } catch (error) {
        if (!isCode(error, ...PASSING)) throw error
      }
      await sleep(wait, null, { signal: this.#detached.signal }).catch(() => {})
    }
  }

  /** One connection to its end. False when nobody greeted. */
  async #converse(): Promise<boolean> {
    const socket = connect(this.#options.socket)
    this.#socket = socket
    const silence = setTimeout(() => socket.destroy(), HELLO_MS_MAX)
    const hear = lineReader(
      (message) => {
        clearTimeout(silence)
        this.#hear(message)
      },
      () => {},
    )
    await new Promise<void>((resolve) => {
      socket.on('data', hear).on('error', () => {})
      socket.once('close', () => resolve())
    })
    clearTimeout(silence)
    this.#proof?.close()
    this.#proof = null
    const greeted = this.#greeted
    this.#greeted = false
    this.#socket = null
    return greeted
  }

  #hear({ prove: asked, hello, event, progress }: JsonObject): void {
    if (this.#detached.signal.aborted) return
    if (typeof asked === 'string') {
      this.#proof = prove(asked)
      if (this.#proof) this.#send({ proof: this.#proof.proof })
    } else if (isObject(hello)) {
      this.#greeted = true
      this.#send({ attach: { after: this.#seq } })
      for (const message of this.#messages.values()) this.#send(message)
    } else if (isObject(progress)) {
      this.#options.handlers.progress(progress as unknown as Progress)
    } else {
      const parsed = parseEvent(event)
      if (parsed) this.#take(parsed)
    }
  }

  #take(event: SessionEvent): void {
    if (event.seq <= this.#seq) return
    this.#seq = event.seq
    this.#ended ||= isLast(event)
    this.#handled = this.#handled.then(() => this.#tell(() => this.#options.handlers.event(event)))
  }

  #send(message: ToSession): void {
    this.#socket?.write(`${JSON.stringify(message)}\n`)
  }

  async #gone(): Promise<void> {
    const gone = await this.#options.end()
    for (const event of readEvents(this.#options.dir, this.#seq)) this.#take(event)
    await this.#handled
    rmSync(this.#options.socket, { force: true })
    await this.#tell(() => this.#options.handlers.gone({ ...gone, ended: this.#ended }))
  }

  async #tell(handler: () => void | Promise<void>): Promise<void> {
    if (!this.#detached.signal.aborted) await handler()
  }
}
