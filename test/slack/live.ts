// A chat that is on, over a Slack of ours.
import { expect, onTestFinished } from 'vitest'
import type { CatchUp, Inbound, Reply } from '../../src/bot/chat.ts'
import type { Card } from '../../src/task/card.ts'
import { NOTHING_MISSED } from '../contract/chat.ts'
import { until } from '../support/until.ts'
import { slack } from './support.ts'

export const NONE: Reply = { kind: 'none' }
export const card = (title: string, more: Partial<Card> = {}): Card => ({
  tone: 'working',
  title,
  body: [],
  buttons: [{ id: 'v1:stop:t1::', label: 'Stop' }],
  mention: [],
  ...more,
})

type Wish = Parameters<typeof slack>[0] & {
  answer?: (event: Inbound) => Promise<Reply>
  catchUp?: Partial<CatchUp>
  /** User groups, and who is in them. */
  groups?: Record<string, string[]>
}

/** A chat of Slack that is on, what arrived, and at the end: nothing was rejected that nobody held. */
export async function live({ answer = async () => NONE, catchUp = {}, groups = {}, ...options }: Wish = {}) {
  const it = await slack(options)
  for (const [id, users] of Object.entries(groups)) it.server.group(id, users)
  const received: Inbound[] = []
  const rejections: unknown[] = []
  const rejected = (reason: unknown): void => void rejections.push(reason)
  process.on('unhandledRejection', rejected)
  onTestFinished(async () => {
    await it.chat.stop()
    await it.close()
    await new Promise((resolve) => setImmediate(resolve))
    process.off('unhandledRejection', rejected)
    expect(rejections).toEqual([])
  })
  await it.chat.start(
    async (event) => {
      received.push(event)
      return answer(event)
    },
    { ...NOTHING_MISSED, ...catchUp },
  )
  await until(() => it.server.sockets.count() === 2)
  const place = { chat: 'slack', channel: it.channel }
  return { ...it, received, place }
}
