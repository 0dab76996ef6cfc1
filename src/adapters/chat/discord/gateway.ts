// The connection to Discord's gateway. The library resumes, heartbeats and connects again; what it gives up, or does not bring back
// in time, is begun anew here. Nothing is handed on but raw events: what they mean is not read here.

import { Client, GatewayIntentBits, Options } from 'discord.js'
import type { ChatHealth } from '../../../bot/chat.ts'
import { endpoint, isUnauthorized } from './api.ts'

/** Flags of an application: it may see what people write (all of them, or those of a few servers). */
const CONTENT_FLAGS = (1 << 18) | (1 << 19)
const BAD_TOKEN = 4004
const BAD_INTENTS = 4014
const FIRST_MS = 20_000
const BACK_OFF_MS_MAX = 30_000
const LEAVING_MS = 3_000

export const NO_CONTENT =
  'It cannot read messages that do not name it, so words in a task’s thread count only with a mention: switch on “Message Content Intent” (Bot page of the application) and start Backchannel again.'
export const TOKEN_REFUSED =
  'Discord does not accept DISCORD_BOT_TOKEN: copy the token from the Bot page of the application (backchannel setup discord), and start Backchannel again.'

export type Application = { id: string; flags?: number; bot?: { id: string; username: string } }
export const seesContent = ({ flags = 0 }: Application): boolean => (flags & CONTENT_FLAGS) !== 0

type Wiring = {
  token: string
  apiUrl?: string | undefined
  application: () => Promise<Application>
  /** A new session: what was said meanwhile is not brought by it. */
  fresh: (application: Application) => void
  event: (type: 'INTERACTION_CREATE' | 'MESSAGE_CREATE', payload: unknown) => void
  /** A server it is in, as it is told after each start and invitation. */
  guild: (payload: unknown) => void
  failed: (error: unknown) => void
  now: () => number
  /** How long it may be away before the connection is begun anew. */
  restartMs: number
}

