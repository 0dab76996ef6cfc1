// A thread: the card of a task and all that was said about it, with a composer that talks to the task.
import { useEffect, useRef, useState } from 'preact/hooks'
import { get } from './api.js'
import { revealed } from './blocks.js'
import { Composer } from './composer.js'
import { html } from './html.js'
import { Icon } from './icons.js'
import { me } from './me.js'
import { loadThread, messages, threadOf } from './messages.js'
import { MessagesList } from './messages-list.js'
import { Link, go, taskPath } from './router.js'
import { useStore } from './store.js'

/** @param {{ root: string }} props */
export function Thread({ root }) {
  const now = useStore(messages)
  const name = useStore(me)
  const task = useTask(root)
  const heading = useRef(/** @type {HTMLHeadingElement | null} */ (null))
  useEffect(() => {
    void loadThread(root)
    heading.current?.focus({ preventScroll: true })
  }, [root])
  const found = threadOf(now, root)
  const first = found[0]
  const title = first?.content.kind === 'card' ? first.content.card.title : 'Thread'

  return html`
    <section
      class="thread"
      aria-label="Thread"
      onKeyDown=${(/** @type {KeyboardEvent} */ event) => event.key === 'Escape' && closeThread(root)}
    >
      <header class="view-head">
        <div class="view-title">
          <h1 tabindex="-1" ref=${heading} dir="auto">${revealed(title)}</h1>
        </div>
        <div class="view-actions">
          ${task && html`<${Link} to=${taskPath(task)} class="button small"><${Icon} name="task" />Task page<//>`}
          <button
            type="button"
            class="icon-button"
            aria-label="Close thread"
            title="Close (Esc)"
            onClick=${() => closeThread(root)}
          >
            <${Icon} name="close" />
          </button>
        </div>
      </header>
      ${
        now.absent.has(root)
          ? html`<div class="empty">
              <h2>There is no such thread</h2>
              <p>It may belong to another home.</p>
            </div>`
          : html`
              <${MessagesList}
                label="Messages of the thread"
                messages=${found}
                channel=${now.channel}
                thread=${root}
                me=${name}
              />
              <${Composer}
                channel=${now.channel}
                thread=${root}
                label="Reply in the thread"
                placeholder="Reply to guide, answer, or continue"
              />
            `
      }
    </section>
  `
}

/** @param {string} root */
function closeThread(root) {
  go('/')
  requestAnimationFrame(() => document.getElementById(`thread-of-${root}`)?.focus())
}

/** @param {string} root */
function useTask(root) {
  const [task, setTask] = useState(/** @type {string | null} */ (null))
  useEffect(() => {
    let gone = false
    setTask(null)
    const read = async () => {
      const answer = await get(`/api/threads/${encodeURIComponent(root)}/task`)
      if (!gone && answer.kind === 'ok') setTask(/** @type {{ task: string | null }} */ (answer.value).task)
    }
    void read()
    return () => {
      gone = true
    }
  }, [root])
  return task
}
