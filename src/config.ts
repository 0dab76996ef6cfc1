// The configuration: the only place that reads the environment, and the parser of `config.yaml`. What is wrong there is one
// sentence with file, line and key, and says what is allowed.

import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { LineCounter, parseDocument, type Document } from 'yaml'
import { z } from 'zod'

/** A mistake of whoever set things up; the message is the sentence to show. */
export class ConfigError extends Error {}

const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const
const SIZES = { KB: 1_000, MB: 1_000_000, GB: 1_000_000_000 } as const

const duration = z
  .string()
  .regex(/^\d+(ms|s|m|h|d)$/u, 'a duration such as 30s, 10m, 2h or 1d')
  .transform((text) => scaled(text, UNITS))
const size = z
  .string()
  .regex(/^\d+(KB|MB|GB)$/u, 'a size such as 500KB, 64MB or 1GB')
  .transform((text) => scaled(text, SIZES))
const name = z.string().regex(/^[a-z0-9][a-z0-9._-]*$/u, 'a name of small letters, digits, dots and dashes')

function scaled(text: string, units: Record<string, number>): number {
  const [, amount = '0', unit = ''] = /^(\d+)(\D+)$/u.exec(text) ?? []
  return Number(amount) * (units[unit] ?? 1)
}

const command = z.string().min(1, 'a command, such as npm ci')
const repoKeys = z.strictObject({
  path: z.string(),
  base: z.string().nullable().default(null),
  /** Run in a new worktree before the agent begins. */
  setup: command.exactOptional(),
  /** Run after an agent says it is done. */
  check: command.exactOptional(),
})
const repo = z.union([z.string(), repoKeys])

const schema = z.strictObject({
  slots: z.int().min(1).max(1_000).default(4),
  agent: name.default('demo'),
  remind_after: duration.default(30 * UNITS.m),
  park_after: duration.default(2 * UNITS.h),
  stop_grace: duration.default(5 * UNITS.s),
  /** A clean worktree of a task that ended so long ago is removed; its branch stays while it is the only one with its commits. */
  tidy_after: duration.default(7 * UNITS.d),
  log_max: size.default(64 * SIZES.MB),
  repos: z.record(name, repo).default({}),
  /** What a channel of a chat takes when a command names nothing else. */
  channels: z.record(z.string(), z.strictObject({ repo: z.string() })).default({}),
  /** Environment of sessions: names taken over from ours, and values set. */
  env: z
    .strictObject({ pass: z.array(z.string()).default([]), set: z.record(z.string(), z.string()).default({}) })
    .prefault({}),
})

export type Settings = z.infer<typeof schema>

export type Config = {
  home: string
  port: number
  logLevel: string
  settings: Settings
  /** Repositories as configured, `~` and relative paths (from the home) made absolute. */
  repos: { name: string; path: string; base: string | null; setup?: string; check?: string }[]
  /** What sessions get, and nothing else. */
  sessionEnv: Record<string, string>
  /** The person this process belongs to. */
  user: { id: string; name: string }
}

const DEFAULT_PORT = 4747

/** Reads environment and `config.yaml`. Throws ConfigError. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const home = path.resolve(untilde(env['BACKCHANNEL_HOME'] || '~/.backchannel'))
  const settings = readSettings(path.join(home, 'config.yaml'))
  const repos = Object.entries(settings.repos).map(([key, value]) => {
    const given = typeof value === 'string' ? { path: value, base: null } : value
    return { ...given, name: key, path: path.resolve(home, untilde(given.path)) }
  })
  const user = os.userInfo()
  return {
    home,
    port: portOf(env['PORT']),
    logLevel: levelOf(env['LOG_LEVEL']),
    settings,
    repos,
    sessionEnv: sessionEnv(env, settings),
    user: { id: String(user.uid), name: user.username },
  }
}

function readSettings(file: string): Settings {
  let text: string
  try {
    text = fs.readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return schema.parse({})
    throw new ConfigError(`${file} cannot be read: ${(error as Error).message}`)
  }
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const broken = document.errors[0]
  if (broken)
    throw new ConfigError(`${file}:${lines.linePos(broken.pos[0]).line}: this is not valid YAML: ${broken.message}.`)
  const parsed = schema.safeParse(valueOf(document, file) ?? {})
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0] as z.core.$ZodIssue
  throw new ConfigError(sentence(file, issue, document, lines))
}

/** References to what is not there come out only now. */
function valueOf(document: Document, file: string): unknown {
  try {
    return document.toJS()
  } catch (error) {
    throw new ConfigError(`${file}: this is not valid YAML: ${(error as Error).message}.`)
  }
}

