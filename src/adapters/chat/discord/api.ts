// The REST side of Discord, everything addressed by id. The library keeps the budgets of each route and tries again what Discord
// itself failed at; a connection that broke is tried again here, which is safe because every call either names what it
// makes (`nonce`) or makes the same again. What Discord refuses for long is `Later`, and not asked again before.

import { setTimeout as sleep } from 'node:timers/promises'
import { DiscordAPIError, HTTPError, RateLimitError, REST, type RESTOptions } from 'discord.js'
import type { Attached } from './render.ts'

export type Api = ReturnType<typeof api>
export type Route = `/${string}`
type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'
type Wish = { body?: unknown; files?: Attached[]; query?: Record<string, string>; open?: boolean }

export const GONE = { channel: 10003, message: 10008, interaction: 10062 } as const
export const ANSWERED = 40060
export const ARCHIVED = 50083
export const THREAD_EXISTS = 160_004
const NO_ACCESS = 50001
const NO_PERMISSION = 50013
const NO_HISTORY = 160_002
const IS_FORUM = 40058
const SHUT = 50007

const VERSION = '10'
const TIMEOUT_MS = 15_000
const TRIES_MAX = 4
const AGAIN_MS = 250
/** What waits longer is given up for now: nothing could end a wait of the library. */
const WAIT_MS_MAX = 30_000
const EDITED = ['/channels/:id/messages/:id', '/channels/:id']

/** Discord takes this only after so many milliseconds. */
export class Later extends Error {
  readonly ms: number

  constructor(ms: number) {
    super(`Discord takes this only in ${Math.ceil(ms / 1000)} seconds.`)
    this.ms = ms
  }
}

/** Another endpoint as the library wants it: without the version, which it adds. */
export const endpoint = (apiUrl: string): string => apiUrl.replace(/(\/v\d+)?\/?$/u, '')

/** `apiUrl`: another endpoint, with or without the version. */
export function api(token: string, apiUrl?: string) {
  const rest = new REST({
    version: VERSION,
    timeout: TIMEOUT_MS,
    ...(apiUrl && { api: endpoint(apiUrl) }),
    // The library's own way takes no files once another library of this process has brought another version of undici.
    makeRequest: fetch as unknown as RESTOptions['makeRequest'],
    // Posts wait their turn. An edit that has to wait is asked for again, with what is true by then; so is the look of a thread.
    rejectOnRateLimit: (limit) =>
      (limit.method === 'PATCH' && EDITED.includes(limit.route)) || waitOf(limit) > WAIT_MS_MAX,
  }).setToken(token)
  const going = new Set<AbortController>()
  /** Until when something is not taken, or nothing is. */
  const held = new Map<string, number>()
  const ALL = 'all'
  /** Answers to interactions are counted apart. */
  const heldMs = (subject: string, open: boolean): number =>
    Math.max(held.get(subject) ?? 0, open ? 0 : (held.get(ALL) ?? 0)) - Date.now()
  let slowUntil = 0

  function hold(subject: string, limit: RateLimitError): Later {
    const ms = waitOf(limit)
    for (const [one, until] of held) if (until < Date.now()) held.delete(one)
    held.set(limit.global ? ALL : subject, Date.now() + ms)
    if (ms > WAIT_MS_MAX && (limit.global || limit.method !== 'PATCH')) slowUntil = Date.now() + ms
    return new Later(ms)
  }

  async function call<T>(
    method: Method,
    route: Route,
    { body, files = [], query, open = false }: Wish = {},
  ): Promise<T> {
    const own = new AbortController()
    const options = {
      ...(body !== undefined && { body }),
      ...(files.length > 0 && {
        files: files.map(({ name, text }) => ({ name, data: Buffer.from(text), contentType: TYPE })),
      }),
      ...(query && { query: new URLSearchParams(query) }),
      ...(open && { auth: false }),
      signal: own.signal,
    }
    const subject = `${method} ${route} ${isRename(body) ? 'name' : ''}`
    for (let tries = 1; ; tries++) {
      const ms = heldMs(subject, open)
      if (ms > 0) throw new Later(ms)
      going.add(own)
      try {
        return (await rest[method](route, options)) as T
      } catch (error) {
        if (error instanceof RateLimitError) throw hold(subject, error)
        if (!isBroken(error) || tries >= TRIES_MAX || own.signal.aborted) throw error
        await sleep(AGAIN_MS * tries)
      } finally {
        going.delete(own)
      }
    }
  }

  return {
    /** That Discord takes nothing for long, if so. */
    trouble: (): string | null =>
      Date.now() < slowUntil
        ? `Discord lets Backchannel wait until ${new Date(slowUntil).toISOString()}: what there is to show is shown then.`
        : null,
    /** Gives up what is still asked. */
    end(): void {
      for (const one of going) one.abort()
    },
    get: <T>(route: Route, wish?: Wish) => call<T>('get', route, wish),
    post: <T>(route: Route, wish?: Wish) => call<T>('post', route, wish),
    put: <T>(route: Route, wish?: Wish) => call<T>('put', route, wish),
    patch: <T>(route: Route, wish?: Wish) => call<T>('patch', route, wish),
    delete: (route: Route, wish?: Wish) => call<unknown>('delete', route, wish),
  }
}

const TYPE = 'text/plain; charset=utf-8'

/** The connection broke, and nobody knows whether it was done. */
const isBroken = (error: unknown): boolean => !(error instanceof DiscordAPIError || error instanceof HTTPError)

/** A refusal that no header announced says it in `retryAfter` alone. */
const waitOf = ({ timeToReset, retryAfter }: { timeToReset: number; retryAfter: number }): number =>
  Math.max(timeToReset, retryAfter)

/** Of these Discord takes fewer than of other changes. */
const isRename = (body: unknown): boolean => typeof body === 'object' && body !== null && 'name' in body

/** The code Discord gave, or null when it is no answer of its. */
export const codeOf = (error: unknown): number | null =>
  error instanceof DiscordAPIError && typeof error.code === 'number' ? error.code : null

export const isUnauthorized = (error: unknown): boolean => error instanceof DiscordAPIError && error.status === 401

/** What somebody has to do so that it works, or null when it is another kind of error. */
export function troubleIn(channel: string, error: unknown): string | null {
  const code = codeOf(error)
  if (code === NO_ACCESS)
    return `Discord does not let Backchannel see the channel ${channel}: give its role “View Channel” there, or invite it again (backchannel setup discord).`
  if (code === NO_PERMISSION)
    return `Backchannel may not write in the channel ${channel}: give its role “Send Messages”, “Create Public Threads”, “Send Messages in Threads” and “Attach Files” there.`
  if (code === NO_HISTORY)
    return `Backchannel may not answer messages in the channel ${channel}: give its role “Read Message History” there.`
  if (code === SHUT)
    return `The person of the conversation ${channel} takes no direct messages from Backchannel any more: tasks that were started there go on, and are shown on the page and the command line.`
  if (code === IS_FORUM)
    return `The channel ${channel} is a forum, which takes no messages of its own: name another one in config.yaml (summaries).`
  if (code === GONE.channel)
    return `The channel ${channel} is not there any more: tasks that were started in it go on, and are shown on the page and the command line.`
  return null
}
