// When Claude's own record of a conversation is gone, it cannot be continued: a person may begin anew. Pure.

import type { Ask } from '../../../task/request.ts'

export const FRESH = 'fresh'

export const freshAsk = (id: string): Ask => ({
  id,
  kind: 'question',
  title: 'Its conversation is gone. Begin a new one?',
  detail:
    'Claude deletes its records after a while, and that of this task is not there any more. A new conversation works in the same workspace and knows what is in it, but nothing of what was said.',
  options: [
    { id: FRESH, label: 'Begin a new one', effect: 'answer', style: 'primary' },
    { id: 'no', label: 'Leave it', effect: 'answer' },
  ],
})

export const GONE = 'Its conversation is gone, so it could not be continued. Start a new task for what is left to do.'
