// What a task changed, file by file.
import { useEffect, useMemo, useState } from 'preact/hooks'
import { get } from './api.js'
import { Copy, revealed } from './blocks.js'
import { boardTick } from './board-state.js'
import { parseDiff } from './diff-parse.js'
import { html } from './html.js'
import { useStore } from './store.js'

/** @import { Diff } from '../../../bot/views.ts' */
/** @typedef {Diff['files'][number]} FileChange */
/** @import { DiffFile, DiffLine } from './diff-parse.js' */

const LINES_SHOWN = 400
const SIGNS = { same: ' ', added: '+', removed: '−', note: ' ' }
const NAMES = { same: '', added: 'added: ', removed: 'removed: ', note: '' }

/** @param {{ id: string }} props */
export function DiffTab({ id }) {
  const { diff, sentence } = useDiff(id)
  const files = useMemo(() => parseDiff(diff?.text ?? ''), [diff?.text])
  if (sentence)
    return html`<div class="empty">
      <h2>No diff</h2>
      <p>${sentence}</p>
    </div>`
  if (!diff) return html`<p class="log-empty">Reading the diff</p>`
  if (diff.files.length === 0)
    return html`<div class="empty">
      <h2>Nothing is changed</h2>
      <p>The workspace is as it was at the beginning.</p>
    </div>`
  const added = diff.files.reduce((sum, file) => sum + file.added, 0)
  const removed = diff.files.reduce((sum, file) => sum + file.removed, 0)
  return html`
    <div class="diff" tabindex="0" role="region" aria-label="Diff">
      <nav class="diff-files" aria-label="Changed files">
        <p>
          ${diff.files.length === 1 ? '1 file' : `${diff.files.length} files`} ·
          <${Counts} added=${added} removed=${removed} /> · against <code>${diff.base}</code>
        </p>
        <ul>
          ${diff.files.map(
            (file, at) =>
              html`<li key=${file.path}>
                <a href=${`#file-${at}`} onClick=${(/** @type {Event} */ event) => jump(event, at)}
                  ><span dir="auto">${revealed(file.path)}</span> <${Counts} ...${file}
                /></a>
              </li>`,
          )}
        </ul>
      </nav>
      ${diff.files.map((change, at) => html`<${FileView} key=${change.path} id=${`file-${at}`} change=${change} file=${files.find((file) => file.path === change.path)} />`)}
    </div>
  `
}

/** @param {Event} event @param {number} at */
function jump(event, at) {
  event.preventDefault()
  const heading = document.getElementById(`file-${at}`)
  heading?.scrollIntoView()
  heading?.focus()
}

/** @param {{ added: number, removed: number }} props */
const Counts = ({ added, removed }) =>
  html`<span class="counted"
    ><span class="count-added">+${added}</span> <span class="count-removed">−${removed}</span></span
  >`

/** @param {{ id: string, change: FileChange, file: DiffFile | undefined }} props */
function FileView({ id, change, file }) {
  const [all, setAll] = useState(false)
  const count = file?.hunks.reduce((sum, hunk) => sum + hunk.lines.length, 0) ?? 0
  const long = count > LINES_SHOWN && !all
  let left = long ? LINES_SHOWN : Infinity
  return html`
    <section class="diff-file" aria-labelledby=${id}>
      <header>
        <h2 id=${id} tabindex="-1" dir="auto">${revealed(change.path)}</h2>
        <${Counts} ...${change} /><${Copy} text=${change.path} />
      </header>
      ${file?.notes.map((note) => html`<p class="diff-note">${note}</p>`)}
      ${
        file &&
        file.hunks.length > 0 &&
        html`
          <div class="diff-scroll" tabindex="0" role="group" aria-label=${`Changes of ${change.path}`}>
            <table class="diff-table">
              ${file.hunks.map((hunk, at) => {
                const lines = hunk.lines.slice(0, Math.max(0, left))
                left -= hunk.lines.length
                return (
                  lines.length > 0 &&
                  html`<tbody key=${at}>
                    <tr class="diff-gap">
                      <td colspan="3"><span dir="auto">${revealed(hunk.head || `Line ${hunk.start}`)}</span></td>
                    </tr>
                    ${lines.map(lineView)}
                  </tbody>`
                )
              })}
            </table>
          </div>
        `
      }
      ${long && html`<button type="button" class="button" onClick=${() => setAll(true)}>Show all ${count} lines</button>`}
    </section>
  `
}

/** @param {DiffLine} line */
const lineView = ({ kind, text, before, after }) => html`
  <tr class=${`diff-line diff-${kind}`}>
    <td class="diff-number">${before ?? ''}</td>
    <td class="diff-number">${after ?? ''}</td>
    <td class="diff-text">
      <span class="diff-sign" aria-hidden="true">${SIGNS[kind]}</span
      ><span class="unseen">${NAMES[kind]}</span>${revealed(text)}
    </td>
  </tr>
`

/** @param {string} id */
function useDiff(id) {
  const [diff, setDiff] = useState(/** @type {Diff | null} */ (null))
  const [sentence, setSentence] = useState('')
  const tick = useStore(boardTick)
  useEffect(() => {
    let gone = false
    const read = async () => {
      const answer = await get(`/api/tasks/${encodeURIComponent(id)}/diff`)
      if (gone) return
      if (answer.kind === 'refused') return setSentence(answer.sentence)
      if (answer.kind !== 'ok') return
      const found = /** @type {Diff | { refused: string }} */ (answer.value)
      setSentence('refused' in found ? found.refused : '')
      if (!('refused' in found)) setDiff(found)
    }
    void read()
    return () => {
      gone = true
    }
  }, [id, tick])
  return { diff, sentence }
}
