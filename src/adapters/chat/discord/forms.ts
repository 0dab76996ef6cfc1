// Forms as people go through them: asked at once, page by page where they are long, and sent as the click they belong to. Between two
// pages a message that only this person sees keeps form and answers as a file: nothing of it is in memory.

import { z } from 'zod'
import type { CatchUp, Inbound, Reply } from '../../../bot/chat.ts'
import type { Form } from '../../../task/card.ts'
import { PAGE_FILE, PAGE_ID, stateOf, type Answers, type FormState } from './answers.ts'
import { pagesOf, valuesIn } from './form.ts'
import type { Asked, Source } from './inbound.ts'

const FETCH_MS = 2_000
const LOST = 'Discord did not bring back the page before: please begin again.'

const State = z.object({
  id: z.string(),
  page: z.number(),
  values: z.record(z.string(), z.string()),
  form: z.custom<Form>((value) => typeof value === 'object' && value !== null && 'fields' in value),
})

type Submitted = Extract<Asked, { kind: 'submit' }>
type Options = {
  answers: Answers
  catchUp: CatchUp
  receive: (event: Inbound) => Promise<Reply>
  /** Hands on a click and answers it. */
  click: (asked: Asked, id: string, values: Record<string, string>) => Promise<void>
}

export function forms({ answers, catchUp, receive, click }: Options) {
  /** The form behind an id, as it is now: of a button, else the one to start with. */
  async function formOf(asked: Asked, id: string): Promise<Form | null> {
    const known = await catchUp.form(id)
    if (known) return known
    const { key, actor, groups, place } = asked
    const reply = await receive({ kind: 'command', key: `${key}:form`, actor, groups, place, text: '' })
    return reply.kind === 'form' && reply.id === id ? reply.form : null
  }

  async function submitted(asked: Submitted): Promise<void> {
    const [, number, id] = new RegExp(`^${PAGE_ID}:(\\d+):([\\s\\S]*)$`, 'u').exec(asked.id) ?? []
    // Only choices that were sent by their number need the form.
    if (id === undefined) return click(asked, asked.id, valuesIn(asked.components, await catchUp.form(asked.id)))
    const page = Number(number)
    const before = page > 0 ? await stateIn(asked.source) : await begun(asked, id)
    if (!before) return answers.refuse(asked.ticket, LOST)
    const state: FormState = {
      ...before,
      page: page + 1,
      values: { ...before.values, ...valuesIn(asked.components, before.form) },
    }
    if (state.page < pagesOf(state.form).length) return void (await answers.goOn(asked.ticket, state))
    return click(page > 0 ? once(asked) : asked, id, state.values)
  }

  async function begun(asked: Asked, id: string): Promise<FormState | null> {
    const form = await formOf(asked, id)
    return form && stateOf({ id, form })
  }

  return {
    submitted,
    async nextPage(asked: Asked, source: Source): Promise<void> {
      const state = await stateIn(source)
      await (state ? answers.ask(asked.ticket, state) : answers.refuse(asked.ticket, LOST))
    },
    async send(asked: Extract<Asked, { kind: 'click' }>): Promise<void> {
      const state = await stateIn(asked.source)
      await (state ? click(once(asked), state.id, state.values) : answers.refuse(asked.ticket, LOST))
    },
  }
}

/** The message between the pages stays, and so do its buttons: however often it is sent, it is one form. */
const once = <T extends Asked & { source: Source }>(asked: T): T =>
  asked.source.id === null ? asked : { ...asked, key: `form:${asked.source.id}` }

async function stateIn({ attachments }: Source): Promise<FormState | null> {
  const file = attachments.find(({ filename }) => filename === PAGE_FILE)
  if (!file) return null
  try {
    const response = await fetch(file.url, { signal: AbortSignal.timeout(FETCH_MS) })
    return response.ok ? State.parse(await response.json()) : null
  } catch {
    return null
  }
}
