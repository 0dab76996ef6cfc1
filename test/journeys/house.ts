// A home and the real processes in it: `up` (or `bot`, `runner`), the command line, sessions. Nothing is made up. Whatever was
// started here is ended with the test, sessions included.
import { spawn, type ChildProcess } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { onTestFailed, onTestFinished } from 'vitest'
import type { TaskDetail, TaskRow } from '../../src/bot/views.ts'
import { CACHE, home as temporary, warm } from '../support/home.ts'
import { until } from '../support/until.ts'
import { endSessions } from './sessions.ts'
import { open, type Page } from './page.ts'

const MAIN = path.join(import.meta.dirname, '../../src/cli/main.ts')
const CLI_MS_MAX = 60_000
export const SLOW = { within: 45_000 }

export type Ran = { code: number; out: string; err: string }
export type RunOptions = { cwd?: string; env?: Record<string, string>; input?: string }
export type Up = {
  child: ChildProcess
  page: Page
  /** The login link it printed. */
  link: string
  words: () => string
  kill9(): Promise<void>
  end(): Promise<number>
}

export type House = {
  home: string
  /** What processes of this house are given. */
  environment: Record<string, string>
  /** `enters`: the login link is used for `page`; else it is left for who opens it. `again`: at the port it had before. */
  up(options?: { verb?: string; env?: Record<string, string>; enters?: boolean; again?: boolean }): Promise<Up>
  /** Runs a verb to its end. */
  cli(args: string[], options?: RunOptions): Promise<Ran>
  /** A verb that goes on, such as `logs --follow`. */
  live(args: string[], options?: RunOptions): { child: ChildProcess; out: () => string; ended: Promise<Ran> }
  tasks(): Promise<TaskRow[]>
  task(id: string): Promise<TaskDetail>
  /** Kills everything there is at once: `up`, sessions, agents and what they started. */
  killAll(): Promise<void>
}

type Wish = { config?: string; folder?: string; env?: Record<string, string> }

/** A home of its own for the test that is running. */
export async function house({ config, folder, env: own = {} }: Wish = {}): Promise<House> {
  const home = folder ?? path.join(await temporary(), 'home')
  const started = new Set<ChildProcess>()
  onTestFinished(async () => {
    for (const child of started) child.kill('SIGKILL')
    await Promise.all([...started].map(gone))
    await endSessions(home)
  })
  fs.mkdirSync(home, { recursive: true, mode: 0o700 })
  if (folder === undefined) warm(home)
  if (config !== undefined) fs.writeFileSync(path.join(home, 'config.yaml'), config)

  const begin = (args: string[], { cwd = os.tmpdir(), env = {}, input }: RunOptions = {}) => {
    const child = spawn(process.execPath, [MAIN, ...args], {
      cwd,
      env: { ...environment(home), ...own, ...env },
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    })
    started.add(child)
    child.once('exit', () => started.delete(child))
    const said = { out: '', err: '' }
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (said.out += text))
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (said.err += text))
    child.stdin?.end(input)
    const ended = new Promise<Ran>((resolve) =>
      child.once('close', (code, signal) => resolve({ code: code ?? 128, ...said, ...(signal && { signal }) })),
    )
    return { child, out: () => said.out, err: () => said.err, ended }
  }

  async function cli(args: string[], options?: RunOptions): Promise<Ran> {
    const { child, ended } = begin(args, options)
    const timer = setTimeout(() => child.kill('SIGKILL'), CLI_MS_MAX)
    const ran = await ended
    clearTimeout(timer)
    return ran
  }

  async function json<T>(...args: string[]): Promise<T> {
    const { code, out, err } = await cli([...args, '--json'])
    if (code !== 0) throw new Error(`${args.join(' ')}: ${err}`)
    return JSON.parse(out) as T
  }

  return {
    home,
    environment: { ...environment(home), ...own },
    cli,
    live: begin,
    tasks: () => json<TaskRow[]>('tasks'),
    task: (id) => json<TaskDetail>('show', id),
    async up({ verb = 'up', env = {}, enters = true, again = false } = {}) {
      const at = again ? { PORT: fs.readFileSync(path.join(home, 'page.port'), 'utf8') } : {}
      const { child, out, err, ended } = begin([verb], { env: { ...at, ...env } })
      const words = () => `${out()}${err()}`
      onTestFailed(() => console.error(words()))
      await until(() => out().includes('Ctrl-C') || child.exitCode !== null, { ...SLOW, what: `${verb} is up` })
      if (!out().includes('Ctrl-C')) throw new Error(`${verb} did not start: ${words()}`)
      const link = /http:\S+/.exec(out())?.[0]
      return {
        child,
        words,
        page: await open(enters ? link : undefined),
        link: link ?? '',
        async kill9() {
          child.kill('SIGKILL')
          await ended
        },
        async end() {
          child.kill('SIGTERM')
          return (await ended).code
        },
      }
    },
    async killAll() {
      const children = [...started]
      for (const child of children) child.kill('SIGKILL')
      await endSessions(home)
      await Promise.all(children.map(gone))
    },
  }
}

/** All a person's shell would hand over that matters here, and nothing of the test runner's own. */
const environment = (home: string): Record<string, string> => ({
  PATH: process.env['PATH'] ?? '',
  HOME: path.dirname(home),
  TMPDIR: os.tmpdir(),
  LANG: 'C.UTF-8',
  PORT: '0',
  BACKCHANNEL_HOME: home,
  BACKCHANNEL_TEST: process.env['BACKCHANNEL_TEST'] ?? '',
  NODE_COMPILE_CACHE: CACHE,
})

const gone = (child: ChildProcess): Promise<void> =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve()
    : new Promise((resolve) => child.once('exit', () => resolve()))
