// What may stand where in the sources, as data. A rule's title is the sentence it fails with; `breaks` is code it must find.
import type { Found, Import, Source } from './sources.ts'

export type Rule = {
  title: string
  /** Sentences about what is wrong in this source, if it is one the rule is about. */
  check: (source: Source) => string[]
  breaks: { path: string; code: string }[]
}

/** `may`: folders (`src/task/`), files, modules (`zod`), `prefix*`, `own` folder; `mayType`: these for types alone. */
type Room = { room: string; may: string[]; mayType?: string[]; breaks: [path: string, imports: string][] }

/** Loads the agent whose module it is told when it starts, so that the runner knows no agent. Nothing else loads what it is told. */
const LOADS_WHAT_IT_IS_TOLD = 'src/runner/session/main.ts'

/** A session process that waited is given the environment of its attempt: it sets what others find there, and reads nothing. */
const TAKES_OVER = 'src/runner/session/main.ts'

const AGENT_SDKS = ['@anthropic-ai/*']
const CHAT_SDKS = ['@slack/*', 'discord.js', '@discordjs/*', 'discord-api-types*', 'hono*', '@hono/*']
const PAGE_SDKS = ['hono*', '@hono/*', 'preact*', 'htm*']

const ROOMS: Room[] = [
  {
    room: 'src/task',
    may: ['own'],
    breaks: [
      ['src/task/plan.ts', 'node:fs'],
      ['src/task/plan.ts', 'zod'],
      ['src/task/decide/vote.ts', '../../runner/journal.ts'],
    ],
  },
  {
    room: 'src/runner',
    may: ['own', 'src/task/', 'node:*'],
    breaks: [
      ['src/runner/loop.ts', '../bot/views.ts'],
      ['src/runner/loop.ts', '../adapters/store/journal.ts'],
      ['src/runner/loop.ts', 'pino'],
    ],
  },
  {
    room: 'src/bot',
    may: ['own', 'src/task/', 'src/runner/journal.ts', 'src/runner/folds.ts', 'src/runner/watched.ts', 'node:*'],
    breaks: [
      ['src/bot/surface.ts', '../runner/agent.ts'],
      ['src/bot/surface.ts', '../adapters/chat/slack/index.ts'],
      ['src/bot/surface.ts', '@slack/bolt'],
    ],
  },
  {
    room: 'src/adapters/agent/*',
    may: ['own', 'src/runner/agent.ts', 'src/runner/command.ts', 'node:*', 'zod', ...AGENT_SDKS],
    mayType: ['src/task/'],
    breaks: [
      ['src/adapters/agent/claude/gate.ts', '../../../task/evolve.ts'],
      ['src/adapters/agent/claude/gate.ts', '../../../runner/journal.ts'],
      ['src/adapters/agent/claude/gate.ts', '../shell/index.ts'],
      ['src/adapters/agent/claude/gate.ts', '@slack/bolt'],
    ],
  },
  {
    room: 'src/adapters/chat/*',
    may: [
      'own',
      'src/bot/chat.ts',
      'src/bot/chat-log.ts',
      'src/bot/unseen.ts',
      'src/task/card.ts',
      'node:*',
      'zod',
      ...CHAT_SDKS,
    ],
    mayType: ['src/task/words.ts'],
    breaks: [
      ['src/adapters/chat/slack/index.ts', '../../../task/task.ts'],
      ['src/adapters/chat/slack/index.ts', '../../../bot/views.ts'],
      ['src/adapters/chat/slack/index.ts', '../discord/index.ts'],
    ],
  },
  {
    room: 'src/adapters/page',
    may: ['own', 'src/bot/views.ts', 'src/task/card.ts', 'node:*', 'zod', ...PAGE_SDKS],
    mayType: ['src/task/words.ts'],
    breaks: [
      ['src/adapters/page/server.ts', '../chat/web/index.ts'],
      ['src/adapters/page/server.ts', '../../generated/client.ts'],
      ['src/adapters/page/client/board.js', '../../../task/task.ts'],
    ],
  },
  {
    room: 'src/adapters/store',
    may: ['own', 'src/runner/journal.ts', 'src/generated/', '@prisma/*', 'better-sqlite3', 'node:*', 'zod'],
    mayType: ['src/runner/', 'src/bot/', 'src/task/'],
    breaks: [
      ['src/adapters/store/journal.ts', '../../task/plan.ts'],
      ['src/adapters/store/journal.ts', '../../bot/surface.ts'],
      ['src/adapters/store/journal.ts', '../page/server.ts'],
    ],
  },
  {
    room: 'src/adapters/shell-parser',
    may: ['own', 'unbash', 'node:*'],
    mayType: ['src/task/policy/'],
    breaks: [
      ['src/adapters/shell-parser/index.ts', '../../task/policy/judge.ts'],
      ['src/adapters/shell-parser/index.ts', '../../runner/agent.ts'],
    ],
  },
  {
    room: 'src/adapters/secrets',
    may: ['own', '@secretlint/*'],
    breaks: [['src/adapters/secrets/index.ts', '../../runner/journal.ts']],
  },
  { room: 'src/cli', may: ['*'], breaks: [] },
  { room: 'src/config', may: ['own', 'zod', 'node:path', 'src/task/'], breaks: [['src/config/people.ts', 'node:fs']] },
  {
    room: 'src/config.ts',
    may: ['own', 'node:*', 'zod', 'yaml', 'src/config/', 'src/task/'],
    breaks: [['src/config.ts', './cli/up.ts']],
  },
]

