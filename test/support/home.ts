// Temporary folders of tests. Each lies in the run's own folder, is 0700, has a short path (unix sockets allow 107 bytes) and is
// removed by whoever asked for it; what remains at the end of the run fails the run.
import fs from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { onTestFinished } from 'vitest'

/** A folder for the test that is running, removed when it has finished, after the clean-ups registered later than this. */
export async function home(): Promise<string> {
  const folder = await makeFolder()
  onTestFinished(() => removeFolder(folder))
  return folder
}

function makeFolder(): Promise<string> {
  return fs.mkdtemp(path.join(os.tmpdir(), 'h-'))
}

/** Tries again for a moment, because a process that is just ending may still write. */
async function removeFolder(folder: string): Promise<void> {
  await fs.rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
}
