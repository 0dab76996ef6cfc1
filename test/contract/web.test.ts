import path from 'node:path'
import { openStore } from '../../src/adapters/store/store.ts'
import { webChat } from '../../src/adapters/chat/web/index.ts'
import type { Reply } from '../../src/bot/chat.ts'
import type { ChatLog } from '../../src/bot/chat-log.ts'
import { chatLogInMemory } from '../support/chat-log.ts'
import { home } from '../support/home.ts'
import { chatContract, type Driver } from './chat.ts'

const OWNER = { chat: 'web', id: 'owner', name: 'ann' }
const PLACE = { chat: 'web', channel: 'general' }

function driverOver(log: ChatLog, close: () => Promise<void>): Driver {
  const chat = webChat({ log, now: () => 1_000, owner: OWNER })
  let keys = 0
  async function send(route: string, body: object, key?: string): Promise<Reply> {
    const sent = { key: key ?? `delivery-of-its-own-${(keys += 1)}`, channel: PLACE.channel, ...body }
    const response = await chat.routes.request(route, { method: 'POST', body: JSON.stringify(sent) })
    return ((await response.json()) as { reply: Reply }).reply
  }
  return {
    chat,
    place: PLACE,
    types: (text, thread, key) => send('/messages', { text, thread: thread ?? null }, key),
    clicks: (_ref, { id }, values = {}, key) => send('/clicks', { id, values }, key),
    async titleOf({ id }) {
      const message = await log.get(id)
      return message?.content.kind === 'card' ? message.content.card.title : null
    },
    async countIn({ channel, thread }) {
      return thread === undefined ? (await log.roots(channel, 100)).length : (await log.thread(thread)).length - 1
    },
    async markOn({ id }) {
      const message = await log.get(id)
      return message?.content.kind === 'text' ? message.content.mark : null
    },
    close,
  }
}

chatContract('the page’s chat', async () => driverOver(chatLogInMemory(), async () => {}))

chatContract('the page’s chat over the store', async () => {
  const store = await openStore(path.join(await home(), 'backchannel.db'))
  return driverOver(store.chatLog, () => store.close())
})
