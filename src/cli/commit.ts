// `backchannel commit TASK [message]`: commits what is uncommitted in its worktree.

import { askFor } from './chore.ts'
import { withTask } from './one.ts'

export const verb = (argv: string[]): Promise<number> =>
  withTask(argv, 'commit', { valued: [], bare: ['json'] }, true, ({ house, id, flags, rest }) =>
    askFor({ house, id, what: 'commit', message: rest.join(' ') || undefined, json: 'json' in flags }),
  )
