// The gateway of our Discord: HELLO, IDENTIFY, READY, heartbeats, RESUME with a replay of what was missed, and all that goes wrong with
// it: op 7, op 9, connections that are cut or go silent, tokens and intents that are refused.

import type { Server } from 'node:http'
import { randomBytes } from 'node:crypto'
import { WebSocketServer, type WebSocket } from 'ws'
import { channelBody, type World } from './world.ts'

export const INTENTS = { guilds: 1 << 0, messages: 1 << 9, direct: 1 << 12, content: 1 << 15 }

type Event = { op: 0; s: number; t: string; d: unknown }
type Session = { id: string; intents: number; seq: number; events: Event[]; socket: WebSocket | null; silent: boolean }
type Frame = { op: number; d: unknown }

export type Gateway = ReturnType<typeof gateway>

export type GatewayOptions = { token: string; world: World; contentIntent: () => boolean; heartbeatMs: number }

export function gateway(server: Server, { token, world, contentIntent, heartbeatMs }: GatewayOptions) {
  const sockets = new WebSocketServer({ noServer: true })
  const sessions = new Map<string, Session>()
  const counts = { identified: 0, resumed: 0 }
  let away = false
  let mute = false

  server.on('upgrade', (request, socket, head) => {
    if (away) return void socket.destroy()
    sockets.handleUpgrade(request, socket, head, (ws) => greet(ws))
  })

  function greet(socket: WebSocket): void {
    socket.on('error', () => {})
    if (mute) return
    send(socket, { op: 10, d: { heartbeat_interval: heartbeatMs, _trace: [] } })
    socket.on('message', (raw: Buffer) => hear(socket, JSON.parse(raw.toString()) as Frame))
    socket.on('close', () => {
      for (const session of sessions.values()) if (session.socket === socket) session.socket = null
    })
  }

  function hear(socket: WebSocket, { op, d }: Frame): void {
    const session = [...sessions.values()].find((one) => one.socket === socket)
    if (op === 1 && session?.silent !== true) send(socket, { op: 11, d: null })
    if (op === 2) identify(socket, d as { token: string; intents: number })
    if (op === 6) resume(socket, d as { token: string; session_id: string; seq: number })
  }

  function identify(socket: WebSocket, { token: given, intents }: { token: string; intents: number }): void {
    if (given !== token) return socket.close(4004, 'Authentication failed.')
    if ((intents & INTENTS.content) !== 0 && !contentIntent()) return socket.close(4014, 'Disallowed intent(s).')
    counts.identified += 1
    const session: Session = { id: randomBytes(16).toString('hex'), intents, seq: 0, events: [], socket, silent: false }
    sessions.set(session.id, session)
    const { port } = server.address() as { port: number }
    tell(session, 'READY', {
      v: 10,
      user: world.bot,
      guilds: [{ id: world.guild.id, unavailable: true }],
      session_id: session.id,
      resume_gateway_url: `ws://127.0.0.1:${port}/resume`,
      shard: [0, 1],
      application: { id: world.application, flags: 0 },
    })
    const all = [...world.channels.values()]
    tell(session, 'GUILD_CREATE', {
      ...world.guild,
      owner_id: '1',
      unavailable: false,
      large: false,
      member_count: 3,
      joined_at: new Date().toISOString(),
      channels: all.filter(({ type, thread_metadata }) => type !== 1 && !thread_metadata).map(channelBody),
      threads: all.filter(({ thread_metadata }) => thread_metadata?.archived === false).map(channelBody),
      roles: [
        role(world.guild.id, '@everyone'),
        { ...role(world.role, world.bot.username), managed: true, tags: { bot_id: world.bot.id } },
      ],
      members: [],
      emojis: [],
      stickers: [],
      features: [],
      presences: [],
      voice_states: [],
      stage_instances: [],
      guild_scheduled_events: [],
      soundboard_sounds: [],
      premium_tier: 0,
      preferred_locale: 'en-US',
      afk_timeout: 300,
      default_message_notifications: 1,
      explicit_content_filter: 0,
      mfa_level: 0,
      nsfw_level: 0,
      system_channel_flags: 0,
      verification_level: 0,
    })
  }

  function resume(
    socket: WebSocket,
    { token: given, session_id, seq }: { token: string; session_id: string; seq: number },
  ): void {
    const session = sessions.get(session_id)
    if (given !== token || !session) return send(socket, { op: 9, d: false })
    counts.resumed += 1
    Object.assign(session, { socket, silent: false })
    for (const event of session.events.filter(({ s }) => s > seq)) send(socket, event)
    tell(session, 'RESUMED', {})
  }

  /** Kept as well as sent, so that whoever resumes hears it. */
  function tell(session: Session, t: string, d: unknown): void {
    session.seq += 1
    const event: Event = { op: 0, s: session.seq, t, d }
    session.events.push(event)
    if (session.socket) send(session.socket, event)
  }

  const live = (): Session[] => [...sessions.values()].filter(({ socket }) => socket)

  return {
    counts,
    sessions: () => live().length,
    intents: () => live()[0]?.intents ?? 0,
    /** `wants`: the intent it needs; `seen`: what a session with these intents is shown. */
    dispatch(t: string, wants: number, seen: (intents: number) => unknown): void {
      const newest = [...sessions.values()].at(-1)
      if (newest && (wants === 0 || (newest.intents & wants) !== 0)) tell(newest, t, seen(newest.intents))
    },
    /** The connection breaks; the session may be resumed. */
    cut: () => live().forEach(({ socket }) => socket?.terminate()),
    asksToReconnect: () => live().forEach(({ socket }) => socket && send(socket, { op: 7, d: null })),
    invalidates(resumable: boolean): void {
      for (const session of live()) {
        if (session.socket) send(session.socket, { op: 9, d: resumable })
        session.socket = null
        if (!resumable) sessions.delete(session.id)
      }
    },
    goesSilent: () => live().forEach((session) => (session.silent = true)),
    closes: (code: number) => live().forEach(({ socket }) => socket?.close(code)),
    /** Nobody can connect until it is back; with `forgets`, sessions are over by then. */
    goesAway({ forgets = false } = {}): void {
      away = true
      for (const { socket } of live()) socket?.terminate()
      if (forgets) sessions.clear()
    },
    /** Connections are taken, and nothing is said on them. */
    goesMute: (isMute: boolean) => void (mute = isMute),
    comesBack: () => void (away = false),
    stop(): void {
      for (const socket of sockets.clients) socket.terminate()
      sockets.close()
    },
  }
}

const role = (id: string, name: string): object => ({
  id,
  name,
  permissions: '0',
  position: 0,
  color: 0,
  hoist: false,
  managed: false,
  mentionable: false,
  flags: 0,
})

function send(socket: WebSocket, frame: Frame | Event): void {
  socket.send(JSON.stringify(frame))
}
