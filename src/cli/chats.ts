// The chats of a home besides its page: those whose tokens are set. Each is loaded only then, and says nothing that is secret.

import type { Logger } from 'pino'
import type { Chat } from '../bot/chat.ts'
import { maskedChat } from '../bot/masking.ts'
import type { House } from './house.ts'

export async function chatsOf({ config, mask }: House, log: Logger): Promise<Chat[]> {
  const { slack } = config.chats
  const chats: Chat[] = []
  if (slack) {
    const { slackChat } = await import('../adapters/chat/slack/index.ts')
    chats.push(slackChat({ ...slack, log, now: Date.now }))
  }
  return chats.map((chat) => maskedChat(chat, mask))
}
