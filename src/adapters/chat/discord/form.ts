// A form as a modal of Discord: at most five components, each with a label of 45 characters. A longer form is asked page by
// page. The kind of each field is in its id, so that what was filled in is read without knowing the form. Pure.

import { z } from 'zod'
import type { Form } from '../../../task/card.ts'
import { inert, shortened } from './text.ts'

const COMPONENTS_MAX = 5
const TITLE_CHARS_MAX = 45
const LABEL_CHARS_MAX = 45
const SAYS_CHARS_MAX = 100
const TEXT_CHARS_MAX = 4_000
const CHOICES_MAX = 25
const CHOICE_CHARS_MAX = 100

type Field = Form['fields'][number]
/** `t` text, `s` one of, `m` several of, `o` words of one's own besides. */
type Kind = 't' | 's' | 'm' | 'o'
export type Modal = { custom_id: string; title: string; components: object[] }
export type Values = Record<string, string>

/** Why this form cannot be asked here, as a sentence, or null. */
export function whyNot({ fields }: Form): string | null {
  const long = fields.find(({ prefill = '' }) => prefill.length > TEXT_CHARS_MAX)
  if (!long) return null
  return `“${long.label}” has ${long.prefill?.length} characters, and a form of Discord takes ${TEXT_CHARS_MAX}: do it on the page or the command line.`
}

/** The fields of each page. */
export function pagesOf(form: Form): Field[][] {
  const pages: Field[][] = [[]]
  let room = COMPONENTS_MAX - (saysOf(form) ? 1 : 0)
  for (const field of form.fields) {
    const needed = componentsOf(field).length
    if (needed > room) {
      pages.push([])
      room = COMPONENTS_MAX
    }
    pages.at(-1)?.push(field)
    room -= needed
  }
  return pages
}

export function modal(form: Form, page: number, id: string): Modal {
  const pages = pagesOf(form)
  const says = page === 0 ? saysOf(form) : null
  const of = pages.length > 1 ? ` (${page + 1}/${pages.length})` : ''
  const components = [
    ...(says ? [{ type: 10, content: says }] : []),
    ...(pages[page] ?? []).flatMap((field) => componentsOf(field)),
  ]
  return {
    custom_id: id,
    title: shortened(form.title || form.submit, TITLE_CHARS_MAX - of.length) + of,
    components: components.length > 0 ? components : [{ type: 10, content: inert(form.submit) }],
  }
}

function saysOf({ title, says = '', fields, submit }: Form): string | null {
  const text = [...(title.length > TITLE_CHARS_MAX - 6 ? [title] : []), says].filter((one) => one !== '').join('\n\n')
  if (text !== '') return shortened(inert(text), TEXT_CHARS_MAX)
  return fields.length === 0 ? inert(submit) : null
}

function componentsOf(field: Field): object[] {
  const { choices = [], closed } = field
  // What a select cannot hold is typed; whoever reads it says what is possible.
  if (choices.length === 0 || choices.length > CHOICES_MAX) return textOf(field, 't', field.required)
  const chosen = select(field, closed === true && field.required)
  const isChosen = choices.some(({ label }) => label === field.prefill)
  const own = { ...field, label: 'Or in your own words', prefill: isChosen ? '' : (field.prefill ?? '') }
  return closed ? chosen : [...chosen, ...textOf(own, 'o', false)]
}

function textOf(field: Field, kind: Kind, required: boolean): object[] {
  const { id, prefill = '', long } = field
  const isLong = long === true || prefill.length > 100 || prefill.includes('\n')
  return labelled(field, {
    type: 4,
    custom_id: idOf(kind, id),
    style: isLong ? 2 : 1,
    required,
    ...(prefill !== '' && { value: prefill }),
    max_length: TEXT_CHARS_MAX,
  })
}

function select(field: Field, required: boolean): object[] {
  const { id, choices = [], multi, prefill } = field
  const labels = choices.map(({ label }) => label)
  const chosen = labels.indexOf(prefill ?? '')
  return labelled(field, {
    type: 3,
    custom_id: idOf(multi ? 'm' : 's', id),
    required,
    ...(!required && { min_values: 0 }),
    max_values: multi ? choices.length : 1,
    options: choices.map(({ label, description = '' }, index) => {
      const rest = label.length > CHOICE_CHARS_MAX ? `…${label.slice(CHOICE_CHARS_MAX - 1)}` : description
      return {
        label: shortened(label.trim() || '…', CHOICE_CHARS_MAX),
        value: isOwnValue(label, labels.indexOf(label) === index) ? label : `${BY_NUMBER}${index}`,
        ...(rest !== '' && { description: shortened(rest, CHOICE_CHARS_MAX) }),
        ...(index === chosen && { default: true }),
      }
    }),
  })
}

/** A choice that cannot be sent back as it is, because it is too long, empty or not the first of its name, is sent by its number. */
const BY_NUMBER = '…#'
const isOwnValue = (label: string, isFirst: boolean): boolean =>
  isFirst && label.trim() !== '' && label.length <= CHOICE_CHARS_MAX && !label.startsWith(BY_NUMBER)

const idOf = (kind: Kind, id: string): string => `${kind}:${id}`

function labelled({ label }: Field, component: object): object[] {
  const isLong = label.length > LABEL_CHARS_MAX
  const isVeryLong = label.length > SAYS_CHARS_MAX
  const shown = {
    type: 18,
    label: shortened(label || '…', LABEL_CHARS_MAX),
    ...(isLong && { description: shortened(label, SAYS_CHARS_MAX) }),
    component,
  }
  return isVeryLong ? [{ type: 10, content: shortened(inert(label), TEXT_CHARS_MAX) }, shown] : [shown]
}

const Filled = z.array(
  z.object({
    component: z
      .object({ custom_id: z.string(), value: z.string().optional(), values: z.array(z.string()).optional() })
      .optional(),
  }),
)

/** What was filled in, by field; `form` only helps with choices that were sent by number. */
export function valuesIn(components: unknown, form: Form | null): Values {
  const found = new Map<string, { kind: Kind; texts: string[] }>()
  for (const { component } of Filled.parse(components)) {
    if (!component) continue
    const [, kind, id] = /^([tsmo]):([\s\S]*)$/u.exec(component.custom_id) ?? []
    if (kind === undefined || id === undefined) continue
    const texts = (component.values ?? [(component.value ?? '').trim()])
      .map((value) => labelOf(value, id, form))
      .filter((text) => text !== '')
    const before = found.get(id)
    // Whoever typed words of their own has chosen them, instead of one or besides several.
    if (kind === 'o' && texts.length > 0)
      found.set(id, { kind: before?.kind ?? 'o', texts: [...(before?.kind === 'm' ? before.texts : []), ...texts] })
    else if (!before) found.set(id, { kind: kind as Kind, texts })
  }
  return Object.fromEntries([...found].map(([id, { texts }]) => [id, texts.join(', ')]))
}

const labelOf = (value: string, id: string, form: Form | null): string => {
  if (!value.startsWith(BY_NUMBER)) return value
  const choices = form?.fields.find((field) => field.id === id)?.choices
  return choices?.[Number(value.slice(BY_NUMBER.length))]?.label ?? ''
}
