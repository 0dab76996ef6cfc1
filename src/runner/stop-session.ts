// Stopping one session from outside: ask it over its socket, give its own ladder time, then end everything of it by marker.

import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { isObject, lineReader } from './lines.ts'
import { isAlive } from './processes.ts'
import { prove, type Proven } from './proof.ts'
import type { ToSession } from './protocol.ts'
import { ownerOf } from './session/claim.ts'

/** What the session's own ladder may take beyond its grace, and the end of an agent. */
const LADDER_EXTRA_MS = 5000
const LOOK_MS = 50
const CONNECT_MS_MAX = 1000

type Stop = { dir: string; socket: string; graceMs: number; endAll(): Promise<unknown> }

/** Resolves when the session process is gone. */
export async function stopSession({ dir, socket, graceMs, endAll }: Stop): Promise<void> {
  const owner = ownerOf(dir)
  if (owner.kind !== 'process') return
  const endBy = performance.now() + graceMs + LADDER_EXTRA_MS
  for (let asked = false; isAlive(owner.identity);) {
    asked ||= await ask(socket, graceMs)
    if (performance.now() > endBy) await endAll()
    else await sleep(LOOK_MS)
  }
}

/** True when it was told; one that hangs does not ask who we are, and is told nothing. */
function ask(path: string, graceMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path)
    let proof: Proven | null = null
    const say = (message: ToSession): boolean => socket.write(`${JSON.stringify(message)}\n`)
    const done = (told: boolean): void => {
      socket.destroy()
      proof?.close()
      resolve(told)
    }
    const hear = lineReader(
      ({ prove: asked, hello }) => {
        proof ??= typeof asked === 'string' ? prove(asked) : null
        if (!isObject(hello)) return
        if (proof) say({ proof: proof.proof })
        say({ stop: { graceMs } })
        socket.end()
      },
      () => {},
    )
    socket.setTimeout(CONNECT_MS_MAX, () => done(false))
    socket.once('error', () => done(false))
    socket.once('close', () => done(socket.bytesWritten > 0))
    socket.on('data', hear)
  })
}
