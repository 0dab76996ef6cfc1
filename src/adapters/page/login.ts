// Who may look at the page: whoever opened a login link once has a session cookie. Any page on this machine's browser and any
// other program can reach 127.0.0.1, so the address alone proves nothing.

import path from 'node:path'
import type { Context, MiddlewareHandler } from 'hono'
import { Hono } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import type { Instant } from '../../task/words.ts'
import { notice } from './shell.ts'
import { tokens, type Tokens } from './tokens.ts'

const LOGIN_LIFE_MS = 10 * 60_000
const SESSION_LIFE_MS = 90 * 24 * 60 * 60_000

const loginsIn = (home: string): Tokens => tokens(path.join(home, 'page', 'logins'), LOGIN_LIFE_MS)
const sessionsIn = (home: string): Tokens => tokens(path.join(home, 'page', 'sessions'), SESSION_LIFE_MS)

/** A fresh login link: works once, for ten minutes, in any process that serves this home. */
export async function newLogin({ home, port, now }: { home: string; port: number; now: Instant }): Promise<string> {
  const logins = loginsIn(home)
  await logins.sweep(now)
  return `http://127.0.0.1:${port}/login?token=${await logins.issue(now)}`
}

export type Login = { routes: Hono; required: MiddlewareHandler; isIn(c: Context): boolean }

export function login({ home, now, port }: { home: string; now: () => Instant; port: () => number }): Login {
  const logins = loginsIn(home)
  const sessions = sessionsIn(home)
  // Cookies are shared between the ports of a host, so the name says which page this one is for.
  const cookie = () => `backchannel_${port()}`

  function isIn(c: Context): boolean {
    const session = getCookie(c, cookie())
    return session !== undefined && sessions.has(session, now())
  }

  const routes = new Hono()
    .get('/login', async (c) => {
      if (isIn(c)) return c.redirect('/', 303)
      const token = c.req.query('token') ?? ''
      // A preview that asks for the head of the link must not use it up.
      if (c.req.method !== 'GET' || !(await logins.take(token, now()))) {
        return c.html(
          notice(
            'This login link no longer works',
            'A link works once, for ten minutes. For a new one, run this in a terminal:',
            'backchannel login',
          ),
          410,
        )
      }
      await sessions.sweep(now())
      setCookie(c, cookie(), await sessions.issue(now()), {
        httpOnly: true,
        sameSite: 'Strict',
        path: '/',
        maxAge: SESSION_LIFE_MS / 1000,
      })
      return c.redirect('/', 303)
    })
    .post('/logout', async (c) => {
      await sessions.take(getCookie(c, cookie()) ?? '', now())
      deleteCookie(c, cookie(), { path: '/' })
      return c.json({})
    })

  return {
    routes,
    isIn,
    async required(c, next) {
      if (isIn(c)) return next()
      return c.json(
        { error: 'You are not logged in: run “backchannel login” in a terminal and open the link it prints.' },
        401,
      )
    },
  }
}
