// A form as a window of Slack, and what was filled in as values, pure. A choice that also takes words of one's own is two inputs; which
// is which stands in the id of its block.

import type { InputBlock, KnownBlock, ModalView, PlainTextOption, SectionBlock } from '@slack/types'
import type { Form } from '../../../task/card.ts'
import type { StateValue, Submitted, Window } from './inbound.ts'
import {
  FIELD_LABEL_CHARS_MAX,
  INPUT_CHARS_MAX,
  LABEL_CHARS_MAX,
  MODAL_TITLE_CHARS_MAX,
  OPTIONS_MAX,
  RADIOS_MAX,
  SECTION_CHARS_MAX,
  VIEW_BLOCKS_MAX,
} from './limits.ts'
import { shortened, split } from './shorten.ts'
import { revealed, unmarked } from './text.ts'

type Field = Form['fields'][number]
type Choices = NonNullable<Field['choices']>

const FORM = 'bg_form'
/** Of one text above a field. */
const WINDOW_TEXT_CHARS_MAX = 6_000
const NAME = 'Backchannel'
/** Kinds of blocks, before the id of their field: text, a choice, a choice that must be made unless there are own words, own words. */
const TEXT = 't:'
const PICK = 'p:'
const MUST_PICK = 'm:'
const OWN = 'o:'

export function modal(form: Form, window: Window): ModalView {
  const title = revealed(form.title, false)
  const isTitle = title.trim() !== '' && title.length <= MODAL_TITLE_CHARS_MAX
  const blocks = [
    ...(isTitle ? [] : sections(title)),
    ...sections(form.says ?? ''),
    ...form.fields.flatMap((field): KnownBlock[] =>
      field.choices?.length ? choices(field, field.choices) : [textInput(field)],
    ),
  ].slice(0, VIEW_BLOCKS_MAX)
  return {
    type: 'modal',
    callback_id: FORM,
    private_metadata: JSON.stringify(window),
    title: label(isTitle ? title : NAME),
    submit: label(fits(form.submit, MODAL_TITLE_CHARS_MAX, 'Send')),
    close: label('Cancel'),
    blocks: blocks.length > 0 ? blocks : sections(title || NAME),
  }
}

/** A window that only says something. */
export const notice = (text: string): ModalView => ({
  type: 'modal',
  title: label(NAME),
  close: label('Close'),
  blocks: sections(text || '…'),
})

const label = (text: string) => ({ type: 'plain_text' as const, text: unmarked(text), emoji: false })

const fits = (text: string, charsMax: number, otherwise: string): string =>
  text.trim() === '' ? otherwise : text.length <= charsMax ? text : `${split(text, charsMax - 1)[0]}…`

/** Text above the fields, which must not crowd them out. */
function sections(text: string): SectionBlock[] {
  const whole = revealed(text, false)
  const cut = shortened(whole, WINDOW_TEXT_CHARS_MAX)
  const shown = cut ? [cut.head, `… ${cut.left} characters are left out here; the page has them …`, cut.tail] : [whole]
  return shown
    .flatMap((part) => split(part, SECTION_CHARS_MAX))
    .filter((part) => part.trim() !== '')
    .map((part) => ({ type: 'section', text: label(part) }))
}

function textInput({ id, label: says, required, prefill = '', long }: Field): InputBlock {
  const tooLong = prefill.length > INPUT_CHARS_MAX
  return input(
    `${TEXT}${id}`,
    says,
    !required,
    {
      type: 'plain_text_input',
      action_id: 'value',
      multiline: long === true || prefill.includes('\n') || prefill.length > LABEL_CHARS_MAX || required,
      ...(prefill !== '' && !tooLong && { initial_value: prefill }),
      max_length: INPUT_CHARS_MAX,
    },
    tooLong
      ? `What stands there now has ${prefill.length} characters, more than fit in here: copy it from the message.`
      : null,
  )
}

