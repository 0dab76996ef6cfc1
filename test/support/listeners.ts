// Runs around each test file: no test file leaves a listening port or socket open.
import fs from 'node:fs'
import { afterAll } from 'vitest'
import { remaining } from './until.ts'

const CLOSING_MS = 5_000
const TCP_LISTEN = '0A'
const UNIX_ACCEPTS = '00010000'

afterAll(async () => {
  const open = await remaining(listening, { within: CLOSING_MS })
  if (open.length > 0) throw new Error(`This file left open: ${open.join(', ')}`)
})

function listening(): string[] {
  if (!fs.existsSync('/proc/self/fd')) return []
  const mine = new Set(fs.readdirSync('/proc/self/fd').map(socketInode))
  const tcp = [...rows('/proc/net/tcp'), ...rows('/proc/net/tcp6')]
    .filter((row) => row[3] === TCP_LISTEN && mine.has(row[9]))
    .map((row) => `port ${Number.parseInt(row[1]?.split(':')[1] ?? '', 16)}`)
  const unix = rows('/proc/net/unix')
    .filter((row) => row[3] === UNIX_ACCEPTS && mine.has(row[6]))
    .map((row) => `socket ${row[7] ?? '(unnamed)'}`)
  return [...tcp, ...unix]
}

function socketInode(descriptor: string): string | undefined {
  try {
    return /^socket:\[(\d+)\]$/.exec(fs.readlinkSync(`/proc/self/fd/${descriptor}`))?.[1]
  } catch {
    return undefined
  }
}

function rows(file: string): string[][] {
  return fs.existsSync(file)
    ? fs
        .readFileSync(file, 'utf8')
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => line.trim().split(/\s+/))
    : []
}
