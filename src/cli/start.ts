// `backchannel start [flags] <what to do>`: a job for an agent, in a worktree of its own of the repository you are in.

import { flagsThenText, UsageError } from './args.ts'
import path from 'node:path'
import { AGENTS } from './agents.ts'
import { begin, repoNamed } from './begin.ts'
import { repoRoot } from './repo.ts'

/** What agents can be told, and which of it are paths, which count from where one is. */
const OPTIONS = [...new Set([...AGENTS.flatMap((agent) => Object.keys(agent.options)), 'env'])]
const PATHS = 'add-dir'

const GRAMMAR = {
  valued: ['agent', 'repo', 'label', 'timeout', 'base', 'notify', 'check', ...OPTIONS],
  bare: ['here', 'worktree', 'json', 'follow'],
}

export async function verb(argv: string[]): Promise<number> {
  const { flags, rest } = flagsThenText(argv, GRAMMAR)
  if ('here' in flags && 'worktree' in flags)
    throw new UsageError('--here and --worktree exclude each other: name one.')
  const { agent, repo, label, timeout, base, check, notify } = flags
  const here = await repoRoot(process.cwd())
  // Outside of any repository the default one is as good as in chat.
  const directory = repo === undefined && 'path' in here ? { directory: here.path } : {}
  return begin(
    {
      prompt: rest.join(' '),
      work: { worktree: !('here' in flags), repo: repoNamed(repo), ...directory, ...(base && { base }) },
      ...(agent && { agent }),
      ...(label && { label }),
      ...(timeout && { timeout }),
      ...(notify && { notify }),
      ...(check && { check }),
      options: optionsOf(flags),
    },
    { json: 'json' in flags, wait: 'follow' in flags },
  )
}

function optionsOf(flags: Record<string, string>): Record<string, string> {
  const given = Object.entries(flags).filter(([flag]) => OPTIONS.includes(flag))
  return Object.fromEntries(
    given.map(([flag, value]) => [
      flag,
      flag === PATHS
        ? value
            .split(',')
            .map((one) => path.resolve(one))
            .join(',')
        : value,
    ]),
  )
}
