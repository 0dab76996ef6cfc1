// Temporary folders of tests. Each lies in the run's own folder, is 0700, has a short path (unix sockets allow 107 bytes) and is
// removed by whoever asked for it; what remains at the end of the run fails the run.
import { mkdirSync, symlinkSync } from 'node:fs'
import fs from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

/** What processes of tests are compiled to, once for all of them. */
export const CACHE = fileURLToPath(new URL('../../node_modules/.cache/backchannel-tests', import.meta.url))

/** A folder for the test that is running, removed when it has finished, after the clean-ups registered later than this. */
export async function home(): Promise<string> {
  const folder = await makeFolder()
  onTestFinished(() => removeFolder(folder))
  return folder
}

/** A home whose sessions start as fast as all but the first one of a real home. */
export async function warmHome(): Promise<string> {
  const folder = await home()
  warm(folder)
  return folder
}

export function warm(folder: string): void {
  mkdirSync(CACHE, { recursive: true })
  symlinkSync(CACHE, path.join(folder, 'cache'))
}

function makeFolder(): Promise<string> {
  return fs.mkdtemp(path.join(os.tmpdir(), 'h-'))
}

/** Tries again for a moment, because a process that is just ending may still write. */
async function removeFolder(folder: string): Promise<void> {
  await fs.rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
}
