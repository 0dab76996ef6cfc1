// The folders of the home, for nobody but its owner.

import fs from 'node:fs'
import path from 'node:path'
import { ConfigError } from '../config.ts'
import { homeTooLong, socketDir } from '../runner/attempt-files.ts'
import { CACHE } from '../runner/session-process.ts'

const OURS_ALONE = 0o700

/** Throws ConfigError where nothing can be kept. */
export function makeHome(home: string): void {
  const tooLong = homeTooLong(home)
  if (tooLong) throw new ConfigError(tooLong)
  try {
    for (const folder of [home, socketDir(home), path.join(home, CACHE)]) makeFolder(folder)
    fs.chmodSync(home, OURS_ALONE)
  } catch (error) {
    const { message } = error as Error
    throw new ConfigError(`${home} cannot be used: ${message}. Set BACKCHANNEL_HOME to a folder you may write to.`)
  }
}

/** With those above it. Node's own `recursive` never comes back where a file system makes no folders, such as /proc. */
function makeFolder(folder: string): void {
  const above = path.dirname(folder)
  if (fs.existsSync(folder)) return
  if (!fs.existsSync(above)) makeFolder(above)
  try {
    fs.mkdirSync(folder, { mode: OURS_ALONE })
  } catch (error) {
    // Somebody else began at the same moment.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}