export function gateway(wiring: Wiring) {
  const { token, apiUrl, application, fresh, event, guild, failed, now, restartMs } = wiring
  let health: ChatHealth = { state: 'down', since: now() }
  let client: Client | null = null
  let isStopped = true
  let withoutContent = false
  let isConnecting = false
  let watch: NodeJS.Timeout | null = null
  let known: Application | null = null

  const is = (state: ChatHealth['state'], detail?: string): void => {
    const since = health.state === state ? health.since : now()
    health = { state, since, ...(detail !== undefined && { detail }) }
  }
  const live = (): void => is('live', withoutContent ? NO_CONTENT : undefined)

  async function connect(own: number): Promise<void> {
    const app = (known = await application())
    if (isStopped || own !== attempts) return
    withoutContent ||= !seesContent(app)
    const { Guilds, GuildMessages, DirectMessages, MessageContent } = GatewayIntentBits
    const next = new Client({
      intents: [Guilds, GuildMessages, DirectMessages, ...(withoutContent ? [] : [MessageContent])],
      // Everything is addressed by id: nothing is kept that can be left out.
      makeCache: Options.cacheWithLimits({
        MessageManager: 0,
        ReactionManager: 0,
        PresenceManager: 0,
        VoiceStateManager: 0,
        ThreadMemberManager: 0,
        GuildEmojiManager: 0,
        GuildStickerManager: 0,
        GuildBanManager: 0,
        GuildInviteManager: 0,
        StageInstanceManager: 0,
        AutoModerationRuleManager: 0,
        GuildScheduledEventManager: 0,
        DMMessageManager: 0,
        GuildMessageManager: 0,
      }),
      ...(apiUrl && { rest: { api: endpoint(apiUrl), version: '10' } }),
    })
    client = next
    next.on('error', failed).on('shardError', failed)
    next.on('shardReconnecting', () => is('reconnecting', 'The connection to Discord broke; it is being made again.'))
    next.on('shardDisconnect', ({ code }) => closed(code))
    const raw = next.ws as unknown as { on(type: string, listener: (payload: unknown) => void): void }
    raw.on('READY', () => {
      live()
      fresh(app)
    })
    raw.on('RESUMED', live)
    for (const type of ['INTERACTION_CREATE', 'MESSAGE_CREATE'] as const)
      raw.on(type, (payload) => event(type, payload))
    raw.on('GUILD_CREATE', guild)
    isConnecting = true
    await next.login(token).finally(() => (isConnecting = false))
  }

  function closed(code: number): void {
    // Before it is connected, that rejects.
    if (isConnecting) return
    if (code === BAD_TOKEN) return is('down', TOKEN_REFUSED)
    if (code === BAD_INTENTS) withoutContent = true
    void again()
  }

  /** The newest attempt is the only one that goes on. */
  let attempts = 0

  async function again(): Promise<void> {
    attempts += 1
    const own = attempts
    await left()
    is('reconnecting', health.detail ?? 'Discord cannot be reached; it is tried again and again.')
    for (let tries = 0; !isStopped && own === attempts; tries++) {
      try {
        return await connect(own)
      } catch (error) {
        if (own !== attempts) return
        await left()
        if (isUnauthorized(error) || (error as { code?: string }).code === 'TokenInvalid')
          return is('down', TOKEN_REFUSED)
        if (isIntents(error)) withoutContent = true
        else failed(error)
        is(
          'reconnecting',
          `Discord cannot be reached (${error instanceof Error ? error.message : String(error)}); it is tried again and again.`,
        )
        await pause(Math.min(500 * 2 ** tries, BACK_OFF_MS_MAX))
      }
    }
  }

  async function left(): Promise<void> {
    const before = client
    client = null
    if (!before) return
    before.removeAllListeners('shardDisconnect').removeAllListeners('shardReconnecting')
    ;(before.ws as unknown as { removeAllListeners(): void }).removeAllListeners()
    endTrying(before)
    await Promise.race([before.destroy().catch(failed), pause(LEAVING_MS)])
    wake?.()
    // A connection that was begun in that very moment.
    endTrying(before)
  }

  let wake: (() => void) | null = null
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms).unref()
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })

  return {
    health: (): ChatHealth => health,
    application: (): Application | null => known,
    /** Rejects when Discord refuses the token; an outage is none of that, it is waited for. */
    async start(): Promise<void> {
      isStopped = false
      is('reconnecting', 'Connecting to Discord.')
      const first = again()
      await Promise.race([first, pause(FIRST_MS)])
      wake?.()
      if (health.state === 'down') {
        isStopped = true
        throw new Error(TOKEN_REFUSED)
      }
      watch = setInterval(
        () => {
          if (health.state === 'reconnecting' && client && now() - health.since > restartMs) {
            is('down')
            is('reconnecting', 'The connection to Discord did not come back by itself; it is begun anew.')
            void again()
          }
        },
        Math.min(restartMs, 5_000),
      ).unref()
    },
    async stop(): Promise<void> {
      isStopped = true
      if (watch) clearInterval(watch)
      wake?.()
      await left()
      is('down')
    },
  }
}

const INNER = '_ws'
type Connection = { readyState: number; on(type: 'error', listener: () => void): void; terminate(): void }
type Shard = {
  connection: Connection | null
  emit(type: string, event: object): void
  internalConnect: () => Promise<void>
}
type Shards = { [INNER]?: { strategy?: { shards?: Map<number, Shard> } } }
const OPEN = 1

/**
 * The library cannot end a connection that waits for its first word or for its next try: destroyed then, it connects again by itself,
 * for ever, and what goes wrong with a connection it has let go of ends the process. So that is taken from it first.
 */
function endTrying({ ws }: Client): void {
  const shards = (ws as unknown as Shards)[INNER]?.strategy?.shards
  for (const shard of shards?.values() ?? []) {
    shard.internalConnect = async () => {}
    shard.connection?.on('error', () => {})
    if (shard.connection?.readyState !== OPEN) shard.connection?.terminate()
    shard.emit('closed', { code: 1000 })
  }
}

const isIntents = (error: unknown): boolean => error instanceof Error && /disallowed intents/iu.test(error.message)
