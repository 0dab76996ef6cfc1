// What the board, a task page, its log, its diff and its files read.
import fs from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { home } from '../support/home.ts'
import { ask, loggedIn } from './ask.ts'
import { world, type World } from './world.ts'

async function open(): Promise<{ made: World; get: (path: string) => ReturnType<typeof ask> }> {
  const made = await world({ home: await home() })
  onTestFinished(() => made.stop())
  const headers = await loggedIn(made)
  return { made, get: (path) => ask(made, path, { headers }) }
}

test('the board is every task by what it needs', async () => {
  const { get } = await open()
  const board = (await get('/api/tasks')).json() as Record<string, { id: string }[]>
  const ids = (column: string) => board[column]?.map(({ id }) => id)
  expect([ids('needs'), ids('working'), ids('done'), board['more']]).toEqual([
    ['t1', 't2'],
    ['t3', 't5'],
    ['t4', 't6', 't7'],
    false,
  ])
})

test('a task comes with its cards and the thread it is talked about in', async () => {
  const { made, get } = await open()
  const { task, cards, thread } = (await get('/api/tasks/t1')).json() as {
    task: { id: string }
    cards: { key: string }[]
    thread: string
  }
  expect([task.id, cards.map(({ key }) => key)]).toEqual(['t1', ['status', 'request:r0', 'request:r1']])
  expect((await made.log.get(thread))?.content).toMatchObject({ card: { title: 'login-rate-limiter' } })
  expect((await get(`/api/threads/${thread}/task`)).json()).toEqual({ task: 't1' })
  expect((await get('/api/tasks/none')).status).toBe(404)
})

test('the log is read from its end, from an offset, and by what its lines contain', async () => {
  const { made, get } = await open()
  made.logs.set('t3', 'one\ntwo\nthree\n')
  const read = async (query: string) => (await get(`/api/tasks/t3/log?${query}`)).json()
  expect(await read('tail=1')).toEqual({ text: 'three\n', from: 8, next: 14, bytes: 14, ended: false })
  expect(await read('from=4&bytesMax=3')).toMatchObject({ text: 'two', next: 7 })
  expect(await read('grep=t')).toMatchObject({ text: 'two\nthree' })
  expect((await get('/api/tasks/none/log')).status).toBe(404)
})

test.each(['from=-1', 'tail=x', 'tail=100000', `grep=${'x'.repeat(600)}`, 'from=1.5'])(
  'a log cannot be asked for by %s',
  async (query) => {
    const { get } = await open()
    const { status, json } = await get(`/api/tasks/t3/log?${query}`)
    expect(status).toBe(400)
    expect(json()['error']).toMatch(/^A log is asked for by/)
  },
)

test('the whole log is a file that no browser takes for a page', async () => {
  const { made, get } = await open()
  made.logs.set('t7', '<script>1</script>'.repeat(10_000))
  const { headers, text } = await get('/api/tasks/t7/log/download')
  expect(headers['content-type']).toBe('text/plain; charset=utf-8')
  expect(headers['content-disposition']).toMatch(/^attachment; filename\*=UTF-8''[\w%.~!*()'-]+$/)
  expect(headers['x-content-type-options']).toBe('nosniff')
  expect(text).toHaveLength(180_000)
})

test('a diff, or why there is none', async () => {
  const { get } = await open()
  expect((await get('/api/tasks/t4/diff')).json()).toMatchObject({
    base: 'main@4be70c1',
    files: [{ path: 'src/limit.ts' }, {}],
  })
  expect((await get('/api/tasks/t5/diff')).json()).toEqual({ refused: expect.stringContaining('checkout') as string })
})

test('a file of a workspace is shown as what it is, and nothing in it can run, load or look at the page', async () => {
  const folder = await home()
  const made = await world({ home: folder })
  onTestFinished(() => made.stop())
  fs.mkdirSync(`${folder}/workspace/docs`, { recursive: true })
  const types: Record<string, string> = {
    'docs/ü 100%.md': 'text/plain; charset=utf-8',
    'report.html': 'text/html; charset=utf-8',
    'p.svg': 'image/svg+xml',
    'x.pdf': 'application/octet-stream',
    'y.xhtml': 'application/octet-stream',
  }
  const headers = await loggedIn(made)
  for (const [name, type] of Object.entries(types)) {
    fs.writeFileSync(`${folder}/workspace/${name}`, '<script>1</script>')
    const path = `/api/tasks/t4/files/${name.split('/').map(encodeURIComponent).join('/')}`
    const found = await ask(made, path, { headers })
    expect([found.status, found.text, found.headers['content-type']]).toEqual([200, '<script>1</script>', type])
    expect(found.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY' })
    expect(found.headers['content-security-policy']).toMatch(
      /^sandbox; default-src 'none'; style-src 'unsafe-inline'; /,
    )
    expect(found.headers['content-disposition']).toBe(type.startsWith('application') ? 'attachment' : undefined)
    expect((await ask(made, path)).status).toBe(401)
  }
  for (const name of ['none.md', '..%2f..%2fetc%2fpasswd', '%ff', '']) {
    const { status, json } = await ask(made, `/api/tasks/t4/files/${name}`, { headers })
    expect([status, json()['error']]).toEqual([404, expect.stringMatching(/^(There is no file|This is not the name)/)])
  }
})

test('what does not exist is a sentence', async () => {
  const { get } = await open()
  for (const path of ['/api/none', '/assets/none.js', '/vendor/..%2f..%2fpackage.json', '/api/tasks?before=x&task=']) {
    const { status, json } = await get(path)
    expect([404, 400]).toContain(status)
    expect(json()['error']).toMatch(/^(There is|This page)/)
  }
})

test('modules are served as they are, and only when they changed', async () => {
  const { get, made } = await open()
  const first = await get('/assets/main.js')
  expect([first.status, first.headers['content-type']]).toEqual([200, 'text/javascript; charset=utf-8'])
  expect(
    (await ask(made, '/assets/main.js', { headers: { 'if-none-match': String(first.headers.etag) } })).status,
  ).toBe(304)
  for (const name of ['preact', 'hooks', 'htm']) expect((await get(`/vendor/${name}.mjs`)).status).toBe(200)
})
