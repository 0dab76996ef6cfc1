// Labels: what people call a task, made from its first words. Also the last part of its branch, so they hold only what git
// takes in every script of the world.

export const LABEL_CHARS_MAX = 40
const WORDS_MAX = 5
/** For a number, or a dash and an id, behind a label that is taken. */
const SUFFIX_CHARS_MAX = 7

export const isLabel = (text: string): boolean =>
  text.length <= LABEL_CHARS_MAX && /^[\p{L}\p{N}\p{M}]+(-[\p{L}\p{N}\p{M}]+)*$/u.test(text)

/** A label for a prompt that is none of `taken`: "Make the login limiter…" → make-the-login-limiter, then …-2. */
export function labelFor(prompt: string, taken: ReadonlySet<string>): string {
  const words =
    prompt
      .slice(0, 400)
      .toLowerCase()
      .normalize('NFC')
      .match(/[\p{L}\p{N}\p{M}]+/gu) ?? []
  const chosen = words.slice(0, WORDS_MAX).reduce((label, word) => {
    const longer = label === '' ? word : `${label}-${word}`
    return longer.length <= LABEL_CHARS_MAX - SUFFIX_CHARS_MAX ? longer : label
  }, '')
  const base =
    chosen ||
    (words[0]
      ?.slice(0, LABEL_CHARS_MAX - SUFFIX_CHARS_MAX)
      .toWellFormed()
      .replaceAll('\ufffd', '') ??
      '') ||
    'task'
  return (
    [base, ...Array.from({ length: taken.size }, (_, index) => `${base}-${index + 2}`)].find(
      (one) => !taken.has(one),
    ) ?? base
  )
}
