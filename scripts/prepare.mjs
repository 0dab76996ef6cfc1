// Makes a fresh clone, or one that was just pulled, ready to run: packages as the lock file says, the database client as the schema says.
// Plain JavaScript with nothing but node: imports, because it runs before anything is installed and on the machine's own, older Node.js.
// It must not touch the packages while sessions live when called as `prepare.mjs start`: their files would change under running work.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const LOCK_WAIT_MS = 10 * 60_000
const LOCK_POLL_MS = 200
const NPM_RETRY_AFTER_MS = 2_000
const NPM_ERROR_LINES_MAX = 12

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const modules = path.join(root, 'node_modules')
const bundledNode = path.join(modules, '.bin', 'node')
const packagesStamp = path.join(modules, '.backchannel-packages')
const clientStamp = path.join(root, 'src', 'generated', '.backchannel-schema')
const lock = path.join(root, '.prepare.lock')

try {
  prepare({ starting: process.argv[2] === 'start' })
} catch (error) {
  console.error(`backchannel: ${error instanceof Error ? error.message : String(error)}`)
  process.exit(1)
}

/** @param {{ starting: boolean }} how */
function prepare({ starting }) {
  const mayInstall = packagesAreCurrent() || !starting || mayInstallNow()
  if ((packagesAreCurrent() || !mayInstall) && clientIsCurrent()) return
  holdingLock(() => {
    if (mayInstall && !packagesAreCurrent()) install()
    if (!clientIsCurrent()) generateClient()
  })
}

// Packages

function packagesAreCurrent() {
  return read(packagesStamp) === packagesWanted() && fs.existsSync(bundledNode)
}

function packagesWanted() {
  return hashOf(path.join(root, 'package-lock.json'))
}

function mayInstallNow() {
  const live = liveSessions()
  if (live === 0) return true
  const sessions = live === 1 ? '1 session is' : `${live} sessions are`
  if (!fs.existsSync(bundledNode)) {
    throw new Error(
      `nothing is installed here, and ${sessions} still working, so nothing is installed now; let the work end, or run npm ci yourself.`,
    )
  }
  console.error(
    `backchannel: ${sessions} working, so the changed packages are installed at a later start; going on with those that are here.`,
  )
  return false
}

/** Brings the packages up to date in place where that is safe, else from nothing, which also mends an install that was cut off. */
function install() {
  const inPlace = fs.existsSync(path.join(modules, '.package-lock.json')) && read(packagesStamp) !== 'installing'
  console.error(`backchannel: installing packages${inPlace ? '' : ' (about half a minute, only the first time)'} …`)
  if (inPlace) fs.writeFileSync(packagesStamp, 'installing')
  const wanted = packagesWanted()
  npm([
    ...(inPlace ? ['install', '--no-save'] : ['ci']),
    '--include=dev',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    `--fetch-retry-mintimeout=${NPM_RETRY_AFTER_MS}`,
    `--fetch-retry-maxtimeout=${NPM_RETRY_AFTER_MS}`,
  ])
  if (!fs.existsSync(bundledNode)) {
    throw new Error(
      'npm installed the packages but not their Node.js 24; allow install scripts (npm config get ignore-scripts) and delete node_modules.',
    )
  }
  fs.writeFileSync(packagesStamp, wanted)
}

/** @param {string[]} args */
function npm(args) {
  const script = process.env.npm_execpath?.endsWith('npm-cli.js') ? process.env.npm_execpath : undefined
  const command = script ? (process.env.npm_node_execpath ?? process.execPath) : 'npm'
  const run = spawnSync(command, script ? [script, ...args] : args, {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  if (run.error)
    throw new Error(
      `npm could not be started (${run.error.message}); install Node.js with npm and run the command again.`,
    )
  if (run.status === 0) return
  const unreachable =
    /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT)\b/.exec(
      run.stderr,
    )
  if (unreachable) {
    throw new Error(
      `npm cannot reach its package registry (${unreachable[1]}); connect to the network once and run the command again.`,
    )
  }
  console.error(run.stderr.trim().split('\n').slice(0, NPM_ERROR_LINES_MAX).join('\n'))
  throw new Error(`npm ${args[0]} failed (${run.signal ?? `exit ${run.status}`}); its own words are above.`)
}

// The database client

function clientIsCurrent() {
  return read(clientStamp) === clientWanted()
}

function clientWanted() {
  const prisma = read(path.join(modules, 'prisma', 'package.json')) ?? ''
  const version = /"version": "([^"]+)"/.exec(prisma)?.[1] ?? 'none'
  return `${version} ${hashOf(path.join(root, 'prisma', 'schema.prisma'))}`
}

