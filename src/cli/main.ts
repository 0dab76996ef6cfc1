// The command line: one file per verb, loaded when it is wanted. A mistake of the person is one sentence on stderr; exit
// code 0 done, 1 refused or failed, 2 wrong words.

import { unknown } from '../bot/words.ts'
import { UsageError } from './args.ts'
import { isLook, turnAway } from './caller.ts'
import { help, isHelp } from './help.ts'

/** Runs a verb with the words after it; resolves with the exit code. */
export type Verb = (argv: string[]) => Promise<number>

const VERBS: Record<string, () => Promise<{ verb: Verb }>> = {
  up: () => import('./up.ts'),
  bot: () => import('./bot.ts'),
  runner: () => import('./runner.ts'),
  start: () => import('./start.ts'),
  run: () => import('./run.ts'),
  tasks: () => import('./tasks.ts'),
  show: () => import('./show.ts'),
  logs: () => import('./logs.ts'),
  diff: () => import('./diff.ts'),
  attach: () => import('./attach.ts'),
  answer: () => import('./answer.ts'),
  guide: () => import('./guide.ts'),
  interrupt: () => import('./interrupt.ts'),
  stop: () => import('./stop.ts'),
  commit: () => import('./commit.ts'),
  discard: () => import('./discard.ts'),
  restore: () => import('./restore.ts'),
  login: () => import('./login.ts'),
  audit: () => import('./audit.ts'),
  verify: () => import('./verify.ts'),
  doctor: () => import('./doctor.ts'),
  pair: () => import('./pair.ts'),
  setup: () => import('./setup.ts'),
  repo: () => import('./repo.ts'),
  rules: () => import('./rules.ts'),
  policy: () => import('./policy.ts'),
  help: async () => ({ verb: help }),
}

async function main([word = 'help', ...argv]: string[]): Promise<number> {
  // Also in front of the verb.
  if (word === '--json' && argv[0] !== undefined) return main([argv[0], word, ...argv.slice(1)])
  const name = word === '--help' || word === '-h' ? 'help' : word
  const load = Object.hasOwn(VERBS, name) ? VERBS[name] : undefined
  if (!load) throw new UsageError(unknown(word, Object.keys(VERBS), 'command'))
  if (isHelp(name, argv)) return help([name])
  if (!isLook(name, argv)) {
    const code = await turnAway(name)
    if (code !== null) return code
  }
  const { verb } = await load()
  return verb(argv)
}

for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // Who reads no further (`logs … | head`) has what they wanted.
    if (error.code === 'EPIPE') process.exit()
    if (stream === process.stdout) process.stderr.write(`backchannel: ${error.message}\n`)
    process.exit(1)
  })

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  process.stderr.write(`backchannel: ${sentenceOf(error)}\n`)
  // What was opened until then would keep the process waiting.
  process.exit(error instanceof UsageError ? 2 : 1)
}

/** Errors made for people carry their sentence as message; of others the last line is enough here, the rest is in the trace. */
function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.message.trim().split('\n').at(-1) ?? error.name
}
