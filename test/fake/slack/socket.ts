// Socket Mode of the local Slack: connections by ticket, envelopes to one of them, acknowledgements within three seconds. Events
// that nobody acknowledged come again; commands, clicks and forms do not, their person sees an error.
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type WebSocket } from 'ws'
import type { Json } from './spec.ts'

const ACK_MS = 3_000
const PING_MS = 10_000
/** The real one takes ten seconds. */
const CLOSING_MS = 150

export type Ack = { ms: number; payload: Json }
type Waiting = { at: number; kind: string; done: (ack: Ack | null) => void }
type Connection = { socket: WebSocket; id: number; halfOpen: boolean; isLeaving: boolean }

export type Sockets = ReturnType<typeof sockets>

/** `retryMs`: after how long an event that was not acknowledged comes again (the real one: at once, a minute, five minutes). */
export function sockets(server: Server, retryMs: number[]) {
  const tickets = new Set<string>()
  const connections: Connection[] = []
  const waiting = new Map<string, Waiting>()
  /** How long each acknowledgement took, by kind of envelope. */
  const acks: { kind: string; ms: number }[] = []
  const timers = new Set<NodeJS.Timeout>()
  let opened = 0
  let turn = 0
  let envelopes = 0
  const hub = new WebSocketServer({ noServer: true, autoPong: false })

  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    const ticket = new URL(request.url ?? '', 'http://x').searchParams.get('ticket') ?? ''
    if (tickets.delete(ticket)) hub.handleUpgrade(request, stream, head, connect)
    else stream.destroy()
  })

  function connect(socket: WebSocket): void {
    const connection: Connection = { socket, id: (opened += 1), halfOpen: false, isLeaving: false }
    connections.push(connection)
    const pinging = setInterval(() => connection.halfOpen || socket.ping(), PING_MS)
    socket.on('error', () => {})
    socket.on('ping', (data: Buffer) => connection.halfOpen || socket.pong(data))
    socket.on('close', () => {
      clearInterval(pinging)
      connections.splice(connections.indexOf(connection), 1)
    })
    socket.on('message', (data: Buffer) => {
      if (connection.halfOpen) return
      const { envelope_id: id = '', payload = {} } = JSON.parse(data.toString()) as {
        envelope_id?: string
        payload?: Json
      }
      const envelope = waiting.get(id)
      if (!envelope) return
      waiting.delete(id)
      const ms = performance.now() - envelope.at
      acks.push({ kind: envelope.kind, ms })
      envelope.done({ ms, payload })
    })
    socket.send(
      JSON.stringify({
        type: 'hello',
        num_connections: connections.length,
        connection_info: { app_id: 'A0' },
        debug_info: { host: 'applink-local', approximate_connection_time: 18_060 },
      }),
    )
  }

  /** Sends one envelope over one connection; null when nobody acknowledged it in time, or nobody is connected. */
  function send(kind: string, payload: Json, more: Json = {}): Promise<Ack | null> {
    const open = connections.filter(({ socket, isLeaving }) => socket.readyState === socket.OPEN && !isLeaving)
    const connection = open[(turn += 1) % Math.max(1, open.length)]
    if (!connection) return Promise.resolve(null)
    const id = `00000000-0000-4000-8000-${String((envelopes += 1)).padStart(12, '0')}`
    const { promise, resolve } = Promise.withResolvers<Ack | null>()
    waiting.set(id, { at: performance.now(), kind, done: resolve })
    if (!connection.halfOpen) connection.socket.send(JSON.stringify({ type: kind, envelope_id: id, payload, ...more }))
    const timer = setTimeout(() => {
      timers.delete(timer)
      if (waiting.delete(id)) resolve(null)
    }, ACK_MS)
    timers.add(timer)
    return promise.finally(() => {
      clearTimeout(timer)
      timers.delete(timer)
    })
  }

  return {
    acks,
    newTicket(): string {
      const ticket = crypto.randomUUID()
      tickets.add(ticket)
      return ticket
    },
    send,
    /** An event, sent again until it is acknowledged; resolves with whether it was. */
    async event(payload: Json): Promise<boolean> {
      for (const [attempt, delay] of [0, ...retryMs].entries()) {
        if (delay > 0) await pause(delay)
        const retry = attempt === 0 ? {} : { retry_attempt: attempt, retry_reason: 'timeout' }
        const ack = await send('events_api', payload, { accepts_response_payload: false, ...retry })
        if (ack) return true
      }
      return false
    },
    count: () => connections.length,
    opened: () => opened,
    /** A frame that is no envelope, over every connection. */
    frame(frame: Json | string | Buffer): void {
      for (const { socket } of connections)
        socket.send(typeof frame === 'string' || Buffer.isBuffer(frame) ? frame : JSON.stringify(frame))
    },
    /** Asks one connection, or all, to come again. */
    async disconnect(reason: string, which: 'one' | 'all' = 'all'): Promise<void> {
      const leaving = which === 'one' ? connections.slice(0, 1) : [...connections]
      for (const { socket } of leaving) socket.send(JSON.stringify({ type: 'disconnect', reason }))
      // It is used until shortly before it is closed.
      await pause(CLOSING_MS)
      for (const connection of leaving) connection.isLeaving = true
      await pause(CLOSING_MS)
      for (const { socket } of leaving) socket.close()
    },
    /** The connections stay, and nothing comes or goes over them any more. */
    halfOpen(which: 'one' | 'all' = 'all'): void {
      for (const connection of which === 'one' ? connections.slice(0, 1) : connections) connection.halfOpen = true
    },
    cut(): void {
      for (const { socket } of connections) socket.terminate()
    },
    close(): void {
      for (const timer of timers) clearTimeout(timer)
      for (const { done } of waiting.values()) done(null)
      for (const { socket } of connections) socket.terminate()
      hub.close()
    },
  }

  /** Ends with the server. */
  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        timers.delete(timer)
        resolve()
      }, ms)
      timers.add(timer)
    })
  }
}
