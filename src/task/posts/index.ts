// posts: what people should see of a task, and where. Pure and complete: the surface compares this with the messages that
// exist and mends the difference. Keys are stable; a post that is no longer listed is left as it is.

import type { Post } from '../card.ts'
import type { Progress } from '../report.ts'
import type { RequestState } from '../request.ts'
import type { Guidance, Task } from '../task.ts'
import type { MessageRef } from '../words.ts'
import { choreCard } from './chore.ts'
import { endLine, originLine } from './line.ts'
import { reminderCard, requestCard } from './request.ts'
import { statusCard } from './status.ts'
import { summaryCard } from './summary.ts'

/** What the task itself does not know: what its agent does right now, and its place in line (from 1) while queued. */
export type Surroundings = {
  progress: Progress | null
  line: number | null
  /** It has shown no sign of life for long, although nobody has to answer it. */
  isQuiet?: boolean
  /** Its status card as a message, once it is posted. */
  root?: MessageRef | null
}

export function posts(task: Task, surroundings: Surroundings): Map<string, Post> {
  const all: [string, Post][] = [
    ['status', { kind: 'card', where: 'root', card: statusCard(task, surroundings) }],
    ...task.requests.map((request): [string, Post] => [
      `request:${request.id}`,
      { kind: 'card', where: 'thread', card: requestCard(task, request) },
    ]),
    ...task.requests
      .filter((request) => request.remindedAt !== null && request.state.kind === 'open')
      .map((request): [string, Post] => [
        `reminder:${request.id}`,
        { kind: 'card', where: 'thread', card: reminderCard(task, request) },
      ]),
    ...task.turns.flatMap((turn): [string, Post][] =>
      turn.phase.kind === 'ended'
        ? [[`summary:${turn.n}`, { kind: 'card', where: 'thread', card: summaryCard(task, turn, turn.phase.outcome) }]]
        : [],
    ),
    ...task.chores.map((chore): [string, Post] => [
      `chore:${chore.id}`,
      { kind: 'card', where: 'thread', card: choreCard(chore) },
    ]),
    ...(surroundings.root ? lines(task, surroundings.root) : []),
    ...marks(task),
  ]
  return new Map(task.terminal ? all.map(([key, post]) => [key, inTerminal(post)]) : all)
}

/** What is said outside of its own thread. Who stopped it knows. */
function lines(task: Task, root: MessageRef): [string, Post][] {
  const ends = task.turns.flatMap((turn): [string, Post][] => {
    if (turn.phase.kind !== 'ended' || turn.phase.outcome.kind === 'cancelled') return []
    const card = endLine(task, turn, turn.phase.outcome, root)
    return [[`line:${turn.n}`, { kind: 'card', where: 'channel', card }]]
  })
  const origin: Post = { kind: 'card', where: 'origin', card: originLine(task, root) }
  return task.place.thread === undefined ? ends : [['origin', origin], ...ends]
}

/** Nothing can be decided here meanwhile; looking goes on. */
const inTerminal = (post: Post): Post =>
  post.kind === 'mark'
    ? post
    : { ...post, card: { ...post.card, buttons: post.card.buttons.filter(({ id }) => /^v1:(log|diff):/u.test(id)) } }

/** Marks on people's own messages: received once it is in the journal, delivered once the agent has it. */
function marks(task: Task): [string, Post][] {
  const guidance = task.guidance.flatMap((one): [string, Post][] => {
    if (!one.source) return []
    const reached = hasReached(task, one)
    return [[`mark:${one.id}`, { kind: 'mark', on: one.source, mark: reached ? 'delivered' : 'received' }]]
  })
  const prompts = task.turns.flatMap((turn): [string, Post][] =>
    turn.n > 1 && turn.source
      ? [
          [
            `mark:turn:${turn.n}`,
            { kind: 'mark', on: turn.source, mark: hasBegun(task, turn.n) ? 'delivered' : 'received' },
          ],
        ]
      : [],
  )
  return [...guidance, ...prompts]
}

function hasReached(task: Task, { state }: Guidance): boolean {
  if (state.kind === 'carried') return hasBegun(task, state.turn)
  if (state.kind === 'used') return task.requests.some(({ id, state: now }) => id === state.request && isDelivered(now))
  return state.kind === 'delivered'
}

const isDelivered = (state: RequestState): boolean => state.kind === 'settled' && state.delivered !== null

/** A session took the turn's prompt; that it was started, or that its turn is over, says nothing of that. */
const hasBegun = (task: Task, n: number): boolean => task.turns[n - 1]?.begun ?? false
