// The socket of a session process. Any number of clients at once, each is told hello, attaches after the last event it has,
// and gets what came since and then everything as it happens; to say something it has to show who it is. Replay and going live are one synchronous step and events are on
// disk before they are told, so there is neither gap nor duplicate.

import { chmodSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { lineReader } from '../lines.ts'
import { challenge } from '../proof.ts'
import type { FromSession, ToSession } from '../protocol.ts'
import { parseToSession } from './messages.ts'

/** A client that reads this much behind is cut off: it can attach again where it was. */
const CLIENT_BEHIND_BYTES_MAX = 8 * 1024 * 1024
const FAREWELL_MS = 100
/** Who tries again and again cannot fill the event file. */
const NOTES_MAX = 20

type Hooks = {
  hello(): FromSession
  /** Lines of the event file after `seq`. */
  after(seq: number): string[]
  progress(): FromSession | null
  heard(message: Exclude<ToSession, { attach: unknown } | { proof: unknown }>): void
  /** What somebody said who may not, or what is no message. */
  note(text: string): void
}

export class Door {
  readonly #dir: string
  #turnedAway = 0
  readonly #hooks: Hooks
  readonly #server: Server
  readonly #clients = new Set<Socket>()
  readonly #attached = new Set<Socket>()

  /** `dir`: of the attempt. */
  constructor(dir: string, hooks: Hooks) {
    this.#dir = dir
    this.#hooks = hooks
    this.#server = createServer((client) => this.#welcome(client))
  }

  /** The attempt is ours, so a socket file that lies there is nobody's. */
  async open(path: string): Promise<void> {
    rmSync(path, { force: true })
    const before = process.umask(0o077)
    try {
      await new Promise<void>((resolve, reject) => this.#server.once('error', reject).listen(path, resolve))
    } finally {
      process.umask(before)
    }
    chmodSync(path, 0o600)
  }

  tell(message: FromSession): void {
    const line = `${JSON.stringify(message)}\n`
    for (const client of this.#attached) send(client, line)
  }

  /** Lets clients read to the end, but does not wait long for them. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    for (const client of this.#clients) client.end()
    await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, FAREWELL_MS))])
  }

  #welcome(client: Socket): void {
    this.#clients.add(client)
    client.on('error', () => client.destroy())
    client.on('close', () => {
      this.#clients.delete(client)
      this.#attached.delete(client)
    })
    let complained = false
    const garbage = (what: string): void => {
      if (!complained) this.#hooks.note(`ignored a message that is none: ${what.slice(0, 200)}`)
      complained = true
    }
    const asked = challenge(this.#dir)
    client.on('close', asked.close)
    let known = false
    const turnAway = (why: string): void => {
      if (this.#turnedAway++ < NOTES_MAX) this.#hooks.note(`turned away who wanted to say something: ${why}`)
      client.destroy()
    }
    const hear = lineReader((object) => {
      if (client.destroyed) return
      const message = parseToSession(object)
      if (message === null) garbage(JSON.stringify(object))
      else if ('attach' in message) this.#attach(client, message.attach.after)
      else if ('proof' in message) {
        const why = asked.whyNot(message.proof)
        asked.close()
        if (why !== null) turnAway(why)
        known = why === null
      } else if (known) this.#hooks.heard(message)
      else turnAway('it did not show who it is')
    }, garbage)
    client.on('data', hear)
    if (asked.path !== null) send(client, `${JSON.stringify({ prove: asked.path } satisfies FromSession)}\n`)
    send(client, `${JSON.stringify(this.#hooks.hello())}\n`)
  }

  #attach(client: Socket, after: number): void {
    if (this.#attached.has(client)) return
    for (const line of this.#hooks.after(after)) send(client, `{"event":${line}}\n`)
    const progress = this.#hooks.progress()
    if (progress) send(client, `${JSON.stringify(progress)}\n`)
    this.#attached.add(client)
  }
}

function send(client: Socket, line: string): void {
  if (client.destroyed || client.writableEnded) return
  client.write(line)
  if (client.writableLength > CLIENT_BEHIND_BYTES_MAX) client.destroy()
}
