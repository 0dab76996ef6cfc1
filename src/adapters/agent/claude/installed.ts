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
export const whyMissing = (): string | null =>
  program() === null
    ? `the program of ${SDK} for ${process.platform}-${process.arch} is not installed; run npm ci without --omit=optional.`
    : null

/** The path of the program that the SDK brings, or null. */
export function program(): string | null {
  const kinds = [`${process.platform}-${process.arch}`, `${process.platform}-${process.arch}-musl`]
  return kinds.map(installed).find((path) => path !== null) ?? null
}

function installed(kind: string): string | null {
  try {
    const found = createRequire(import.meta.url).resolve(`${SDK}-${kind}/package.json`)
    const path = join(dirname(found), process.platform === 'win32' ? 'claude.exe' : 'claude')
    return existsSync(path) ? path : null
  } catch {
    return null
  }
}

/** Whether a login or a key was found where sessions will look. Another way to log in is not seen, so this is only a hint. */
export function hasLogin(env: Record<string, string>): boolean {
  const config = env['CLAUDE_CONFIG_DIR'] ?? join(env['HOME'] ?? '/', '.claude')
  return (
    KEYS.some((name) => env[name]) || existsSync(join(config, '.credentials.json')) || process.platform === 'darwin'
  )
}
