// Characters that are not seen, shown by name in every chat: what is asked to be allowed must be what is read. The page has the
// same two lists, because it loads nothing but its own modules; test/page/parse.test.ts holds them against these.

/** Characters that turn what is read around, or are no text at all. */
const TURNING = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u{e0000}-\u{e007f}]/gu
/** And those that are only not seen: words of some scripts need them, names and commands do not. */
const HIDDEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\u{e0000}-\u{e01ef}]|\u034f|[\ufe00-\ufe0e]/gu

/** `strictly`: also what is merely not seen. `shown`: how a name, such as U+202E, stands in the text. */
export const revealed = (text: string, strictly: boolean, shown: (name: string) => string): string =>
  text
    .toWellFormed()
    .replaceAll(strictly ? HIDDEN : TURNING, (character) =>
      shown(`U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`),
    )