function choices(field: Field, all: Choices): KnownBlock[] {
  const { id, label: says, required, prefill = '', closed, multi } = field
  const each = all.map(option)
  const at = all.findIndex((one) => one.label === prefill)
  const initial = each[at]
  // What is chosen already stands there wherever it is in the list.
  const options =
    initial && at >= OPTIONS_MAX ? [...each.slice(0, OPTIONS_MAX - 1), initial] : each.slice(0, OPTIONS_MAX)
  const few = options.length <= RADIOS_MAX
  const action = { action_id: 'value', options }
  const element: InputBlock['element'] = multi
    ? { type: few ? 'checkboxes' : 'multi_static_select', ...action, ...(initial && { initial_options: [initial] }) }
    : { type: few ? 'radio_buttons' : 'static_select', ...action, ...(initial && { initial_option: initial }) }
  const isOpen = !closed
  const left = all.length - options.length
  const pick = input(
    `${isOpen && required ? MUST_PICK : PICK}${id}`,
    says,
    isOpen || !required,
    element,
    left > 0 ? `${left} more have no room here: /bg with words takes any of them.` : null,
  )
  const own = prefill !== '' && !initial && prefill.length <= INPUT_CHARS_MAX ? { initial_value: prefill } : {}
  const words: InputBlock[] = isOpen
    ? [
        input(`${OWN}${id}`, 'or in your own words', true, {
          type: 'plain_text_input',
          action_id: 'value',
          max_length: INPUT_CHARS_MAX,
          ...own,
        }),
      ]
    : []
  return [...explained(all.slice(0, OPTIONS_MAX)), pick, ...words]
}

/** What has no room in an option stands above them. */
function explained(all: Choices): SectionBlock[] {
  const lines = all.flatMap(({ label: says, description }) =>
    description || says.length > LABEL_CHARS_MAX ? [`${says}${description ? `: ${description}` : ''}`] : [],
  )
  return sections(lines.join('\n'))
}

const option = ({ label: says }: Choices[number], index: number): PlainTextOption => ({
  text: label(fits(revealed(says, true), LABEL_CHARS_MAX, '–')),
  value: String(index),
})

const input = (
  block_id: string,
  says: string,
  optional: boolean,
  element: InputBlock['element'],
  hint: string | null = null,
): InputBlock => ({
  type: 'input',
  block_id,
  label: label(fits(revealed(says, false), FIELD_LABEL_CHARS_MAX, '–')),
  optional,
  element,
  ...(hint !== null && { hint: label(hint) }),
})

/** What was filled in, by field. `form` knows the whole of a choice that had no room. */
export function valuesOf(submitted: Submitted, form: Form | null): Record<string, string> {
  const values: Record<string, string> = {}
  for (const [block, value] of Object.entries(submitted)) {
    const field = block.slice(TEXT.length)
    if (block.startsWith(OWN)) continue
    const chosen = chosenOf(value, form?.fields.find((one) => one.id === field)?.choices)
    const own = submitted[`${OWN}${field}`]?.value?.trim() ?? ''
    const several = value.selected_options !== undefined && value.selected_options !== null
    values[field] = block.startsWith(TEXT)
      ? (value.value ?? '')
      : [...(own !== '' && !several ? [] : chosen), own].filter((one) => one !== '').join(', ')
  }
  return values
}

function chosenOf({ selected_option: one, selected_options: several }: StateValue, all: Choices | undefined): string[] {
  return [one ?? [], several ?? []].flat().map((chosen) => all?.[Number(chosen.value)]?.label ?? chosen.text.text)
}

/** The block that has neither a choice nor own words and needs one of them. */
export const unanswered = (submitted: Submitted): string | null =>
  Object.entries(submitted).find(
    ([block, value]) =>
      block.startsWith(MUST_PICK) &&
      chosenOf(value, undefined).length === 0 &&
      !submitted[`${OWN}${block.slice(MUST_PICK.length)}`]?.value?.trim(),
  )?.[0] ?? null
