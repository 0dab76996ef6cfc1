// Answers to interactions: the first within 3 seconds, so that what takes longer is deferred after 1.5, the rest within 15 minutes.
// A form can only be the first answer. What is too late, or was answered already, changes nothing: the journal has it.

import type { Reply } from '../../../bot/chat.ts'
import type { Form } from '../../../task/card.ts'
import { ANSWERED, codeOf, GONE, type Api, type Route } from './api.ts'
import { NO_PREVIEWS, ONLY_THEM } from './flags.ts'
import { modal, pagesOf, whyNot } from './form.ts'
import type { Looks, Ticket } from './inbound.ts'
import type { Messages } from './messages.ts'
import type { Attached, Rendered } from './render.ts'
import { codeBlock, inert } from './text.ts'

const DEFER_MS = 1_500
/** A form cannot be deferred; beyond this nobody gets one any more. */
const FORM_MS = 2_600
const TOKEN_MS = 14.5 * 60_000
const CONTENT_CHARS_MAX = 2_000
const CHOICES_MAX = 25
const CHOICE_CHARS_MAX = 100
const DEFERRED_MESSAGE = 5
const DEFERRED_UPDATE = 6
const UPDATE = 7
const MESSAGE = 4
const CHOICES = 8
const MODAL = 9
const LATE = 'That took too long for a form: please try again.'

export const REFUSED_SIGN = '🚫'
export const TAKEN = '✓ Taken.'
/** Buttons of a form of several pages: go on with the next, or send what there is. */
export const PAGE_ID = 'v1p'
export const SEND_ID = 'v1e'
export const PAGE_FILE = 'form.json'
/** Opens the form to start a task, where a message was answered and no form can be. */
export const FORM_ID = 'v1f'

export type FormState = { id: string; form: Form; page: number; values: Record<string, string> }
type Options = { api: Api; messages: Messages; now: () => number }
/** `on`: the message that was clicked, where nothing has to be said. */
type Answer = { ticket: Ticket; on: Looks | null }

export type Answers = ReturnType<typeof answers>

