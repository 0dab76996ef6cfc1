// What arrives from a chat, turned into deeds: text into verbs, a click into exactly the thing its button named, a reply in
// a task's thread into words for it. Resolves once the journal has it, so that the chat may acknowledge.

import { parseActionId } from '../task/action-id.ts'
import type { Inbound, Reply } from './chat.ts'
import { command, VERBS } from './commands.ts'
import type { Doer } from './deeds.ts'
import type { Messages } from './messages.ts'
import { startFilledIn } from './starting.ts'
import { doer, done, type Room as Bot } from './typed.ts'

type Room = Bot & { messages: Messages }

export function receiver(room: Room): (event: Inbound) => Promise<Reply> {
  return async (event) => {
    switch (event.kind) {
      case 'command':
        return command(room, { ...event, delivery: deliveryOf(event), thread: await taskAt(room, event) })
      case 'click':
        return click(room, event)
      case 'reply':
        return reply(room, event)
    }
  }
}

async function click(room: Room, event: Extract<Inbound, { kind: 'click' }>): Promise<Reply> {
  const id = parseActionId(event.id)
  if (!id) return { kind: 'refused', text: 'This button is not known here; it may come from another version.' }
  if (id.action === 'start')
    return startFilledIn(room, { ...event, text: '', delivery: deliveryOf(event), thread: null }, event.values)
  const who = doerOf(event)
  const ofTurn = id.request === '' ? who : { ...who, turn: Number(id.request) }
  switch (id.action) {
    case 'vote':
      return done(await room.deeds.vote(who, id.task, id.request, id.option, event.values))
    case 'interrupt':
      return done(await room.deeds.interrupt(ofTurn, id.task))
    case 'stop':
      return done(await room.deeds.stop(ofTurn, id.task))
    case 'again':
      return done(await room.deeds.again(ofTurn, id.task))
    case 'continue':
      return done(await room.deeds.reply(ofTurn, id.task, event.values['text'] ?? ''))
    case 'commit':
    case 'discard':
    case 'restore':
      return done(await room.deeds.chore(ofTurn, id.task, id.action, event.values['message']))
    case 'log':
    case 'diff':
      return command(room, {
        ...event,
        delivery: deliveryOf(event),
        text: `${id.action === 'log' ? 'logs' : 'diff'} ${id.task}`,
        thread: id.task,
      })
  }
}

async function reply(room: Room, event: Extract<Inbound, { kind: 'reply' }>): Promise<Reply> {
  const task = await taskAt(room, event)
  if (task === null)
    return {
      kind: 'refused',
      text: `This thread belongs to no task. Possible: ${Object.keys(VERBS)
        .map((verb) => `/bg ${verb}`)
        .join(', ')}.`,
    }
  return done(await room.deeds.reply(doerOf(event), task, event.text, event.source))
}

/** Where other people talk as well, a thread of no task is theirs, and nobody there asked us anything. */
export const amongOthers =
  (room: Pick<Room, 'messages'>, receive: (event: Inbound) => Promise<Reply>) =>
  async (event: Inbound): Promise<Reply> =>
    event.kind === 'reply' && (await taskAt(room, event)) === null ? { kind: 'none' } : receive(event)

async function taskAt({ messages }: Pick<Room, 'messages'>, { place }: Inbound): Promise<string | null> {
  if (place.thread === undefined) return null
  return messages.taskOf({ chat: place.chat, channel: place.channel, id: place.thread })
}

const doerOf = (event: Inbound): Doer => doer({ ...event, delivery: deliveryOf(event), thread: null })

const deliveryOf = ({ place, key }: Inbound): string => `${place.chat}:${key}`
