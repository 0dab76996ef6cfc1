// Real session processes for the tests of this folder: started, watched and always ended.
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { attemptDir, FILES } from '../../src/runner/attempt-files.ts'
import type { Gone } from '../../src/runner/attachment.ts'
import type { SessionEvent } from '../../src/runner/protocol.ts'
import { Sessions, type Begin } from '../../src/runner/sessions.ts'
import type { Answer, Ask } from '../../src/task/request.ts'
import type { Progress } from '../../src/task/report.ts'
import { warmHome } from '../support/home.ts'
import { until } from '../support/until.ts'

export const AGENTS = {
  shell: new URL('../../src/adapters/agent/shell/index.ts', import.meta.url).href,
  demo: new URL('../../src/adapters/agent/demo/index.ts', import.meta.url).href,
}
/** What judges calls: a process that waits has it loaded. */
export const DOOR = new URL('../../src/adapters/shell-parser/index.ts', import.meta.url).href
export const ENV = { PATH: process.env['PATH'] ?? '/usr/bin:/bin', HOME: '/nonexistent', LANG: 'C.UTF-8' }

export type Heard = { events: SessionEvent[]; progress: Progress[]; gone: Gone | null }

export type House = {
  home: string
  /** A directory to work in. */
  dir: string
  sessions: Sessions
  start(begin?: Partial<Begin>): Heard
  attach(task: string, attempt?: number, after?: number): Heard
  file(name: keyof typeof FILES, task?: string, attempt?: number): string
  pid(task?: string, attempt?: number): Promise<number>
}

/** A home with its sessions; every attempt begun in it is ended when the test is over. */
export async function house(place?: string, { spare = false } = {}): Promise<House> {
  const where = place ?? (await warmHome())
  const sessions = new Sessions(where, spare ? { door: DOOR } : {})
  const dir = join(where, 'work')
  mkdirSync(dir, { recursive: true })
  const begun = new Map<string, number>()
  onTestFinished(async () => {
    await sessions.close()
    for (const [task, attempt] of begun) for (let n = 1; n <= attempt; n++) await sessions.endAll(task, n, 0)
  })
  const attach = (task: string, attempt = 1, after = 0): Heard => {
    const heard: Heard = { events: [], progress: [], gone: null }
    begun.set(task, Math.max(attempt, begun.get(task) ?? 0))
    sessions.attach(task, attempt, after, {
      event: (event) => void heard.events.push(event),
      progress: (progress) => void heard.progress.push(progress),
      gone: (gone) => void (heard.gone = gone),
    })
    return heard
  }
  const file = (name: keyof typeof FILES, task = 't1', attempt = 1): string =>
    join(attemptDir(where, task, attempt), FILES[name])
  return {
    home: where,
    dir,
    sessions,
    attach,
    file,
    start(begin = {}) {
      const all = { ...BEGIN, work: { kind: 'here', repo: null, path: dir } as const, ...begin }
      begun.set(all.task, all.attempt)
      sessions.start(all)
      return attach(all.task, all.attempt)
    },
    async pid(task = 't1', attempt = 1) {
      const path = file('owner', task, attempt)
      await until(() => existsSync(path))
      return (JSON.parse(readFileSync(path, 'utf8')) as { pid: number }).pid
    },
  }
}

const BEGIN = {
  task: 't1',
  attempt: 1,
  agentModule: AGENTS.shell,
  prompt: 'true',
  turn: 1,
  begun: false,
  resume: null,
  answers: [],
  guidance: [],
  options: {},
  env: ENV,
  logBytesMax: 50_000_000,
  stopGraceMs: 1000,
} satisfies Omit<Begin, 'work'>

/** How a runner begins the attempt that follows on others, with nothing for it yet. */
export function next(before: Heard[]): Pick<Begin, 'attempt' | 'begun' | 'resume'> {
  const events = before.flatMap((one) => one.events)
  const session = events.flatMap((event) => (event.type === 'identified' ? event.session : []))[0] ?? null
  return { attempt: before.length + 1, begun: session !== null, resume: session }
}

/** The last event, once the attempt is gone: how it ended. */
export async function ending(heard: Heard): Promise<SessionEvent> {
  await until(() => heard.gone, { what: 'the attempt is gone' })
  const last = heard.events.at(-1)
  if (!last) throw new Error(`it ended without an event: ${JSON.stringify(heard.gone)}`)
  return last
}

/** The `n`th request that was made. */
export async function asked(heard: Heard, n = 1): Promise<Ask> {
  const found = await until(() => heard.events.filter((event) => event.type === 'requested')[n - 1], {
    what: `request ${n}`,
  })
  return found.ask
}

export function answerTo(ask: Ask, option: string, values: Record<string, string> = {}): Answer {
  const chosen = ask.options.find((one) => one.id === option)
  if (!chosen) throw new Error(`no option ${option} in ${ask.options.map((one) => one.id).join(', ')}`)
  const call = { ...(ask.tool && { tool: ask.tool }), ...(ask.inputHash && { inputHash: ask.inputHash }) }
  return { request: ask.id, kind: ask.kind, ...call, option, effect: chosen.effect, values, by: 'ann' }
}

/** The answer that allows just this once, whatever the agent calls it. */
export function yes(ask: Ask): Answer {
  const option = ask.options.find(({ effect, rule, fields }) => effect === 'allow' && !rule && !fields)
  return answerTo(ask, option?.id ?? 'none that allows once')
}

/** The answer that denies and lets it go on, with a reason where the agent takes one. */
export function no(ask: Ask, reason?: string): Answer {
  const option = ask.options.find(({ effect, stops }) => effect === 'deny' && !stops)
  const field = option?.fields?.[0]?.id
  return answerTo(ask, option?.id ?? 'none that denies', reason && field ? { [field]: reason } : {})
}
