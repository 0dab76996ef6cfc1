// Words of agents and people, read as light markdown: paragraphs, lists, headings, `code`, **bold** and fences. Never links and
// never HTML, so that nothing they say can look like ours. Pure.

/** @typedef {{ kind: 'text' | 'code' | 'bold', text: string }} Span */
/** @typedef {{ kind: 'paragraph', lines: Span[][] } | { kind: 'heading', line: Span[] } | { kind: 'list', ordered: boolean, items: Span[][] } | { kind: 'fence', text: string }} WordBlock */

const FENCE = /^\s*```/
const BULLET = /^\s{0,6}[-*•]\s+(.*)$/
const NUMBER = /^\s{0,6}\d{1,3}[.)]\s+(.*)$/
const HEADING = /^#{1,6}\s+(.*)$/

/** @param {string} text @returns {WordBlock[]} */
export function parseWords(text) {
  /** @type {WordBlock[]} */
  const blocks = []
  const lines = text.split('\n')
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? ''
    if (FENCE.test(line)) {
      const end = lines.findIndex((one, at) => at > i && FENCE.test(one))
      const stop = end === -1 ? lines.length : end
      blocks.push({ kind: 'fence', text: lines.slice(i + 1, stop).join('\n') })
      i = stop
    } else addLine(blocks, line, i > 0 && (lines[i - 1] ?? '').trim() !== '')
  }
  return blocks
}

/** @param {WordBlock[]} blocks @param {string} line @param {boolean} follows */
function addLine(blocks, line, follows) {
  if (line.trim() === '') return
  const last = blocks.at(-1)
  const heading = HEADING.exec(line)
  if (heading) return void blocks.push({ kind: 'heading', line: spans(heading[1] ?? '') })
  const bullet = BULLET.exec(line)
  const item = bullet ?? NUMBER.exec(line)
  if (item) {
    const ordered = bullet === null
    if (last?.kind === 'list' && last.ordered === ordered) last.items.push(spans(item[1] ?? ''))
    else blocks.push({ kind: 'list', ordered, items: [spans(item[1] ?? '')] })
    return
  }
  if (follows && last?.kind === 'paragraph') last.lines.push(spans(line))
  else blocks.push({ kind: 'paragraph', lines: [spans(line)] })
}

/** @param {string} line @returns {Span[]} */
function spans(line) {
  /** @type {Span[]} */
  const found = []
  let end = 0
  for (const match of line.matchAll(/`([^`]+)`|\*\*([^*]+)\*\*/g)) {
    if (match.index > end) found.push({ kind: 'text', text: line.slice(end, match.index) })
    found.push(match[1] === undefined ? { kind: 'bold', text: match[2] ?? '' } : { kind: 'code', text: match[1] })
    end = match.index + match[0].length
  }
  if (end < line.length) found.push({ kind: 'text', text: line.slice(end) })
  return found
}

/** Characters that turn what is read around, or are no text at all. */
const TURNING = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u{e0000}-\u{e007f}]/gu
/** And those that are only not seen: words of some scripts need them, names and commands do not. */
const HIDDEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\u{e0000}-\u{e01ef}]|\u034f|[\ufe00-\ufe0e]/gu

/**
 * Splits text at its unseen characters, so that they can be shown by name: what is asked to be allowed must be what is read.
 * @param {string} text
 * @param {boolean} strictly
 * @returns {({ text: string } | { hidden: string })[]}
 */
export function reveal(text, strictly) {
  /** @type {({ text: string } | { hidden: string })[]} */
  const pieces = []
  let end = 0
  for (const match of text.matchAll(strictly ? HIDDEN : TURNING)) {
    if (match.index > end) pieces.push({ text: text.slice(end, match.index) })
    pieces.push({ hidden: `U+${(match[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}` })
    end = match.index + match[0].length
  }
  if (end < text.length) pieces.push({ text: text.slice(end) })
  return pieces
}
