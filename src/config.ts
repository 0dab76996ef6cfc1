// The configuration: the only place that reads the environment, and the parser of `config.yaml`. What is wrong there is one
// sentence with file, line and key, and says what is allowed.

import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { LineCounter, parseDocument, type Document } from 'yaml'
import { z } from 'zod'
import { CHANNEL_KEYS, channel } from './config/channels.ts'
import { CHATS_FILE, chatsFile, chatsOf, wrongEndpoint, type Chats } from './config/chats.ts'
import { sessionEnv } from './config/env.ts'
import { PEOPLE_KEYS, people, persons, rolesThatAnswer } from './config/people.ts'
import { ASK_KEYS, permissions, whyNoRule } from './config/permissions.ts'
import type { Repo } from './task/house.ts'
import { LISTS, type RuleSource } from './task/policy/rule.ts'

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
  /** For its agents: which model and mode, directories besides its own, and whether the person's own settings count. */
  model: z.string().exactOptional(),
  mode: z.string().exactOptional(),
  add_dir: z.array(z.string()).exactOptional(),
  settings: z.enum(['own', 'isolated']).exactOptional(),
  /** Environment of its sessions, besides that of all. */
  env: z.record(z.string(), z.string()).exactOptional(),
  permissions,
})
const repo = z.preprocess((value) => (typeof value === 'string' ? { path: value } : value), repoKeys)

