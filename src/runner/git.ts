// git, run so that neither a person's configuration nor the environment we were started in changes what it does or says.
// Through node's own child_process, because the session process uses it too.

import { execFile } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'

const OUTPUT_BYTES_MAX = 16 * 1024 * 1024
/** Others work in the same repository: what git could not lock is tried again this long. */
const LOCKED_MS_MAX = 10_000
const LOCKED_PAUSE_MS = 100

export type GitPlace = { cwd: string; env: Record<string, string>; signal?: AbortSignal; indexFile?: string }
/** `out` is cut after OUTPUT_BYTES_MAX, which counts as done. `sentence` is what git said went wrong. */
export type GitResult = { ok: true; out: string; cut: boolean } | { ok: false; sentence: string }

const CONFIG = [
  // Hooks would run the repository's own programs at moments the person does not expect.
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.quotePath=false',
  'color.ui=false',
  'diff.noprefix=false',
  'diff.mnemonicPrefix=false',
].flatMap((setting) => ['-c', setting])

export async function git(args: string[], place: GitPlace): Promise<GitResult> {
  const until = performance.now() + LOCKED_MS_MAX
  for (;;) {
    if (place.signal?.aborted) return { ok: false, sentence: 'it was stopped' }
    const result = await run(args, place)
    if (result.ok || !LOCKED.test(result.sentence) || performance.now() > until) return result
    await sleep(LOCKED_PAUSE_MS * (0.5 + Math.random()))
  }
}

/** The last is what git says of a worktree that another one is about to make. */
const LOCKED =
  /could not lock|unable to create '.*\.lock': File exists|cannot lock ref .*File exists|failed to read .*\/worktrees\//i

function run(args: string[], { cwd, env, indexFile }: GitPlace): Promise<GitResult> {
  const options = { cwd, env: stable(env, indexFile), maxBuffer: OUTPUT_BYTES_MAX }
  return new Promise((resolve) => {
    execFile('git', [...CONFIG, ...args], options, (error, out, stderr) => {
      if (!error) resolve({ ok: true, out, cut: false })
      else if (String(error.code) === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') resolve({ ok: true, out, cut: true })
      else if (String(error.code) === 'ENOENT') resolve({ ok: false, sentence: 'git is not installed' })
      else resolve({ ok: false, sentence: whatWentWrong(stderr) || error.message })
    })
  })
}

/** Nothing of GIT_* is passed on: a hook or a wrapper that started us may have pointed it at another repository. */
function stable(env: Record<string, string>, indexFile: string | undefined): Record<string, string> {
  const kept = Object.entries(env).filter(([name]) => !name.startsWith('GIT_'))
  const ours = { LC_ALL: 'C.UTF-8', GIT_TERMINAL_PROMPT: '0', GIT_PAGER: 'cat', GIT_OPTIONAL_LOCKS: '0' }
  return { ...Object.fromEntries(kept), ...ours, ...(indexFile && { GIT_INDEX_FILE: indexFile }) }
}

/** The line git marks as the cause, without its mark. */
function whatWentWrong(stderr: string): string {
  const lines = stderr.trim().split('\n')
  const cause = lines.find((line) => /^(fatal|error): /.test(line)) ?? lines.at(-1) ?? ''
  return cause.replace(/^(fatal|error): /, '').trim()
}
