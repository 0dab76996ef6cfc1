// `backchannel answer TASK [REQUEST] OPTION|words`: answers what it asks.

import { answerWith } from '../bot/commands.ts'
import { withTask } from './one.ts'
import { sayDone } from './print.ts'

export const verb = (argv: string[]): Promise<number> =>
  withTask(argv, 'answer', { valued: [], bare: ['json'] }, true, async ({ house, id, flags, rest }) =>
    sayDone(
      house,
      await answerWith(house, { by: house.user }, id, rest.join(' ')),
      'json' in flags,
      (task) => `${task.label}: answered.`,
    ),
  )
