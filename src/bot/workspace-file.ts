// A file of a task's worktree, opened for reading. What an agent wrote may lead anywhere (links, odd names), so it is asked of
// the opened file itself where it lies, and only what lies in the worktree is given out.

import { constants } from 'node:fs'
import fs from 'node:fs/promises'
import path from 'node:path'
import { Readable } from 'node:stream'
import type { Work } from '../task/facts.ts'
import { refuse, type Refused } from '../task/words.ts'
import type { OpenedFile } from './views.ts'

const BYTES_MAX = 100 * 1024 * 1024

export async function openInWorkspace(work: Work, name: string): Promise<OpenedFile | Refused> {
  if (work.kind !== 'worktree') return refuse('Only files of a worktree can be opened here.')
  const none = refuse(`There is no file ${name} in the workspace.`)
  const root = await fs.realpath(work.worktree).catch(() => null)
  const wanted = root && !name.includes('\0') ? await fs.realpath(path.join(root, name)).catch(() => null) : null
  if (root === null || wanted === null || !isInside(root, wanted)) return none
  // A pipe would make who opens it wait for who writes to it.
  const handle = await fs.open(wanted, constants.O_RDONLY | constants.O_NONBLOCK).catch(() => null)
  if (handle === null) return none
  const [real, stat] = await Promise.all([fs.readlink(`/proc/self/fd/${handle.fd}`), handle.stat()])
  const wrong = !isInside(root, real) || !stat.isFile() ? none : whyTooLarge(name, stat.size)
  if (wrong === null) return { bytes: stat.size, body: Readable.toWeb(handle.createReadStream()) as ReadableStream }
  await handle.close()
  return wrong
}

/** The workspace's own `.git` leads to the repository. */
function isInside(root: string, file: string): boolean {
  const [first = '..'] = path.relative(root, file).split(path.sep)
  return first !== '' && first !== '..' && first !== '.git'
}

const whyTooLarge = (name: string, bytes: number): Refused | null =>
  bytes <= BYTES_MAX ? null : refuse(`${name} is too large to be shown here: open it in the workspace.`)
