// `backchannel restore TASK`: brings back what was discarded, as it was.

import { askFor } from './chore.ts'
import { withTask } from './one.ts'

export const verb = (argv: string[]): Promise<number> =>
  withTask(argv, 'restore', { valued: [], bare: ['json'] }, false, ({ house, id, flags }) =>
    askFor({ house, id, what: 'restore', json: 'json' in flags }),
  )