/** A platform or agent is named only by its own adapter and where everything is put together. `inside`: the name alone counts, or within words. */
type Name = { name: string; match: 'inside' | 'alone'; where: string[] }

const NAMES: Name[] = [
  { name: 'slack', match: 'inside', where: ['src/adapters/chat/slack/'] },
  { name: 'discord', match: 'inside', where: ['src/adapters/chat/discord/'] },
  { name: 'claude', match: 'inside', where: ['src/adapters/agent/claude/'] },
  { name: 'codex', match: 'inside', where: ['src/adapters/agent/codex/'] },
  { name: 'web', match: 'alone', where: ['src/adapters/chat/web/', 'src/adapters/page/'] },
  { name: 'shell', match: 'alone', where: ['src/adapters/agent/shell/', 'src/adapters/shell-parser/'] },
  { name: 'demo', match: 'alone', where: ['src/adapters/agent/demo/'] },
]
const NAMES_KNOWN_BY = ['src/cli/', 'src/config.ts', 'src/config/']

const CLOCKS = [
  'Date.now',
  'new Date()',
  'Date()',
  'performance.now',
  'setTimeout()',
  'setInterval()',
  'setImmediate()',
]
const CHANCE = ['Math.random', 'crypto.randomUUID', 'crypto.getRandomValues']
const LINES_MAX = 300

export const RULES: Rule[] = [
  {
    title: 'every source file is valid code',
    check: (source) => source.errors.map((error) => `cannot be read: ${error}`),
    breaks: [{ path: 'src/task/plan.ts', code: 'export function plan() {' }],
  },
  {
    title: 'every source file lies in a room of the map',
    check: (source) => (isSource(source) && roomOf(source.path) === undefined ? ['lies in no room'] : []),
    breaks: [{ path: 'src/utils/strings.ts', code: '' }],
  },
  ...ROOMS.filter((room) => !room.may.includes('*')).map(importRule),
  {
    title: 'src/task reads no clock and draws no chance',
    check: (source) =>
      source.path.startsWith('src/task/')
        ? tell(source.uses, (use) => [...CLOCKS, ...CHANCE].includes(use), 'uses')
        : [],
    breaks: ['Date.now()', 'new Date()', 'Math.random()', 'performance.now()', "Date['now']()"].map((code) => ({
      path: 'src/task/due.ts',
      code: `export const x = ${code}`,
    })),
  },
  ...NAMES.map(nameRule),
  {
    title: 'src/config.ts alone reads the environment',
    check: (source) => {
      if (!isSource(source) || ['src/config.ts', TAKES_OVER].includes(source.path)) return []
      return [
        ...tell(source.uses, (use) => /(^|\.)process\.env$/.test(use), 'reads'),
        ...(source.imports.some((one) => /^(node:)?process$/.test(one.target)) ? ['imports process'] : []),
      ]
    },
    breaks: [
      { path: 'src/cli/main.ts', code: 'export const home = process.env.HOME' },
      { path: 'src/runner/loop.ts', code: 'export const { HOME } = process.env' },
      { path: 'src/bot/surface.ts', code: "import { env } from 'node:process'" },
    ],
  },
  {
    title: `no source file has more than ${LINES_MAX} lines`,
    check: (source) => (isSource(source) && source.lines > LINES_MAX ? [`has ${source.lines} lines`] : []),
    breaks: [{ path: 'src/bot/commands.ts', code: 'export {}\n'.repeat(LINES_MAX + 1) }],
  },
  {
    title: 'nothing is mocked: fakes are real servers, processes and databases',
    check: (source) => tell(source.uses, (use) => /^(vi|vitest)\.(mock|doMock|useFakeTimers)$/.test(use), 'uses'),
    breaks: [{ path: 'test/bot/surface.test.ts', code: "vi.mock('../../src/bot/surface.ts')" }],
  },
]

