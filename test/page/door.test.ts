// Who gets in: one login link, one cookie, one address, one origin.
import fs from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { newLogin } from '../../src/adapters/page/index.ts'
import { home } from '../support/home.ts'
import { ask, listen, loggedIn } from './ask.ts'
import { world, type World } from './world.ts'

async function open(): Promise<{ made: World; folder: string }> {
  const folder = await home()
  const made = await world({ home: folder })
  onTestFinished(() => made.stop())
  return { made, folder }
}

describe('a login link', () => {
  test('lets in once, with a cookie no script and no other site can use', async () => {
    const { made } = await open()
    const link = new URL(await made.login())
    const first = await ask(made, link.pathname + link.search)
    expect(first.status).toBe(303)
    expect(first.headers['set-cookie']?.[0]).toMatch(/^backchannel_\d+=[\w-]{43}; .*HttpOnly.*SameSite=Strict/)
    const second = await ask(made, link.pathname + link.search)
    expect(second.status).toBe(410)
    expect(second.headers['set-cookie']).toBeUndefined()
    expect(second.text).toContain('backchannel login')
  })

  test('works for one of many who press it at the same time', async () => {
    const { made } = await open()
    const link = new URL(await made.login())
    const answers = await Promise.all(Array.from({ length: 12 }, () => ask(made, link.pathname + link.search)))
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(1)
  })

  test('made by another process works, and ends after ten minutes', async () => {
    const { made, folder } = await open()
    const tenMinutes = 10 * 60_000
    const links = [
      newLogin({ home: folder, port: made.port, now: Date.now() - tenMinutes - 1 }),
      newLogin({ home: folder, port: made.port, now: Date.now() - tenMinutes + 5_000 }),
    ]
    const [late, intime] = (await Promise.all(links)).map((link) => new URL(link))
    expect((await ask(made, `/login${late?.search}`)).status).toBe(410)
    expect((await ask(made, `/login${intime?.search}`)).status).toBe(303)
  })

  test('is not used up by a look at its head', async () => {
    const { made } = await open()
    const link = new URL(await made.login())
    await ask(made, link.pathname + link.search, { method: 'HEAD' })
    expect((await ask(made, link.pathname + link.search)).status).toBe(303)
  })

  test('is kept only as a hash, in files nobody else can read', async () => {
    const { made, folder } = await open()
    const token = new URL(await made.login()).searchParams.get('token') ?? ''
    await loggedIn(made)
    const files = await fs.readdir(path.join(folder, 'page'), { recursive: true, withFileTypes: true })
    const kept = files.filter((file) => file.isFile())
    expect(kept).toHaveLength(2)
    for (const file of kept) {
      const at = path.join(file.parentPath, file.name)
      expect((await fs.stat(at)).mode & 0o777).toBe(0o600)
      expect((await fs.readFile(at, 'utf8')) + at).not.toContain(token)
    }
  })
})

describe('a session', () => {
  test('survives a restart, and ends when logged out', async () => {
    const { made } = await open()
    const headers = await loggedIn(made)
    await made.stop()
    await made.start()
    expect((await ask(made, '/api/me', { headers })).status).toBe(200)
    expect((await ask(made, '/logout', { method: 'POST', headers })).status).toBe(200)
    expect((await ask(made, '/api/me', { headers })).status).toBe(401)
  })

  test('is needed for everything but the health check', async () => {
    const { made } = await open()
    for (const at of [
      '/api/me',
      '/api/tasks',
      '/api/tasks/t1/log/download',
      '/api/events',
      '/api/chat/messages',
      '/api/completion',
    ]) {
      const { status, text } = await ask(made, at)
      expect([at, status]).toEqual([at, 401])
      expect(text).toContain('backchannel login')
    }
    const pageAnswer = await ask(made, '/')
    expect(pageAnswer.status).toBe(401)
    expect(pageAnswer.text).toContain('backchannel login')
    expect((await ask(made, '/healthz')).status).toBe(200)
  })

  test('is asked for again, by our own page, when a link elsewhere leads here', async () => {
    const { made } = await open()
    const { status, text } = await ask(made, '/', { headers: { 'sec-fetch-site': 'cross-site' } })
    expect(status).toBe(200)
    expect(text).toContain('http-equiv="refresh"')
    expect(text).not.toContain('main.js')
  })
})

describe('the door', () => {
  test.each(['evil.example', 'evil.example:4747', '127.0.0.1:1', 'localhost', '127.0.0.1.evil.example'])(
    'is closed for the host %s',
    async (host) => {
      const { made } = await open()
      const headers = { ...(await loggedIn(made)), host }
      for (const at of ['/', '/api/me', '/healthz', '/assets/main.js', '/login?token=x'])
        expect((await ask(made, at, { headers })).status).toBe(403)
    },
  )

  test('is open for both names of this machine', async () => {
    const { made } = await open()
    expect((await ask(made, '/healthz', { headers: { host: `localhost:${made.port}` } })).status).toBe(200)
  })

  test('is closed for clicks and streams that another page asks for', async () => {
    const { made } = await open()
    const { cookie = '', origin = '' } = await loggedIn(made)
    const click = { key: 'click-0001', channel: 'general', id: 'v1:stop:t1::', values: {} }
    const post = (headers: Record<string, string>) =>
      ask(made, '/api/chat/clicks', { method: 'POST', body: click, headers: { cookie, ...headers } })
    expect((await post({ origin: 'http://evil.example' })).status).toBe(403)
    expect((await post({ origin: 'null' })).status).toBe(403)
    expect((await post({})).status).toBe(403)
    expect((await post({ origin, 'sec-fetch-site': 'same-site' })).status).toBe(403)
    expect(
      (await ask(made, '/logout', { method: 'POST', headers: { cookie, origin: 'http://evil.example' } })).status,
    ).toBe(403)
    expect((await listen(made, { cookie, origin: 'http://evil.example' })).status).toBe(403)
    expect((await listen(made, { cookie, 'sec-fetch-site': 'cross-site' })).status).toBe(403)
    expect(made.received).toEqual([])
    expect((await post({ origin })).status).toBe(200)
  })

  test('says what a browser must never do with the page', async () => {
    const { made } = await open()
    const { headers, text } = await ask(made, '/', { headers: await loggedIn(made) })
    const policy = String(headers['content-security-policy'])
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain('unsafe')
    expect(headers['x-content-type-options']).toBe('nosniff')
    expect(headers['referrer-policy']).toBe('no-referrer')
    expect(text.match(/<script(?! type="importmap"| type="module" src=)/g)).toBeNull()
    expect(text).not.toMatch(/<style|style=|\son\w+=/)
  })

  test('answers on 127.0.0.1 only, and says so when the port is taken', async () => {
    const { made, folder } = await open()
    await expect(world({ home: folder, port: made.port })).rejects.toThrow(`Port ${made.port} is in use`)
  })
})

test('the health check says 503 when something is down', async () => {
  const { made } = await open()
  made.health.ok = false
  const { status, json } = await ask(made, '/healthz')
  expect(status).toBe(503)
  expect(json()).toEqual({ ok: false })
})
