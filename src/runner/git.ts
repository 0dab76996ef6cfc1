// git, run so that neither a person's configuration nor the environment we were started in changes what it does or says.

import { execFile } from 'node:child_process'

const OUTPUT_BYTES_MAX = 64 * 1024 * 1024

export type GitOptions = { env: Record<string, string>; signal?: AbortSignal; cwd: string }
export type GitResult = { ok: true; out: string } | { ok: false; code: number | null; out: string; sentence: string }

/** Hooks would run the repository's own programs at moments the person does not expect. */
const CONFIG = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.quotePath=false',
  'color.ui=false',
  'advice.detachedHead=false',
]

export function git(args: string[], { env, signal, cwd }: GitOptions): Promise<GitResult> {
  if (signal?.aborted) return Promise.resolve({ ok: false, code: null, out: '', sentence: 'It was stopped.' })
  const all = [...CONFIG.flatMap((one) => ['-c', one]), ...args]
  return new Promise((resolve) => {
    execFile('git', all, { cwd, env: stable(env), maxBuffer: OUTPUT_BYTES_MAX }, (error, stdout, stderr) => {
      if (!error) return resolve({ ok: true, out: stdout })
      const code = typeof error.code === 'number' ? error.code : null
      const sentence = String(error.code) === 'ENOENT' ? 'git is not installed.' : lastWords(stderr) || error.message
      resolve({ ok: false, code, out: stdout, sentence })
    })
  })
}

/** Nothing of GIT_* is passed on: a hook or a wrapper that started us may have pointed it at another repository. */
function stable(env: Record<string, string>): Record<string, string> {
  const kept = Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('GIT_')))
  return { ...kept, LC_ALL: 'C.UTF-8', GIT_TERMINAL_PROMPT: '0', GIT_PAGER: 'cat', GIT_OPTIONAL_LOCKS: '0' }
}

/** What git says last is what went wrong; `fatal:` in front of it helps nobody. */
const lastWords = (stderr: string): string =>
  stderr
    .trim()
    .split('\n')
    .filter((line) => !line.startsWith('hint:'))
    .slice(-1)
    .join('')
    .replace(/^(fatal|error): /, '')
