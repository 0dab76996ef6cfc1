// Words of agents and people as Slack shows them literally. Cards are made of rich text, where nothing is read as markup; still no
// text of it holds a sequence that would mean something elsewhere. What is not seen is shown by name, as on the page.

import type { RichTextElement, RichTextText } from '@slack/types'

export type Style = NonNullable<RichTextText['style']>

/** Characters that turn what is read around, or are no text at all. */
const TURNING = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/gu
/** And those that are only not seen: words of some scripts need them, names and commands do not. */
const HIDDEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu

/** Text with its unseen characters by name. `strictly`: what is asked to be allowed must be what is read. */
export const revealed = (text: string, strictly: boolean): string =>
  text
    .toWellFormed()
    .replaceAll(
      strictly ? HIDDEN : TURNING,
      (char) => `[U+${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}]`,
    )

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
