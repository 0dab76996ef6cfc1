// Words of agents and people as Slack shows them literally. Cards are made of rich text, where nothing is read as markup; still no
// text of it holds a sequence that would mean something elsewhere. What is not seen is shown by name, as on the page.

import type { RichTextElement, RichTextText } from '@slack/types'
import { revealed as named } from '../../../bot/unseen.ts'

export type Style = NonNullable<RichTextText['style']>

/** `strictly`: what is asked to be allowed must be what is read. */
export const revealed = (text: string, strictly: boolean): string => named(text, strictly, (name) => `[${name}]`)

/** Between `<` and what would make it a mention, a broadcast or a link where Slack reads markup. */
const MARKUP = /(?<=<)(?=[!@#]|https?:|mailto:)/u

/** Rich text that shows exactly this text. */
export const plain = (
  text: string,
  { style, strictly = false }: { style?: Style; strictly?: boolean } = {},
): RichTextText[] =>
  revealed(text, strictly)
    .split(MARKUP)
    .filter((piece) => piece !== '')
    .map((piece) => ({ type: 'text', text: piece, ...(style && { style }) }))

export const code = (text: string): RichTextText[] => plain(text, { style: { code: true }, strictly: true })

/** For labels, which are one text and no markup either way. */
export const unmarked = (text: string): string => text.replaceAll(/<(?=[!@#]|https?:|mailto:)/gu, '‹')

/** For places where Slack reads markup: the three characters it begins with. */
export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

export type { RichTextElement }
