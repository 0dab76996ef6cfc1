// The log of a task as it grows: its end first, earlier parts on request, only the lines that contain something, the whole
// file to download.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { parseAnsi } from './ansi.js'
import { get } from './api.js'
import { revealed } from './blocks.js'
import { html } from './html.js'
import { Icon } from './icons.js'

/** @import { LogRange, TaskDetail } from '../../../bot/views.ts' */

const TAIL_LINES = 2_000
const EARLIER_BYTES = 256 * 1024
const GROW_MS = 1_000
const FIND_MS = 250
const LINES_PER_PART = 400

/** @param {{ task: TaskDetail }} props */
export function LogTab({ task }) {
  const [find, setFind] = useState('')
  const [follow, setFollow] = useState(true)
  const { range, earlier, sentence } = useLog(task.id, find)
  const box = useRef(/** @type {HTMLDivElement | null} */ (null))
  useLayoutEffect(() => {
    if (follow && box.current) box.current.scrollTop = box.current.scrollHeight
  }, [range, follow])
  const path = `/api/tasks/${encodeURIComponent(task.id)}/log`
  const scrolled = () => {
    const at = box.current
    if (at) setFollow(at.scrollHeight - at.scrollTop - at.clientHeight < 40)
  }

  return html`
    <div class="log">
      <div class="log-bar">
        <label class="find"
          ><span class="unseen">Find in the log</span
          ><input
            type="search"
            placeholder="Find in the log"
            value=${find}
            onInput=${(/** @type {Event} */ event) => setFind(/** @type {HTMLInputElement} */ (event.target).value)}
        /></label>
        <label class="toggle"
          ><input type="checkbox" checked=${follow} onChange=${() => setFollow(!follow)} /> Follow</label
        >
        <a class="button small" href=${`${path}/download`} download><${Icon} name="download" />Download</a>
      </div>
      <div class="log-box" ref=${box} onScroll=${scrolled} tabindex="0" role="region" aria-label="Log">
        ${range && range.from > 0 && find === '' && html`<p class="older"><button type="button" class="button pill" onClick=${earlier}>Show earlier · ${bytesWords(range.from)} above</button></p>`}
        ${range?.text === '' && html`<p class="log-empty">${find ? 'No line contains this.' : range.ended ? 'It wrote nothing.' : 'Nothing is written yet.'}</p>`}
        ${sentence && html`<p class="log-empty">${sentence}</p>`}
        ${range && parts(range.text).map((part, at) => html`<${LogPart} key=${at} text=${part} find=${find} />`)}
      </div>
      <p class="log-foot">
        ${range ? `${bytesWords(range.bytes)}${range.ended ? '' : ' · growing'}` : 'Reading the log'}
      </p>
    </div>
  `
}

/** Parts of a fixed number of lines, so that only the last is drawn again while the log grows. @param {string} text */
function parts(text) {
  const lines = text.replace(/\n$/, '').split('\n')
  return Array.from({ length: Math.ceil(lines.length / LINES_PER_PART) }, (_, at) =>
    lines.slice(at * LINES_PER_PART, (at + 1) * LINES_PER_PART).join('\n'),
  )
}

/** @param {{ text: string, find: string }} props */
function LogPart({ text, find }) {
  const drawn = useRef({ text: '', find: '', view: /** @type {unknown} */ (null) })
  if (drawn.current.text !== text || drawn.current.find !== find) {
    drawn.current = { text, find, view: parseAnsi(text).map((runs) => [runs.map((run) => runView(run, find)), '\n']) }
  }
  return html`<pre class="log-part">${drawn.current.view}</pre>`
}

/** @param {import('./ansi.js').Run} run @param {string} find */
const runView = ({ text, look }, find) =>
  look === '' ? marked(text, find) : html`<span class=${look}>${marked(text, find)}</span>`

/** @param {string} text @param {string} find */
function marked(text, find) {
  if (find === '') return revealed(text)
  const found = text.split(find)
  return found.flatMap((piece, at) => (at === 0 ? [revealed(piece)] : [html`<mark>${find}</mark>`, revealed(piece)]))
}

/** @param {string} id @param {string} find */
function useLog(id, find) {
  const [range, setRange] = useState(/** @type {LogRange | null} */ (null))
  const [sentence, setSentence] = useState('')
  const path = `/api/tasks/${encodeURIComponent(id)}/log`

  useEffect(() => {
    let gone = false
    /** @type {LogRange | null} */
    let now = null
    const first = find === '' ? `?tail=${TAIL_LINES}` : `?grep=${encodeURIComponent(find)}`
    const read = async () => {
      const answer = await get(path + (now === null || find !== '' ? first : `?from=${now.next}`))
      if (gone) return
      setSentence(answer.kind === 'refused' ? answer.sentence : '')
      if (answer.kind === 'ok') {
        const next = /** @type {LogRange} */ (answer.value)
        const grown = now !== null && find === ''
        now = next
        setRange((before) =>
          grown && before
            ? next.text === '' && next.ended === before.ended
              ? before
              : { ...next, from: before.from, text: before.text + next.text }
            : next,
        )
      }
      timer = setTimeout(() => void read(), now?.ended && now.next >= now.bytes ? GROW_MS * 5 : GROW_MS)
    }
    let timer = setTimeout(() => void read(), find === '' ? 0 : FIND_MS)
    return () => {
      gone = true
      clearTimeout(timer)
    }
  }, [path, find])

  const earlier = async () => {
    if (!range) return
    const from = Math.max(0, range.from - EARLIER_BYTES)
    const answer = await get(`${path}?from=${from}&bytesMax=${range.from - from}`)
    if (answer.kind !== 'ok') return
    const before = /** @type {LogRange} */ (answer.value)
    setRange((now) => now && { ...now, from: before.from, text: before.text + now.text })
  }
  return { range, earlier, sentence }
}

/** @param {number} bytes */
function bytesWords(bytes) {
  if (bytes < 1024) return `${bytes} bytes`
  return bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(1)} kB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`
}
