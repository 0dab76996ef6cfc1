// Paths in rules, in the style of gitignore: `./` from where the task works, `/` from the root of the repository, `~/` from the
// person's home, `//` absolute; without a slash at any depth. `*` stays within a name, `**` crosses them, and what is meant is
// meant with all below it.

import { refuse, type Refused } from '../words.ts'
import type { FilePath } from './call.ts'

type Base = 'work' | 'root' | 'home' | 'absolute'

/** Where the bases lie, each as it is called and with symlinks followed. */
export type Places = { work: string[]; root: string[]; home: string[] }

/** `up`: how many `../` it begins with. */
export type PathPattern = { base: Base; up: number; regex: RegExp }

const PREFIXES: [string, Base][] = [
  ['//', 'absolute'],
  ['/', 'root'],
  ['~/', 'home'],
  ['./', 'work'],
]

export function pathPatternOf(text: string): PathPattern | Refused {
  if (text.startsWith('!'))
    return refuse('a “!” has no meaning here: what is an exception belongs into a rule of another list')
  const [prefix, base] =
    text === '~' ? ['~', 'home' as const] : (PREFIXES.find(([one]) => text.startsWith(one)) ?? ['', 'work' as const])
  let rest = text.slice(prefix.length).replaceAll(/(^|\/)(\.\/)+/gu, '$1')
  let up = 0
  for (; rest === '..' || rest.startsWith('../'); up++) rest = rest.slice(3)
  if (rest.split('/').includes('..')) return refuse('“..” may only stand at the beginning of a path')
  const anchored = prefix !== '' || up > 0 || rest.slice(0, -1).includes('/')
  return { base, up, regex: new RegExp(`^${anchored ? '' : '(?:.*/)?'}${regexOf(rest)}$`, 'su') }
}

/** A rule that denies or asks is about a file under any of its names; one that allows, about the file it is in the end. */
export function pathMatches(pattern: PathPattern, path: FilePath, places: Places, anyName: boolean): boolean {
  const names = anyName ? [path.lexical, path.real] : [path.real]
  const bases = (pattern.base === 'absolute' ? ['/'] : places[pattern.base]).map((base) => above(base, pattern.up))
  return names.some((name) =>
    bases.some((base) => {
      const below = belowOf(base, name)
      return below !== null && pattern.regex.test(below)
    }),
  )
}

/** The path from a directory down to what lies in it (or is it), else null. */
export function belowOf(directory: string, path: string): string | null {
  if (path === directory) return ''
  const start = directory === '/' ? '/' : `${directory}/`
  return path.startsWith(start) ? path.slice(start.length) : null
}

const above = (directory: string, up: number): string =>
  up === 0 ? directory : above(directory.slice(0, directory.lastIndexOf('/')) || '/', up - 1)

function regexOf(pattern: string): string {
  const inside = pattern === '**' || pattern.endsWith('/**')
  const body = inside ? pattern.slice(0, -2) : pattern.replace(/\/$/u, '')
  let regex = ''
  for (let at = 0; at < body.length; at++) {
    const char = body[at] ?? ''
    const isStart = at === 0 || body[at - 1] === '/'
    const set = char === '[' ? /^\[(!?)(\]?[^\]]*)\]/u.exec(body.slice(at)) : null
    if (isStart && body.startsWith('**/', at)) {
      regex += '(?:.*/)?'
      at += 2
    } else if (char === '*') {
      regex += body[at - 1] === '*' ? '' : '[^/]*'
    } else if (char === '?') regex += '[^/]'
    else if (set) {
      regex += `(?!/)[${set[1] ? '^' : ''}${(set[2] ?? '').replaceAll(/[\\\]^[]/gu, String.raw`\$&`)}]`
      at += set[0].length - 1
    } else regex += escaped(char === '\\' ? (body[++at] ?? '\\') : char)
  }
  if (inside) return `${regex}.+`
  return regex === '' ? '.*' : `${regex}(?:/.*)?`
}

const escaped = (char: string): string => char.replace(/[\\^$.*+?()[\]{}|/-]/u, String.raw`\$&`)
