// A repository in a place with an odd name, and what a session does with it.
import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { prepare } from '../../src/runner/workspace.ts'
import type { Work } from '../../src/task/facts.ts'
import { home } from '../support/home.ts'
import { ENV } from './support.ts'

export const GIT = {
  ...ENV,
  GIT_AUTHOR_NAME: 'Ann',
  GIT_AUTHOR_EMAIL: 'ann@example.org',
  GIT_COMMITTER_NAME: 'Ann',
  GIT_COMMITTER_EMAIL: 'ann@example.org',
}

/** With one commit in it, unless it is to be empty. */
export async function repository({ empty = false } = {}) {
  const folder = await home()
  const repo = `${folder}/Mein Repö 日本 'x'`
  const sh = (script: string, cwd = repo): string =>
    execFileSync('bash', ['-ec', script], { cwd, env: GIT, encoding: 'utf8' })
  sh(`git init -q -b main "${repo}"`, folder)
  if (!empty) sh('printf "1\\n2\\n3\\n" > file; mkdir "a b"; echo x > "a b/ü"; git add .; git commit -qm first')
  const worktree = (name: string): string => `${folder}/worktrees/${name} ü`
  const work = (name: string, change: Partial<Extract<Work, { kind: 'worktree' }>> = {}): Work => ({
    kind: 'worktree',
    repo: 'r',
    path: repo,
    base: null,
    worktree: worktree(name),
    branch: `bg/${name}`,
    ...change,
  })
  const place = (task: string) => {
    const taskDir = `${folder}/tasks/${task}`
    mkdirSync(taskDir, { recursive: true })
    return { task, taskDir, env: ENV }
  }
  const check = (name: string, change = {}) => prepare(work(name, change), place(name))
  return { folder, repo, sh, worktree, work, place, check }
}