function generateClient() {
  const wanted = clientWanted()
  const run = spawnSync(bundledNode, [path.join(modules, 'prisma', 'build', 'index.js'), 'generate'], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, CHECKPOINT_DISABLE: '1', PRISMA_HIDE_UPDATE_MESSAGE: '1' },
  })
  if (run.status !== 0) {
    console.error((run.stderr ?? '').trim())
    throw new Error(
      `prisma generate failed (${run.error?.message ?? run.signal ?? `exit ${run.status}`}), so there is no database client.`,
    )
  }
  fs.writeFileSync(clientStamp, wanted)
}

// Sessions

/** Counts the session processes that are alive: the same process (start time, boot) as the one that wrote its file, and not a zombie. */
function liveSessions() {
  const tasks = path.join(process.env.BACKCHANNEL_HOME || path.join(os.homedir(), '.backchannel'), 'tasks')
  let live = 0
  for (const task of entries(tasks)) {
    for (const attempt of entries(path.join(tasks, task))) {
      if (isAlive(readSession(path.join(tasks, task, attempt, 'session.json')))) live += 1
    }
  }
  return live
}

/** @param {{ pid?: unknown, start?: unknown, boot?: unknown }} session */
function isAlive({ pid, start, boot }) {
  if (typeof pid !== 'number' || !Number.isInteger(pid) || pid <= 0) return false
  if (!fs.existsSync('/proc/self/stat')) return answersSignals(pid)
  const now = identityOf(pid)
  return (
    now !== undefined &&
    now.start === String(start) &&
    read('/proc/sys/kernel/random/boot_id')?.trim() === String(boot).trim()
  )
}

/** @param {number} pid */
function identityOf(pid) {
  const stat = read(`/proc/${pid}/stat`)
  if (stat === undefined) return undefined
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields[0] === 'Z' || fields[0] === 'X' ? undefined : { start: fields[19] ?? '' }
}

/** @param {number} pid */
function answersSignals(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}

// One at a time: a folder holding one file that is named after its owner. It is prepared aside and moved into place, so it never exists
// without an owner; a move replaces an empty folder only, so whoever clears away a dead owner's file can never clear away a living one's.

/** @param {() => void} work */
function holdingLock(work) {
  const owner = `${process.pid}-${identityOf(process.pid)?.start ?? 0}`
  acquireLock(owner)
  try {
    work()
  } finally {
    fs.rmSync(path.join(lock, owner), { force: true })
  }
}

/** @param {string} owner */
function acquireLock(owner) {
  const aside = `${lock}.${owner}`
  fs.mkdirSync(aside, { recursive: true })
  fs.writeFileSync(path.join(aside, owner), '')
  const deadline = Date.now() + LOCK_WAIT_MS
  for (let told = false; !moved(aside, lock);) {
    const others = entries(lock)
    const living = others.filter(isLivingOwner)
    for (const gone of others.filter((other) => !living.includes(other)))
      fs.rmSync(path.join(lock, gone), { force: true })
    if (living.length === 0) continue
    if (Date.now() > deadline) {
      fs.rmSync(aside, { recursive: true, force: true })
      throw new Error(`process ${living[0]} has been installing for ten minutes; end it, then run the command again.`)
    }
    if (!told) console.error(`backchannel: process ${living[0]} is installing; waiting for it.`)
    told = true
    pause(LOCK_POLL_MS)
  }
}

/** @param {string} from @param {string} to */
function moved(from, to) {
  try {
    fs.renameSync(from, to)
    return true
  } catch (error) {
    if (codeOf(error) === 'ENOTEMPTY' || codeOf(error) === 'EEXIST') return false
    throw error
  }
}

/** @param {string} owner */
function isLivingOwner(owner) {
  const [pid = '', start = ''] = owner.split('-')
  return fs.existsSync('/proc/self/stat') ? identityOf(Number(pid))?.start === start : answersSignals(Number(pid))
}

// Files

/** @param {string} file */
function read(file) {
  try {
    return fs.readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

/** @param {string} folder */
function entries(folder) {
  try {
    return fs.readdirSync(folder)
  } catch {
    return []
  }
}

/** @param {string} file */
function hashOf(file) {
  return createHash('sha256').update(fs.readFileSync(file)).digest('hex')
}

/** @param {string} file @returns {{ pid?: unknown, start?: unknown, boot?: unknown }} */
function readSession(file) {
  try {
    /** @type {unknown} */
    const session = JSON.parse(read(file) ?? '')
    return typeof session === 'object' && session !== null ? session : {}
  } catch {
    return {}
  }
}

/** @param {unknown} error */
function codeOf(error) {
  return error instanceof Error && 'code' in error ? error.code : undefined
}

/** @param {number} milliseconds */
function pause(milliseconds) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)
}
