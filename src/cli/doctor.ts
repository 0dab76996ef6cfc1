// `backchannel doctor`: what is here and what is missing, each with what to do about it.

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { survey, type Surveyed } from '../runner/care/survey.ts'
import { load } from '../runner/journal.ts'
import { flagsAlone } from './args.ts'
import { AGENTS } from './agents.ts'
import { chatChecks } from './chats.ts'
import { openHouse, type House } from './house.ts'
import { say, sayJson } from './print.ts'
import { repoRoot } from './repo.ts'
import type { Repo } from '../task/house.ts'
import { isRefused } from '../task/words.ts'

/** `unsure`: nothing is known to be missing, and it may not work all the same. */
type Check = { what: string; ok: boolean; unsure?: true; says: string; worktree?: Surveyed }

export async function verb(argv: string[]): Promise<number> {
  const flags = flagsAlone(argv, { valued: [], bare: ['json'] })
  const house = await openHouse()
  try {
    const checks: Check[] = [
      { what: 'home', ok: true, says: house.config.home },
      await git(),
      (await house.bells.isAnswered('runner'))
        ? { what: 'up', ok: true, says: 'running' }
        : { what: 'up', ok: false, says: 'not running: start it with “backchannel up” or npm start' },
      ...AGENTS.map(({ name, missing, doubt }): Check => {
        const unsure = missing === null ? doubt(house.config.sessionEnv) : null
        return {
          what: `agent ${name}`,
          ok: missing === null,
          ...(unsure && { unsure: true }),
          says: missing ?? unsure ?? 'can run',
        }
      }),
      ...(await Promise.all((await house.repos.all()).map(repository))),
      ...(await chatChecks(house)),
      { what: 'sandbox', ok: true, says: 'none: what a task runs can do what you can (docs/SECURITY.md)' },
      ...(await worktrees(house)),
    ]
    if ('json' in flags) sayJson(checks)
    else say(checks.map((check) => `${sign(check)} ${check.what}: ${check.says}`).join('\n'))
    return checks.every((check) => check.ok) ? 0 : 1
  } finally {
    await house.close()
  }
}

const sign = ({ ok, unsure }: Check): string => (!ok ? 'MISSING' : unsure ? 'unsure ' : 'ok     ')

async function worktrees({ config, store }: House): Promise<Check[]> {
  const { home, sessionEnv: env } = config
  const found = await survey({ home, env, load: (task) => load(store.journal, task) })
  return found.map((worktree) => ({
    what: `worktree ${worktree.label ?? worktree.task}`,
    ok: true,
    says: worktreeWords(worktree),
    worktree,
  }))
}

function worktreeWords(worktree: Surveyed): string {
  const { path, bytes } = worktree
  const size = bytes === null ? [] : [`${(bytes / 1e6).toFixed(1)} MB`]
  return [path, ...size, ...stateWords(worktree)].join(', ')
}

function stateWords(worktree: Surveyed): string[] {
  switch (worktree.state) {
    case 'discarded':
      return [`discarded, kept until ${new Date(worktree.until).toISOString().slice(0, 10)}`]
    case 'gone':
      return ['no task of this home works in it']
    case 'there': {
      const { changes, commitsNowhereElse: commits } = worktree
      const own = commits === 0 ? [] : [`${commits} ${commits === 1 ? 'commit' : 'commits'} nowhere else`]
      return [changes === 0 ? 'clean' : `${changes} ${changes === 1 ? 'change' : 'changes'}`, ...own]
    }
  }
}

async function repository({ name, path }: Repo): Promise<Check> {
  const top = await repoRoot(path)
  return { what: `repo ${name}`, ok: !isRefused(top), says: isRefused(top) ? top.refused : path }
}

async function git(): Promise<Check> {
  try {
    const { stdout } = await promisify(execFile)('git', ['--version'])
    return { what: 'git', ok: true, says: stdout.trim() }
  } catch {
    return { what: 'git', ok: false, says: 'not found: install git, worktrees need it' }
  }
}
