// One line outside of the task's thread: in its channel when a turn has ended, because nobody notices an edit there, and in
// the thread it was asked for in, because its own thread is elsewhere. The rest is in the task's thread.

import type { Card, Part } from '../card.ts'
import type { Outcome, Task, Turn } from '../task.ts'
import type { MessageRef } from '../words.ts'
import { summaryCard } from './summary.ts'

export function endLine(task: Task, turn: Turn, outcome: Outcome, root: MessageRef): Card {
  const { tone, title } = summaryCard(task, turn, outcome)
  return lineCard(tone, [{ message: root, text: task.label }, ': ', lowered(title)])
}

export const originLine = (task: Task, root: MessageRef): Card =>
  lineCard('plain', ['Started ', { message: root, text: task.label }, ', which goes on in a thread of its own.'])

const lineCard = (tone: Card['tone'], parts: Part[]): Card => ({
  tone,
  title: '',
  body: [{ kind: 'line', parts }],
  buttons: [],
  mention: [],
})

const lowered = (title: string): string => title.charAt(0).toLowerCase() + title.slice(1)
