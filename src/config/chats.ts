// Which chats there are besides the page, and what it takes to be in them: from the environment, else from `chats.yaml`, which
// `backchannel setup` writes and nobody but its owner may read. Tokens are ours alone: no session ever gets them.

import { z } from 'zod'

export const CHATS_FILE = 'chats.yaml'

/** What never reaches a session, whatever config.yaml passes on. */
export const TOKENS = ['DISCORD_BOT_TOKEN', 'SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN']

/** Where a chat is reached; other endpoints than the platform's own. */
const ENDPOINTS = ['SLACK_API_URL', 'DISCORD_API_URL']

const text = z.string().min(1)
export const chatsFile = z
  .object({
    discord: z.object({ token: text, api_url: z.string().exactOptional() }).exactOptional(),
    slack: z.object({ bot_token: text, app_token: text, api_url: z.string().exactOptional() }).exactOptional(),
  })
  .loose()
  .nullable()

export type ChatsFile = NonNullable<z.infer<typeof chatsFile>>
/** `apiUrl`: another endpoint, such as a server for tests. A token that is missing is empty: the chat says which. */
export type Chats = {
  discord?: { token: string; apiUrl?: string }
  slack?: { botToken: string; appToken: string; apiUrl?: string }
}
type Env = Record<string, string | undefined>

export function chatsOf(env: Env, file: ChatsFile | null): Chats {
  return { ...discordOf(env, file?.discord), ...slackOf(env, file?.slack) }
}

/** Why a chat cannot be reached where the environment says it is, if so. */
export function wrongEndpoint(env: Env): string | null {
  const name = ENDPOINTS.find((one) => env[one] && !/^https?:$/u.test(URL.parse(env[one])?.protocol ?? ''))
  return name ? `${name}=${env[name]} is not an address: set one such as https://example.com/api/.` : null
}

function discordOf(env: Env, file: ChatsFile['discord']): Pick<Chats, 'discord'> {
  const token = env['DISCORD_BOT_TOKEN'] || file?.token
  const apiUrl = env['DISCORD_API_URL'] || file?.api_url
  return { ...(token && { discord: { token, ...(apiUrl && { apiUrl }) } }) }
}

function slackOf(env: Env, file: ChatsFile['slack']): Pick<Chats, 'slack'> {
  const botToken = env['SLACK_BOT_TOKEN'] || (file?.bot_token ?? '')
  const appToken = env['SLACK_APP_TOKEN'] || (file?.app_token ?? '')
  const apiUrl = env['SLACK_API_URL'] || file?.api_url
  return { ...((botToken || appToken) && { slack: { botToken, appToken, ...(apiUrl && { apiUrl }) } }) }
}

/** For what must not be shown anywhere. */
export const tokensOf = ({ discord, slack }: Chats): string[] =>
  [discord?.token, slack?.botToken, slack?.appToken].filter((token) => token !== undefined && token !== '') as string[]
