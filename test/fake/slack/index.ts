// A Slack on 127.0.0.1: web methods with state, Socket Mode, block limits, rate limits, duplicates and faults. The real Bolt connects
// to it. Every call and every block is held against Slack's own descriptions; what does not fit is a violation, and a test that
// ends with one fails.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { APP_METHODS, METHODS, type Answer, type Args } from './methods.ts'
import { envelope, hands, type Hands } from './people.ts'
import { rates } from './rates.ts'
import { sockets } from './socket.ts'
import { METHODS as DESCRIBED, wrongCall, wrongError, type Json } from './spec.ts'
import { BOT, world as newWorld } from './state.ts'

export const BOT_TOKEN = 'xoxb-local-bot'
export const APP_TOKEN = 'xapp-1-local-app'
export const ALL_SCOPES =
  'app_mentions:read,channels:history,channels:read,chat:write,commands,files:write,groups:history,groups:read,im:history,im:read,im:write,reactions:write,usergroups:read,users:read'

/** What goes wrong with a call. `reset`: the connection breaks, before or after Slack did it. */
export type Fault =
  | { reset: 'before' | 'after' }
  | { status: number; done: boolean }
  | { error: string }
  | { limited: number }
  | { slow: number }
type Planned = { method: string; fault: Fault; times: number; only?: (args: Args) => boolean }

/** `at`: on the clock of this process that only goes forward. */
export type Call = { method: string; args: Args; at: number; answer: Answer | null }
export type FakeSlack = Awaited<ReturnType<typeof fakeSlack>>

type Options = { port?: number; retryMs?: number[]; scopes?: string; limits?: boolean }

