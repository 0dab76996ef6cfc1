// The HTTP side of our Discord: reads a call, holds it against description and rules, keeps the budgets of each route, breaks where a
// test wants it to, and answers. What a call does is in routes.ts and interactions.ts.

import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Spec } from './spec.ts'

export type File = { name: string; type: string; data: Buffer }
export type Call = {
  method: string
  path: string
  query: URLSearchParams
  body: unknown
  files: File[]
  /** When it arrived: what checking it takes counts for nobody. */
  at: number
  params: string[]
}
export type Answer = { status: number; body?: unknown }
export type Route = [method: string, pattern: RegExp, run: (call: Call) => Answer | Promise<Answer>]

/** What Discord answers instead of doing it. */
export class Refusal extends Error {
  readonly status: number
  readonly code: number

  constructor(status: number, code: number, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

/** Where a call breaks: before or after it was done, with a status, or late. A 429 says for how many seconds, and whether to all calls. */
export type Fault = {
  method?: string
  path: RegExp
  how: 'reset before' | 'reset after' | 'late' | number
  times?: number
  ms?: number
  seconds?: number
  global?: boolean
}

export type Budget = { method: string; path: RegExp; limit: number; windowMs: number }

export type Settings = { spec: Spec | null; token: string; budgets: Budget[] }

type Spent = { left: number; until: number }

export async function restServer(settings: Settings, routes: Route[], file: (id: string) => Buffer | undefined) {
  const violations: string[] = []
  const calls: { method: string; path: string; body: unknown; at: number }[] = []
  const refusals: { status: number; method: string; path: string }[] = []
  const faults: Fault[] = []
  const spent = new Map<string, Spent>()
  const waiting = new Set<() => void>()

  const server = http.createServer((request, response) => {
    void answer(request, response).catch((error: unknown) => {
      violations.push(`our server failed: ${error instanceof Error ? error.stack : String(error)}`)
      response.destroy()
    })
  })

  async function answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://local')
    const method = request.method ?? 'GET'
    const at = Date.now()
    const raw = await bytesOf(request)
    if (url.pathname.startsWith('/attachments/')) {
      const found = file(url.pathname.split('/')[2] ?? '')
      return void response.writeHead(found ? 200 : 404).end(found)
    }
    const path = decodeURIComponent(url.pathname.replace(/^\/api(\/v\d+)?/u, ''))
    const fault = faults.find((one) => (one.method ?? method) === method && one.path.test(path) && (one.times ?? 1) > 0)
    if (fault) fault.times = (fault.times ?? 1) - 1
    if (fault?.how === 'reset before') return void response.destroy()
    if (fault?.how === 'late') await sleep(fault.ms ?? 100)
    if (typeof fault?.how === 'number') {
      refusals.push({ status: fault.how, method, path })
      return send(response, { status: fault.how, body: { message: 'broken', code: 0 } }, slowDown(fault))
    }
    const { headers, limited } = budgetFor(method, path)
    const said = limited ?? (await done(method, path, url.searchParams, request, raw, at))
    if (said.status >= 400) refusals.push({ status: said.status, method, path })
    if (fault?.how === 'reset after') return void response.destroy()
    send(response, said, headers)
    for (const look of waiting) look()
  }

  function budgetFor(method: string, path: string): { headers: Record<string, string>; limited: Answer | null } {
    const budget = settings.budgets.find((one) => one.method === method && one.path.test(path))
    if (!budget) return { headers: {}, limited: null }
    const key = `${method} ${path.replace(/\/messages\/\d+/u, '/messages/:id')}`
    const known = spent.get(key)
    const now = Date.now()
    const current = known && known.until > now ? known : { left: budget.limit, until: now + budget.windowMs }
    spent.set(key, current)
    const after = Math.max(0.001, (current.until - now) / 1000)
    const headers = (remaining: number) => ({
      'x-ratelimit-limit': String(budget.limit),
      'x-ratelimit-remaining': String(remaining),
      'x-ratelimit-reset': String(current.until / 1000),
      'x-ratelimit-reset-after': String(after),
      'x-ratelimit-bucket': key.replaceAll(/[^a-zA-Z]/gu, '').slice(0, 30),
    })
    if (current.left <= 0) {
      const body = { message: 'You are being rate limited.', retry_after: after, global: false }
      return { headers: { ...headers(0), 'retry-after': String(Math.ceil(after)) }, limited: { status: 429, body } }
    }
    current.left -= 1
    return { headers: headers(current.left), limited: null }
  }

  async function done(
    method: string,
    path: string,
    query: URLSearchParams,
    request: http.IncomingMessage,
    raw: Buffer,
    at: number,
  ): Promise<Answer> {
    const { body, files } = read(request.headers['content-type'] ?? '', raw)
    calls.push({ method, path, body, at: performance.now() })
    const isOpen = path.startsWith('/interactions/') || path.startsWith('/webhooks/')
    if (!isOpen && request.headers.authorization !== `Bot ${settings.token}`)
      return { status: 401, body: { message: '401: Unauthorized', code: 0 } }
    const wrong = settings.spec?.request(method, path, body) ?? null
    if (wrong) {
      violations.push(`${method} ${path}: ${wrong}`)
      return { status: 400, body: { message: wrong, code: 50035 } }
    }
    for (const [verb, pattern, run] of routes) {
      const found = verb === method ? pattern.exec(path) : null
      if (found) return ran(run, { method, path, query, body, files, at, params: found.slice(1) })
    }
    violations.push(`${method} ${path}: our server has no such route`)
    return { status: 404, body: { message: '404: Not Found', code: 0 } }
  }

  async function ran(run: Route[2], call: Call): Promise<Answer> {
    try {
      const said = await run(call)
      const wrong =
        said.body === undefined
          ? null
          : (settings.spec?.response(call.method, call.path, said.status, said.body) ?? null)
      if (wrong) violations.push(`our answer to ${call.method} ${call.path}: ${wrong}`)
      return said
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      if (error.code === 50035) violations.push(`${call.method} ${call.path}: ${error.message}`)
      return { status: error.status, body: { message: error.message, code: error.code } }
    }
  }

  const listen = (port = 0): Promise<void> => new Promise((resolve) => server.listen(port, '127.0.0.1', resolve))
  await listen()
  const { port } = server.address() as AddressInfo

  return {
    server,
    port,
    violations,
    calls,
    refusals,
    budgets: settings.budgets,
    breaks: (fault: Fault) => void faults.push({ times: 1, ...fault }),
    /** Resolves with the instant at which a call has made this true. */
    when: (isTrue: () => boolean): Promise<number> =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!isTrue()) return
          waiting.delete(look)
          resolve(performance.now())
        }
        waiting.add(look)
        look()
      }),
    async stop(): Promise<void> {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
    again: () => listen(port),
  }
}