const schema = z.strictObject({
  slots: z.int().min(1).max(1_000).default(4),
  agent: name.default('claude'),
  remind_after: duration.default(30 * UNITS.m),
  park_after: duration.default(2 * UNITS.h),
  stop_grace: duration.default(5 * UNITS.s),
  /** A clean worktree of a task that ended so long ago is removed; its branch stays while it is the only one with its commits. */
  tidy_after: duration.default(7 * UNITS.d),
  log_max: size.default(64 * SIZES.MB),
  repos: z.record(name, repo).default({}),
  /** Which calls of agents are denied, asked or allowed in every repository; a repository may add its own. */
  permissions,
  /** Who else may do something, and which ids are of one person. */
  people,
  persons,
  /** Words in a task's thread of who may not steer it: kept from the agent, or marked. */
  outsiders: z.enum(['keep', 'mark'], 'keep or mark').default('keep'),
  /** What a channel of a chat takes when a command names nothing else. */
  channels: z.record(z.string(), channel).default({}),
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
  repos: (Repo & { rules: RuleSource[] })[]
  /** The rules of the whole house. */
  rules: RuleSource[]
  /** What sessions get, and nothing else; in a repository with something of its own, that besides. */
  sessionEnv: Record<string, string>
  repoEnv: Record<string, Record<string, string>>
  /** The chats besides the page. */
  chats: Chats
  /** All of the environment of this process: for what must not be shown anywhere. */
  environment: Record<string, string | undefined>
  /** The person this process belongs to. */
  user: { id: string; name: string }
}

const DEFAULT_PORT = 4747

/** Reads environment and `config.yaml`. Throws ConfigError. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const home = homeOf(env)
  const { settings, ...rules } = readFile(path.join(home, 'config.yaml'))
  const user = os.userInfo()
  return {
    home,
    port: portOf(env['PORT']),
    logLevel: levelOf(env['LOG_LEVEL']),
    settings,
    ...rules,
    sessionEnv: sessionEnv(env, settings.env),
    repoEnv: repoEnv(settings),
    chats: readChats(home, env),
    environment: env,
    user: { id: String(user.uid), name: user.username },
  }
}

export type Rules = Pick<Config, 'home' | 'repos' | 'rules'>

/** The rules alone, of the home or of any file; nothing else is looked at. Throws ConfigError. */
export function readRules(file: string | undefined, env: NodeJS.ProcessEnv = process.env): Rules {
  const home = homeOf(env)
  if (file !== undefined && !fs.existsSync(file)) throw new ConfigError(`${file} does not exist.`)
  const { repos, rules } = readFile(file ?? path.join(home, 'config.yaml'))
  return { home, repos, rules }
}

function readChats(home: string, env: NodeJS.ProcessEnv): Chats {
  const wrong = wrongEndpoint(env)
  if (wrong) throw new ConfigError(wrong)
  const file = path.join(home, CHATS_FILE)
  if (!fs.existsSync(file)) return chatsOf(env, null)
  const parsed = chatsFile.safeParse(parseDocument(fs.readFileSync(file, 'utf8')).toJS())
  if (parsed.success) return chatsOf(env, parsed.data)
  throw new ConfigError(`${file} cannot be read: remove it and run “backchannel setup” again.`)
}

const homeOf = (env: NodeJS.ProcessEnv): string => path.resolve(untilde(env['BACKCHANNEL_HOME'] || '~/.backchannel'))

type File = { settings: Settings } & Pick<Config, 'repos' | 'rules'>

function repoOf(label: string, given: Settings['repos'][string], from: string): Repo {
  const {
    path: where,
    model,
    mode,
    add_dir: directories = [],
    settings,
    env: _env,
    permissions: _rules,
    ...rest
  } = given
  const absolute = directories.map((one) => path.resolve(from, untilde(one)))
  const options = {
    ...(model && { model }),
    ...(mode && { mode }),
    ...(settings && { settings }),
    ...(absolute.length > 0 && { 'add-dir': absolute.join(',') }),
  }
  return { ...rest, name: label, path: path.resolve(from, untilde(where)), options }
}

const repoEnv = ({ repos }: Settings): Config['repoEnv'] =>
  Object.fromEntries(Object.entries(repos).map(([key, { env = {} }]) => [key, env]))

function readFile(file: string): File {
  let text: string
  try {
    text = fs.readFileSync(file, 'utf8')
  } catch (error) {
    // A home that is no folder is told so when it is opened.
    if (/^(ENOENT|ENOTDIR)$/u.test((error as NodeJS.ErrnoException).code ?? ''))
      return { settings: schema.parse({}), repos: [], rules: [] }
    throw new ConfigError(`${file} cannot be read: ${(error as Error).message}`)
  }
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const broken = document.errors[0]
  if (broken)
    throw new ConfigError(`${file}:${lines.linePos(broken.pos[0]).line}: this is not valid YAML: ${broken.message}.`)
  const parsed = schema.safeParse(valueOf(document, file) ?? {})
  if (!parsed.success) {
    const issue = parsed.error.issues[0] as z.core.$ZodIssue
    throw new ConfigError(sentence(file, issue, document, lines))
  }
  const settings = parsed.data
  const rulesAt = (lists: Settings['permissions'], ...keys: string[]): RuleSource[] =>
    LISTS.flatMap((list) =>
      lists[list].map((rule, index) => {
        const at = [...keys, 'permissions', list]
        const source = { list, ...rule, at: `${file}:${lineOf(document, [...at, index], lines)}` }
        const wrong = whyNoRule(source, rolesThatAnswer(settings.people))
        if (wrong) throw new ConfigError(`${source.at}: “${at.join('.')}”: ${wrong}.`)
        return source
      }),
    )
  const repos = Object.entries(settings.repos).map(([key, value]) => ({
    ...repoOf(key, value, path.dirname(file)),
    rules: rulesAt(value.permissions, 'repos', key),
  }))
  return { settings, repos, rules: rulesAt(settings.permissions) }
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
  permissions: [...LISTS],
  channels: CHANNEL_KEYS,
  people: PEOPLE_KEYS,
  ask: ASK_KEYS,
  env: ['pass', 'set'],
}

function sentence(file: string, issue: z.core.$ZodIssue, document: Document, lines: LineCounter): string {
  const unknownKey = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined
  const keys = [...issue.path, ...(unknownKey === undefined ? [] : [unknownKey])]
  const at = `${file}:${lineOf(document, keys, lines)}: “${keys.join('.') || 'the file'}”`
  if (unknownKey !== undefined) {
    const isAsk = typeof issue.path.at(-1) === 'number'
    const part = issue.path.includes('permissions') ? (isAsk ? 'ask' : 'permissions') : String(issue.path[0] ?? '')
    const allowed = KEYS_IN[part] ?? []
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
  if (issue.code === 'invalid_type' && issue.path[0] === 'repos' && issue.path.length === 2)
    return `a path, or a mapping with ${Object.keys(repoKeys.shape).join(', ')}`
  if (issue.code === 'invalid_type' && issue.path.at(-2) === 'ask')
    return `a rule (put it in quotes), or a mapping with ${ASK_KEYS.join(', ')}`
  if (issue.code === 'invalid_type') {
    const mapping = issue.expected === 'record' || issue.expected === 'object'
    return mapping ? 'a mapping of keys to values' : (TYPES[issue.expected] ?? issue.expected)
  }
  if (issue.code === 'too_small') return `at least ${issue.minimum}`
  if (issue.code === 'too_big') return `at most ${issue.maximum}`
  if (issue.code === 'invalid_key') return 'a name of small letters, digits, dots and dashes'
  return issue.message
}

/** The line of the deepest key, or place in a list, of the path that is there. */
function lineOf(document: Document, keys: PropertyKey[], lines: LineCounter): number {
  for (let depth = keys.length; depth > 0; depth--) {
    const key = keys[depth - 1]
    const parent = depth === 1 ? document.contents : document.getIn(keys.slice(0, depth - 1), true)
    const { items = [] } = (parent ?? {}) as { items?: Item[] }
    const node = typeof key === 'number' ? items[key] : items.find((item) => item.key?.value === key)?.key
    const start = node?.range?.[0]
    if (start !== undefined) return lines.linePos(start).line
  }
  return 1
}

type Item = { key?: { value?: unknown; range?: number[] }; range?: number[] }

/** A path as a shell reads it: `~` is the person's home. */
export function untilde(text: string): string {
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
