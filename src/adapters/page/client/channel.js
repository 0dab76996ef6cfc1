// The channel: everything at its root, and the composer.
import { Composer, suggest } from './composer.js'
import { html } from './html.js'
import { me } from './me.js'
import { loadOlder, messages, rootsOf } from './messages.js'
import { MessagesList } from './messages-list.js'
import { useStore } from './store.js'
import { ViewHead } from './view-head.js'

/** @param {{ thread: string | null }} props */
export function Channel({ thread }) {
  const now = useStore(messages)
  const name = useStore(me)
  return html`
    <section class="view channel" aria-label="Channel">
      <${ViewHead} icon="hash" title=${now.channel} says="Work in the background, and hear when it needs you" />
      <${MessagesList}
        label="Messages"
        messages=${rootsOf(now)}
        channel=${now.channel}
        thread=${null}
        me=${name}
        open=${thread}
        before=${now.more && html`<p class="older"><button type="button" class="button pill" onClick=${loadOlder}>Show older messages</button></p>`}
        empty=${now.loaded && html`<${Empty} channel=${now.channel} />`}
      />
      <${Composer}
        channel=${now.channel}
        thread=${null}
        label="Message to the channel"
        placeholder="Type /bg to start something"
      />
    </section>
  `
}

/** What a newcomer types first; a press puts it into the composer. @param {{ channel: string }} props */
const Empty = ({ channel }) => html`
  <div class="empty">
    <img src="/assets/icon.svg" alt="" width="44" height="44" />
    <h2>Nothing runs in the background yet</h2>
    <p>Type a command below, or press one of these to put it there. Then press Enter.</p>
    <ul class="starters">
      ${STARTERS.map(
        ({ text, says }) => html`
          <li>
            <button type="button" class="starter" onClick=${() => suggest(channel, text)}>
              <code>${text}</code><span>${says}</span>
            </button>
          </li>
        `,
      )}
    </ul>
  </div>
`

const STARTERS = [
  { text: '/bg run npm test', says: 'runs a command and tells you how it ended' },
  { text: '/bg start --agent demo', says: 'a scripted agent that shows every kind of card' },
  { text: '/bg help', says: 'everything there is to type' },
]
