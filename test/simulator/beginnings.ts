// Where searches begin: two tasks that wait to be started, and moments further on that take long to reach.

import { AGENTS } from './people.ts'
import { ask, nextOf } from './next.ts'
import { beginning, taken, type State } from './state.ts'
import { ANN, BOB, CHANNEL } from './world.ts'

const LOOK = 'the runner looks'
const ASKED = [LOOK, 't1#1 is born', 't1#1 identifies itself', 't1#1 asks q1-1 (permission)', LOOK]

/** The steps that lead there, by name, after both tasks were created: t1 of an agent that can everything, t2 of one that can nothing. */
export const BEGINNINGS: Record<string, string[]> = {
  'two new tasks': [],
  'a session asks': ASKED,
  'a session that asked has died': [...ASKED, 't1#1 dies', LOOK],
  'a parked task was answered': [
    ...ASKED,
    'three hours pass',
    'the runner is killed after storing 1',
    'ann: vote t1 q1-1 allow',
  ],
  'a session was told to stop': [...ASKED, 'ann: cancel t1', LOOK],
  'a broken agent lives on after the end of its turn': [
    ...ASKED,
    't1#1 asks the impossible q1-1',
    'the runner is killed after storing 1',
  ],
  'the last of two attempts has been lost': [LOOK, ...lost(1), ...lost(2), 't1#3 is born'],
}

function lost(attempt: number): string[] {
  return [`t1#${attempt} is born`, `t1#${attempt} dies`, LOOK]
}

export async function beginAt(name: string, tasks: 1 | 2 = 2): Promise<State> {
  let state = beginning()
  const common = {
    type: 'create',
    place: CHANNEL,
    options: {},
    prompt: 'do it',
    work: { kind: 'worktree', repo: 'r', path: '/r', worktree: '/w', branch: 'b', base: null },
  } as const
  const [able, plain] = AGENTS
  const all = [
    ['t1', ANN, able],
    ['t2', BOB, plain],
  ] as const
  for (const [id, by, agent] of all.slice(0, tasks)) {
    if (agent) await ask(state, id, { ...common, by, id, label: id, agent: agent.name, limits: agent.limits })
    state.world.now += 1
  }
  for (const what of BEGINNINGS[name] ?? []) {
    const steps = await nextOf(state)
    const step = steps.find((one) => one.what === what)
    if (!step)
      throw new Error(
        `“${what}” cannot happen after ${state.steps.join(', ')}; possible: ${steps.map((one) => one.what).join(' | ')}`,
      )
    state = await taken(state, step)
  }
  return state
}
