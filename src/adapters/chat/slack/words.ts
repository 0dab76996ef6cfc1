// Light markdown of agents as rich text: paragraphs, lists, headings, `code`, **bold**, fences and tables. A link is shown with its
// whole address and never as a link, so that nothing they say can look like ours or lead elsewhere than it says.

import type { RichTextBlockElement, RichTextSection } from '@slack/types'
import { code, plain, type RichTextElement } from './text.ts'

const FENCE = /^\s*```/u
const BULLET = /^\s{0,6}[-*•]\s+(.*)$/u
const NUMBER = /^\s{0,6}(\d{1,3})[.)]\s+(.*)$/u
const HEADING = /^#{1,6}\s+(.*)$/u
const ROW = /^\s*\|.*\|\s*$/u
const RULE = /^\s*\|?(\s*:?-{2,}:?\s*\|)+\s*:?-*:?\s*\|?\s*$/u
/** A table wider than that is easier to read as it was written. */
const COLUMN_CHARS_MAX = 40

/** `isAligned`: columns of tables stand under each other, which takes more room. */
export function words(text: string, { isAligned = true } = {}): RichTextBlockElement[] {
  const found: RichTextBlockElement[] = []
  const lines = text.replaceAll('\r\n', '\n').split('\n')
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? ''
    const end = endOf(lines, i)
    if (FENCE.test(line)) found.push(...preformatted(lines.slice(i + 1, end).join('\n')))
    else if (ROW.test(line)) {
      const rows = lines.slice(i, end)
      found.push(...preformatted(isAligned ? table(rows) : rows.join('\n')))
    } else addLine(found, line, i > 0 && (lines[i - 1] ?? '').trim() === '')
    i = FENCE.test(line) ? end : end - 1
  }
  return found
}

/** As words of somebody else: behind a bar, which no line of ours has. */
export const quoted = (elements: RichTextBlockElement[]): RichTextBlockElement[] =>
  elements.map((one) =>
    one.type === 'rich_text_section' ? { ...one, type: 'rich_text_quote' } : { ...one, border: 1 as const },
  )

/** The line after the table that begins here, the one that closes the fence, or the next line. */
function endOf(lines: string[], from: number): number {
  const isFence = FENCE.test(lines[from] ?? '')
  if (!isFence && !ROW.test(lines[from] ?? '')) return from + 1
  const end = lines.findIndex((one, at) => at > from && (isFence ? FENCE.test(one) : !ROW.test(one)))
  return end === -1 ? lines.length : end
}

export const preformatted = (text: string): RichTextBlockElement[] => {
  const elements = plain(text, { strictly: true })
  return elements.length > 0 ? [{ type: 'rich_text_preformatted', elements }] : []
}

function addLine(found: RichTextBlockElement[], line: string, isApart: boolean): void {
  if (line.trim() === '') return
  const heading = HEADING.exec(line)?.[1]
  const bullet = BULLET.exec(line)?.[1]
  if (bullet !== undefined) return addItem(found, spans(bullet), 'bullet')
  const [, number, item = ''] = NUMBER.exec(line) ?? []
  // A list numbers itself from one: other numbers stay as they were written.
  if (number !== undefined && Number(number) === numbered(found) + 1) return addItem(found, spans(item), 'ordered')
  const elements = heading === undefined ? spans(line) : plain(heading, { style: { bold: true } })
  if (elements.length === 0) return
  const last = found.at(-1)
  if (last?.type === 'rich_text_section')
    last.elements.push({ type: 'text', text: isApart ? '\n\n' : '\n' }, ...elements)
  else found.push({ type: 'rich_text_section', elements })
}

function numbered(found: RichTextBlockElement[]): number {
  const last = found.at(-1)
  return last?.type === 'rich_text_list' && last.style === 'ordered' ? last.elements.length : 0
}

function addItem(found: RichTextBlockElement[], elements: RichTextElement[], style: 'ordered' | 'bullet'): void {
  if (elements.length === 0) return
  const item: RichTextSection = { type: 'rich_text_section', elements }
  const last = found.at(-1)
  if (last?.type === 'rich_text_list' && last.style === style) last.elements.push(item)
  else found.push({ type: 'rich_text_list', style, elements: [item] })
}

const SPAN = /`([^`]+)`|\*\*([^*]+)\*\*|\[([^\]\n]+)\]\((https?:\/\/[^\s)]+)\)/gu

function spans(line: string): RichTextElement[] {
  const found: RichTextElement[] = []
  let end = 0
  for (const match of line.matchAll(SPAN)) {
    const [all, inline, bold, label, address] = match
    if (match.index > end) found.push(...plain(line.slice(end, match.index)))
    if (inline !== undefined) found.push(...code(inline))
    else if (bold !== undefined) found.push(...plain(bold, { style: { bold: true } }))
    else found.push(...plain(`${label} (${address})`))
    end = match.index + all.length
  }
  if (end < line.length) found.push(...plain(line.slice(end)))
  return found
}

/** Columns under each other, as far as they are not too wide for that. */
function table(lines: string[]): string {
  const rows = lines.filter((line) => !RULE.test(line)).map(cellsOf)
  const widths: number[] = []
  for (const row of rows) for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, cell.length)
  if (widths.some((width) => width > COLUMN_CHARS_MAX)) return lines.join('\n')
  return rows
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

const cellsOf = (line: string): string[] =>
  line
    .trim()
    .replaceAll(/^\||\|$/gu, '')
    .split('|')
    .map((cell) => cell.trim())
