// A stream of server-sent events, read with fetch as a browser reads it: every event with the instant it came.

import { setTimeout as sleep } from 'node:timers/promises'

const WITHIN_MS = 60_000

/** `at`: on the monotonic clock of this process. `wall`: by the clock. */
export type Came<T> = { event: string; data: T; at: number; wall: number }

export class Stream<T> {
  readonly #came: Came<T>[] = []
  readonly #waiting = new Set<{ is: (came: Came<T>) => boolean; found: (came: Came<T>) => void }>()
  readonly #closing = new AbortController()

  /** Resolves when the first bytes are there. */
  static async open<T>(url: string, headers: Record<string, string>): Promise<Stream<T>> {
    const stream = new Stream<T>()
    const response = await fetch(url, { headers, signal: stream.#closing.signal })
    if (!response.ok || !response.body) throw new Error(`${url}: ${response.status} ${await response.text()}`)
    void stream.#read(response.body).catch(() => {})
    return stream
  }

  /** The first event that is so, whether it came already or comes yet. Rejects when it does not come. */
  async first(is: (data: T) => boolean, what: string): Promise<Came<T>> {
    const matches = ({ event, data }: Came<T>): boolean => event === 'message' && is(data)
    const there = this.#came.find(matches)
    if (there) return there
    const { promise, resolve } = Promise.withResolvers<Came<T>>()
    const waiting = { is: matches, found: resolve }
    this.#waiting.add(waiting)
    const given = new AbortController()
    const late = sleep(WITHIN_MS, null, { signal: given.signal }).then(
      () => Promise.reject(new Error(`waited ${WITHIN_MS} ms for ${what}`)),
      () => promise,
    )
    try {
      return await Promise.race([promise, late])
    } finally {
      given.abort()
      this.#waiting.delete(waiting)
    }
  }

  /** What came until now is not asked for any more. */
  forget(): void {
    this.#came.length = 0
  }

  close(): void {
    this.#closing.abort()
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder()
    let text = ''
    for await (const chunk of body) {
      const [at, wall] = [performance.now(), Date.now()]
      text += decoder.decode(chunk, { stream: true })
      const blocks = text.split('\n\n')
      text = blocks.pop() ?? ''
      for (const block of blocks) this.#take(block, at, wall)
    }
  }

  #take(block: string, at: number, wall: number): void {
    const lines = block.split('\n')
    const value = (name: string): string[] =>
      lines.filter((line) => line.startsWith(`${name}:`)).map((line) => line.slice(name.length + 1).trim())
    const data = value('data').join('\n')
    if (data === '') return
    const came = { event: value('event')[0] ?? 'message', data: JSON.parse(data) as T, at, wall }
    this.#came.push(came)
    for (const { is, found } of this.#waiting) if (is(came)) found(came)
  }
}
