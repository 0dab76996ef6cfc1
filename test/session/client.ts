// A plain client of a session's socket: what it heard, line by line, and a way to say something.
import { connect } from 'node:net'
import { onTestFinished } from 'vitest'
import { socketPath } from '../../src/runner/attempt-files.ts'
import { prove } from '../../src/runner/proof.ts'
import type { FromSession, Proof, SessionEvent } from '../../src/runner/protocol.ts'
import { until } from '../support/until.ts'

export type Client = {
  lines: FromSession[]
  events: () => SessionEvent[]
  send(message: object | string): void
  cut(): void
  closed: () => boolean
}

/** Connects as soon as the session listens, and shows who it is. */
export async function client(home: string, task = 't1', attempt = 1): Promise<Client> {
  const socket = await until(() => open(socketPath(home, task, attempt)))
  const lines: FromSession[] = []
  let rest = ''
  let closed = false
  socket.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n')
    rest = parts.pop() ?? ''
    for (const line of parts) {
      const message = JSON.parse(line) as FromSession
      if ('prove' in message) socket.write(`${JSON.stringify({ proof: shown(message.prove) })}\n`)
      else lines.push(message)
    }
  })
  socket.on('close', () => (closed = true))
  onTestFinished(() => void socket.destroy())
  await until(() => lines.length > 0 || closed)
  return {
    lines,
    events: () => lines.flatMap((line) => ('event' in line ? line.event : [])),
    send: (message) => void socket.write(typeof message === 'string' ? message : `${JSON.stringify(message)}\n`),
    cut: () => void socket.destroy(),
    closed: () => closed,
  }
}

function shown(path: string): Proof {
  const proven = prove(path)
  if (!proven) throw new Error(`${path} is not there`)
  onTestFinished(proven.close)
  return proven.proof
}

function open(path: string) {
  return new Promise<ReturnType<typeof connect> | null>((resolve) => {
    const socket = connect(path)
    socket.once('connect', () => resolve(socket))
    socket.on('error', () => resolve(null))
  })
}
