// `backchannel setup CHAT`: connects a chat, step by step.

import { unknown } from '../bot/words.ts'
import { UsageError } from './args.ts'

const CHATS: Record<string, (argv: string[]) => Promise<number>> = {
  slack: async (argv) => (await import('./setup/slack.ts')).setupSlack(argv),
  discord: async (argv) => (await import('./setup/discord.ts')).setupDiscord(argv),
}

export async function verb([chat = '', ...argv]: string[]): Promise<number> {
  const known = Object.keys(CHATS)
  if (chat === '') throw new UsageError(`Name a chat: ${known.join(', ')}.`)
  const setup = Object.hasOwn(CHATS, chat) ? CHATS[chat] : undefined
  if (!setup) throw new UsageError(unknown(chat, known, 'chat that can be set up'))
  return setup(argv)
}
