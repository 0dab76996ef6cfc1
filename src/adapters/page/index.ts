// The local page: its server, bound to 127.0.0.1 only. It reads through the read port and hands chat on to routes it is
// given; it decides nothing and knows neither agents nor the database.

import type { AddressInfo } from 'node:net'
import { serve, type ServerType } from '@hono/node-server'
import { Hono } from 'hono'
import type { Instant } from '../../task/words.ts'
import { api, type Looks } from './api.ts'
import { assets } from './assets.ts'
import { headers, onlyOurPage, onlyPeople, onlyThisHost, type Callers } from './doors.ts'
import { events, type Changes, type Feed } from './events.ts'
import { login, newLogin } from './login.ts'
import { IMPORTS_HASH, notice } from './shell.ts'

export type { Completion } from './api.ts'
export { newLogin } from './login.ts'

const ADDRESS = '127.0.0.1'

/** `ok` decides between 200 and 503; the rest is shown as it is. */
export type Health = { ok: boolean; [part: string]: unknown }

export type PageOptions = Looks & {
  chat: { routes: Hono; feed: Feed }
  health: () => Health | Promise<Health>
  changes: Changes
  callers: Callers
  now: () => Instant
  /** 0: whichever is free. */
  port: number
  home: string
  /** Told what went wrong where a request could not be answered. */
  failed?: (error: Error) => void
}

export type Page = {
  /** Rejects with a sentence when the port is taken. */
  start(): Promise<{ port: number; url: string }>
  stop(): Promise<void>
  /** A fresh login link: works once, for ten minutes. */
  newLogin(): Promise<string>
}

export function page(options: PageOptions): Page {
  const { home, now } = options
  let server: ServerType | null = null
  let port = options.port
  const app = site(options, () => port)

  return {
    async start() {
      server = await listen(app, options.port)
      port = (server.address() as AddressInfo).port
      return { port, url: `http://${ADDRESS}:${port}/` }
    },
    async stop() {
      const ending = server
      server = null
      if (!ending) return
      await new Promise<void>((resolve) => {
        ending.close(() => resolve())
        if ('closeAllConnections' in ending) ending.closeAllConnections()
      })
    },
    newLogin: () => newLogin({ home, port, now: now() }),
  }
}

function site(options: PageOptions, port: () => number): Hono {
  const { chat, changes, callers, health, home, now, failed } = options
  const { routes: files, html } = assets()
  const door = login({ home, now, port })

  const app = new Hono()
    .use(headers([IMPORTS_HASH]))
    .use(onlyThisHost(port))
    .get('/healthz', async (c) => {
      const found = await health()
      return c.json(found, found.ok ? 200 : 503)
    })
    .get('/assets/*', (c) => files.fetch(c.req.raw))
    .get('/vendor/*', (c) => files.fetch(c.req.raw))
    .use('*', onlyPeople(callers))
    .use('/api/*', onlyOurPage, door.required)
    .use('/logout', onlyOurPage)
    .route('/', door.routes)
    .get('/api/events', (c) => events(c, chat.feed, changes))
    .route('/api/chat', chat.routes)
    .route('/api', api(options))
    .all('/api/*', (c) => c.json({ error: 'There is nothing here.' }, 404))
    .get('*', async (c) => {
      if (door.isIn(c)) return c.html(html)
      // A Strict cookie stays home when a link elsewhere leads here, so the page is asked for once more, from itself.
      if (c.req.header('sec-fetch-site') === 'cross-site')
        return c.html('<!doctype html><title>Backchannel</title><meta http-equiv="refresh" content="0">')
      return c.html(
        notice(
          'You are not logged in',
          'To open Backchannel’s page, run this in a terminal and open the link it prints:',
          'backchannel login',
        ),
        401,
      )
    })

  app.onError((error, c) => {
    failed?.(error)
    return c.json({ error: 'Backchannel could not do this. What was typed is kept: try again.' }, 500)
  })
  return app
}

async function listen(app: Hono, port: number): Promise<ServerType> {
  const { promise, resolve, reject } = Promise.withResolvers<ServerType>()
  const server = serve({ fetch: app.fetch, hostname: ADDRESS, port }, () => resolve(server))
  server.once('error', (error: NodeJS.ErrnoException) => {
    const taken = error.code === 'EADDRINUSE'
    reject(taken ? new Error(`Port ${port} is in use: end what uses it, or set PORT to another one.`) : error)
  })
  return promise
}