export function answers({ api, messages, now }: Options) {
  const first = ({ id, token }: Ticket, body: object, files: Attached[] = []): Promise<unknown> =>
    api.post(`/interactions/${id}/${token}/callback`, { body, files, open: true }).catch((error: unknown) => {
      const code = codeOf(error)
      // Answered before, or too late to be: whoever asked sees what came of it.
      if (code !== ANSWERED && code !== GONE.interaction) throw error
    })

  const webhook = ({ application, token }: Ticket): Route => `/webhooks/${application}/${token}`

  /** Answers with what `asking` comes to, which may take longer than Discord waits. */
  async function answer({ ticket, on }: Answer, asking: Promise<Reply>, mayBeForm: boolean): Promise<void> {
    const waited = await within(asking, mayBeForm ? FORM_MS : DEFER_MS)
    if (waited) return said({ ticket, on }, waited.value, null)
    await first(ticket, on ? UNCHANGED : { type: DEFERRED_MESSAGE, data: { flags: ONLY_THEM } })
    await said({ ticket, on }, await asking, on ? 'update' : 'message')
  }

  async function said({ ticket, on }: Answer, reply: Reply, deferred: 'update' | 'message' | null): Promise<void> {
    if (deferred && now() - ticket.at > TOKEN_MS) return
    if (reply.kind === 'form') return deferred ? tell(ticket, [plain(LATE)], deferred) : ask(ticket, stateOf(reply))
    if (reply.kind !== 'none') return tell(ticket, await shown(reply), deferred)
    if (on) return deferred ? undefined : void (await first(ticket, on === 'shared' ? UNCHANGED : taken(on)))
    return tell(ticket, [plain(TAKEN)], deferred)
  }

  /** Messages that only this person sees: the first as the answer, the others after it. */
  async function tell(ticket: Ticket, all: Rendered[], deferred: 'update' | 'message' | null): Promise<void> {
    const [one, ...others] = all.map(({ body, files }) => ({ body: { ...body, flags: body.flags | ONLY_THEM }, files }))
    if (!one) return
    if (deferred === null) await first(ticket, { type: MESSAGE, data: one.body }, one.files)
    else if (deferred === 'message')
      await api.patch(`${webhook(ticket)}/messages/@original`, { ...one, body: asEdit(one.body), open: true })
    else others.unshift(one)
    for (const { body, files } of others) await api.post(webhook(ticket), { body, files, open: true })
  }

  async function ask(ticket: Ticket, state: FormState): Promise<void> {
    const { form, page, id } = state
    const why = whyNot(form)
    if (why !== null) return tell(ticket, [plain(`${REFUSED_SIGN} ${inert(why)}`)], null)
    const isPaged = pagesOf(form).length > 1
    await first(ticket, { type: MODAL, data: modal(form, page, isPaged ? `${PAGE_ID}:${page}:${id}` : id) })
  }

  /** A page was filled in and another is to come: a message keeps what there is, because nobody else does. */
  async function goOn(ticket: Ticket, state: FormState): Promise<unknown> {
    const pages = pagesOf(state.form)
    const isEnough = pages.slice(state.page).every((fields) => fields.every(({ required }) => !required))
    const next = {
      type: 2,
      style: isEnough ? 2 : 1,
      custom_id: PAGE_ID,
      label: `More (${state.page + 1}/${pages.length})…`,
    }
    const send = { type: 2, style: 1, custom_id: SEND_ID, label: state.form.submit }
    const data = {
      content: `Page ${state.page} of ${pages.length} is filled in; nothing is sent yet.`,
      flags: ONLY_THEM,
      components: [{ type: 1, components: isEnough ? [send, next] : [next] }],
    }
    return first(ticket, { type: MESSAGE, data }, [{ name: PAGE_FILE, text: JSON.stringify(state) }])
  }

  /** A reply as messages. */
  async function shown(reply: Exclude<Reply, { kind: 'none' | 'form' }>): Promise<Rendered[]> {
    switch (reply.kind) {
      case 'refused':
        return [plain(`${REFUSED_SIGN} ${inert(reply.text)}`)]
      case 'text':
        return [withCode(reply.text, reply.code)]
      case 'cards': {
        const cards = await Promise.all(reply.cards.map((card) => messages.drawn(card)))
        return [...(reply.text === '' && cards.length > 0 ? [] : [withCode(reply.text, undefined)]), ...cards]
      }
    }
  }

  return {
    answer,
    ask,
    /** Asks for the form once it is known, or hands on where there is none. */
    async askFor(ticket: Ticket, id: string, asking: Promise<Form | null>, none: () => Promise<void>): Promise<void> {
      const known = await within(asking, FORM_MS)
      if (!known) return tell(ticket, [plain(LATE)], null)
      return known.value ? ask(ticket, stateOf({ id, form: known.value })) : none()
    },
    goOn,
    shown,
    refuse: (ticket: Ticket, text: string) => tell(ticket, [plain(`${REFUSED_SIGN} ${inert(text)}`)], null),
    complete: (ticket: Ticket, choices: string[]) =>
      first(ticket, {
        type: CHOICES,
        data: {
          choices: choices
            .filter((one) => one !== '' && one.length <= CHOICE_CHARS_MAX)
            .slice(0, CHOICES_MAX)
            .map((one) => ({ name: one, value: one })),
        },
      }),
  }
}

const UNCHANGED = { type: DEFERRED_UPDATE }

/** What somebody has before them alone is done with: nobody else edits it. */
const taken = (looks: Looks): object => ({
  type: UPDATE,
  data:
    looks === 'own card'
      ? { components: [{ type: 10, content: TAKEN }] }
      : { content: TAKEN, components: [], attachments: [] },
})

export const stateOf = ({ id, form }: { id: string; form: Form }): FormState => ({ id, form, page: 0, values: {} })

/** Who sees a message cannot be changed. */
const asEdit = (body: Rendered['body']): object => ({ ...body, flags: body.flags & ~ONLY_THEM })

function plain(text: string, files: Attached[] = []): Rendered {
  const isLong = text.length > CONTENT_CHARS_MAX
  const body = {
    content: isLong ? 'This is too long for a message; all of it is in the file.' : text,
    flags: NO_PREVIEWS,
    components: [],
    allowed_mentions: { parse: [] as [] },
  }
  return { body, files: isLong ? [...files, { name: 'text.txt', text }] : files }
}

function withCode(text: string, code: string | undefined): Rendered {
  if (code === undefined) return plain(text === '' ? '✓' : inert(text))
  const whole = [inert(text), codeBlock(code)].filter((one) => one !== '').join('\n')
  if (whole.length <= CONTENT_CHARS_MAX && !code.includes('```')) return plain(whole)
  return plain(text === '' ? 'It is in the file.' : inert(text), [{ name: 'output.txt', text: code }])
}

async function within<T>(asking: Promise<T>, ms: number): Promise<{ value: T } | null> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<null>((resolve) => (timer = setTimeout(() => resolve(null), ms)))
  try {
    return await Promise.race([asking.then((value) => ({ value })), late])
  } finally {
    clearTimeout(timer)
  }
}
