// What runs for the tasks of a home, looked up without asking Backchannel: every process whose environment carries the marker.
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { kill9, pids, told, workingDirectory } from '../support/proc.ts'
import { until } from '../support/until.ts'

export type Running = { pid: number; task: string; attempt: number; command: string; owner: boolean }

/** All that lives of the sessions of this home, or of one of its tasks; `owner` is the session process itself. */
export function running(home: string, task?: string): Running[] {
  const house = createHash('sha256').update(realPath(home)).digest('hex').slice(0, 12)
  const marker = new RegExp(`(?:^|\0)BACKCHANNEL_SESSION=${house}\\.([^.\0]+)\\.(\\d+)\0`)
  const owners = ownersIn(home)
  return pids().flatMap((pid) => {
    const command = told(pid, 'cmdline').replaceAll('\0', ' ').trim()
    const owner = command.includes('runner/session/main.ts')
    const [, name = '', attempt] = (owner ? owners.get(pid) : undefined) ?? marker.exec(told(pid, 'environ')) ?? []
    if (name === '' || (task !== undefined && name !== task)) return []
    return [{ pid, task: name, attempt: Number(attempt), command, owner }]
  })
}

/** The session processes by pid, as the attempts name them: one that waited for its attempt was born with another marker. */
function ownersIn(home: string): Map<number, [pid: number, task: string, attempt: string]> {
  const files = fs.globSync('tasks/*/*/session.json', { cwd: home })
  return new Map(
    files.flatMap((file) => {
      const [, task = '', attempt = ''] = file.split('/')
      const pid = /"pid":(\d+)/.exec(read(`${home}/${file}`))?.[1]
      return pid === undefined ? [] : [[Number(pid), [Number(pid), task, attempt]] as const]
    }),
  )
}

/** Whether a session process of this home begins or waits. It is known by where it works, as that also holds while it is
 *  becoming itself; one that waits ends with its runner. */
function begins(home: string): boolean {
  const real = realPath(home)
  return pids()
    .map(workingDirectory)
    .some((at) => at === real || at.startsWith(path.join(real, 'tasks/')))
}

/** SIGKILL for all of it, until nothing is left, and nobody who waited writes any more. */
export async function endSessions(home: string): Promise<void> {
  await until(
    () => {
      for (const { pid } of running(home)) kill9(pid)
      return running(home).length === 0 && !begins(home)
    },
    { what: 'nothing of the home runs' },
  )
}

/** The session process of a task, once there is one. */
export const owner = (home: string, task: string): Promise<Running> =>
  until(() => running(home, task).find((one) => one.owner), { what: `a session process of ${task} lives` })

const realPath = (folder: string): string => (fs.existsSync(folder) ? fs.realpathSync(folder) : folder)

function read(file: string): string {
  try {
    return fs.readFileSync(file, 'latin1')
  } catch {
    return ''
  }
}
