// Who owns an attempt: the session process that began it, or a runner that gave it up. Whoever creates the file first; it
// appears whole or not at all and is never changed, so an unborn process can be kept from ever starting.

import { closeSync, fsyncSync, linkSync, openSync, readFileSync, unlinkSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { FILES } from '../attempt-files.ts'
import { parseLine } from '../lines.ts'
import type { Identity } from '../protocol.ts'

export type Owner = { kind: 'process'; identity: Identity } | { kind: 'given up' } | { kind: 'nobody' }

/** True when the attempt is now ours, false when somebody else was first. */
export function claim(dir: string, who: Identity | 'given up'): boolean {
  const temporary = join(dir, `${FILES.owner}.${process.pid}`)
  const file = openSync(temporary, 'w', 0o600)
  try {
    writeSync(file, `${JSON.stringify(who === 'given up' ? { givenUp: true } : who)}\n`)
    fsyncSync(file)
    linkSync(temporary, join(dir, FILES.owner))
    return true
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false
    throw error
  } finally {
    closeSync(file)
    unlinkSync(temporary)
  }
}

export function ownerOf(dir: string): Owner {
  let text: string
  try {
    text = readFileSync(join(dir, FILES.owner), 'utf8')
  } catch (error) {
    if (isCode(error, 'ENOENT') || isCode(error, 'ENOTDIR')) return { kind: 'nobody' }
    throw error
  }
  const { pid, start, boot } = parseLine(text) ?? {}
  if (typeof pid === 'number' && typeof start === 'string' && typeof boot === 'string')
    return { kind: 'process', identity: { pid, start, boot } }
  return { kind: 'given up' }
}

export const isCode = (error: unknown, ...codes: string[]): boolean =>
  error instanceof Error && 'code' in error && codes.some((code) => error.code === code)
