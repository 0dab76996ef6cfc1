// `backchannel help [VERB]`, and `VERB --help`: what each verb is for, as data. One line of each makes the list of all.

import { unknown } from '../bot/words.ts'
import { UsageError } from './args.ts'
import { say } from './print.ts'

type Lines = Record<string, string>
type Help = { usage: string[]; says: string; flags?: Lines; words?: string }

const JSON_FLAG: Lines = { '--json': 'as JSON, for programs' }
const TASK = 'A TASK is its id, its label, or the beginning of either.'
const FLAGS_FIRST = 'Flags stand before the text, or behind a text in quotes; “--” ends them.'

const BEGINNING: Lines = {
  '--repo NAME|PATH': 'in which repository; by default the one you are in',
  '--label L': 'what to call it',
  '--timeout 10m': 'stop it after so long: 90s, 10m, 2h',
  '--base BRANCH': 'branch or commit its worktree begins from',
  '--notify WHEN': 'whom its cards call: on-block, on-complete, always, off',
  '--worktree': 'in a worktree of its own',
  '--follow': 'print its log until it ends; the exit code is then its own',
  '--json': 'the task as JSON; with --follow as it is at its end, without its log',
}

const STAYS = 'It stays until Ctrl-C; what it started goes on.'

const HELP: Record<string, Help> = {
  up: { usage: ['up'], says: 'bot, runner and page together (npm start)', words: STAYS },
  bot: { usage: ['bot'], says: 'the chats and the page alone', words: STAYS },
  runner: { usage: ['runner'], says: 'what starts and watches sessions, alone', words: STAYS },
  start: {
    usage: ['start [flags] WHAT TO DO'],
    says: 'a job for an agent, in a worktree of its own',
    flags: {
      '--agent A': 'which agent; by default that of config.yaml',
      ...BEGINNING,
      '--here': 'in the checkout itself instead',
      '--check COMMAND': 'run when it says it is done',
      '--model M': 'which model',
      '--mode plan': 'how it asks; “plan” begins with a plan',
      '--add-dir D': 'directories besides its own, with commas',
      '--env A=b': 'environment for this task alone, with commas',
      '--speed N': 'demo: so many times as fast',
      '--settings own|isolated': 'whether your own settings of the agent count',
    },
    words: FLAGS_FIRST,
  },
  run: {
    usage: ['run [flags] COMMAND'],
    says: 'a command in the background, where you are',
    flags: BEGINNING,
    words: FLAGS_FIRST,
  },
  tasks: {
    usage: ['tasks [--active]'],
    says: 'what there is',
    flags: { '--active': 'only what has not ended', '--limit N': 'so many, newest first; 50 by default', ...JSON_FLAG },
  },
  show: {
    usage: ['show TASK'],
    says: 'where it stands',
    flags: { '--json': 'all of it, its facts as well' },
    words: TASK,
  },
  logs: {
    usage: ['logs TASK [--tail N] [--grep TEXT] [--file] [--follow]'],
    says: 'what it printed',
    flags: {
      '--tail N': 'only the last N lines',
      '--grep TEXT': 'only lines with this text',
      '--follow': 'as it grows, until it ends; the exit code is then its own',
      '--file': 'where the log lies',
      '--json': 'one object, with the text and its place in the log; with --follow at its end',
    },
    words: TASK,
  },
  diff: {
    usage: ['diff TASK [--stat]'],
    says: 'what it changed',
    flags: { '--stat': 'only numbers', ...JSON_FLAG },
    words: TASK,
  },
  answer: {
    usage: ['answer TASK [REQUEST] OPTION|words'],
    says: 'answers what it asks',
    flags: JSON_FLAG,
    words: `“show TASK” lists what it asks and the options. Several answers of a form have “|” between them. ${TASK}`,
  },
  guide: { usage: ['guide TASK words'], says: 'guides it; after its end, continues it', flags: JSON_FLAG, words: TASK },
  attach: {
    usage: ['attach TASK'],
    says: 'takes its conversation into this terminal, until you leave it',
    words: TASK,
  },
  interrupt: {
    usage: ['interrupt TASK'],
    says: 'breaks off its turn; it goes on with what was said meanwhile',
    flags: JSON_FLAG,
    words: TASK,
  },
  stop: { usage: ['stop TASK'], says: 'ends it and everything it started', flags: JSON_FLAG, words: TASK },
  commit: { usage: ['commit TASK [message]'], says: 'commits its work, on its branch', flags: JSON_FLAG, words: TASK },
  discard: {
    usage: ['discard TASK [--yes]'],
    says: 'puts its work away for 30 days',
    flags: { '--yes': 'without asking once more', ...JSON_FLAG },
    words: TASK,
  },
  restore: { usage: ['restore TASK'], says: 'brings back what was discarded', flags: JSON_FLAG, words: TASK },
  repo: {
    usage: ['repo add PATH [--name N]', 'repo remove NAME', 'repo'],
    says: 'makes a repository known; “repo” lists them',
    flags: { '--name N': 'what to call it', '--base BRANCH': 'what worktrees begin from', ...JSON_FLAG },
  },
  policy: {
    usage: ["policy explain 'Bash(git push -f)'", 'policy lint'],
    says: 'what the rules say about a call, and why; what is odd about them',
    flags: {
      '--config FILE': 'the rules of this file',
      '--repo NAME': 'for this repository; by default the one you are in',
      ...JSON_FLAG,
    },
  },
  rules: { usage: ['rules [revoke ID]'], says: 'what people allowed always; takes one back', flags: JSON_FLAG },
  login: { usage: ['login'], says: 'a new link to the page; it works once, for ten minutes' },
  pair: { usage: ['pair'], says: 'a code that makes you an owner in a chat' },
  setup: {
    usage: ['setup slack | discord'],
    says: 'connects a chat, step by step',
    flags: {
      '--bot-token T': 'slack: the bot token (xoxb-…), instead of being asked',
      '--app-token T': 'slack: the app-level token (xapp-…)',
      '--token T': 'discord: the token of the bot',
    },
  },
  audit: {
    usage: ['audit [--task T] [--by WHO] [--since 2h|DATE] [--type FACT]'],
    says: 'what people decided',
    flags: {
      '--task TASK': 'about this task',
      '--by WHO': 'by a name, or CHAT:ID',
      '--since 2h|DATE': 'of the last two hours, or since a day such as 2026-01-31',
      '--type FACT': 'of this type, such as voted',
      '--json': 'as JSON, one object a line',
    },
  },
  verify: {
    usage: ['verify [--noted HASH]'],
    says: 'proves that the journal was not altered',
    flags: { '--noted HASH': 'since a hash it printed before', ...JSON_FLAG },
  },
  doctor: { usage: ['doctor'], says: 'what is here and what is missing', flags: JSON_FLAG },
  help: { usage: ['help [VERB]'], says: 'this list, or all about one verb; VERB --help does the same' },
}

