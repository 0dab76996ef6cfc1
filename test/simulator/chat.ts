// A chat platform. It can be down, and it can do what it was asked and fail to say so.

import type { Chat } from '../../src/bot/chat.ts'
import type { Card } from '../../src/task/card.ts'
import type { World } from './world.ts'

export function chatOf(world: World): Chat {
  const { chat } = world
  const showing = (card: Card): void => {
    for (const { id } of card.buttons) if (!chat.buttons.includes(id)) chat.buttons.push(id)
  }
  const before = (): void => {
    if (chat.mood === 'down') throw new Error('the chat is down')
  }
  const after = (): void => {
    if (chat.mood === 'lossy') throw new Error('the chat did it and did not say so')
  }
  const refOf = (id: string) => ({ chat: 'sim', channel: 'c', id })
  return {
    id: 'sim',
    limits: {
      name: 'the simulated chat',
      cardCharsMax: 4000,
      forms: true,
      marks: true,
      lines: true,
      editsPerMinute: null,
    },
    start: async () => {},
    stop: async () => {},
    health: () => ({ state: 'live', since: 0 }),
    async post(place, card, key) {
      before()
      const known = chat.keepsKeys ? chat.posted.find((one) => one.key === key) : undefined
      const id = known?.id ?? `m${chat.posted.length + 1}`
      if (!known) chat.posted.push({ id, place, key, card, deleted: false })
      world.trace.push(`  posted ${key} as ${id}`)
      showing(card)
      after()
      return refOf(id)
    },
    async edit({ id }, card) {
      before()
      const message = chat.posted.find((one) => one.id === id && !one.deleted)
      if (!message) return 'gone'
      message.card = card
      world.trace.push(`  edited ${message.key}`)
      showing(card)
      after()
      return 'edited'
    },
    async find(_place, key) {
      before()
      const message = chat.keepsKeys ? undefined : chat.posted.find((one) => one.key === key && !one.deleted)
      return message ? refOf(message.id) : null
    },
    async mark({ id }, mark) {
      before()
      chat.marks.set(id, mark)
      after()
    },
  }
}
