// Runs once around the whole suite: the suite leaves behind no process and no file. Every process of a run is known by the run's id
// in its environment, command line or working directory, every temporary file by its place: TMPDIR of a run is a folder of its own,
// short because paths of unix sockets are limited to 107 bytes.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { remaining } from './until.ts'

const LEAVING_MS = 5_000
const SHOWN_MAX = 20

export function setup(): () => Promise<void> {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'bct-'))
  const run = path.basename(root)
  const before = process.env['TMPDIR']
  process.env['BACKCHANNEL_TEST'] = run
  process.env['TMPDIR'] = root

  return async function teardown() {
    if (before === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = before
    const processes = await remaining(() => processesOf(run), { within: LEAVING_MS })
    const files = await remaining(() => fs.readdirSync(root), { within: LEAVING_MS })
    const within = new Map(files.map((file) => [file, contents(path.join(root, file))]))
    for (const one of processes) kill(one.pid)
    fs.rmSync(root, { recursive: true, force: true, maxRetries: 5 })
    const found = [
      ...processes.map((one) => `process ${one.pid}: ${one.command}`),
      ...files.map((file) => `file in the temporary folder: ${file} ${within.get(file) ?? ''}`),
    ]
    if (found.length > 0) throw new Error(`The tests left behind:\n  ${found.join('\n  ')}`)
  }
}

/** What lies in it, so that one can tell who left it. */
function contents(folder: string): string {
  if (!fs.statSync(folder).isDirectory()) return ''
  const names = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return `with ${names.slice(0, SHOWN_MAX).join(', ') || 'nothing'}${names.length > SHOWN_MAX ? ', …' : ''}`
}

type Leftover = { pid: number; command: string }

function processesOf(run: string): Leftover[] {
  if (!fs.existsSync('/proc')) return []
  const found: Leftover[] = []
  for (const entry of fs.readdirSync('/proc')) {
    const pid = Number(entry)
    if (!Number.isInteger(pid) || pid === process.pid || isOurWorker(pid)) continue
    const command = read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim()
    const traces = [read(`/proc/${pid}/environ`), command, workingDirectory(pid)]
    if (traces.some((trace) => trace.includes(run))) found.push({ pid, command })
  }
  return found
}

/** The test runner's own workers, children of this process, end after this check. */
function isOurWorker(pid: number): boolean {
  const stat = read(`/proc/${pid}/stat`)
  const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return state === 'Z' || (Number(parent) === process.pid && read(`/proc/${pid}/cmdline`).includes('vitest'))
}

function read(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

function workingDirectory(pid: number): string {
  try {
    return fs.readlinkSync(`/proc/${pid}/cwd`)
  } catch {
    return ''
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // gone by itself meanwhile
  }
}
