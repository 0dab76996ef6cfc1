// `backchannel attach TASK`: takes its conversation into this terminal. Our own process of it ends first, because two writers never
// share one; when the person leaves, the task is back.

import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { endingWithUs } from '../adapters/agent/claude/program.ts'
import { markersOf } from '../runner/attempt-files.ts'
import { identify, marked } from '../runner/processes.ts'
import { Sessions } from '../runner/sessions.ts'
import type { Task } from '../task/task.ts'
import { isRefused, refuse, type Refused } from '../task/words.ts'
import { AGENTS } from './agents.ts'
import type { House } from './house.ts'
import { withTask } from './one.ts'
import { say, sayRefusal } from './print.ts'

const WAIT_MS_MAX = 30_000
const LOOK_MS = 50

export const verb = (argv: string[]): Promise<number> =>
  withTask(argv, 'attach', { valued: [], bare: [] }, false, async ({ house, id }) => {
    const terminal = identify(process.pid)
    if (!terminal) return sayRefusal(refuse('attach needs /proc, as Linux has it.'))
    const not = await whyNot(house, id)
    if (not) return sayRefusal(not)
    const attached = await house.deeds.attach({ by: house.user }, id, terminal)
    if (attached === 'repeated') return 0
    if (isRefused(attached)) return sayRefusal(attached)
    try {
      if (await handedOver(house, attached)) return await open(attached)
      return sayRefusal(refuse(`${attached.label} does not let go: its session process is still there.`))
    } finally {
      await house.deeds.left({ by: house.user }, id, terminal)
      say(`${attached.label} is back in the background.`)
    }
  })

async function whyNot(house: House, id: string): Promise<Refused | null> {
  const task = await house.views.task(id)
  if (!task) return refuse('There is no such task.')
  if (!terminalOf(task.agent)) return refuse(`${task.agent} has no terminal to go on in.`)
  return existsSync(task.workspace) ? null : refuse(`Its workspace ${task.workspace} is gone; a reply makes it anew.`)
}

const terminalOf = (agent: string) => AGENTS.find(({ name }) => name === agent)?.terminal ?? null

/** Whether nothing of its last attempt lives any more. */
async function handedOver({ config, bells }: House, { id, attempt }: Task): Promise<boolean> {
  if (!(await bells.isAnswered('runner')))
    await new Sessions(config.home).endAll(id, attempt, config.settings.stop_grace)
  const markers = markersOf(config.home, id, attempt)
  for (let waited = 0; waited < WAIT_MS_MAX; waited += LOOK_MS) {
    if (marked(...markers).length === 0) return true
    await sleep(LOOK_MS)
  }
  return false
}

/** The program has the terminal, Ctrl-C included, and ends with us. */
async function open({ agent, session, work }: Task): Promise<number> {
  const own = terminalOf(agent)?.(session ?? '')
  if (!own) throw new Error(`${agent} has no terminal`)
  const { program, args } = endingWithUs(own.program, own.args)
  process.on('SIGINT', () => {})
  const child = spawn(program, args, { cwd: work.kind === 'worktree' ? work.worktree : work.path, stdio: 'inherit' })
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(sayRefusal(refuse(`${program} could not be started: ${error.message}`))))
    child.once('exit', (code) => resolve(code ?? 1))
  })
}
