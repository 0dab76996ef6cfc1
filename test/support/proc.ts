// Processes as Linux tells of them, looked up without asking Backchannel. Of what is gone there is nothing to tell.
import fs from 'node:fs'

export const pids = (): number[] =>
  fs.existsSync('/proc') ? fs.readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? Number(name) : [])) : []

/** What stands in one of its files. */
export function told(pid: number, file: 'cmdline' | 'comm' | 'environ' | 'stat'): string {
  try {
    return fs.readFileSync(`/proc/${pid}/${file}`, 'latin1')
  } catch {
    return ''
  }
}

export function workingDirectory(pid: number): string {
  try {
    return fs.readlinkSync(`/proc/${pid}/cwd`)
  } catch {
    return ''
  }
}

/** Those whose program and first argument begin so. */
export const called = (...command: [program: string, argument: string]): number[] =>
  pids().filter((pid) => told(pid, 'cmdline').startsWith(command.join('\0')))

export function kill9(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It ended in this moment.
  }
}
