// The hops without Backchannel, measured beside its own in the same run: the same HTTP, the same stream, the same socket.

import { once } from 'node:events'
import path from 'node:path'
import { end, folder, start } from './rubble.ts'
import { timed } from './samples.ts'
import { Stream } from './stream.ts'

const PROCESS = path.join(import.meta.dirname, 'bare-process.ts')
/** As much text as a card has. */
const TEXT = 'x'.repeat(600)

type Message = { way: string; key: string; at?: number }
type Way = 'say' | 'echo' | 'ask' | 'round'

/** Each resolves with milliseconds. */
export async function bare() {
  const socket = path.join(folder('b'), 'sock')
  const server = start([PROCESS, 'server', socket], { stdio: ['ignore', 'pipe', 'inherit'] })
  const port = await firstLine(server)
  const peer = start([PROCESS, 'peer', socket], { stdio: ['ignore', 'pipe', 'inherit'] })
  await firstLine(peer)
  const url = `http://127.0.0.1:${port}`
  const stream = await Stream.open<Message>(url, {})
  let count = 0

  async function post(way: Way): Promise<string> {
    const key = String((count += 1))
    const response = await fetch(url, { method: 'POST', body: JSON.stringify({ way, key, text: TEXT }) })
    await response.text()
    return key
  }

  async function came(way: Way): Promise<{ began: number; at: number; sent: number }> {
    stream.forget()
    const began = performance.now()
    const key = await post(way)
    const { at, data } = await stream.first((message) => message.key === key, `the bare ${way}`)
    return { began, at, sent: data.at ?? NaN }
  }

  return {
    /** A POST and its answer. */
    say: () => timed(() => post('say')),
    /** A POST and the event it causes. */
    async echo(): Promise<number> {
      const { began, at } = await came('echo')
      return at - began
    },
    /** A line over the socket and the event it causes, from the instant the other process says it. */
    async ask(): Promise<number> {
      const { at, sent } = await came('ask')
      return at - (sent - sharedClockOffset())
    },
    /** A POST, a line over the socket, one back, and the event that causes. */
    async round(): Promise<number> {
      const { began, at } = await came('round')
      return at - began
    },
  }
}

/** What the clock that all processes share is ahead of `performance.now()`. */
const sharedClockOffset = (): number => Number(process.hrtime.bigint()) / 1e6 - performance.now()

/** A process of this node, from the wish for it to its first byte. */
export async function bareBirth(): Promise<number> {
  const began = performance.now()
  const child = start(['-e', 'process.stdout.write("1")'], { stdio: ['ignore', 'pipe', 'inherit'] })
  await firstLine(child)
  const ms = performance.now() - began
  await end(child)
  return ms
}

async function firstLine({ stdout }: ReturnType<typeof start>): Promise<string> {
  if (!stdout) throw new Error('a process without output')
  const [chunk] = (await once(stdout, 'data')) as [Buffer]
  return chunk.toString().trim()
}