function importRule({ room, may, mayType = [], breaks }: Room): Rule {
  const words = [...may.map((one) => (one === 'own' ? 'itself' : one)), ...mayType.map((one) => `types of ${one}`)]
  return {
    title: `${room} imports only ${words.join(', ')}`,
    check: (source) => {
      const own = ownFolder(room, source.path)
      if (own === undefined) return []
      const allows = (one: Import, pattern: string) => matches(pattern === 'own' ? own : pattern, one.target)
      return source.imports
        .filter((one) => one.target !== '(computed)' || source.path !== LOADS_WHAT_IT_IS_TOLD)
        .filter((one) => !may.some((pattern) => allows(one, pattern)))
        .filter((one) => !one.typeOnly || !mayType.some((pattern) => allows(one, pattern)))
        .map((one) => `line ${one.line} imports ${one.target}`)
    },
    breaks: [
      ...breaks.map(([path, from]) => ({ path, code: `import { x } from '${from}'` })),
      { path: breaks[0]?.[0] ?? '', code: 'export const load = (name: string) => import(name)' },
    ],
  }
}

function nameRule({ name, match, where }: Name): Rule {
  const named = (text: string) => (match === 'alone' ? text === name : text.toLowerCase().includes(name))
  return {
    title: `the name ${name} occurs only in ${[...where, ...NAMES_KNOWN_BY].join(', ')}`,
    check: (source) => {
      if (!isSource(source) || [...where, ...NAMES_KNOWN_BY].some((one) => matches(one, source.path))) return []
      const modules = source.imports.map((one) => ({ text: one.target, line: one.line }))
      const more = match === 'inside' ? [...source.names, ...modules] : []
      return tell([...source.strings, ...more], named, 'says')
    },
    breaks: [
      { path: 'src/bot/surface.ts', code: `export const is = (chat: string) => chat === '${name}'` },
      { path: 'src/adapters/agent/other/launch.ts', code: `export type Only = '${name}'` },
    ],
  }
}

function isSource(source: Source): boolean {
  return source.path.startsWith('src/')
}

function roomOf(path: string): Room | undefined {
  return ROOMS.find(({ room }) => ownFolder(room, path) !== undefined)
}

/** The folder (or file) of a room that a path lies in; in `src/adapters/chat/*` every chat has a folder of its own. */
function ownFolder(room: string, path: string): string | undefined {
  if (room === path) return room
  if (!room.endsWith('/*')) return path.startsWith(`${room}/`) ? `${room}/` : undefined
  const base = room.slice(0, -1)
  const name = path.startsWith(base) ? path.slice(base.length).split('/') : []
  return name.length > 1 ? `${base}${name[0]}/` : undefined
}

function matches(pattern: string, target: string): boolean {
  if (pattern.endsWith('*')) return target.startsWith(pattern.slice(0, -1))
  return pattern.endsWith('/') ? target.startsWith(pattern) : target === pattern
}

function tell(found: Found[], isWrong: (text: string) => boolean, verb: string): string[] {
  return found.filter((one) => isWrong(one.text)).map((one) => `line ${one.line} ${verb} ${one.text}`)
}
