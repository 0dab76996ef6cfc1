// Ranges over the log of a task: the files of its attempts, read as one. Offsets are bytes of the whole, so that a reader
// can follow, page, and come back later.

import fs from 'node:fs/promises'
import type { LogQuery, LogRange } from './views.ts'

const LOG_BYTES_MAX = 256 * 1024
const CHUNK_BYTES = 256 * 1024

type Piece = { path: string; from: number; bytes: number }

export async function readLog(paths: string[], query: LogQuery, ended: boolean): Promise<LogRange> {
  const pieces = await piecesOf(paths)
  const bytes = pieces.reduce((sum, piece) => sum + piece.bytes, 0)
  const most = query.bytesMax ?? LOG_BYTES_MAX
  if (query.grep !== undefined || query.tail !== undefined) {
    const { text, from } = await lastLines(pieces, bytes, query, most)
    return { text, from, next: bytes, bytes, ended }
  }
  const from = Math.min(Math.max(0, query.from ?? 0), bytes)
  const read = whole(await readRange(pieces, from, Math.min(bytes, from + most)), ended)
  return { text: read.toString('utf8'), from, next: from + read.length, bytes, ended }
}

async function piecesOf(paths: string[]): Promise<Piece[]> {
  const sizes = await Promise.all(
    paths.map((path) =>
      fs.stat(path).then(
        (stat) => stat.size,
        () => 0,
      ),
    ),
  )
  let from = 0
  return paths.map((path, index) => {
    const bytes = sizes[index] ?? 0
    const piece = { path, from, bytes }
    from += bytes
    return piece
  })
}

async function readRange(pieces: Piece[], from: number, to: number): Promise<Buffer> {
  const parts: Buffer[] = []
  for (const piece of pieces) {
    const start = Math.max(from, piece.from) - piece.from
    const length = Math.min(to, piece.from + piece.bytes) - piece.from - start
    if (length <= 0) continue
    const file = await fs.open(piece.path)
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, start)
      parts.push(buffer.subarray(0, bytesRead))
    } finally {
      await file.close()
    }
  }
  return Buffer.concat(parts)
}

/** Walks backwards over the log until it has enough lines, or has filled `most` bytes. `from`: where the first of them begins. */
async function lastLines(
  pieces: Piece[],
  bytes: number,
  { grep, tail }: LogQuery,
  most: number,
): Promise<{ text: string; from: number }> {
  const wanted = tail ?? Number.MAX_SAFE_INTEGER
  const found: string[] = []
  let size = 0
  let rest: Buffer = Buffer.alloc(0)
  let start = bytes
  let from = bytes
  let first = true
  const take = (line: Buffer, at: number): boolean => {
    const text = line.toString('utf8')
    if (grep !== undefined && !text.includes(grep)) return true
    if (found.length >= wanted || size + line.length > most) return false
    // The last line has no end while it is being written.
    found.push(at + line.length < bytes ? `${text}\n` : text)
    from = at
    size += line.length + 1
    return true
  }
  while (start > 0) {
    const end = start
    start = Math.max(0, start - CHUNK_BYTES)
    rest = Buffer.concat([await readRange(pieces, start, end), rest])
    // A line end at the very end of the log begins no further line.
    if (first && rest.at(-1) === 0x0a) rest = rest.subarray(0, -1)
    first = false
    for (let cut = rest.lastIndexOf(0x0a); cut >= 0; cut = rest.lastIndexOf(0x0a)) {
      if (!take(rest.subarray(cut + 1), start + cut + 1)) return { text: found.toReversed().join(''), from }
      rest = rest.subarray(0, cut)
    }
  }
  if (bytes > 0) take(rest, 0)
  return { text: found.toReversed().join(''), from }
}

/** A character that is still being written is left for the next range. */
function whole(bytes: Buffer, ended: boolean): Buffer {
  if (ended) return bytes
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0
    if (byte < 0x80) return bytes
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? bytes.subarray(0, -back) : bytes
  }
  return bytes
}
