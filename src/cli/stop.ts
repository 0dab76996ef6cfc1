// `backchannel stop TASK`: ends it and everything it started; waits until that is so.

import { setTimeout as sleep } from 'node:timers/promises'
import { load } from '../runner/journal.ts'
import { endedAt } from '../task/task.ts'
import { isRefused } from '../task/words.ts'
import { withTask } from './one.ts'
import { sayDone } from './print.ts'

const WAIT_MS_MAX = 30_000
const LOOK_MS = 50

export const verb = (argv: string[]): Promise<number> =>
  withTask(argv, 'stop', { valued: [], bare: ['json'] }, false, async ({ house, id, flags }) => {
    const done = await house.deeds.stop({ by: house.user }, id)
    if (done === 'repeated' || isRefused(done)) return sayDone(house, done, false, () => '')
    if (!(await house.bells.isAnswered('runner')) && endedAt(done) === null) {
      process.stderr.write('It is stopped as soon as “backchannel up” runs again.\n')
      return 1
    }
    for (let waited = 0; waited < WAIT_MS_MAX; waited += LOOK_MS) {
      const task = await load(house.store.journal, id)
      if (task && endedAt(task) !== null) return sayDone(house, task, 'json' in flags, () => `${task.label}: stopped.`)
      await sleep(LOOK_MS)
    }
    process.stderr.write('It is asked to stop and has not stopped yet.\n')
    return 1
  })
