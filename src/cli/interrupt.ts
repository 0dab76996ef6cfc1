// `backchannel interrupt TASK`: breaks off its turn; it goes on with what was said meanwhile, or waits for words.

import { withTask } from './one.ts'
import { sayDone } from './print.ts'

export const verb = (argv: string[]): Promise<number> =>
  withTask(argv, 'interrupt', { valued: [], bare: ['json'] }, false, async ({ house, id, flags }) =>
    sayDone(
      house,
      await house.deeds.interrupt({ by: house.user }, id),
      'json' in flags,
      (task) => `${task.label}: interrupted.`,
    ),
  )
