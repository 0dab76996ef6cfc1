// The doorbell: a unix socket that says "look", nothing more. A lost ring costs a second, because everybody also polls.

import fs from 'node:fs'
import net from 'node:net'

/** Calls `rung` whenever somebody rings at `path`. The caller owns the path: a socket left there by the dead is replaced. */
export async function listenForRings(path: string, rung: () => void): Promise<{ close(): Promise<void> }> {
  fs.rmSync(path, { force: true })
  const server = net.createServer((socket) => {
    socket.on('error', () => {})
    socket.end()
    rung()
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, resolve)
  })
  fs.chmodSync(path, 0o600)
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
      }),
  }
}

/** Rings and does not wait for anybody: if nobody is there, the journal keeps what there is to see. */
export function ringAt(path: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = net.connect(path, () => socket.end())
    socket.on('error', () => {})
    socket.on('close', () => resolve())
  })
}
