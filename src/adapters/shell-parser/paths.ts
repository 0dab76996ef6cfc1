// Where a path leads: `~` and `..` taken out, and every symlink followed, also one whose target is not there yet.

import { existsSync, readlinkSync } from 'node:fs'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import type { FilePath } from '../../task/policy/call.ts'
import type { Places } from '../../task/policy/path-pattern.ts'

/** As many as the kernel follows, and as long as it takes a path. */
const LINKS_MAX = 40
const PATH_CHARS_MAX = 4096

/** `given` as it is meant in `directory`. */
export function filePath(given: string, directory: string, home: string): FilePath {
  const plain = given === '~' || given.startsWith('~/') ? home + given.slice(1) : given
  const whole = isAbsolute(plain) ? plain : `${directory}/${plain}`
  return { given, lexical: resolve(whole), real: realPath(whole, directory) }
}

/** Name by name, as the kernel does it: `link/..` is the directory above what the link leads to. `cwd`: of whoever follows it. */
function realPath(path: string, cwd: string): string {
  if (path.length > PATH_CHARS_MAX) return resolve(path)
  let left = path.split('/')
  let done = '/'
  for (let links = 0; left.length > 0;) {
    const [name = '', ...rest] = left
    left = rest
    if (name === '' || name === '.') continue
    if (name === '..') {
      done = dirname(done)
      continue
    }
    const target = linkAt(done, name, cwd)
    if (target === null) done = join(done, name)
    else if (++links > LINKS_MAX) return resolve(path)
    else {
      if (isAbsolute(target)) done = '/'
      left = [...target.split('/'), ...left]
    }
  }
  return done
}

function linkAt(directory: string, name: string, cwd: string): string | null {
  // There each process finds itself, and the one that follows the path is not this one.
  if (directory === '/proc' && OWN.has(name)) return null
  if (directory.startsWith('/proc/') && OWN.has(directory.slice('/proc/'.length)))
    return name === 'cwd' ? cwd : name === 'root' ? '/' : null
  try {
    return readlinkSync(join(directory, name))
  } catch {
    return null
  }
}

const OWN = new Set(['self', 'thread-self'])

/** What paths in rules start from, for somebody who works in `cwd`. */
export function placesOf(cwd: string, home: string): Places {
  return { work: bothNames(cwd), root: bothNames(repositoryOf(cwd)), home: bothNames(home) }
}

/** A directory as it is called, and with symlinks followed. */
export const bothNames = (directory: string): string[] => [
  ...new Set([resolve(directory), realPath(resolve(directory), directory)]),
]

/** The nearest directory with a `.git`, or where there is none this one. */
function repositoryOf(cwd: string): string {
  for (let directory = resolve(cwd); ; directory = dirname(directory)) {
    if (existsSync(join(directory, '.git'))) return directory
    if (directory === dirname(directory)) return resolve(cwd)
  }
}
