// `backchannel guide TASK words`: guides it while it works, answers its question, continues it after its end.

import { UsageError } from './args.ts'
import { withTask } from './one.ts'
import { sayDone } from './print.ts'

export const verb = (argv: string[]): Promise<number> =>
  withTask(argv, 'guide', { valued: [], bare: ['json'] }, true, async ({ house, id, flags, rest }) => {
    if (rest.length === 0) throw new UsageError('guide needs words for the task.')
    return sayDone(
      house,
      await house.deeds.reply({ by: house.user }, id, rest.join(' ')),
      'json' in flags,
      (task) => `${task.label}: told.`,
    )
  })
