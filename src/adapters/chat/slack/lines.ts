// The connections to Slack: two, so that one is there while the other is renewed, each held by a loop of ours. The client's own
// reconnecting is off: it leaves gaps of seconds, rejects promises that nobody holds, and after an outage at the wrong moment never
// comes back. Here every connection has a client of its own and every failure comes to this loop.

import { SocketModeReceiver, type App, type Logger, type ReceiverEvent } from '@slack/bolt'
import { clientOptions, failureOf, isOfToken, isRefusedWith } from './api.ts'

/** How long a connection may take until Slack says hello. */
const HELLO_MS_MAX = 10_000
/** A connection from which no pong came for so long is dead; it is asked three times as often. */
const PONG_MS_MAX = 2_000
const CLOSE_MS_MAX = 1_000
/** Slack closes a connection about ten seconds after it has asked for another one. */
const LEAVING_MS = 12_000
const BACKOFF_MS = [100, 500, 1_000, 2_000, 5_000, 10_000, 20_000]
/** What ends sooner than that was no connection. */
const STABLE_MS = 10_000
const LINES = 2

export type Lines = {
  /** Resolves once one connection stands, or with the first failure while the loop goes on. */
  start(): Promise<{ failed: unknown } | null>
  stop(): Promise<void>
  /** How many stand. */
  open(): number
  /** Why asking for a connection was refused for good. */
  refused(): unknown
}

type Wish = {
  app: App
  appToken: string
  slackApiUrl?: string | undefined
  logger: Logger
  now: () => number
  wait: (ms: number) => Promise<void>
  /** After there was none, one stands. */
  back: () => void
  /** How many stand has changed. */
  changed: () => void
}

export function lines(wish: Wish): Lines {
  const { now, wait, back, changed } = wish
  const clients = new Set<SocketModeReceiver['client']>()
  let stopped = false
  let standing = 0
  let refused: unknown = null

  async function hold(report: (first: { failed: unknown } | null) => void): Promise<void> {
    for (let failures = 0; !stopped;) {
      const began = now()
      let asked = 0
      try {
        await once(report)
      } catch (error) {
        report({ failed: error })
        const failure = failureOf(error)
        if (failure.kind === 'limited') asked = failure.ms
        if (isOfToken(error) || isRefusedWith(error, 'missing_scope')) {
          refused = error
          changed()
        }
      }
      failures = now() - began > STABLE_MS ? 0 : failures + 1
      const backoff = failures === 0 ? 0 : (BACKOFF_MS[Math.min(failures, BACKOFF_MS.length) - 1] ?? 0)
      if (Math.max(asked, backoff) > 0) await wait(Math.max(asked, backoff)).catch(() => {})
    }
  }

  /** One connection, from asking for it to its end. */
  async function once(report: (first: null) => void): Promise<void> {
    const receiver = receiverOf(wish)
    const { client } = receiver
    const ended = Promise.withResolvers<void>()
    client.on('disconnected', () => {
      clients.delete(client)
      ended.resolve()
    })
    guard(client, leave, wish.logger)
    clients.add(client)
    /** Slack will close it in a moment. Until then things may arrive over it, while another one is made. */
    function leave(): void {
      setTimeout(() => void close(client), LEAVING_MS).unref()
      ended.resolve()
    }
    const late = AbortSignal.timeout(HELLO_MS_MAX)
    const tooLate = new Promise<never>((_, reject) => {
      late.addEventListener('abort', () => reject(new Error('Slack did not say hello in time.')))
    })
    const started = receiver.start()
    started.catch(() => {})
    try {
      await Promise.race([started, tooLate])
    } catch (error) {
      void close(client)
      throw error instanceof Error ? error : new Error('The connection ended before it stood.')
    } finally {
      tooLate.catch(() => {})
    }
    if (stopped) return close(client)
    standing += 1
    refused = null
    if (standing === 1) back()
    changed()
    report(null)
    await ended.promise
    standing -= 1
    changed()
  }

  return {
    open: () => standing,
    refused: () => refused,
    start() {
      const first = Promise.withResolvers<{ failed: unknown } | null>()
      for (let line = 0; line < LINES; line++) void hold(first.resolve)
      return first.promise
    },
    async stop() {
      stopped = true
      await Promise.all([...clients].map(close))
    },
  }
}

/** A peer that does not answer is not waited for: the second request ends the connection by force. */
async function close(client: SocketModeReceiver['client']): Promise<void> {
  const closed = client.disconnect().catch(() => {})
  const forced = setTimeout(() => client.websocket?.disconnect(), CLOSE_MS_MAX)
  await closed
  clearTimeout(forced)
}

function receiverOf({ app, appToken, slackApiUrl, logger }: Wish): SocketModeReceiver {
  const receiver = new SocketModeReceiver({
    appToken,
    logger,
    autoReconnectEnabled: false,
    clientPingTimeout: PONG_MS_MAX,
    installerOptions: { clientOptions: clientOptions(slackApiUrl, logger) },
  })
  receiver.init({ processEvent: (event: ReceiverEvent) => process(app, event) } as App)
  return receiver
}

/**
 * Bolt acknowledges an event before any listener has seen it. Here it is acknowledged after, and not at all when a listener failed: then
 * Slack delivers it again.
 */
async function process(app: App, event: ReceiverEvent): Promise<void> {
  if ((event.body as { event?: unknown }).event === undefined) return app.processEvent(event)
  await app.processEvent({ ...event, ack: async () => {} })
  await event.ack().catch(() => {})
}

/**
 * The client reads `event.type` of messages that have none (`app_rate_limited`), in a promise that nobody holds. This holds it, and
 * acknowledges the message. And where Slack asks for a new connection the client would close the old one at once, with all that is
 * on its way over it.
 */
function guard(client: SocketModeReceiver['client'], leave: () => void, logger: Logger): void {
  type Hear = (data: string | ArrayBuffer, isBinary: boolean) => Promise<void>
  const [hear] = client.listeners('ws_message') as Hear[]
  if (!hear) return
  client.removeAllListeners('ws_message')
  client.on('ws_message', (data: string | ArrayBuffer, isBinary: boolean) => {
    if (typeof data === 'string' && data.includes('"disconnect"') && parsed(data).type === 'disconnect') return leave()
    hear(data, isBinary).catch((error: unknown) => {
      logger.warn(`a message of Slack could not be read: ${String(error)}`)
      const { envelope_id: id } = parsed(typeof data === 'string' ? data : '')
      if (id !== undefined) client.websocket?.send(JSON.stringify({ envelope_id: id, payload: {} }), () => {})
    })
  })
}

function parsed(text: string): { type?: unknown; envelope_id?: unknown } {
  try {
    return JSON.parse(text) as { type?: unknown; envelope_id?: unknown }
  } catch {
    return {}
  }
}
