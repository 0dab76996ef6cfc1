// The workspaces of the simulated world: each chore is done at once, and the world remembers every time one was.

import type { Workspaces } from '../../src/runner/care/workspaces.ts'
import { refuse } from '../../src/task/words.ts'
import { DAY_MS, type World } from './world.ts'

export const workspacesOf = (world: World): Workspaces => ({
  async chore(task, { id, what }) {
    const alive = world.processes.filter((one) => one.spec.task === task.id && one.life === 'alive')
    world.chores.push({ task: task.id, chore: id, alive: alive.length })
    // Every third cannot be done.
    if (id.endsWith('3')) return refuse('The disk is full.')
    if (what === 'commit') return { what, commit: 'abc', branch: 'b' }
    if (what === 'restore') return { what, branch: 'b' }
    return { what, ref: 'refs/x', commit: 'abc', until: world.now + DAY_MS }
  },
  tasks: async () => [],
  tidy: async () => {},
  forget: async () => {},
})