/** The keys that are possible in a part of the file. */
const KEYS_IN: Record<string, string[]> = {
  '': Object.keys(schema.shape),
  repos: Object.keys(repoKeys.shape),
  channels: ['repo'],
  env: ['pass', 'set'],
}

function sentence(file: string, issue: z.core.$ZodIssue, document: Document, lines: LineCounter): string {
  const unknownKey = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined
  const keys = [...issue.path, ...(unknownKey === undefined ? [] : [unknownKey])]
  const at = `${file}:${lineOf(document, keys, lines)}: “${keys.join('.') || 'the file'}”`
  if (unknownKey !== undefined) {
    const allowed = KEYS_IN[String(issue.path[0] ?? '')] ?? []
    return `${at} is not a key here; possible: ${allowed.join(', ')}.`
  }
  return `${at} must be ${expectation(issue)}.`
}

const TYPES: Record<string, string> = {
  int: 'a whole number',
  number: 'a number',
  string: 'text (put it in quotes)',
  array: 'a list',
}

function expectation(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') {
    const mapping = issue.expected === 'record' || issue.expected === 'object'
    return mapping ? 'a mapping of keys to values' : (TYPES[issue.expected] ?? issue.expected)
  }
  if (issue.code === 'too_small') return `at least ${issue.minimum}`
  if (issue.code === 'too_big') return `at most ${issue.maximum}`
  if (issue.code === 'invalid_union') return 'a path, or a mapping with path, base, setup and check'
  if (issue.code === 'invalid_key') return 'a name of small letters, digits, dots and dashes'
  return issue.message
}

/** The line of the deepest key of the path that is there. */
function lineOf(document: Document, keys: PropertyKey[], lines: LineCounter): number {
  for (let depth = keys.length; depth > 0; depth--) {
    const parent = document.getIn(keys.slice(0, depth - 1), true) as
      | { items?: { key?: { value?: unknown; range?: number[] } }[] }
      | undefined
    const node = (depth === 1 ? (document.contents as typeof parent) : parent)?.items?.find(
      (item) => item.key?.value === keys[depth - 1],
    )
    const start = node?.key?.range?.[0]
    if (start !== undefined) return lines.linePos(start).line
  }
  return 1
}

function untilde(text: string): string {
  return text === '~' || text.startsWith('~/') ? path.join(os.homedir(), text.slice(1)) : text
}

function portOf(text: string | undefined): number {
  if (!text) return DEFAULT_PORT
  const port = Number(text)
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  throw new ConfigError(`PORT=${text} is not a port: set a number from 0 to 65535.`)
}

const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']

function levelOf(text: string | undefined): string {
  if (!text) return 'info'
  if (LEVELS.includes(text)) return text
  throw new ConfigError(`LOG_LEVEL=${text} is not a level: set one of ${LEVELS.join(', ')}.`)
}

const PASSED =
  /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_.*|TZ|TMPDIR|XDG_.*|SSH_AUTH_SOCK|GPG_AGENT_INFO|GNUPGHOME|(https?|no|all|ftp)_proxy|(HTTPS?|NO|ALL|FTP)_PROXY|SSL_CERT_.*|NODE_EXTRA_CA_CERTS|ANTHROPIC_.*|CLAUDE_.*|AWS_PROFILE|AWS_REGION|GOPATH|GOROOT|CARGO_HOME|RUSTUP_HOME|JAVA_HOME|PYENV_ROOT|NVM_DIR|PNPM_HOME|VOLTA_HOME)$/u

/** Explicit: what is not named here or in `env` stays with us, the tokens of the bot first of all. */
function sessionEnv(env: NodeJS.ProcessEnv, settings: Settings): Record<string, string> {
  const passed = Object.entries(env).filter(
    ([key, value]) => value !== undefined && (PASSED.test(key) || settings.env.pass.includes(key)),
  )
  return { ...(Object.fromEntries(passed) as Record<string, string>), PATH: ownPath(env), ...settings.env.set }
}

/** npm puts its own folders in front while it runs a script; the person's commands must find the person's programs. */
function ownPath(env: NodeJS.ProcessEnv): string {
  const folders = (env['PATH'] ?? '').split(path.delimiter)
  if (!env['npm_lifecycle_event']) return folders.join(path.delimiter)
  return folders.filter((folder) => !/node_modules[/\\]\.bin$|node-gyp-bin$/u.test(folder)).join(path.delimiter)
}
