// A session process: `node main.ts <directory of the attempt>`. It owns one attempt of one task and outlives whoever started
// it. All it needs is imported before it claims the attempt, because an upgrade may replace the files under it; only `node:`
// modules and types, because there is one such process per running task and every library costs it memory.

import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { flushCompileCache } from 'node:module'
import { join } from 'node:path'
import type { Agent } from '../agent.ts'
import { FILES } from '../attempt-files.ts'
import { identify } from '../processes.ts'
import type { Spec } from '../protocol.ts'
import { Attempt } from './attempt.ts'
import { claim } from './claim.ts'
import type { Gate } from './gate.ts'
import { parseLine } from '../lines.ts'
import { WAITS } from '../session-process.ts'
import { parseSpec } from './messages.ts'

const STRIPPER = 'NativeModule internal/deps/amaro/dist/index'
const AGAIN = 'again'

const [, , what, ...more] = process.argv
if (!what) throw new Error('usage: node main.ts <directory of the attempt>')
const dir = what === WAITS ? await told(more) : what
const spec = parseSpec(readFileSync(join(dir, FILES.spec), 'utf8'))
const { agent } = (await import(spec.agentModule)) as { agent: Agent }
if (what === WAITS) takeOver(dir, spec)
if (hasStrippedTypes() && (what === WAITS || more.at(-1) !== AGAIN)) {
  await loadAll(spec)
  beginAgain(dir)
}
const gate = await gateOf(spec)
const self = identify(process.pid)
if (!self) throw new Error('a session process needs /proc, as Linux has it')
if (claim(dir, self)) {
  forgetValues(dir, spec)
  await live(new Attempt(dir, spec, agent, gate))
}
process.exit(0)

/** Stripping types takes 35 MB that node never gives back; files from its cache have theirs stripped already. */
function hasStrippedTypes(): boolean {
  return (
    'moduleLoadList' in process && Array.isArray(process.moduleLoadList) && process.moduleLoadList.includes(STRIPPER)
  )
}

/** The gate is loaded where calls are judged: it costs 8 MB. */
async function gateOf({ policy, door }: Spec): Promise<Gate | null> {
  if (!policy || door === undefined) return null
  const gates = await import('./gate.ts')
  const made = new gates.Gate(policy, () => import(door))
  await made.prepare()
  return made
}

/** Waits until an attempt is to be begun; without one there is nothing to do, and nobody to be told so. */
async function told([errors = '', door = '']: string[]): Promise<string> {
  await loadAll({ door })
  if (hasStrippedTypes() && more.at(-1) !== AGAIN) beginAgain(WAITS, errors, door)
  let text = ''
  for await (const chunk of process.stdin.setEncoding('utf8')) text += String(chunk)
  const line = text.endsWith('\n') ? parseLine(text) : null
  if (typeof line?.['dir'] === 'string') return line['dir']
  rmSync(errors, { force: true })
  process.exit(0)
}

/** As if it had been started for this attempt. */
function takeOver(where: string, { env }: Spec): void {
  process.chdir(where)
  const { NODE_OPTIONS: _, ...rest } = env
  Object.assign(process.env, rest)
}

/** So that the cache has it for those that need it. */
async function loadAll({ door }: Pick<Spec, 'door'>): Promise<void> {
  await import('./gate.ts')
  if (door !== undefined) await import(door)
}

/** The first process after an installation or an upgrade fills the cache and becomes itself once more, with the same pid. */
function beginAgain(...args: string[]): void {
  flushCompileCache()
  process.execve?.(process.execPath, [process.execPath, import.meta.filename, ...args, AGAIN])
}

async function live(attempt: Attempt): Promise<void> {
  process.on('SIGTERM', () => attempt.stop())
  process.on('SIGINT', () => attempt.stop())
  process.on('SIGHUP', () => {})
  process.on('uncaughtException', (error) => attempt.fail(error))
  process.on('unhandledRejection', (error) => attempt.fail(error))
  try {
    await attempt.live()
  } catch (error) {
    console.error(error)
    process.exit(1)
  }
}

/** The environment holds keys, and nobody reads it again: what stays in the directory is its names. */
function forgetValues(where: string, { env, ...rest }: Spec): void {
  const names = Object.fromEntries(Object.keys(env).map((name) => [name, '']))
  const temporary = join(where, `${FILES.spec}.new`)
  writeFileSync(temporary, JSON.stringify({ ...rest, env: names }), { mode: 0o600 })
  renameSync(temporary, join(where, FILES.spec))
}
