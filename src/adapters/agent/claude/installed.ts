// Whether Claude can run on this machine, without loading anything of it.

import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const SDK = '@anthropic-ai/claude-agent-sdk'
const KEYS = [
  'ANTHROPIC_API_KEY',
  'ANTHROPIC_AUTH_TOKEN',
  'CLAUDE_CODE_OAUTH_TOKEN',
  'CLAUDE_CODE_USE_BEDROCK',
  'CLAUDE_CODE_USE_VERTEX',
]

/** A sentence, or null when its program is here. */
export function whyMissing(): string | null {
  const kinds = [`${process.platform}-${process.arch}`, `${process.platform}-${process.arch}-musl`]
  return kinds.some(isInstalled)
    ? null
    : `the program of ${SDK} for ${kinds[0]} is not installed; run npm ci without --omit=optional.`
}

function isInstalled(kind: string): boolean {
  try {
    const found = createRequire(import.meta.url).resolve(`${SDK}-${kind}/package.json`)
    return existsSync(join(dirname(found), process.platform === 'win32' ? 'claude.exe' : 'claude'))
  } catch {
    return false
  }
}

/** Whether a login or a key was found where sessions will look. Another way to log in is not seen, so this is only a hint. */
export function hasLogin(env: Record<string, string>): boolean {
  const config = env['CLAUDE_CONFIG_DIR'] ?? join(env['HOME'] ?? '/', '.claude')
  return (
    KEYS.some((name) => env[name]) || existsSync(join(config, '.credentials.json')) || process.platform === 'darwin'
  )
}
