// Marks on people's own messages, as reactions: received, then delivered, and never back.

import type { Chat } from '../../../bot/chat.ts'
import type { Mark } from '../../../task/card.ts'
import { failureOf, isRefusedWith, patiently } from './api.ts'
import { paced } from './lanes.ts'
import { MARKS_BURST, MARKS_PER_MINUTE } from './limits.ts'
import type { Room } from './room.ts'

const DELIVERED_MAX = 2_000
const NAMES: Record<Mark, string> = { received: 'eyes', delivered: 'white_check_mark' }

export function marks({ client: { reactions }, now, wait, log }: Room): Chat['mark'] {
  const may = {
    add: paced({ now, wait }, MARKS_BURST, MARKS_PER_MINUTE.add),
    remove: paced({ now, wait }, MARKS_BURST, MARKS_PER_MINUTE.remove),
  }
  const delivered = new Set<string>()

  async function react(how: 'add' | 'remove', mark: Mark, channel: string, timestamp: string): Promise<void> {
    try {
      await may[how]()
      await patiently(() => reactions[how]({ name: NAMES[mark], channel, timestamp }), wait)
    } catch (error) {
      if (failureOf(error).kind !== 'refused') throw error
      // As it should be already, or it cannot be: the words themselves have arrived, and nothing waits for a mark.
      if (!isRefusedWith(error, 'already_reacted', 'no_reaction', 'message_not_found'))
        log.warn({ err: error }, 'words could not be marked')
    }
  }

  return async ({ channel, id }, wanted) => {
    const message = `${channel}:${id}`
    if (wanted === 'received' && delivered.has(message)) return
    if (wanted === 'delivered') {
      if (delivered.size >= DELIVERED_MAX) delivered.clear()
      delivered.add(message)
    }
    await react('add', wanted, channel, id)
    // Slack takes few of these a minute; nobody waits for the older mark to go.
    if (wanted === 'delivered')
      react('remove', 'received', channel, id).catch((error: unknown) => {
        log.warn({ err: error }, 'an older mark stays')
      })
  }
}
