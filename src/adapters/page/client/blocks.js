// The parts cards are made of. What an agent or person wrote is put in as text only.
import { useState } from 'preact/hooks'
import { announce } from './announce.js'
import { classes, html } from './html.js'
import { Icon } from './icons.js'
import { Link, threadPath } from './router.js'
import { At, Since } from './time.js'
import { parseWords, reveal } from './words-parse.js'

/** @import { Block, ChecklistItem, Part, WorkspaceFile } from '../../../task/card.ts' */
/** @import { Span } from './words-parse.js' */

const LONG_LINES = 40
const LONG_CHARS = 4_000
const LINES_IN_SIGHT = 15
const COPIED_MS = 1_600

/** @param {{ block: Block }} props */
export function BlockView({ block }) {
  switch (block.kind) {
    case 'line':
      return html`<p class="line">${block.parts.map((part) => html`<${PartView} part=${part} />`)}</p>`
    case 'words':
      return html`<${Words} text=${block.text} />`
    case 'code':
      return html`<${Code} text=${block.text} title=${block.title} syntax=${block.syntax} />`
    case 'checklist':
      return html`<${Checklist} items=${block.items} />`
  }
}

/** @param {{ part: Part }} props */
function PartView({ part }) {
  if (typeof part === 'string') return part
  if ('at' in part) return html`<${At} at=${part.at} />`
  if ('since' in part) return html`<${Since} at=${part.since} />`
  if ('code' in part) return html`<code>${revealed(part.code)}</code>`
  if ('strong' in part) return html`<strong>${revealed(part.strong)}</strong>`
  if ('file' in part)
    return html`<a href=${fileAt(part.file)} target="_blank" rel="noopener">${revealed(part.file.path)}</a>`
  if ('message' in part) return html`<${Link} to=${threadPath(part.message.id)}>${revealed(part.text)}<//>`
  return html`<span class="person">@${revealed(part.person.name)}</span>`
}

/** @param {WorkspaceFile} file */
const fileAt = ({ task, path }) =>
  `/api/tasks/${encodeURIComponent(task)}/files/${path.split('/').map(encodeURIComponent).join('/')}`

/** @param {{ text: string }} props */
export function Words({ text }) {
  const [all, setAll] = useState(false)
  const lines = text.split('\n')
  const long = lines.length > LONG_LINES || text.length > LONG_CHARS
  const shown = long && !all ? lines.slice(0, LONG_LINES).join('\n').slice(0, LONG_CHARS) : text
  return html`
    <div class="words" dir="auto">${parseWords(shown).map(wordBlock)}</div>
    ${long && html`<button type="button" class="quiet more-words" aria-expanded=${all} onClick=${() => setAll(!all)}>${all ? 'Show less' : `Show all ${lines.length > 1 ? `${lines.length} lines` : `${text.length} characters`}`}</button>`}
  `
}

/** @param {import('./words-parse.js').WordBlock} block */
function wordBlock(block) {
  switch (block.kind) {
    case 'paragraph':
      return html`<p>${block.lines.map((line, at) => [at > 0 && html`<br />`, line.map(spanView)])}</p>`
    case 'heading':
      return html`<p class="words-heading">${block.line.map(spanView)}</p>`
    case 'list':
      return block.ordered
        ? html`<ol>
            ${block.items.map(itemView)}
          </ol>`
        : html`<ul>
            ${block.items.map(itemView)}
          </ul>`
    case 'fence':
      return html`<${Code} text=${block.text} />`
  }
}

/** @param {Span[]} item */
const itemView = (item) => html`<li>${item.map(spanView)}</li>`

/** @param {Span} span */
function spanView({ kind, text }) {
  if (kind === 'code') return html`<code>${revealed(text)}</code>`
  const shown = revealed(text, false)
  return kind === 'bold' ? html`<strong>${shown}</strong>` : shown
}

/** @param {string} text @param {boolean} [strictly] */
export const revealed = (text, strictly = true) =>
  reveal(text, strictly).map((piece) =>
    'hidden' in piece
      ? html`<span class="hidden-char" title="a character that is not seen">${piece.hidden}</span>`
      : piece.text,
  )

/**
 * All of it, never a part: what is allowed must be what was read.
 * @param {{ text: string, title?: string | undefined, syntax?: 'diff' | undefined }} props
 */
export function Code({ text, title, syntax }) {
  const lines = text.split('\n').length
  const caption = [title, lines > LINES_IN_SIGHT && `${lines} lines`].filter(Boolean).join(' · ')
  return html`
    <figure class="code">
      ${
        caption &&
        html`<figcaption>
          ${revealed(caption)}
          ${lines > LINES_IN_SIGHT && html`<button type="button" class="save" onClick=${() => save(text)}>Save as a file</button>`}
        </figcaption>`
      }
      <${Copy} text=${text} />
      <pre
        tabindex="0"
        role="group"
        aria-label=${title ?? 'Code'}
      ><code>${syntax === 'diff' ? html`<${DiffLines} text=${text} />` : revealed(text)}</code></pre>
    </figure>
  `
}

/** Long texts are read best in an editor of one's own. @param {string} text */
function save(text) {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }))
  const link = Object.assign(document.createElement('a'), { href: url, download: 'backchannel.txt' })
  link.click()
  URL.revokeObjectURL(url)
}

const SIGNS = new Map([
  ['+', 'diff-added'],
  ['-', 'diff-removed'],
])

/** @param {{ text: string }} props */
const DiffLines = ({ text }) =>
  text
    .split('\n')
    .map((line) => html`<span class=${classes('diff-line', SIGNS.get(line[0] ?? ''))}>${revealed(line)}</span>`)

/** @param {{ text: string }} props */
export function Copy({ text }) {
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(text)
    setCopied(true)
    announce('Copied')
    setTimeout(() => setCopied(false), COPIED_MS)
  }
  return html`<button type="button" class="icon-button copy" title="Copy" aria-label="Copy" onClick=${copy}>
    <${Icon} name=${copied ? 'check' : 'copy'} />
  </button>`
}

const STATES = { todo: 'to do', doing: 'in progress', done: 'done' }

/** @param {{ items: ChecklistItem[] }} props */
export function Checklist({ items }) {
  const done = items.filter((item) => item.state === 'done').length
  return html`
    <div class="checklist">
      <p class="checklist-count"><${Meter} done=${done} of=${items.length} /> ${done} of ${items.length} done</p>
      <ul>
        ${items.map(
          ({ text, state }) =>
            html`<li class=${classes('item', `item-${state}`)}>
              <${Icon} name=${`item-${state}`} label=${STATES[state]} /><span>${revealed(text, false)}</span>
            </li>`,
        )}
      </ul>
    </div>
  `
}

/** A picture of the numbers beside it. @param {{ done: number, of: number }} props */
export const Meter = ({ done, of }) =>
  html`<svg class="meter" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
    <rect class="meter-all" width="100" height="6" rx="3" />
    <rect class="meter-done" width=${of === 0 ? 0 : (100 * done) / of} height="6" rx="3" />
  </svg>`
