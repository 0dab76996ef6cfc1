// One message: who, when, and what they said or the card they posted.
import { Words, revealed } from './blocks.js'
import { CardView } from './card.js'
import { classes, html } from './html.js'
import { Icon } from './icons.js'
import { takeBack, tryAgain } from './outbox.js'
import { Link, threadPath } from './router.js'
import { At } from './time.js'

/** @import { ChatMessage } from '../../../bot/chat-log.ts' */
/** @import { Mark } from '../../../task/card.ts' */
/** @import { Outgoing } from './outbox.js' */

/** @type {Record<Mark, string>} */
const MARKS = { received: 'Received', delivered: 'Delivered to the agent' }

/** @param {{ message: ChatMessage, inThread: boolean, joined: boolean, open?: boolean }} props */
export function MessageView({ message, inThread, joined, open = false }) {
  const { author, content, channel, id } = message
  const ours = content.kind === 'card'
  const on = {
    place: inThread ? (message.thread ?? id) : channel,
    channel,
    thread: message.thread,
    shown: `${id}:${message.seq}`,
  }
  return html`
    <li
      class=${classes('message', joined && 'joined', open && 'open', ours ? 'from-us' : 'from-person')}
      id=${`message-${id}`}
    >
      ${!joined && html`<${Avatar} name=${author.name} ours=${ours} />`}
      <div class="message-main">
        ${!joined && html`<p class="byline"><span class="author">${author.name}</span> <${At} at=${message.at} /></p>`}
        ${content.kind === 'card' ? html`<${CardView} card=${content.card} on=${on} />` : html`<${Said} text=${content.text} mark=${content.mark} />`}
        ${!inThread && ours && html`<${ThreadLink} message=${message} />`}
      </div>
    </li>
  `
}

/** @param {{ text: string, mark: Mark | null }} props */
const Said = ({ text, mark }) => html`
  <div class="said">
    ${text.startsWith('/bg') ? html`<p class="command" dir="auto">${revealed(text)}</p>` : html`<${Words} text=${text} />`}
    ${mark && html`<span class=${`mark mark-${mark}`} title=${MARKS[mark]}><${Icon} name=${mark} label=${MARKS[mark]} /></span>`}
  </div>
`

/** @param {{ message: ChatMessage }} props */
function ThreadLink({ message }) {
  const { replies, content, id } = message
  const title = content.kind === 'card' ? content.card.title : ''
  const needs = content.kind === 'card' && content.card.tone === 'needs' && replies > 0
  const count = replies === 0 ? 'Open thread' : replies === 1 ? '1 reply' : `${replies} replies`
  // What it asks is in the thread, and a newcomer does not know that.
  const label = needs ? `Answer it · ${count}` : count
  return html`
    <${Link}
      to=${threadPath(id)}
      class=${classes('thread-link', needs && 'thread-needs')}
      id=${`thread-of-${id}`}
      aria-label=${`${label}, thread of ${title}`}
    >
      <${Icon} name="thread" />${label}
    <//>
  `
}

/** Sent, and not yet confirmed. @param {{ entry: Outgoing, name: string }} props */
export function OutgoingView({ entry, name }) {
  return html`
    <li class="message outgoing from-person">
      <${Avatar} name=${name} ours=${false} />
      <div class="message-main">
        <p class="byline"><span class="author">${name}</span> <span class="sending">${WORDS[entry.state]}</span></p>
        <div class="said"><p class="command" dir="auto">${entry.text}</p></div>
        ${
          entry.state === 'failed' &&
          html`<p class="failed-sentence">${entry.sentence}</p>
            <div class="buttons">
              <button type="button" class="button" onClick=${() => tryAgain(entry)}>Try again</button>
              <button type="button" class="button" onClick=${() => takeBack(entry)}>Edit</button>
            </div>`
        }
      </div>
    </li>
  `
}

const WORDS = { sending: 'sending…', waiting: 'not sent yet, trying again', failed: 'not sent' }

/** @param {{ name: string, ours: boolean }} props */
const Avatar = ({ name, ours }) =>
  ours
    ? html`<img class="avatar" src="/assets/icon.svg" alt="" width="32" height="32" />`
    : html`<span class="avatar avatar-person" aria-hidden="true">${[...name][0]?.toUpperCase() ?? '?'}</span>`
