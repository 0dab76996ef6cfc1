// The chats besides the page, put together where their tokens are set. Each brings its library along only then.

import type { Logger } from 'pino'
import type { Chat } from '../bot/chat.ts'
import { VERB_HELP } from '../bot/help.ts'
import { maskedChat } from '../bot/masking.ts'
import { authorize, withGroups } from '../task/authorize.ts'
import type { Actor } from '../task/words.ts'
import { AGENTS } from './agents.ts'
import type { House } from './house.ts'

type Check = { what: string; ok: boolean; says: string }

const COMPLETED_MAX = 25
const TASKS_LOOKED_AT = 200

/** Every chat whose token is set; what leaves through them is masked. */
export async function chatsBeside(house: House, log: Logger): Promise<Chat[]> {
  const { discord, slack } = house.config.chats
  const chats: Chat[] = []
  if (discord) {
    const { discordChat } = await import('../adapters/chat/discord/index.ts')
    const failed = (error: unknown) => log.error({ chat: 'discord', err: error }, 'Discord: something failed')
    chats.push(
      discordChat({
        ...discord,
        verbs: VERB_HELP,
        complete: (what, text, who) => completed(house, what, text, who),
        now: Date.now,
        failed,
      }),
    )
  }
  if (slack) {
    const { slackChat } = await import('../adapters/chat/slack/index.ts')
    chats.push(slackChat({ ...slack, log, now: Date.now }))
  }
  return chats.map((chat) => maskedChat(chat, house.mask))
}

/** What is wrong on the side of each chat, with what to do about it. */
export async function chatChecks({ config: { chats }, bells }: House): Promise<Check[]> {
  const checks: Check[] = []
  if (chats.slack) {
    const { check } = await import('../adapters/chat/slack/check.ts')
    checks.push(...(await check({ ...chats.slack, connects: !(await bells.isAnswered('bot')) })))
  }
  if (chats.discord) {
    const { check } = await import('../adapters/chat/discord/check.ts')
    checks.push(...(await check({ ...chats.discord, verbs: VERB_HELP })).all)
  }
  return checks
}

/** What begins, or at least goes on, as the text does; nothing for whoever may not start anything. */
async function completed(
  { views, repos, people, mask }: House,
  what: 'task' | 'repo' | 'agent' | 'label',
  text: string,
  { actor, groups }: { actor: Actor; groups: string[] },
): Promise<string[]> {
  if (authorize(withGroups(await people(), actor, groups), actor, 'create')) return []
  const names = async (): Promise<string[]> => {
    if (what === 'agent') return AGENTS.filter(({ missing }) => missing === null).map(({ name }) => name)
    if (what === 'repo') return (await repos.all()).map(({ name }) => name)
    return (await views.tasks({ limit: TASKS_LOOKED_AT })).map(({ label }) => label)
  }
  const wanted = text.toLowerCase()
  const all = [...new Set(await names())].filter((name) => name.toLowerCase().includes(wanted))
  const best = all
    .toSorted((a, b) => Number(b.toLowerCase().startsWith(wanted)) - Number(a.toLowerCase().startsWith(wanted)))
    .slice(0, COMPLETED_MAX)
  // What would read otherwise could not be taken as it reads.
  const shown = await Promise.all(best.map((name) => mask(name)))
  return best.filter((name, index) => shown[index] === name)
}
