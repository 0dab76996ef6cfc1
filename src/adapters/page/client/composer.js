// Where a person types: Enter sends, Shift+Enter begins a line, Tab or the arrows complete a command. What is typed is kept
// until it has arrived.
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { get } from './api.js'
import { accept, complete } from './completion.js'
import { draftOf, drafts, setDraft } from './drafts.js'
import { classes, html } from './html.js'
import { Icon } from './icons.js'
import { send } from './outbox.js'
import { dismiss, replies } from './replies.js'
import { store, useStore } from './store.js'

/** @typedef {import('../api.ts').Completion} Completion */

const known = store(/** @type {Completion} */ ({ verbs: [], agents: [], repos: [], tasks: [] }))
const readKnown = async () => {
  const answer = await get('/api/completion')
  if (answer.kind === 'ok') known.set(/** @type {Completion} */ (answer.value))
}

/** Puts text into the composer of a place and the caret behind it. @param {string} place @param {string} text */
export function suggest(place, text) {
  setDraft(place, text)
  const box = document.getElementById(`composer-${place}`)
  if (!(box instanceof HTMLTextAreaElement)) return
  box.focus()
  put(box, text, text.length)
}

/** At once, not with the next drawing: whoever types on must find the caret in its place. @param {HTMLTextAreaElement} box @param {string} text @param {number} caret */
function put(box, text, caret) {
  box.value = text
  box.setSelectionRange(caret, caret)
}

/** @param {{ channel: string, thread: string | null, label: string, placeholder: string }} props */
export function Composer({ channel, thread, label, placeholder }) {
  const place = thread ?? channel
  const text = useStore(drafts, (all) => all[place]) ?? draftOf(place)
  const [caret, setCaret] = useState(text.length)
  const [chosen, setChosen] = useState(-1)
  const [closed, setClosed] = useState(false)
  const box = useRef(/** @type {HTMLTextAreaElement | null} */ (null))
  const list = useId()
  const completion = useStore(known)
  const offer = closed ? null : complete(completion, text, caret)

  useEffect(() => void readKnown(), [])
  useLayoutEffect(() => {
    if (!box.current) return
    box.current.style.height = 'auto'
    box.current.style.height = `${box.current.scrollHeight + 2}px`
  }, [text])

  /** @param {string} next @param {number} at */
  const change = (next, at) => {
    setDraft(place, next)
    setCaret(at)
    setChosen(-1)
    setClosed(false)
  }
  const submit = () => {
    if (text.trim() === '') return
    setDraft(place, '')
    dismiss(place)
    send({ channel, thread, text })
  }
  /** @param {number} index */
  const take = (index) => {
    const item = offer?.items[index]
    if (!offer || !item) return
    const next = accept(text, offer, item)
    change(next.text, next.caret)
    if (box.current) put(box.current, next.text, next.caret)
  }
  /** @param {KeyboardEvent} event */
  const key = (event) => {
    if (event.isComposing) return
    if (offer && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      event.preventDefault()
      const count = offer.items.length
      setChosen((now) => (event.key === 'ArrowDown' ? (now + 1) % count : (Math.max(now, 0) + count - 1) % count))
    } else if (offer && event.key === 'Tab' && !event.shiftKey) {
      event.preventDefault()
      take(Math.max(chosen, 0))
    } else if (offer && event.key === 'Escape') {
      event.stopPropagation()
      setClosed(true)
    } else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault()
      if (offer && chosen >= 0) take(chosen)
      else submit()
    }
  }
  const follow = () => setCaret(box.current?.selectionStart ?? text.length)

  return html`
    <form
      class="composer"
      onSubmit=${(/** @type {Event} */ event) => {
        event.preventDefault()
        submit()
      }}
    >
      <${ReplyView} place=${place} />
      ${offer && html`<${Offered} id=${list} offer=${offer} chosen=${chosen} onTake=${take} />`}
      <div class="composer-box">
        <textarea
          ref=${box}
          id=${`composer-${place}`}
          rows="1"
          aria-label=${label}
          placeholder=${placeholder}
          aria-autocomplete="list"
          aria-controls=${offer ? list : undefined}
          aria-activedescendant=${offer && chosen >= 0 ? `${list}-${chosen}` : undefined}
          autocapitalize="off"
          autocomplete="off"
          spellcheck=${!text.startsWith('/')}
          dir="auto"
          value=${text}
          onInput=${(/** @type {InputEvent} */ event) => {
            const target = /** @type {HTMLTextAreaElement} */ (event.target)
            change(target.value, target.selectionStart)
          }}
          onKeyDown=${key}
          onKeyUp=${follow}
          onClick=${follow}
          onBlur=${() => setClosed(true)}
        ></textarea>
        <button type="submit" class="send" aria-label="Send" title="Send (Enter)" disabled=${text.trim() === ''}>
          <${Icon} name="send" />
        </button>
      </div>
    </form>
  `
}

/** @param {{ id: string, offer: import('./completion.js').Offer, chosen: number, onTake: (index: number) => void }} props */
const Offered = ({ id, offer, chosen, onTake }) => html`
  <ul class="offered" role="listbox" id=${id} aria-label="Completions">
    ${offer.items.map(
      ({ word, says }, at) => html`
        <li
          key=${word}
          id=${`${id}-${at}`}
          role="option"
          aria-selected=${at === chosen}
          class=${classes('offer', at === chosen && 'chosen')}
          onMouseDown=${(/** @type {Event} */ event) => {
            event.preventDefault()
            onTake(at)
          }}
        >
          <span class="offer-word">${word}</span><span class="offer-says">${says}</span>
        </li>
      `,
    )}
  </ul>
`

/** What only this person was told. @param {{ place: string }} props */
export function ReplyView({ place }) {
  const reply = useStore(replies, (all) => all[place])
  if (!reply) return null
  return html`
    <div class=${classes('reply', reply.refused && 'reply-refused')}>
      <p dir="auto">${reply.text}</p>
      <p class="reply-note">Only you see this.</p>
      <button type="button" class="icon-button" aria-label="Dismiss" title="Dismiss" onClick=${() => dismiss(place)}>
        <${Icon} name="close" />
      </button>
    </div>
  `
}
