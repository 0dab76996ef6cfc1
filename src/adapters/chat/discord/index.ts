// Discord, as a chat: what arrives is read, handed on and answered in time; cards are posted, edited and found again. The library
// is only the wire: nothing is taken from its caches, everything is addressed by id.

import { setTimeout as sleep } from 'node:timers/promises'
import type { CatchUp, Chat, Inbound, Reply } from '../../../bot/chat.ts'
import type { Actor } from '../../../task/words.ts'
import { answers, FORM_ID, PAGE_ID, REFUSED_SIGN, SEND_ID } from './answers.ts'
import { api } from './api.ts'
import { channels } from './channels.ts'
import { completedIn, definition, textOf, type Completed, type Verb } from './commands.ts'
import { forms } from './forms.ts'
import { gateway, type Application } from './gateway.ts'
import { CHAT, readInteraction, rolesOf, type Asked } from './inbound.ts'
import { messages } from './messages.ts'
import { NOT_WRITTEN, reading } from './reading.ts'
import { SHOWN_CHARS_MAX } from './render.ts'
import { threads } from './threads.ts'
import { telling } from './telling.ts'

export type { Completed, Verb } from './commands.ts'

const ARCHIVE_MS = 60_000
const RESTART_MS = 90_000
const STOP_MS_MAX = 3_000
/** Less is typed again. */
const KEPT_CHARS_MIN = 80

export type DiscordOptions = {
  token: string
  /** Another endpoint, such as a server for tests. */
  apiUrl?: string | undefined
  verbs: Verb[]
  complete: (what: Completed, text: string, who: { actor: Actor; groups: string[] }) => Promise<string[]>
  now: () => number
  failed: (error: unknown) => void
  archiveMs?: number
  restartMs?: number
}

