// One task: its cards as the chat shows them, its whole history, its log, its diff.
import { useEffect, useState } from 'preact/hooks'
import { get } from './api.js'
import { Code, Words, revealed } from './blocks.js'
import { STATUS_WORDS, TONES } from './board.js'
import { boardTick } from './board-state.js'
import { CardView } from './card.js'
import { ReplyView } from './composer.js'
import { DiffTab } from './diff.js'
import { tellFacts } from './history.js'
import { html } from './html.js'
import { Icon, ToneSign } from './icons.js'
import { LogTab } from './log.js'
import { Link, taskPath, threadPath } from './router.js'
import { useStore } from './store.js'
import { At } from './time.js'
import { ViewHead } from './view-head.js'

/** @import { TaskDetail } from '../../../bot/views.ts' */
/** @import { Card } from '../../../task/card.ts' */
/** @typedef {{ task: TaskDetail, cards: { key: string, card: Card }[], thread: string | null }} Shown */

/** @param {{ id: string, tab: import('./router.js').Tab }} props */
export function TaskPage({ id, tab }) {
  const { shown, sentence } = useShown(id)
  if (sentence)
    return html`<section class="view task">
      <${ViewHead} icon="task" title="No such task" />
      <div class="empty"><p>${sentence}</p></div>
    </section>`
  if (!shown) return html`<section class="view task"><${ViewHead} icon="task" title="Task" /></section>`
  const { task, thread } = shown
  return html`
    <section class="view task" aria-label="Task">
      <${ViewHead}
        icon="task"
        title=${task.label}
        says=${html`<${ToneSign} tone=${TONES[task.status]} />${STATUS_WORDS[task.status]}`}
      >
        <div class="view-actions">
          ${thread && html`<${Link} to=${threadPath(thread)} class="button small"><${Icon} name="thread" />Thread<//>`}
        </div>
      <//>
      <${Tabs} id=${id} tab=${tab} />
      ${tab === 'overview' && html`<${Overview} shown=${shown} />`}
      ${tab === 'log' && html`<${LogTab} key=${id} task=${task} />`}
      ${tab === 'diff' && html`<${DiffTab} key=${id} id=${id} />`}
    </section>
  `
}

/** @param {string} id */
function useShown(id) {
  const [shown, setShown] = useState(/** @type {Shown | null} */ (null))
  const [sentence, setSentence] = useState('')
  const tick = useStore(boardTick)
  useEffect(() => {
    let gone = false
    const read = async () => {
      const answer = await get(`/api/tasks/${encodeURIComponent(id)}`)
      if (gone) return
      setSentence(answer.kind === 'refused' ? answer.sentence : '')
      if (answer.kind === 'ok') setShown(/** @type {Shown} */ (answer.value))
    }
    void read()
    return () => {
      gone = true
    }
  }, [id, tick])
  return { shown: shown?.task.id === id ? shown : null, sentence }
}

/** @param {{ id: string, tab: import('./router.js').Tab }} props */
const Tabs = ({ id, tab }) => html`
  <nav class="tabs" aria-label="Task">
    ${
      /** @type {const} */ (['overview', 'log', 'diff']).map(
        (one) =>
          html`<${Link} key=${one} to=${taskPath(id, one)} class="tab" aria-current=${one === tab ? 'page' : undefined}
            >${one[0]?.toUpperCase()}${one.slice(1)}<//
          >`,
      )
    }
  </nav>
`

/** @param {{ shown: Shown }} props */
function Overview({ shown }) {
  const { task, cards } = shown
  const place = `task:${task.id}`
  /** @param {string} key @param {Card} card */
  const on = (key, card) => ({
    place,
    channel: 'general',
    thread: shown.thread,
    shown: `${task.id}:${key}:${JSON.stringify(card).length}`,
  })
  const open = cards.filter(({ card }) => card.tone === 'needs' && card.buttons.length > 0 && card !== cards[0]?.card)
  const rest = cards.filter((one) => !open.includes(one))
  return html`
    <div class="overview" tabindex="0" role="region" aria-label="Overview">
      <div class="overview-cards">
        <${ReplyView} place=${place} />
        ${open.map(({ key, card }) => html`<${CardView} key=${key} card=${card} on=${on(key, card)} />`)}
        ${rest.map(({ key, card }) => html`<${CardView} key=${key} card=${card} on=${on(key, card)} quiet=${true} />`)}
      </div>
      <div class="overview-side">
        <${About} task=${task} />
        <section class="history" aria-labelledby="history">
          <h2 id="history">History</h2>
          <ol>
            ${tellFacts(task.facts).map(
              ({ fact, sentence, words, code, tone }) => html`
                <li key=${fact.version} class=${`told told-${tone ?? 'plain'}`}>
                  <p><${At} at=${fact.at} /> <span dir="auto">${revealed(sentence, false)}</span></p>
                  ${words && html`<${Words} text=${words} />`} ${code && html`<${Code} text=${code} />`}
                </li>
              `,
            )}
          </ol>
        </section>
      </div>
    </div>
  `
}

/** @param {{ task: TaskDetail }} props */
function About({ task }) {
  /** @type {[string, unknown][]} */
  const rows = [
    ['Id', html`<code>${task.id}</code>`],
    ['Agent', task.agent],
    ['Asked by', task.requester],
    ['Started', html`<${At} at=${Date.parse(task.createdAt)} />`],
    ['Repository', task.repo ?? '–'],
    ['Branch', task.branch ? html`<code>${revealed(task.branch)}</code>` : '–'],
    ['Workspace', html`<code>${task.workspace}</code>`],
    ['Turns', task.turns],
    ['Session', task.session ? html`<code>${task.session}</code>` : '–'],
  ]
  return html`
    <section class="about" aria-labelledby="about">
      <h2 id="about">About</h2>
      <dl>
        ${rows.map(
          ([term, what]) =>
            html`<div key=${term}>
              <dt>${term}</dt>
              <dd>${what}</dd>
            </div>`,
        )}
      </dl>
    </section>
  `
}
