// One holder per home: a lock the kernel lets go of when its process dies, however it dies. A file with a pid could not say
// that; SQLite's own lock on an empty database can, and Node brings it.

import fs from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

export type Held = { release(): void }

/** Takes the lock at `path`, or says who holds it (in that process's own words). */
export function takeLock(path: string, words: string): Held | { heldBy: string } {
  // Ours alone, as everything in the home; never opened when it is there, because closing it would let go of its locks.
  if (!fs.existsSync(path)) fs.closeSync(fs.openSync(path, 'a', 0o600))
  const database = new DatabaseSync(path, { timeout: 0 })
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT')
  } catch (error) {
    database.close()
    if (!/locked|busy/u.test(String(error))) throw error
    return { heldBy: readWords(path) }
  }
  fs.writeFileSync(`${path}.holder`, words, { mode: 0o600 })
  return { release: () => database.close() }
}

function readWords(path: string): string {
  try {
    return fs.readFileSync(`${path}.holder`, 'utf8')
  } catch {
    return 'another process'
  }
}
