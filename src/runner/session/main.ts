// A session process: `node main.ts <directory of the attempt>`. It owns one attempt of one task and outlives whoever started
// it. All it needs is imported before it claims the attempt, because an upgrade may replace the files under it; only `node:`
// modules and types, because there is one such process per running task and every library costs it memory.

import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Agent } from '../agent.ts'
import { FILES } from '../attempt-files.ts'
import { identify } from '../processes.ts'
import type { Spec } from '../protocol.ts'
import { Attempt } from './attempt.ts'
import { claim } from './claim.ts'
import { parseSpec } from './messages.ts'

const dir = process.argv[2]
if (!dir) throw new Error('usage: node main.ts <directory of the attempt>')
const spec = parseSpec(readFileSync(join(dir, FILES.spec), 'utf8'))
const { agent } = (await import(spec.agentModule)) as { agent: Agent }
const self = identify(process.pid)
if (!self) throw new Error('a session process needs /proc, as Linux has it')
if (claim(dir, self)) {
  forgetValues(dir, spec)
  await live(new Attempt(dir, spec, agent))
}
process.exit(0)

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
