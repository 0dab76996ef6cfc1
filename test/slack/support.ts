// The chat of Slack over a Slack of ours, and somebody in it. Whatever a test does, at its end no call and no block was one that
// Slack would not take.
import { expect } from 'vitest'
import { slackChat } from '../../src/adapters/chat/slack/index.ts'
import type { Log } from '../../src/adapters/chat/slack/room.ts'
import { APP_TOKEN, BOT_TOKEN, fakeSlack, type FakeSlack } from '../fake/slack/index.ts'

const CHANNEL = 'C0GENERAL'

type Options = Parameters<typeof fakeSlack>[0] & { botToken?: string; appToken?: string; now?: () => number }

/** What the chat wrote into its log. */
export type Logged = { level: string; message: string; what: object }

export function logOf(into: Logged[]): Log {
  const say = (level: string) => (what: object, message: string) => void into.push({ level, message, what })
  return { debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error') }
}

export async function slack({ botToken = BOT_TOKEN, appToken = APP_TOKEN, now = Date.now, ...options }: Options = {}) {
  const server = await fakeSlack(options)
  const ann = server.person('U0ANN', 'ann')
  const bob = server.person('U0BOB', 'bob')
  const channel = server.channel(CHANNEL, [ann.id, bob.id])
  const log: Logged[] = []
  const make = () => slackChat({ botToken, appToken, apiUrl: server.url, log: logOf(log), now })
  return {
    server,
    ann,
    bob,
    channel,
    log,
    make,
    chat: make(),
    async close(): Promise<void> {
      await server.close()
      nothingWrong(server)
    },
  }
}

/** Zero violations: of arguments, of blocks, of rate limits. */
export function nothingWrong(server: FakeSlack): void {
  expect(server.violations).toEqual([])
  expect(server.limited).toEqual([])
}
