// The doorbells of a home: one unix socket for each who waits for news. A ring says "look", nothing more; a lost one costs a
// second, because everybody also polls.

import fs from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import type { Reader } from './journal.ts'

export class Doorbells {
  readonly #folder: string
  readonly #answered = new Map<Reader, () => void>()
  readonly #servers: net.Server[] = []
  readonly #ringing = new Set<Promise<void>>()

  constructor(home: string) {
    this.#folder = path.join(home, 's')
  }

  /** Rings everybody and waits for nobody: if somebody is not there, the journal keeps what there is to see. */
  ring = (readers: readonly Reader[] = ['bot', 'runner']): void => {
    // The bot first: a card is posted sooner than a process is started.
    for (const reader of readers) {
      const rung = this.#answered.get(reader)
      if (rung) rung()
      else this.#ringOutside(reader)
    }
  }

  /** Calls `rung` at each ring, from this process or another. A socket left there by the dead is replaced. */
  async answer(reader: Reader, rung: () => void): Promise<void> {
    const socketPath = this.#path(reader)
    fs.rmSync(socketPath, { force: true })
    const server = net.createServer((socket) => {
      socket.on('error', () => {})
      socket.end()
      rung()
    })
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(socketPath, resolve))
    fs.chmodSync(socketPath, 0o600)
    this.#answered.set(reader, rung)
    this.#servers.push(server)
  }

  /** Whether somebody answers this bell right now. */
  isAnswered(reader: Reader): Promise<boolean> {
    return touch(this.#path(reader))
  }

  /** Lets rings under way arrive, and answers no more. */
  async close(): Promise<void> {
    await Promise.all(this.#ringing)
    await Promise.all(this.#servers.map((server) => new Promise((resolve) => server.close(resolve))))
  }

  #ringOutside(reader: Reader): void {
    const ringing: Promise<void> = touch(this.#path(reader)).then(() => void this.#ringing.delete(ringing))
    this.#ringing.add(ringing)
  }

  #path(reader: Reader): string {
    return path.join(this.#folder, `${reader}.bell`)
  }
}

function touch(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(socketPath, () => socket.end(() => resolve(true)))
    socket.on('error', () => resolve(false))
  })
}
