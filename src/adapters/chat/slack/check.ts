// Whether everything is in place on the side of Slack: the tokens, what the app may do, the socket, and where it was invited. Each with
// what to do about it. Used by setup and doctor.

import { WebClient as SlackClient, type WebAPICallResult } from '@slack/web-api'
import { z } from 'zod'
import { clientOptions, failureOf, whyRefused } from './api.ts'
import { quiet } from './logger.ts'
import { SCOPES } from './manifest.ts'
import { APP_TOKEN_NAME, BOT_TOKEN_NAME, wrongTokens } from './tokens.ts'

export type Check = { what: string; ok: boolean; says: string }
/** `connects`: the socket is opened as well; not while another process is connected, because Slack gives each event to one of them. */
export type CheckOptions = { botToken: string; appToken: string; apiUrl?: string; connects: boolean }

const HELLO_MS_MAX = 10_000
const NO_ANSWER = 'Slack does not answer: check the network, and SLACK_API_URL where it is set.'

const Identity = z.object({ user: z.string(), team: z.string().optional() })
const Scopes = z.object({ response_metadata: z.object({ scopes: z.array(z.string()).optional() }).optional() })
const Channels = z.object({ channels: z.array(z.object({ name: z.string().optional(), id: z.string() })) })

export async function check({ botToken, appToken, apiUrl, connects }: CheckOptions): Promise<Check[]> {
  const wrong = wrongTokens(botToken, appToken)
  if (wrong !== null) return [{ what: 'slack tokens', ok: false, says: wrong }]
  const clientOf = (token: string): SlackClient => new SlackClient(token, clientOptions(apiUrl, quiet))
  const client = clientOf(botToken)
  const [bot, app] = await Promise.all([ofBot(client), ofApp(clientOf(appToken), connects)])
  return [...bot, app]
}

async function ofBot(client: SlackClient): Promise<Check[]> {
  try {
    const answer = await client.auth.test()
    const { user, team = 'Slack' } = Identity.parse(answer)
    return [
      { what: 'slack bot token', ok: true, says: `@${user} in ${team}` },
      ofScopes(answer),
      await ofChannels(client, user),
    ]
  } catch (error) {
    return [{ what: 'slack bot token', ok: false, says: sentenceOf(error, BOT_TOKEN_NAME) }]
  }
}

function ofScopes(answer: WebAPICallResult): Check {
  const has = Scopes.parse(answer).response_metadata?.scopes
  const missing = Object.entries(SCOPES).filter(([scope]) => has && !has.includes(scope))
  return missing.length === 0
    ? { what: 'slack scopes', ok: true, says: has ? 'all there' : 'Slack does not say which there are' }
    : {
        what: 'slack scopes',
        ok: false,
        says: `missing: ${missing.map(([scope, does]) => `${scope} (${does})`).join(', ')}. Add them under “OAuth & Permissions” on api.slack.com/apps and install the app again.`,
      }
}

async function ofChannels(client: SlackClient, name: string): Promise<Check> {
  const what = 'slack channels'
  try {
    const found = await client.users.conversations({ types: 'public_channel,private_channel', exclude_archived: true })
    const names = Channels.parse(found).channels.map((one) => `#${one.name ?? one.id}`)
    return names.length > 0
      ? { what, ok: true, says: `it is in ${names.join(', ')}` }
      : { what, ok: true, says: `it is in none yet: invite it with /invite @${name}; direct messages work without` }
  } catch (error) {
    return { what, ok: false, says: sentenceOf(error, BOT_TOKEN_NAME) }
  }
}

async function ofApp(client: SlackClient, connects: boolean): Promise<Check> {
  const what = 'slack socket'
  try {
    const { url = '' } = await client.apps.connections.open({})
    if (!connects) return { what, ok: true, says: 'Slack offers a connection; “up” holds its own' }
    return (await saysHello(url))
      ? { what, ok: true, says: 'connected' }
      : { what, ok: false, says: 'Slack did not say hello: a proxy or firewall may not let WebSockets through.' }
  } catch (error) {
    const failure = failureOf(error)
    if (failure.kind === 'refused' && failure.error === 'missing_scope')
      return { what, ok: false, says: `${APP_TOKEN_NAME} lacks connections:write: make a new app-level token with it.` }
    return { what, ok: false, says: sentenceOf(error, APP_TOKEN_NAME) }
  }
}

/** Opens the connection until the first message, and closes it. */
function saysHello(url: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const socket = new WebSocket(url)
  const timer = setTimeout(() => end(false), HELLO_MS_MAX)
  function end(said: boolean): void {
    clearTimeout(timer)
    socket.close()
    resolve(said)
  }
  socket.addEventListener('message', () => end(true))
  socket.addEventListener('error', () => end(false))
  socket.addEventListener('close', () => end(false))
  return promise
}

const sentenceOf = (error: unknown, name: string): string =>
  whyRefused(error, name) ??
  (failureOf(error).kind === 'refused' ? `Slack refuses: ${(error as Error).message}` : NO_ANSWER)