/** Verbs whose words may be about flags of other programs: behind a first word nothing is asked about ours. */
const WITH_TEXT = ['start', 'run', 'answer', 'guide', 'commit']

/** Whether these words of a verb ask what it is for. */
export function isHelp(verb: string, argv: string[]): boolean {
  const flags = argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv
  return (WITH_TEXT.includes(verb) ? flags.slice(0, 1) : flags).some((word) => ['--help', '-h'].includes(word))
}

export async function help([about, ...more]: string[]): Promise<number> {
  if (more[0] !== undefined) throw new UsageError(`“${more[0]}” is one word too many: help takes one verb.`)
  if (about === undefined) return (say(all()), 0)
  const found = Object.hasOwn(HELP, about) ? HELP[about] : undefined
  if (!found) throw new UsageError(unknown(about, Object.keys(HELP), 'command'))
  say(one(found))
  return 0
}

function all(): string {
  const verbs = Object.values(HELP).map(({ usage: [usage = ''], says }) => [usage, says] as const)
  return `Backchannel runs agents and commands in the background and asks where it must.

${table(verbs)}

“VERB --help” says all about one, its flags as well. ${TASK}
Everything that lists or shows takes --json. The home is BACKCHANNEL_HOME, ~/.backchannel by default.`
}

function one({ usage, says, flags = {}, words }: Help): string {
  const listed = Object.entries(flags)
  return [
    ...usage.map((line) => `backchannel ${line}`),
    `  ${says}`,
    ...(listed.length > 0 ? ['', table(listed)] : []),
    ...(words ? ['', words] : []),
  ].join('\n')
}

/** What is too long for the first column is as long as it is. */
const FIRST_CHARS = 30
const table = (lines: readonly (readonly [string, string])[]): string =>
  lines.map(([first, says]) => `  ${first.padEnd(FIRST_CHARS - 1)} ${says}`).join('\n')
