// What has to be right on Discord's side before anything works there, each with what to do about it: the token, what it may read, the
// servers it is in and what it may do there, its commands.

import { api, isUnauthorized, type Api } from './api.ts'
import { COMMAND, definition, type Verb } from './commands.ts'
import { NO_CONTENT, seesContent, TOKEN_REFUSED, type Application } from './gateway.ts'

export type Checked = { what: string; ok: boolean; says: string }
export type Checks = { all: Checked[]; application: Application | null; invite: string | null }

const PERMISSIONS = {
  'Add Reactions': 1n << 6n,
  'View Channels': 1n << 10n,
  'Send Messages': 1n << 11n,
  'Attach Files': 1n << 15n,
  'Read Message History': 1n << 16n,
  'Manage Threads': 1n << 34n,
  'Create Public Threads': 1n << 35n,
  'Send Messages in Threads': 1n << 38n,
}
const ADMINISTRATOR = 1n << 3n
const SCOPES = 'bot+applications.commands'

type Guild = { id: string; name: string; permissions: string }
type Command = { name: string; options?: { name: string }[] }
type Options = { token: string; apiUrl?: string; verbs: Verb[] }

/** Asks for exactly what is needed. */
function inviteLink(application: string): string {
  const permissions = Object.values(PERMISSIONS).reduce((all, one) => all | one, 0n)
  return `https://discord.com/oauth2/authorize?client_id=${application}&scope=${SCOPES}&permissions=${permissions}`
}

export async function check({ token, apiUrl, verbs }: Options): Promise<Checks> {
  const rest = api(token, apiUrl)
  try {
    const application = await rest.get<Application>('/applications/@me')
    const invite = inviteLink(application.id)
    const all = [
      { what: 'Discord token', ok: true, says: application.bot?.username ?? application.id },
      intents(application),
      ...(await guilds(rest, invite)),
      await commands(rest, application.id, verbs),
    ]
    return { all, application, invite }
  } catch (error) {
    const says = isUnauthorized(error) ? TOKEN_REFUSED : `Discord cannot be reached: ${(error as Error).message}`
    return { all: [{ what: 'Discord token', ok: false, says }], application: null, invite: null }
  }
}

/** Makes the commands of Discord those of this version. */
export const register = ({ token, apiUrl, verbs }: Options, application: string): Promise<unknown> =>
  api(token, apiUrl).put(`/applications/${application}/commands`, { body: definition(verbs) })

/** It works without, only less. */
const intents = (application: Application): Checked => ({
  what: 'Discord messages',
  ok: true,
  says: seesContent(application) ? 'it reads words in the threads of tasks' : NO_CONTENT,
})

async function guilds(rest: Api, invite: string): Promise<Checked[]> {
  const all = await rest.get<Guild[]>('/users/@me/guilds')
  if (all.length === 0)
    return [{ what: 'Discord server', ok: false, says: `it is in none yet: open ${invite} and choose yours` }]
  return all.map(({ name, permissions }) => {
    const has = BigInt(permissions)
    const missing = Object.entries(PERMISSIONS).filter(([, bit]) => (has & (bit | ADMINISTRATOR)) === 0n)
    const names = missing.map(([permission]) => permission).join(', ')
    return {
      what: `Discord server ${name}`,
      ok: missing.length === 0,
      says:
        missing.length === 0
          ? 'it may do what it needs there'
          : `give its role there: ${names}; or invite it again: ${invite}`,
    }
  })
}

async function commands(rest: Api, application: string, verbs: Verb[]): Promise<Checked> {
  const there = await rest.get<Command[]>(`/applications/${application}/commands`)
  const wordsOf = (all: Command[]): string =>
    (all.find(({ name }) => name === COMMAND)?.options ?? []).map(({ name }) => name).join(' ')
  const isSame = wordsOf(there) === wordsOf(definition(verbs) as Command[])
  const says = isSame
    ? '/bg is there'
    : '/bg is not there or of another version: “backchannel setup discord” or the next start brings it'
  return { what: 'Discord commands', ok: isSame, says }
}
