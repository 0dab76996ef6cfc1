// JSON lines from a stream of bytes, for both ends of a session's socket. A line that is too long or no JSON object is told
// to `garbage` and skipped; the conversation goes on.

const LINE_BYTES_MAX = 16 * 1024 * 1024
const NEWLINE = 10

export type JsonObject = Record<string, unknown>

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The object a line holds, or null. */
export function parseLine(line: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(line)
    return isObject(value) ? value : null
  } catch {
    return null
  }
}

/** Takes chunks, gives whole lines. */
export function lineReader(
  line: (object: JsonObject) => void,
  garbage: (what: string) => void,
): (chunk: Buffer) => void {
  let parts: Buffer[] = []
  let bytes = 0
  let skipping = false
  return (chunk) => {
    let from = 0
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, from)) {
      const text = Buffer.concat([...parts, chunk.subarray(from, end)]).toString()
      const object = parseLine(text)
      if (object) line(object)
      else if (!skipping) garbage(text)
      ;[parts, bytes, skipping, from] = [[], 0, false, end + 1]
    }
    if (skipping || from === chunk.length) return
    parts.push(chunk.subarray(from))
    bytes += chunk.length - from
    if (bytes > LINE_BYTES_MAX) {
      garbage(`a line of more than ${LINE_BYTES_MAX} bytes`)
      ;[parts, bytes, skipping] = [[], 0, true]
    }
  }
}
