// `backchannel run [flags] <command>`: a command in the background, in the directory you are in.

import { commandLine, flagsThenText, UsageError } from './args.ts'
import { begin, repoNamed } from './begin.ts'

const GRAMMAR = { valued: ['repo', 'label', 'timeout', 'base', 'notify'], bare: ['worktree', 'json', 'follow'] }

export async function verb(argv: string[]): Promise<number> {
  const { flags, rest } = flagsThenText(argv, GRAMMAR)
  if (rest.length === 0) throw new UsageError('run needs a command: backchannel run npm test')
  const { repo, label, timeout, base, notify } = flags
  const directory = repo === undefined ? { directory: process.cwd() } : {}
  return begin(
    {
      agent: 'shell',
      check: null,
      prompt: commandLine(rest),
      work: { worktree: 'worktree' in flags, repo: repoNamed(repo), ...directory, ...(base && { base }) },
      ...(label && { label }),
      ...(timeout && { timeout }),
      ...(notify && { notify }),
    },
    { json: 'json' in flags, wait: 'follow' in flags },
  )
}