/** `retryMs`: see sockets. `limits`: whether 429 is answered to who comes too often. */
export async function fakeSlack({
  port = 0,
  retryMs = [50, 1_000, 3_000],
  scopes = ALL_SCOPES,
  limits = true,
}: Options = {}) {
  const world = newWorld()
  const violations: string[] = []
  const calls: Call[] = []
  const faults: Planned[] = []
  const open = new Set<Socket>()
  const own = new Map<string, () => Answer | null>()
  const rate = rates()
  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy())
  })
  server.on('connection', (socket) => {
    if (isDown) socket.destroy()
    open.add(socket)
    socket.on('close', () => open.delete(socket))
  })
  const live = sockets(server, retryMs)
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`
  let isDown = false
  let granted = scopes

  const room = {
    world,
    url,
    violation: (what: string) => void violations.push(what),
    newTicket: live.newTicket,
    // The app hears of what it did itself, like everybody in the channel.
    tell: (event: Json) => void live.event(envelope(world, event)),
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '', url).pathname
    const body = await bodyOf(request)
    if (path.startsWith('/upload/')) return upload(path.slice('/upload/'.length), body, response)
    if (path.startsWith('/respond/')) return respond(path.slice('/respond/'.length), body.toString(), response)
    if (!path.startsWith('/api/')) return send(response, 404, {})
    const method = path.slice('/api/'.length)
    const args = Object.fromEntries(new URLSearchParams(body.toString()))
    const call: Call = { method, args, at: performance.now(), answer: null }
    calls.push(call)
    const fault = takeFault(method, args)
    if (fault && 'reset' in fault && fault.reset === 'before') return void response.destroy()
    if (fault && 'slow' in fault) await new Promise((resolve) => setTimeout(resolve, fault.slow))
    if (fault && 'status' in fault && !fault.done) return send(response, fault.status, {})
    const wait = fault && 'limited' in fault ? fault.limited : limits ? rate.ask(method, args['channel']) : null
    if (wait !== null) return send(response, 429, { ok: false, error: 'ratelimited' }, { 'retry-after': String(wait) })
    const answer =
      fault && 'error' in fault
        ? { ok: false, error: fault.error }
        : (own.get(method)?.() ?? run(method, args, request))
    call.answer = answer
    if (answer.error) violations.push(...wrongError(method, answer.error))
    if (fault && 'reset' in fault) return void response.destroy()
    if (fault && 'status' in fault) return send(response, fault.status, {})
    send(response, 200, answer, { 'x-oauth-scopes': granted })
  }

  function run(method: string, args: Args, request: IncomingMessage): Answer {
    const does = METHODS[method]
    const token = /^Bearer (.*)$/u.exec(request.headers.authorization ?? '')?.[1]
    const wanted = APP_METHODS.includes(method) ? APP_TOKEN : BOT_TOKEN
    if (token === undefined) return { ok: false, error: 'not_authed' }
    if (token === (wanted === APP_TOKEN ? BOT_TOKEN : APP_TOKEN)) return { ok: false, error: 'not_allowed_token_type' }
    if (token !== wanted) return { ok: false, error: 'invalid_auth' }
    violations.push(...wrongCall(method, args))
    if (!does) {
      violations.push(`the local server does not know ${method}`)
      return { ok: false, error: 'internal_error' }
    }
    const needed = DESCRIBED[method]?.scope?.bot ?? []
    const has = granted.split(',')
    if (wanted === BOT_TOKEN && needed.length > 0 && !needed.some((one) => has.includes(one)))
      return { ok: false, error: 'missing_scope', needed: needed[0], provided: granted }
    return does(room, args)
  }

  function takeFault(method: string, args: Args): Fault | null {
    const at = faults.findIndex((one) => one.method === method && (one.only?.(args) ?? true))
    const planned = faults[at]
    if (!planned) return null
    planned.times -= 1
    if (planned.times <= 0) faults.splice(at, 1)
    return planned.fault
  }

  function upload(id: string, body: Buffer, response: ServerResponse): void {
    const file = world.files.get(id)
    if (!file) return send(response, 404, {})
    file.content = contentOf(body)
    send(response, 200, { ok: true })
  }

  function respond(key: string, body: string, response: ServerResponse): void {
    const one = world.responses.get(key)
    if (!one || one.left <= 0) return send(response, 404, { ok: false, error: 'expired_url' })
    one.left -= 1
    const {
      text = '',
      blocks,
      delete_original: deletes,
    } = JSON.parse(body) as {
      text?: string
      blocks?: Json[]
      delete_original?: boolean
    }
    if (deletes) {
      const at = world.ephemerals.findIndex(({ ts }) => ts === one.original)
      if (at >= 0) world.ephemerals.splice(at, 1)
      return send(response, 200, { ok: true })
    }
    const thread = one.thread_ts === undefined ? {} : { thread_ts: one.thread_ts }
    world.ephemerals.push({
      ts: world.ts(),
      user: one.user,
      channel: one.channel,
      ...thread,
      text,
      ...(blocks && { blocks }),
      at: Date.now(),
    })
    send(response, 200, { ok: true })
  }

  return {
    url,
    world,
    sockets: live,
    calls,
    violations,
    /** 429 that were answered because somebody came too often. */
    limited: rate.limited,
    /** Somebody, with hands. */
    person(id: string, name: string): Hands {
      world.people.set(id, { id, name })
      return hands({ world, sockets: live, url }, id)
    },
    /** A channel with these people; the bot is in it unless told otherwise. */
    channel(id: string, people: string[], { invited = true } = {}): string {
      world.channels.set(id, {
        id,
        name: id.toLowerCase(),
        kind: 'channel',
        members: new Set([...people, ...(invited ? [BOT.id] : [])]),
      })
      return id
    },
    group(id: string, users: string[]): void {
      world.groups.set(id, { id, handle: id.toLowerCase(), users })
    },
    fault(method: string, fault: Fault, times = 1, only?: (args: Args) => boolean): void {
      faults.push({ method, fault, times, ...(only && { only }) })
    },
    /** What a method answers from now on, where this says something. */
    answers(method: string, answer: () => Answer | null): void {
      own.set(method, answer)
    },
    /** Takes these scopes from the bot's token. */
    revoke(...scopesTaken: string[]): void {
      granted = granted
        .split(',')
        .filter((one) => !scopesTaken.includes(one))
        .join(',')
    },
    /** Nothing answers any more, until it does again. */
    down(down: boolean): void {
      isDown = down
      if (!down) return
      live.cut()
      for (const socket of open) socket.destroy()
    },
    callsOf: (method: string): Call[] => calls.filter((one) => one.method === method),
    async close(): Promise<void> {
      live.close()
      for (const socket of open) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function send(response: ServerResponse, status: number, body: object, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify(body))
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

/** The part of a multipart body, or the body itself. */
function contentOf(body: Buffer): string {
  const text = body.toString()
  const part = /^--([^\r\n]+)\r\n[^]*?\r\n\r\n([^]*)\r\n--\1--/u.exec(text)
  return part?.[2] ?? text
}
