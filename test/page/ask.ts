// Asking the page's server as any program could, with whatever headers, and reading its stream.
import http from 'node:http'
import type { World } from './world.ts'

export type Answer = {
  status: number
  headers: http.IncomingHttpHeaders
  text: string
  json: () => Record<string, unknown>
}
type How = { method?: string; headers?: Record<string, string>; body?: unknown }

export function ask(world: World, path: string, { method = 'GET', headers = {}, body }: How = {}): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const json = body === undefined ? {} : { 'content-type': 'application/json' }
  const request = http.request(
    { agent: false, host: '127.0.0.1', port: world.port, path, method, headers: { ...json, ...headers } },
    (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString()
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text,
          json: () => JSON.parse(text) as Record<string, unknown>,
        })
      })
    },
  )
  request.on('error', reject)
  request.end(body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body))
  return promise
}

/** What the page itself sends along: the cookie of a login and its own origin. */
export async function loggedIn(world: World): Promise<Record<string, string>> {
  const link = new URL(await world.login())
  const { headers } = await ask(world, link.pathname + link.search)
  return { cookie: headers['set-cookie']?.[0]?.split(';')[0] ?? '', origin: world.url.slice(0, -1) }
}

export type Event = { event: string; id: string; data: string }
export type Stream = { status: number; events: Event[]; raw: () => string; cut(): void; ended: Promise<void> }

export function listen(world: World, headers: Record<string, string>, path = '/api/events'): Promise<Stream> {
  const { promise, resolve, reject } = Promise.withResolvers<Stream>()
  const request = http.get({ host: '127.0.0.1', port: world.port, path, headers }, (response) => {
    const events: Event[] = []
    let text = ''
    const ended = Promise.withResolvers<void>()
    response.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      events.splice(0, events.length, ...text.split('\n\n').slice(0, -1).map(parseEvent))
    })
    response.on('close', () => ended.resolve())
    response.on('error', () => ended.resolve())
    resolve({
      status: response.statusCode ?? 0,
      events,
      raw: () => text,
      cut: () => request.destroy(),
      ended: ended.promise,
    })
  })
  request.on('error', reject)
  return promise
}

function parseEvent(block: string): Event {
  const of = (name: string) =>
    block
      .split('\n')
      .filter((line) => line.startsWith(`${name}:`))
      .map((line) => line.slice(name.length + 1).trimStart())
      .join('\n')
  return { event: of('event'), id: of('id'), data: of('data') }
}
