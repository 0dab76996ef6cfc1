// What the environment of a session is made of.

import path from 'node:path'
import { TOKENS } from './chats.ts'

const PASSED =
  /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_.*|TZ|TMPDIR|XDG_.*|SSH_AUTH_SOCK|GPG_AGENT_INFO|GNUPGHOME|(https?|no|all|ftp)_proxy|(HTTPS?|NO|ALL|FTP)_PROXY|SSL_CERT_.*|NODE_EXTRA_CA_CERTS|ANTHROPIC_.*|CLAUDE_.*|AWS_PROFILE|AWS_REGION|GOPATH|GOROOT|CARGO_HOME|RUSTUP_HOME|JAVA_HOME|PYENV_ROOT|NVM_DIR|PNPM_HOME|VOLTA_HOME)$/u

/** Explicit: what is not named here or in `own` stays with us, the tokens of the bot first of all. */
export function sessionEnv(
  env: NodeJS.ProcessEnv,
  own: { pass: string[]; set: Record<string, string> },
): Record<string, string> {
  const passed = Object.entries(env).filter(
    ([key, value]) => value !== undefined && !TOKENS.includes(key) && (PASSED.test(key) || own.pass.includes(key)),
  )
  return { ...(Object.fromEntries(passed) as Record<string, string>), PATH: ownPath(env), ...own.set }
}

/** npm puts its own folders in front while it runs a script; the person's commands must find the person's programs. */
function ownPath(env: NodeJS.ProcessEnv): string {
  const folders = (env['PATH'] ?? '').split(path.delimiter)
  if (!env['npm_lifecycle_event']) return folders.join(path.delimiter)
  return folders.filter((folder) => !/node_modules[/\\]\.bin$|node-gyp-bin$/u.test(folder)).join(path.delimiter)
}
