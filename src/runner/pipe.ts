// One pipe for both streams of a command, written to the log as it comes, so in the order in which it was written. Not the log
// itself, because a command that opens /dev/stderr anew (`echo … > /dev/stderr`) would cut a file it was given to nothing, and
// not node's own pipe, because that is a socket and cannot be opened anew at all.

import { spawnSync } from 'node:child_process'
import { closeSync, constants, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const CHUNK_BYTES = 64 * 1024
/** What was left running in the background may hold the pipe for ever. */
const LAST_OUTPUT_MS_MAX = 300

export type Pipe = {
  /** For the child to write to. */
  readonly end: number
  /** Once the child has it: our copy is closed, so that the end of the child is the end of the pipe. */
  given(): void
  /** Waits a moment for whoever still writes, such as the `tee` at the end of a script, then lets go. */
  close(): Promise<void>
}

type Options = {
  /** A directory to make the pipe in; it is gone from there at once. */
  home: string
  log: number
  /** What comes beyond is dropped. */
  bytesMax: number
  broken: (error: unknown) => void
}

export function openPipe({ home, log, bytesMax, broken }: Options): Pipe {
  const path = join(home, 'output.pipe')
  rmSync(path, { force: true })
  const made = spawnSync('mkfifo', ['-m', '600', path])
  if (made.status !== 0) throw made.error ?? new Error(String(made.stderr))
  const source = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  const end = openSync(path, constants.O_WRONLY)
  rmSync(path)
  let bytes = 0
  const put = (chunk: Buffer): void => {
    const kept = chunk.subarray(0, Math.max(0, bytesMax - bytes))
    bytes += kept.length
    try {
      for (let from = 0; from < kept.length;) from += writeSync(log, kept, from)
    } catch (error) {
      broken(error)
    }
  }
  // One buffer for all of it: a fast command would otherwise cost a buffer for every piece.
  const buffer = Buffer.alloc(CHUNK_BYTES)
  const onread = { buffer, callback: (length: number) => (put(buffer.subarray(0, length)), true) }
  const socket = new Socket({ fd: source, readable: true, writable: false, onread })
  const ended = new Promise<void>((resolve) =>
    socket
      .on('error', () => {})
      .once('end', resolve)
      .resume(),
  )
  return {
    end,
    given: () => closeSync(end),
    async close() {
      // At its end it closes its descriptor by itself, and the number may be somebody else's at once.
      if ((await Promise.race([ended, sleep(LAST_OUTPUT_MS_MAX, 'late')])) !== 'late') return
      for (let length = read(source, buffer); length > 0; length = read(source, buffer)) put(buffer.subarray(0, length))
      socket.destroy()
    },
  }
}

/** 0 when there is nothing in it, now or ever. */
function read(source: number, buffer: Buffer): number {
  try {
    return readSync(source, buffer)
  } catch {
    return 0
  }
}
