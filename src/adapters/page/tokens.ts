// Secrets that were handed out, kept as hashes: one empty-handed file per token, named by its hash, with when it ends. Making
// and removing a file is atomic between processes, so a token made by one command works in another and is taken only once.

import { createHash, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import fs from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import type { Instant } from '../../task/words.ts'

const TOKEN_BYTES = 32
const Kept = z.object({ until: z.number() })

export type Tokens = {
  issue(now: Instant): Promise<string>
  has(token: string, now: Instant): boolean
  /** True for exactly one caller, once, while it lasts. */
  take(token: string, now: Instant): Promise<boolean>
  /** Removes what has ended. */
  sweep(now: Instant): Promise<void>
}

export function tokens(folder: string, lifeMs: number): Tokens {
  const fileOf = (token: string) => path.join(folder, createHash('sha256').update(token).digest('hex'))

  /** Asked before every request: read at once, because four turns of the thread pool for 20 bytes are a millisecond. */
  function lasts(file: string, now: Instant): boolean {
    try {
      return Kept.parse(JSON.parse(readFileSync(file, 'utf8'))).until > now
    } catch {
      return false
    }
  }

  return {
    async issue(now) {
      const token = randomBytes(TOKEN_BYTES).toString('base64url')
      await fs.mkdir(folder, { recursive: true, mode: 0o700 })
      await fs.writeFile(fileOf(token), JSON.stringify({ until: now + lifeMs }), { mode: 0o600, flag: 'wx' })
      return token
    },
    has: (token, now) => lasts(fileOf(token), now),
    async take(token, now) {
      const file = fileOf(token)
      const lasted = lasts(file, now)
      return (await removed(file)) && lasted
    },
    async sweep(now) {
      const files = await fs.readdir(folder).catch(() => [])
      for (const name of files) {
        const file = path.join(folder, name)
        if (!lasts(file, now)) await removed(file)
      }
    },
  }
}

async function removed(file: string): Promise<boolean> {
  try {
    await fs.unlink(file)
    return true
  } catch {
    return false
  }
}
