// The board: every task by what it needs. It answers "where do things stand" at a glance and leads to each of them.
import { board, loadOlderTasks } from './board-state.js'
import { Meter, revealed } from './blocks.js'
import { suggest } from './composer.js'
import { html } from './html.js'
import { Icon, ToneSign } from './icons.js'
import { Link, go, taskPath } from './router.js'
import { useStore } from './store.js'
import { At, Since } from './time.js'
import { ViewHead } from './view-head.js'

/** @import { TaskRow } from '../../../bot/views.ts' */

/** @type {Record<TaskRow['status'], import('../../../task/card.ts').Tone>} */
export const TONES = {
  queued: 'queued',
  working: 'working',
  input_required: 'needs',
  completed: 'good',
  failed: 'bad',
  cancelled: 'stopped',
}
/** @type {Record<TaskRow['status'], string>} */
export const STATUS_WORDS = {
  queued: 'queued',
  working: 'working',
  input_required: 'needs you',
  completed: 'done',
  failed: 'failed',
  cancelled: 'stopped',
}

export function BoardView() {
  const now = useStore(board)
  return html`
    <section class="view board" aria-label="Board">
      <${ViewHead} icon="board" title="Board" says="Every task, by what it needs" />
      <div class="columns" tabindex="0" role="region" aria-label="Tasks">
        <${Column} id="needs" title="Needs you" rows=${now?.needs} empty="Nothing waits for you." />
        <${Column} id="working" title="Working" rows=${now?.working} empty=${html`<${StartSomething} />`} />
        <${Column} id="done" title="Done" rows=${now?.done} empty="What has ended stands here." more=${now?.more} />
      </div>
    </section>
  `
}

const StartSomething = () => html`
  Nothing runs.${' '}
  <button
    type="button"
    class="text-button"
    onClick=${() => {
      go('/')
      requestAnimationFrame(() => suggest('general', '/bg start '))
    }}
  >
    Start something
  </button>
`

/** @param {{ id: string, title: string, rows: TaskRow[] | undefined, empty: unknown, more?: boolean | undefined }} props */
const Column = ({ id, title, rows, empty, more = false }) => html`
  <section class=${`column column-${id}`} aria-labelledby=${`column-${id}`}>
    <h2 id=${`column-${id}`}>${title} <span class="count">${rows ? `${rows.length}${more ? '+' : ''}` : ''}</span></h2>
    ${rows?.length === 0 && html`<p class="column-empty">${empty}</p>`}
    <ul class="tickets">
      ${rows?.map((row) => html`<li key=${row.id}><${Ticket} row=${row} /></li>`)}
    </ul>
    ${more && html`<button type="button" class="button" onClick=${loadOlderTasks}>Show older</button>`}
  </section>
`

/** @param {{ row: TaskRow }} props */
const Ticket = ({ row }) => html`
  <article class=${`ticket ticket-${TONES[row.status]}`}>
    <header>
      <${ToneSign} tone=${TONES[row.status]} />
      <h3 dir="auto"><${Link} to=${taskPath(row.id)}>${revealed(row.label)}<//></h3>
    </header>
    ${row.requests.map((request) => html`<p class="ticket-request" dir="auto" key=${request.id}>${revealed(request.title, false)}</p>`)}
    ${row.requests.length === 0 && html`<p class="ticket-prompt" dir="auto">${revealed(firstLine(row.prompt), false)}</p>`}
    <${Doing} row=${row} />
    <footer>
      <span>${row.agent}</span>
      ${row.repo && html`<span class="where"><${Icon} name="branch" />${row.repo}${row.branch && revealed(`@${row.branch}`)}</span>`}
      <span class="when"
        >${row.endedAt ? html`<${Since} at=${Date.parse(row.endedAt)} />` : html`since <${At} at=${Date.parse(row.createdAt)} />`}</span
      >
    </footer>
  </article>
`

/** @param {{ row: TaskRow }} props */
export function Doing({ row }) {
  const { progress, line, outcome } = row
  if (line !== null) return html`<p class="doing">Number ${line} in line</p>`
  if (outcome?.kind === 'failed')
    return html`<p class="doing" dir="auto">${revealed(firstLine(outcome.reason), false)}</p>`
  if (outcome) return null
  if (!progress) return null
  const done = progress.checklist.filter((item) => item.state === 'done').length
  const { read, edited, commands } = progress.counts
  const counts = [read > 0 && `${read} read`, edited > 0 && `${edited} edited`, commands > 0 && `${commands} run`]
    .filter(Boolean)
    .join(' · ')
  return html`
    <div class="doing">
      ${progress.checklist.length > 0 && html`<p class="checklist-count"><${Meter} done=${done} of=${progress.checklist.length} /> ${done} of ${progress.checklist.length}</p>`}
      ${counts && html`<p>${counts}</p>`}
      ${progress.now && html`<p class="now" dir="auto"><code>${revealed(firstLine(progress.now))}</code></p>`}
    </div>
  `
}

/** @param {string} text */
const firstLine = (text) => text.trim().split('\n')[0] ?? ''
