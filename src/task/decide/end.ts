// What every end has in common: nothing stays open that nobody will ever take an answer for.

import type { FactBody } from '../facts.ts'
import { openRequests, type Task } from '../task.ts'

export const withdrawOpen = (task: Task, reason: string): FactBody[] =>
  openRequests(task).map((request) => ({ type: 'withdrawn', request: request.id, reason }))
