// What a person typed, as it may enter the journal.

import { refuse, type Refused } from '../words.ts'

const TEXT_CHARS_MAX = 200_000

/** Trimmed, line ends made `\n`, halves of characters replaced; refused when empty, too long or not text. */
export const cleanText = (text: string, what: string): string | Refused => exactText(text.trim(), what)

/** The same with the space around it, where that is part of what is meant. */
export function exactText(text: string, what: string): string | Refused {
  const clean = text.replaceAll('\r\n', '\n').toWellFormed()
  if (clean.trim() === '') return refuse(`The ${what} is empty: say what you want.`)
  if (clean.length > TEXT_CHARS_MAX) {
    return refuse(
      `The ${what} has ${clean.length} characters, at most ${TEXT_CHARS_MAX} are possible: put the rest in a file and name it.`,
    )
  }
  // Control characters can hide what a command does, and NUL cannot be passed to a program at all.
  const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/u.exec(clean)
  if (control) {
    const code = control[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')
    return refuse(`The ${what} contains the control character U+${code} at position ${control.index + 1}: remove it.`)
  }
  return clean
}
