// A home whose chat is a Slack of ours, and somebody who owns it there: what they see in the channel and its threads.
import { expect, onTestFinished } from 'vitest'
import { APP_TOKEN, BOT_TOKEN, fakeSlack } from '../fake/slack/index.ts'
import { buttonsIn } from '../fake/slack/people.ts'
import { allOf, type Json } from '../fake/slack/spec.ts'
import type { Message } from '../fake/slack/state.ts'
import { nothingWrong } from '../slack/support.ts'
import { until } from '../support/until.ts'
import { house, SLOW } from './house.ts'

const CHANNEL = 'C0GENERAL'

/** A home with a Slack; `paired`: ann said the code. */
export async function slackHouse({ config = '' } = {}) {
  const server = await fakeSlack({ retryMs: [200, 1_000, 2_000, 4_000, 8_000] })
  onTestFinished(async () => {
    await server.close()
    nothingWrong(server)
  })
  const env = { SLACK_BOT_TOKEN: BOT_TOKEN, SLACK_APP_TOKEN: APP_TOKEN, SLACK_API_URL: server.url }
  const here = await house({ config, env })
  const ann = server.person('U0ANN', 'ann')
  const bob = server.person('U0BOB', 'bob')
  const channel = server.channel(CHANNEL, [ann.id, bob.id])

  const roots = (): Message[] => server.world.roots(channel).filter((one) => one.bot_id !== undefined)
  const ofThread = (root: string): Message[] => server.world.thread(channel, root)
  const root = (label: string): Promise<Message> =>
    until(() => roots().find((one) => titleOf(one) === label), { ...SLOW, what: `the card of ${label} is there` })

  return {
    ...here,
    server,
    ann,
    bob,
    channel,
    roots,
    ofThread,
    root,
    /** ann becomes an owner by the code that the terminal prints. */
    async pair(): Promise<void> {
      const { out } = await here.cli(['pair'])
      const code = /\/bg (pair \S+)/u.exec(out)?.[1] ?? ''
      await ann.command(channel, code)
      expect(ann.whispers().at(-1)).toContain('is an owner here')
    },
    /** The message of a thread that shows this button. */
    button: (thread: string, label: string): Promise<Message> =>
      until(() => ofThread(thread).findLast((one) => labelsOf(one).includes(label)), {
        ...SLOW,
        what: `${label} is shown`,
      }),
  }
}

export const titleOf = ({ blocks = [] }: Message): string =>
  (allOf(blocks[0], 'text')[0] ?? '').replace(/^[◌●❗✓✗■] /u, '')
export const labelsOf = ({ blocks = [] }: Message): string[] => buttonsIn(blocks).map(({ text }) => text.text)
export const idOf = ({ blocks = [] }: Message, label: string): string =>
  buttonsIn(blocks).find(({ text }) => text.text === label)?.action_id ?? ''
/** All that is read of a message. */
export const wordsOf = ({ blocks = [] }: { blocks?: Json[] }): string => allOf(blocks, 'text').join('')
export const marksOn = ({ reactions }: Message): string[] => reactions.map(({ name }) => name)
