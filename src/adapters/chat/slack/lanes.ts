// When calls may be made: messages one after the other in each channel, about one a second, and edits out of one bucket that all tasks
// share. A channel that Slack asks to wait holds up no other.

import { EDITS_BURST, EDITS_PER_MINUTE, POSTS_BURST, POSTS_PER_SECOND } from './limits.ts'

type Clock = { now: () => number; wait: (ms: number) => Promise<void> }

/** So many at once, and so many a second after that. */
class Bucket {
  #tokens: number
  #at: number
  readonly #size: number
  readonly #perSecond: number

  constructor(size: number, perSecond: number, now: number) {
    this.#tokens = size
    this.#size = size
    this.#perSecond = perSecond
    this.#at = now
  }

  /** Milliseconds until the next one; 0 takes it. */
  take(now: number): number {
    if (now > this.#at) {
      this.#tokens = Math.min(this.#size, this.#tokens + ((now - this.#at) / 1_000) * this.#perSecond)
      this.#at = now
    }
    if (now >= this.#at && this.#tokens >= 1) {
      this.#tokens -= 1
      return 0
    }
    return Math.max(1, this.#at - now + Math.ceil(((1 - this.#tokens) / this.#perSecond) * 1_000))
  }

  /** Nothing for so long. */
  pause(now: number, ms: number): void {
    this.#tokens = 1
    this.#at = now + ms
  }
}

export function lanes({ now, wait }: Clock) {
  const last = new Map<string, Promise<unknown>>()
  const buckets = new Map<string, Bucket>()

  return {
    /** Does it when all before it in this channel is done and the channel takes another. */
    run<T>(channel: string, work: (pause: (ms: number) => Promise<void>) => Promise<T>): Promise<T> {
      const bucket = buckets.get(channel) ?? new Bucket(POSTS_BURST, POSTS_PER_SECOND, now())
      buckets.set(channel, bucket)
      const pass = async (): Promise<void> => {
        for (let ms = bucket.take(now()); ms > 0; ms = bucket.take(now())) await wait(ms)
      }
      const before = last.get(channel) ?? Promise.resolve()
      const done = before
        .catch(() => {})
        .then(pass)
        .then(() =>
          work(async (ms) => {
            bucket.pause(now(), ms)
            await pass()
          }),
        )
      last.set(channel, done)
      // Whoever waits for it hears of its failure; a channel at rest keeps nothing.
      done
        .catch(() => {})
        .finally(() => {
          if (last.get(channel) === done) last.delete(channel)
        })
      return done
    },
  }
}

/** Resolves when a call of this kind may be made: `burst` at once, so many a minute after that. */
export function paced({ now, wait }: Clock, burst: number, perMinute: number): () => Promise<void> {
  const bucket = new Bucket(burst, perMinute / 60, now())
  return async () => {
    for (let ms = bucket.take(now()); ms > 0; ms = bucket.take(now())) await wait(ms)
  }
}

/** The budget of edits of all tasks. */
export function edits({ now }: Pick<Clock, 'now'>) {
  const bucket = new Bucket(EDITS_BURST, EDITS_PER_MINUTE / 60, now())
  return { may: (): boolean => bucket.take(now()) === 0, pause: (ms: number): void => bucket.pause(now(), ms) }
}

/** One reading of a place answers all who asked before it began: after an outage many look for their message at once. */
export function sharedReads<T>(): (place: string, read: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>()
  const next = new Map<string, Promise<T>>()
  return (place, read) => {
    const waiting = next.get(place)
    if (waiting) return waiting
    const before = last.get(place) ?? Promise.resolve()
    const reading = before
      .catch(() => {})
      .then(() => {
        next.delete(place)
        return read()
      })
    next.set(place, reading)
    last.set(place, reading)
    reading
      .catch(() => {})
      .finally(() => {
        if (last.get(place) === reading) last.delete(place)
      })
    return reading
  }
}
