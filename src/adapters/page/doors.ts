// What every request passes first: is it meant for this address, does it come from our own page, and what the browser is told
// never to do with the answer. A foreign Host is DNS rebinding; a foreign Origin is another page pressing our buttons.

import type { Socket } from 'node:net'
import type { HttpBindings } from '@hono/node-server'
import type { MiddlewareHandler } from 'hono'

const READS = new Set(['GET', 'HEAD'])
const OUR_OWN = new Set(['same-origin', 'none'])

export const onlyThisHost =
  (port: () => number): MiddlewareHandler =>
  async (c, next) => {
    const allowed = [`127.0.0.1:${port()}`, `localhost:${port()}`]
    if (allowed.includes(c.req.header('host') ?? '')) return next()
    return c.json({ error: `This page answers only at http://${allowed[0]}.` }, 403)
  }

/** For everything that acts or reads on: a foreign page may link to us, nothing else. */
export const onlyOurPage: MiddlewareHandler = async (c, next) => {
  const origin = c.req.header('origin')
  const site = c.req.header('sec-fetch-site')
  const ours = `http://${c.req.header('host')}`
  const foreign = origin !== undefined ? origin !== ours : !READS.has(c.req.method)
  if (foreign || (site !== undefined && !OUR_OWN.has(site)))
    return c.json({ error: 'Only Backchannel’s own page may ask for this.' }, 403)
  return next()
}

/** Who asks over a connection: null for a person, else what to tell it, given what it asks for. */
export type Callers = (connection: Socket) => ((asked: string) => string) | null

/** A cookie says who logged in, not who holds it: what a task runs could have read it. Looked up once for each connection. */
export function onlyPeople(callers: Callers): MiddlewareHandler {
  const known = new WeakMap<Socket, ReturnType<Callers>>()
  return async (c, next) => {
    const { socket } = (c.env as HttpBindings).incoming
    if (!known.has(socket)) known.set(socket, callers(socket))
    const refused = known.get(socket)
    return refused ? c.json({ error: refused(`${c.req.method} ${c.req.path}`) }, 403) : next()
  }
}

/** `scripts`: hashes of the inline scripts of our own page, of which there is one, the import map. */
export const headers =
  (scripts: string[]): MiddlewareHandler =>
  async (c, next) => {
    await next()
    // A file that is no page of ours brings a stricter one of its own.
    if (!c.res.headers.has('Content-Security-Policy')) c.header('Content-Security-Policy', policy(scripts))
    c.header('X-Content-Type-Options', 'nosniff')
    c.header('X-Frame-Options', 'DENY')
    c.header('Referrer-Policy', 'no-referrer')
    c.header('Cross-Origin-Opener-Policy', 'same-origin')
    c.header('Cross-Origin-Resource-Policy', 'same-origin')
    if (!c.res.headers.has('Cache-Control')) c.header('Cache-Control', 'no-store')
  }

const policy = (scripts: string[]): string =>
  [
    "default-src 'none'",
    `script-src ${["'self'", ...scripts.map((hash) => `'${hash}'`)].join(' ')}`,
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
