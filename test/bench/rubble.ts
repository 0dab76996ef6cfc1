// Whatever the bench makes, and its end: folders, processes, and the sessions of its homes, which outlive those who started them.

import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { endSessions } from '../journeys/sessions.ts'

/** Short, because the paths of sockets are limited to 107 bytes. */
let root: string | null = null
const homes = new Set<string>()
const children = new Set<ChildProcess>()
let ending = false

export function folder(name: string): string {
  root ??= fs.mkdtempSync(path.join(os.tmpdir(), 'bcb-'))
  return fs.mkdtempSync(path.join(root, `${name}-`))
}

/** A home of Backchannel, with this `config.yaml`. */
export function newHome(config = ''): string {
  const home = path.join(folder('h'), 'home')
  fs.mkdirSync(home, { mode: 0o700 })
  fs.writeFileSync(path.join(home, 'config.yaml'), config)
  homes.add(home)
  return home
}

/** A process, of this node unless said otherwise; it ends with the bench at the latest. */
export function start(args: string[], options: SpawnOptions, command = process.execPath): ChildProcess {
  if (ending) throw new Error('the bench is being ended')
  const child = spawn(command, args, options)
  children.add(child)
  child.once('exit', () => children.delete(child))
  return child
}

export async function end(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill(signal)
  await exited
}

/** Ends all there is. Those who start sessions end before what they started. */
export async function tidy(): Promise<void> {
  await Promise.all([...children].map((child) => end(child, 'SIGKILL')))
  for (const home of homes) await endSessions(home)
  homes.clear()
  if (root) fs.rmSync(root, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
  root = null
}

/** Also when the bench is ended from outside. */
export function tidyWhenSignalled(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      if (ending) return
      ending = true
      void tidy().finally(() => process.exit(130))
    })
}