export function discordChat(options: DiscordOptions): Chat {
  const { token, apiUrl, verbs, complete, now, failed } = options
  const { archiveMs = ARCHIVE_MS, restartMs = RESTART_MS } = options
  const rest = api(token, apiUrl)
  const me = (): string => line.application()?.bot?.id ?? line.application()?.id ?? ''
  const roles = new Set<string>()
  const known = channels(rest, me)
  const hanging = threads({ api: rest, channels: known, archiveMs, failed })
  const posted = messages({ api: rest, channels: known, threads: hanging, me, now })
  const replies = answers({ api: rest, messages: posted, now })
  let hands: ReturnType<typeof handsOf> | null = null
  /** What is being answered: nothing of it is left half done. */
  const busy = new Set<Promise<void>>()

  const line = gateway({
    token,
    apiUrl,
    application: () => rest.get<Application>('/applications/@me'),
    fresh(application) {
      hands?.words.fresh()
      rest.put(`/applications/${application.id}/commands`, { body: definition(verbs) }).catch(failed)
    },
    event(type, payload) {
      if (!hands) return
      const done = (type === 'MESSAGE_CREATE' ? hands.words.heard(payload) : hands.interaction(payload)).catch(failed)
      busy.add(done)
      void done.finally(() => busy.delete(done))
    },
    guild: (payload) => rolesOf(me(), payload).forEach((role) => roles.add(role)),
    failed,
    now,
    restartMs,
  })

  function handsOf(receive: (event: Inbound) => Promise<Reply>, catchUp: CatchUp) {
    const words = reading({
      api: rest,
      channels: known,
      catchUp,
      me,
      names: () => [`<@${me()}>`, `<@!${me()}>`, ...[...roles].map((role) => `<@&${role}>`)],
      verbs: verbs.map(({ word }) => word),
      receive,
      answer: telling(rest, replies),
      now,
      failed,
    })
    const answering = new Set<string>()

    /** An interaction says under which channel it was made, and not that this is a forum. */
    const received = async (event: Inbound): Promise<Reply> =>
      receive({ ...event, place: await known.placed(event.place) })
    const paged = forms({ answers: replies, catchUp, receive: received, click })

    async function hand(asked: Asked, event: Inbound, mayBeForm = false): Promise<void> {
      const asking = received(event).catch((error: unknown): Reply => {
        failed(error)
        return { kind: 'refused', text: NOT_WRITTEN }
      })
      const kept = event.kind === 'click' ? asking.then((reply) => withWords(reply, event.values)) : asking
      const on = asked.kind === 'click' || asked.kind === 'submit' ? asked.source.looks : null
      await replies.answer({ ticket: asked.ticket, on }, kept, mayBeForm)
    }

    function click(asked: Asked, id: string, values: Record<string, string>): Promise<void> {
      return hand(asked, { ...whoOf(asked), kind: 'click', id, values })
    }

    async function interaction(payload: unknown): Promise<void> {
      const asked = readInteraction(payload, now())
      // What arrives again meanwhile is being answered; later the journal knows it.
      if (!asked || answering.has(asked.key)) return
      answering.add(asked.key)
      try {
        await handled(asked)
      } catch (error) {
        failed(error)
        if (asked.kind !== 'complete') await replies.refuse(asked.ticket, NOT_WRITTEN)
      } finally {
        answering.delete(asked.key)
      }
    }

    async function handled(asked: Asked): Promise<void> {
      switch (asked.kind) {
        case 'command': {
          const typed = textOf(asked.verb, asked.given, verbs)
          if ('refused' in typed) return replies.refuse(asked.ticket, typed.refused)
          return hand(asked, { ...whoOf(asked), kind: 'command', text: typed.text }, typed.text === '')
        }
        case 'menu': {
          const said = [{ author: asked.author, groups: [], text: asked.text }]
          return hand(asked, { ...whoOf(asked), kind: 'command', text: '', said }, true)
        }
        case 'complete': {
          const wanted = completedIn(asked.verb, asked.given, verbs)
          const found = wanted ? await complete(wanted.what, wanted.text, asked) : []
          return void (await replies.complete(asked.ticket, found))
        }
        case 'click':
          return clicked(asked)
        case 'submit':
          return paged.submitted(asked)
      }
    }

    async function clicked(asked: Extract<Asked, { kind: 'click' }>): Promise<void> {
      const { id, source, place, guild } = asked
      if (id === PAGE_ID) return paged.nextPage(asked, source)
      if (id === SEND_ID) return paged.send(asked)
      if (id === FORM_ID) {
        const { thread } = place
        const isSaid = thread !== undefined && source.answers !== null && !(await known.isOurs(thread))
        const said = isSaid ? await words.saidBefore(thread, source.answers ?? '', guild) : []
        return hand(asked, { ...whoOf(asked), kind: 'command', text: '', said }, true)
      }
      return replies.askFor(asked.ticket, id, catchUp.form(id), () => click(asked, id, {}))
    }

    return { words, interaction }
  }

  return {
    id: CHAT,
    limits: {
      name: 'Discord',
      cardCharsMax: SHOWN_CHARS_MAX,
      forms: true,
      marks: true,
      lines: true,
      editsPerMinute: null,
    },
    async start(receive, catchUp) {
      hands = handsOf(receive, catchUp)
      await line.start()
    },
    async stop() {
      await line.stop()
      hanging.stop()
      const done = Promise.all([...busy, hands?.words.stop()])
      hands = null
      // What Discord does not answer is not waited for.
      await Promise.race([done, sleep(STOP_MS_MAX, undefined, { ref: false })])
      rest.end()
    },
    health() {
      const health = line.health()
      const trouble = health.state === 'live' ? (rest.trouble() ?? posted.trouble()) : null
      return trouble === null ? health : { ...health, detail: [trouble, health.detail].filter(Boolean).join(' ') }
    },
    post: posted.post,
    edit: posted.edit,
    find: posted.find,
    mark: posted.mark,
  }
}

const whoOf = ({ key, actor, groups, place }: Asked) => ({ key, actor, groups, place })

/** A form is closed by sending it: what somebody wrote at length comes back when it was refused. */
function withWords(reply: Reply, values: Record<string, string>): Reply {
  const long = Object.values(values).filter((text) => text.length >= KEPT_CHARS_MIN)
  if (reply.kind !== 'refused' || long.length === 0) return reply
  return { kind: 'text', text: `${REFUSED_SIGN} ${reply.text}\nWhat you wrote:`, code: long.join('\n\n') }
}
