// What needs a person, and their own tasks that go on, as the cards these have in their threads: what a home of a platform shows.

import { tasksOf } from '../runner/folds.ts'
import type { Journal } from '../runner/journal.ts'
import type { Block, Card } from '../task/card.ts'
import { aboutTask, authorize, isSamePerson, type People } from '../task/authorize.ts'
import { requestCard } from '../task/posts/request.ts'
import { statusCard } from '../task/posts/status.ts'
import { openRequests, UNENDED, type Task } from '../task/task.ts'
import type { Actor, MessageRef } from '../task/words.ts'
import { peopleFor, type Doer } from './deeds.ts'
import type { Messages } from './messages.ts'

type Room = { journal: Journal; messages: Messages; people: () => Promise<People> }

/** Beyond it nobody reads, and platforms draw no more. */
const CARDS_MAX = 20

export async function mine({ journal, messages, people }: Room, doer: Doer): Promise<{ text: string; cards: Card[] }> {
  const heads = await journal.heads({ status: UNENDED, limit: Number.MAX_SAFE_INTEGER })
  const { by: actor } = doer
  const [tasks, who] = [await tasksOf(journal, heads), await peopleFor({ people }, doer)]
  const asking = tasks.flatMap((task) =>
    mayVote(who, actor, task) ? openRequests(task).map((request) => ({ task, card: requestCard(task, request) })) : [],
  )
  const own = tasks
    .filter(({ requester }) => isSamePerson(who, requester, actor))
    .map((task) => ({ task, card: statusCard(task, { progress: null, line: null }) }))
  const all = [...asking, ...own]
  const cards = all.slice(0, CARDS_MAX).map(async ({ task, card }): Promise<Card> => {
    const root = (await messages.of(task.id)).get('status')?.ref ?? null
    return { ...card, body: [where(task, root, actor), ...card.body], mention: [] }
  })
  const more = all.length > CARDS_MAX ? ` (the first ${CARDS_MAX} of ${all.length})` : ''
  const text =
    all.length === 0
      ? 'Nothing needs you, and none of your tasks is under way.'
      : `${asking.length} to answer, ${own.length} of yours under way${more}`
  return { text, cards: await Promise.all(cards) }
}

const mayVote = (people: People, actor: Actor, task: Task): boolean =>
  authorize(people, actor, 'vote', aboutTask(task)) === null

const where = (task: Task, root: MessageRef | null, { chat }: Actor): Block => ({
  kind: 'line',
  parts: root?.chat === chat ? [{ message: root, text: task.label }] : [{ strong: task.label }, ` (${task.id})`],
})
