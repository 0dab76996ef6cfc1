// Which chats there are besides the page, and what it takes to be in them: from the environment, else from `chats.yaml`, which
// `backchannel setup` writes and nobody but its owner may read.

import { z } from 'zod'

export const CHATS_FILE = 'chats.yaml'

const text = z.string().min(1)
export const chatsFile = z
  .object({ discord: z.object({ token: text, api_url: z.string().exactOptional() }).exactOptional() })
  .loose()
  .nullable()

export type ChatsFile = NonNullable<z.infer<typeof chatsFile>>
/** `apiUrl`: another endpoint, such as a server for tests. */
export type Chats = { discord?: { token: string; apiUrl?: string } }

export function chatsOf(env: Record<string, string | undefined>, file: ChatsFile | null): Chats {
  const token = env['DISCORD_BOT_TOKEN'] || file?.discord?.token
  const apiUrl = env['DISCORD_API_URL'] || file?.discord?.api_url
  return { ...(token && { discord: { token, ...(apiUrl && { apiUrl }) } }) }
}
