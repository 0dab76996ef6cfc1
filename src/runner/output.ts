// What a log looks like to a reader: its head and its tail without colours and other control sequences. The file keeps them.

import { fstatSync, readSync } from 'node:fs'

const HEAD_CHARS_MAX = 1000
const TAIL_CHARS_MAX = 2000
const LINE_CHARS_MAX = 200
/** The most bytes one character has. */
const CHAR_BYTES_MAX = 4

/** All of a short log, else its beginning and its end around a line that says how much is left out. */
export function headAndTail(log: number, from: number, endMax: number): string {
  const end = Math.min(fstatSync(log).size, endMax)
  const bytes = end - from
  const readMax = (HEAD_CHARS_MAX + TAIL_CHARS_MAX) * CHAR_BYTES_MAX
  const whole = bytes <= readMax ? plain(read(log, from, end)) : null
  if (whole !== null && whole.length <= HEAD_CHARS_MAX + TAIL_CHARS_MAX) return whole
  const head = whole ?? plain(read(log, from, from + HEAD_CHARS_MAX * CHAR_BYTES_MAX))
  const tail = whole ?? plain(read(log, end - TAIL_CHARS_MAX * CHAR_BYTES_MAX, end))
  const first = wholeLines(head.slice(0, HEAD_CHARS_MAX), 'head')
  const last = wholeLines(tail.slice(-TAIL_CHARS_MAX), 'tail')
  const left = bytes - Buffer.byteLength(first) - Buffer.byteLength(last)
  return `${first}\n… ${kilobytes(left)} left out, the log has all ${kilobytes(bytes)} …\n${last}`
}

/** The last line with something in it. */
export function lastLine(log: number): string {
  const end = fstatSync(log).size
  const lines = plain(read(log, Math.max(0, end - LINE_CHARS_MAX * 2 * CHAR_BYTES_MAX), end)).split('\n')
  return (
    lines
      .findLast((line) => line.trim() !== '')
      ?.trim()
      .slice(0, LINE_CHARS_MAX) ?? ''
  )
}

/** Text as a terminal would leave it: escape sequences and control characters gone, of an overwritten line its last state. */
const plain = (text: string): string =>
  text
    .replaceAll(ESCAPE_SEQUENCE, '')
    .replaceAll('\r\n', '\n')
    .replaceAll(/^.*\r(?=.)/gm, '')
    .replaceAll(CONTROL, '')
    .trimEnd()

const ESCAPE_SEQUENCE = /\u001b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][\s\S]*?(?:\u0007|\u001b\\)|[ -/]*[0-~])/g
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g

function read(log: number, from: number, end: number): string {
  const bytes = Buffer.alloc(Math.max(0, end - from))
  const length = readSync(log, bytes, 0, bytes.length, from)
  return bytes.toString('utf8', 0, length)
}

/** Cut at the ends of lines, unless that would leave next to nothing. */
function wholeLines(text: string, part: 'head' | 'tail'): string {
  const at = part === 'head' ? text.lastIndexOf('\n') : text.indexOf('\n')
  const cut = part === 'head' ? text.slice(0, at) : text.slice(at + 1)
  return at !== -1 && cut.length > text.length / 2 ? cut : text
}

const kilobytes = (bytes: number): string =>
  bytes < 1e6 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`
