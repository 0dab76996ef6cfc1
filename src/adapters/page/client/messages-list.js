// A list of messages that stays at its end while one reads the end, and stays put while one reads further up.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { html } from './html.js'
import { MessageView, OutgoingView } from './message.js'
import { outbox } from './outbox.js'
import { useStore } from './store.js'

/** @import { ChatMessage } from '../../../bot/chat-log.ts' */

const NEAR_END_PX = 80
/** Messages of one person within this time stand together. */
const JOIN_MS = 5 * 60_000

/**
 * @param {{ label: string, messages: ChatMessage[], channel: string, thread: string | null, me: string, open?: string | null, before?: unknown, empty?: unknown }} props
 */
export function MessagesList({ label, messages, channel, thread, me, open = null, before, empty }) {
  const scroller = useRef(/** @type {HTMLDivElement | null} */ (null))
  const atEnd = useRef(true)
  const [below, setBelow] = useState(false)
  const waiting = useStore(outbox).filter((entry) => entry.channel === channel && entry.thread === thread)
  const last = messages.at(-1)?.id

  const toEnd = () => {
    const box = scroller.current
    if (box) box.scrollTop = box.scrollHeight
  }
  const scrolled = () => {
    const box = scroller.current
    if (!box) return
    atEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_END_PX
    if (atEnd.current) setBelow(false)
  }
  useLayoutEffect(() => {
    if (atEnd.current) toEnd()
  })
  useEffect(() => {
    if (!atEnd.current) setBelow(true)
  }, [last])
  useEffect(() => {
    if (waiting.length === 0) return
    atEnd.current = true
    toEnd()
  }, [waiting.length])
  // Times and code that grow later must not push the end out of sight.
  useEffect(() => {
    const list = scroller.current?.firstElementChild
    if (!list) return undefined
    const observer = new ResizeObserver(() => atEnd.current && toEnd())
    observer.observe(list)
    return () => observer.disconnect()
  }, [])

  return html`
    <div class="scroller" ref=${scroller} onScroll=${scrolled} tabindex="0" role="region" aria-label=${label}>
      <div class="scrolled">
        ${before} ${messages.length === 0 && waiting.length === 0 && empty}
        <ol class="messages">
          ${messages.map(
            (message, at) =>
              html`<${MessageView}
                key=${message.id}
                message=${message}
                inThread=${thread !== null}
                joined=${joins(messages[at - 1], message)}
                open=${message.id === open}
              />`,
          )}
          ${waiting.map((entry) => html`<${OutgoingView} key=${entry.key} entry=${entry} name=${me} />`)}
        </ol>
      </div>
    </div>
    ${
      below &&
      html`<div class="to-end">
        <button
          type="button"
          class="button pill"
          onClick=${() => {
            toEnd()
            setBelow(false)
          }}
        >
          New messages below
        </button>
      </div>`
    }
  `
}

/** @param {ChatMessage | undefined} before @param {ChatMessage} message */
const joins = (before, message) =>
  before !== undefined &&
  before.author.id === message.author.id &&
  before.content.kind === message.content.kind &&
  message.at - before.at < JOIN_MS