function send(response: http.ServerResponse, { status, body }: Answer, headers: Record<string, string>): void {
  if (body === undefined) return void response.writeHead(status, headers).end()
  response.writeHead(status, { ...headers, 'content-type': 'application/json' }).end(JSON.stringify(body))
}

/** A 429 that no header told before. */
const slowDown = ({ how, seconds = 1, global = false }: Fault): Record<string, string> =>
  how === 429 ? { 'retry-after': String(seconds), ...(global && { 'x-ratelimit-global': 'true' }) } : {}

async function bytesOf(request: http.IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts)
}

function read(type: string, raw: Buffer): { body: unknown; files: File[] } {
  if (raw.length === 0) return { body: undefined, files: [] }
  const boundary = /boundary=(.+)$/u.exec(type)?.[1]
  if (boundary === undefined) return { body: JSON.parse(raw.toString()) as unknown, files: [] }
  const parts = partsOf(raw, `--${boundary}`)
  const payload = parts.find(({ field }) => field === 'payload_json')
  return {
    body: payload ? (JSON.parse(payload.data.toString()) as unknown) : {},
    files: parts
      .filter(({ field }) => field.startsWith('files['))
      .map(({ name, type: kind, data }) => ({ name, type: kind, data })),
  }
}

function partsOf(raw: Buffer, boundary: string): (File & { field: string })[] {
  const found: (File & { field: string })[] = []
  let at = raw.indexOf(boundary)
  for (;;) {
    const next = raw.indexOf(boundary, at + boundary.length)
    if (next < 0) return found
    const part = raw.subarray(at + boundary.length + 2, next - 2)
    const head = part.subarray(0, part.indexOf('\r\n\r\n')).toString()
    found.push({
      field: /name="([^"]*)"/u.exec(head)?.[1] ?? '',
      name: /filename="([^"]*)"/u.exec(head)?.[1] ?? '',
      type: /content-type: (.+)/iu.exec(head)?.[1]?.trim() ?? 'application/octet-stream',
      data: part.subarray(part.indexOf('\r\n\r\n') + 4),
    })
    at = next
  }
}
