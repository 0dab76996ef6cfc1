// What `npm start` and `npm test` do before anything else, in a small project with a stand-in for npm and for Prisma's command.
import { spawn } from 'node:child_process'
import fs from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { home } from './support/home.ts'
import { until } from './support/until.ts'

const PREPARE = path.resolve(import.meta.dirname, '../scripts/prepare.mjs')

test('a fresh clone gets its packages and its database client', async () => {
  const clone = await project()
  expect(await clone.prepare()).toMatchObject({ code: 0 })
  expect(await clone.done()).toEqual(['npm ci', 'prisma generate'])
})

test('a second time there is nothing to do', async () => {
  const clone = await installed()
  expect(await clone.prepare()).toEqual({ code: 0, said: '' })
  expect(await clone.done()).toEqual([])
})

test('changed packages are brought up to date in place', async () => {
  const clone = await installed()
  await clone.write('package-lock.json', '{ "changed": true }')
  expect(await clone.prepare()).toMatchObject({ code: 0 })
  expect(await clone.done()).toEqual(['npm install'])
})

test('an install that was cut off is done again from nothing', async () => {
  const clone = await installed()
  await clone.write('package-lock.json', '{ "changed": true }')
  await clone.write('npm-fails', 'killed')
  expect(await clone.prepare()).toMatchObject({ code: 1 })
  await clone.remove('npm-fails')
  expect(await clone.prepare()).toMatchObject({ code: 0 })
  expect(await clone.done()).toEqual(['npm install', 'npm ci'])
})

test('a changed schema makes a new database client', async () => {
  const clone = await installed()
  await clone.write('prisma/schema.prisma', 'model Changed {}')
  expect(await clone.prepare()).toMatchObject({ code: 0 })
  expect(await clone.done()).toEqual(['prisma generate'])
})

test('a start never reinstalls while a session lives', async () => {
  const clone = await installed()
  await clone.write('package-lock.json', '{ "changed": true }')
  await clone.write('home/tasks/t1/1/session.json', JSON.stringify(await me()))
  expect(await clone.prepare('start')).toEqual({
    code: 0,
    said: expect.stringMatching(/^backchannel: 1 session is working, so /),
  })
  expect(await clone.done()).toEqual([])
})

test('a start with nothing installed says why it does not install while a session lives', async () => {
  const clone = await project()
  await clone.write('home/tasks/t1/1/session.json', JSON.stringify(await me()))
  expect(await clone.prepare('start')).toEqual({ code: 1, said: expect.stringContaining('nothing is installed here') })
})

test.each([
  ['whose process number belongs to another process now', { start: '1' }],
  ['of an earlier boot', { boot: 'another' }],
  ['whose file is not readable as one', { pid: 'none' }],
])('a session %s does not hold up a start', async (_, other) => {
  const clone = await installed()
  await clone.write('package-lock.json', '{ "changed": true }')
  await clone.write('home/tasks/t1/1/session.json', JSON.stringify({ ...(await me()), ...other }))
  expect(await clone.prepare('start')).toMatchObject({ code: 0 })
  expect(await clone.done()).toEqual(['npm install'])
})

test('two at once install once', async () => {
  const clone = await project()
  await clone.write('npm-waits', '')
  const first = clone.prepare()
  await until(async () => (await clone.done()).length === 1)
  const second = clone.prepare()
  await clone.remove('npm-waits')
  expect([(await first).code, (await second).code]).toEqual([0, 0])
  expect(await clone.done()).toEqual(['npm ci', 'prisma generate'])
})

test('a lock whose owner is gone is taken over', async () => {
  const clone = await project()
  await clone.write('.prepare.lock/4194304-1', '')
  expect(await clone.prepare()).toMatchObject({ code: 0 })
})

test('no network is one sentence', async () => {
  const clone = await project()
  await clone.write('npm-fails', 'npm error code ENOTFOUND\nnpm error request failed')
  expect(await clone.prepare()).toEqual({
    code: 1,
    said: expect.stringMatching(
      /^backchannel: installing .*\nbackchannel: npm cannot reach its package registry \(ENOTFOUND\); .*\.\n$/,
    ),
  })
})

test('no npm is one sentence', async () => {
  const clone = await project()
  const { code, said } = await clone.prepare('test', { npm_execpath: undefined, PATH: clone.folder })
  expect(code).toBe(1)
  expect(said).toContain('npm could not be started')
})

/** A process that is certainly alive: this one. */
async function me(): Promise<{ pid: number; start: string | undefined; boot: string }> {
  const stat = await fs.readFile('/proc/self/stat', 'utf8')
  const start = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  return { pid: process.pid, start, boot: (await fs.readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim() }
}

async function installed() {
  const clone = await project()
  await clone.prepare()
  await clone.remove('done')
  return clone
}

async function project() {
  const folder = await home()
  const write = async (file: string, text: string) => {
    await fs.mkdir(path.dirname(path.join(folder, file)), { recursive: true })
    await fs.writeFile(path.join(folder, file), text)
  }
  await write('scripts/prepare.mjs', await fs.readFile(PREPARE, 'utf8'))
  await write('package-lock.json', '{}')
  await write('prisma/schema.prisma', '')
  await write('npm-cli.js', NPM)
  return {
    folder,
    write,
    remove: (file: string) => fs.rm(path.join(folder, file)),
    done: async () =>
      (await fs.readFile(path.join(folder, 'done'), 'utf8').catch(() => '')).split('\n').filter(Boolean),
    prepare: (script = 'test', env: NodeJS.ProcessEnv = {}) =>
      run(folder, script, {
        BACKCHANNEL_HOME: path.join(folder, 'home'),
        npm_execpath: path.join(folder, 'npm-cli.js'),
        npm_node_execpath: process.execPath,
        ...env,
      }),
  }
}

function run(folder: string, script: string, env: NodeJS.ProcessEnv): Promise<{ code: number | null; said: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['scripts/prepare.mjs', script], {
      cwd: folder,
      env: { ...process.env, ...env },
    })
    let said = ''
    child.stdout.on('data', (text: Buffer) => (said += text.toString()))
    child.stderr.on('data', (text: Buffer) => (said += text.toString()))
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, said }))
  })
}

const NPM = `
const fs = require('node:fs')
fs.appendFileSync('done', 'npm ' + process.argv[2] + '\\n')
while (fs.existsSync('npm-waits')) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20)
if (fs.existsSync('npm-fails')) {
  console.error(fs.readFileSync('npm-fails', 'utf8'))
  process.exit(1)
}
fs.mkdirSync('node_modules/.bin', { recursive: true })
fs.mkdirSync('node_modules/prisma/build', { recursive: true })
fs.writeFileSync('node_modules/.package-lock.json', '{}')
fs.rmSync('node_modules/.bin/node', { force: true })
fs.symlinkSync(process.execPath, 'node_modules/.bin/node')
fs.writeFileSync('node_modules/prisma/package.json', '{ "version": "1.0.0" }')
fs.writeFileSync('node_modules/prisma/build/index.js', \`
  const fs = require('node:fs')
  fs.appendFileSync('done', 'prisma ' + process.argv[2] + '\\\\n')
  fs.mkdirSync('src/generated', { recursive: true })
\`)
`
