// Runs once around the whole suite: the suite leaves behind no process and no file. Every process of a run is known by the run's id
// in its environment, command line or working directory, every temporary file by its place: TMPDIR of a run is a folder of its own,
// short because paths of unix sockets are limited to 107 bytes.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { kill9, pids, told, workingDirectory } from './proc.ts'
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
    for (const one of processes) kill9(one.pid)
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
  return pids().flatMap((pid) => {
    if (pid === process.pid || isOurWorker(pid)) return []
    const command = told(pid, 'cmdline').replaceAll('\0', ' ').trim()
    const traces = [told(pid, 'environ'), command, workingDirectory(pid)]
    return traces.some((trace) => trace.includes(run)) ? [{ pid, command }] : []
  })
}

/** The test runner's own workers, children of this process, end after this check. */
function isOurWorker(pid: number): boolean {
  const stat = told(pid, 'stat')
  const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return state === 'Z' || (Number(parent) === process.pid && told(pid, 'cmdline').includes('vitest'))
}
