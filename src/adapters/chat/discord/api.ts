// The REST side of Discord, everything addressed by id. The library keeps the budgets of each route and tries again what Discord
// itself failed at; a connection that broke is tried again here, which is safe because every call either names what it
// makes (`nonce`) or makes the same again.

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
const IS_FORUM = 40058

const VERSION = '10'
const TIMEOUT_MS = 15_000
const TRIES_MAX = 4
const AGAIN_MS = 250

/** `apiUrl`: another endpoint, up to and without the version. */
export function api(token: string, apiUrl?: string) {
  const rest = new REST({
    version: VERSION,
    timeout: TIMEOUT_MS,
    ...(apiUrl && { api: apiUrl.replace(/\/$/u, '') }),
    // The library's own way takes no files once another library of this process has brought another version of undici.
    makeRequest: fetch as unknown as RESTOptions['makeRequest'],
    // Posts wait their turn. An edit that has to wait is asked for again, with what is true by then; so is the look of a thread.
    rejectOnRateLimit: ({ method, route }) =>
      method === 'PATCH' && (route === '/channels/:id/messages/:id' || route === '/channels/:id'),
  }).setToken(token)
  const going = new Set<AbortController>()

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
    for (let tries = 1; ; tries++) {
      going.add(own)
      try {
        return (await rest[method](route, options)) as T
      } catch (error) {
        if (!isBroken(error) || tries >= TRIES_MAX || own.signal.aborted) throw error
        await sleep(AGAIN_MS * tries)
      } finally {
        going.delete(own)
      }
    }
  }

  return {
    rest,
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
const isBroken = (error: unknown): boolean =>
  !(error instanceof DiscordAPIError || error instanceof HTTPError || error instanceof RateLimitError)

/** The code Discord gave, or null when it is no answer of its. */
export const codeOf = (error: unknown): number | null =>
  error instanceof DiscordAPIError && typeof error.code === 'number' ? error.code : null

export const isLimited = (error: unknown): error is RateLimitError => error instanceof RateLimitError

export const isUnauthorized = (error: unknown): boolean => error instanceof DiscordAPIError && error.status === 401

/** What somebody has to do so that it works, or null when it is another kind of error. */
export function troubleIn(channel: string, error: unknown): string | null {
  const code = codeOf(error)
  if (code === NO_ACCESS)
    return `Discord does not let Backchannel see the channel ${channel}: give its role “View Channel” there, or invite it again (backchannel setup discord).`
  if (code === NO_PERMISSION)
    return `Backchannel may not write in the channel ${channel}: give its role “Send Messages”, “Create Public Threads”, “Send Messages in Threads” and “Attach Files” there.`
  if (code === IS_FORUM)
    return `The channel ${channel} is a forum, which takes no messages of its own: name another one in config.yaml (summaries).`
  if (code === GONE.channel)
    return `The channel ${channel} is not there any more: tasks that were started in it go on, and are shown on the page and the command line.`
  return null
}
