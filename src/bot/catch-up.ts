// What a chat asks of the bot when it comes back: where people may have spoken meanwhile, how far it had read, and what a
// button asks for. A platform keeps messages; what they are about only we know.

import { load, type Journal } from '../runner/journal.ts'
import { parseActionId } from '../task/action-id.ts'
import { posts } from '../task/posts/index.ts'
import type { Instant } from '../task/words.ts'
import type { CatchUp } from './chat.ts'
import type { Messages } from './messages.ts'

type Room = { journal: Journal; messages: Messages; now: () => Instant }

/** Words under a task that ended longer ago are not looked for. */
const ENDED_WITHIN_MS = 7 * 86_400_000
const THREADS_MAX = 200

export const catchUp = ({ journal, messages, now }: Room, chat: string): CatchUp => ({
  async threads() {
    const roots = await messages.roots(chat, now() - ENDED_WITHIN_MS, THREADS_MAX)
    return roots.map(({ channel, id }) => ({ chat, channel, thread: id }))
  },
  cursor: () => messages.cursor(chat),
  reached: (cursor) => messages.reached(chat, cursor),
  async form(button) {
    const id = parseActionId(button)
    const task = id && (await load(journal, id.task))
    if (!task) return null
    const cards = [...posts(task, { progress: null, line: null }).values()]
    const found = cards
      .flatMap((post) => (post.kind === 'card' ? post.card.buttons : []))
      .find((one) => one.id === button)
    return found?.form ?? null
  },
})
