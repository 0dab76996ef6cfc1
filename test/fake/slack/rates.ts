// How often the local Slack takes a call: by the tier of its method, and messages by channel. Who comes too often gets a 429
// with Retry-After, as long as it is early, and is counted.
import { METHODS } from './spec.ts'

/** Calls a minute. `t5`, special: messages, about one a second and channel, with short bursts. */
const PER_MINUTE: Record<string, number> = { t1: 1, t2: 20, t3: 50, t4: 100 }
const BURST = 4
const BURST_OF_TIER = 10
const POSTS_PER_SECOND = 1

type Bucket = { tokens: number; at: number; perSecond: number; size: number }

export function rates() {
  const buckets = new Map<string, Bucket>()
  const limited: { method: string; channel: string | undefined; at: number }[] = []
  return {
    limited,
    /** Seconds to wait, or null when it may go on. */
    ask(method: string, channel: string | undefined): number | null {
      const made = bucketFor(method)
      if (!made) return null
      const key = method === 'chat.postMessage' ? `${method} ${channel}` : method
      const bucket = buckets.get(key) ?? made
      buckets.set(key, bucket)
      const now = Date.now()
      bucket.tokens = Math.min(bucket.size, bucket.tokens + ((now - bucket.at) / 1_000) * bucket.perSecond)
      bucket.at = now
      if (bucket.tokens >= 1) {
        bucket.tokens -= 1
        return null
      }
      limited.push({ method, channel, at: now })
      return Math.max(1, Math.ceil((1 - bucket.tokens) / bucket.perSecond))
    },
  }
}

function bucketFor(method: string): Bucket | null {
  if (method === 'chat.postMessage') return { tokens: BURST, at: Date.now(), perSecond: POSTS_PER_SECOND, size: BURST }
  const perMinute = PER_MINUTE[METHODS[method]?.rate_limits ?? FALLBACK[method] ?? '']
  // The window is a minute: a burst may take a part of it at once, the rest comes evenly.
  return perMinute === undefined
    ? null
    : {
        tokens: Math.max(BURST_OF_TIER, perMinute / 5),
        at: Date.now(),
        perSecond: perMinute / 60,
        size: Math.max(BURST_OF_TIER, perMinute / 5),
      }
}

/** Without the descriptions, the one that matters most. */
const FALLBACK: Record<string, string> = { 'chat.update': 't3' }
