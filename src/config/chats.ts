// The tokens of the chats: from the environment, or from `chats.yaml` in the home, which setup writes (0600). They are ours alone: no
// session ever gets them.

import { z } from 'zod'
import { refuse, type Refused } from '../task/words.ts'

export type ChatTokens = { slack?: { botToken: string; appToken: string; apiUrl?: string } }

/** Where setup writes them. */
export const CHATS_FILE = 'chats.yaml'

/** What must never reach a session, whatever config.yaml passes on. */
export const TOKENS = ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN', 'DISCORD_BOT_TOKEN']

const file = z
  .strictObject({ slack: z.strictObject({ bot_token: z.string(), app_token: z.string() }).exactOptional() })
  .nullable()

type Env = Record<string, string | undefined>

/** `given`: what stands in the file, or null. `secrets`: the tokens by the names they have in an environment. */
export function chatTokens(given: unknown, env: Env): { chats: ChatTokens; secrets: Env } | Refused {
  const read = file.safeParse(given)
  if (!read.success) {
    const issue = read.error.issues[0]
    return refuse(
      `${CHATS_FILE}: “${issue?.path.join('.') || 'the file'}” is not as setup writes it; run “backchannel setup slack” again`,
    )
  }
  const botToken = env['SLACK_BOT_TOKEN'] || read.data?.slack?.bot_token
  const appToken = env['SLACK_APP_TOKEN'] || read.data?.slack?.app_token
  if (!botToken && !appToken) return { chats: {}, secrets: {} }
  if (!botToken || !appToken) {
    const [there, missing] = botToken ? ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN'] : ['SLACK_APP_TOKEN', 'SLACK_BOT_TOKEN']
    return refuse(`${there} is set and ${missing} is not: Slack needs both, “backchannel setup slack” gets them`)
  }
  const apiUrl = env['SLACK_API_URL']
  return {
    chats: { slack: { botToken, appToken, ...(apiUrl && { apiUrl }) } },
    secrets: { SLACK_BOT_TOKEN: botToken, SLACK_APP_TOKEN: appToken },
  }
}
