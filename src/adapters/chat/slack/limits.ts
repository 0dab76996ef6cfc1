// What Slack takes, as numbers with their source: its Web API reference (spec: machine-readable, tests check against it), the types of
// its own packages (types), or documentation and reports that were only read (read).

/** Blocks of a message (spec), and of a modal or home (spec). */
export const BLOCKS_MAX = 50
export const VIEW_BLOCKS_MAX = 100
/** A modal or home as a whole: more than 250 kB is refused (spec); what is ours around it has room. */
export const VIEW_BYTES_MAX = 200_000
/** All text in the blocks of a message. Undocumented: refused from about 13,200 on (read: bolt-js #2509). */
export const MESSAGE_CHARS_MAX = 11_000
/** `text` beside blocks: an update with more is refused (spec: 4,000). */
export const FALLBACK_CHARS_MAX = 3_500
/** Header block (types). */
export const HEADER_CHARS_MAX = 150
/** Text of a button, and of what can be chosen (types). */
export const LABEL_CHARS_MAX = 75
/** Buttons in one row (types). */
export const BUTTONS_MAX = 25
/** Text of a section, of an input's first content, and of what is typed there (types, read). */
export const SECTION_CHARS_MAX = 3_000
export const INPUT_CHARS_MAX = 3_000
/** Label or hint of an input (types). */
export const FIELD_LABEL_CHARS_MAX = 2_000
/** Title and buttons of a modal (read). */
export const MODAL_TITLE_CHARS_MAX = 24
/** Radio buttons and checkboxes (types); what a select offers (read). */
export const RADIOS_MAX = 10
export const OPTIONS_MAX = 100
/** Before it, Slack shows "operation timeout" to whoever acted (read: 3 s). */
export const ACKNOWLEDGE_MS = 1_500
/** `chat.update`: 50 a minute for all tasks together (spec: tier 3), a few at once. */
export const EDITS_PER_MINUTE = 48
export const EDITS_BURST = 5
/** Histories of channels and threads (spec: tier 3), a few at once. */
export const READS_PER_MINUTE = 45
export const READS_BURST = 8
/** `reactions.add` and `reactions.remove` (spec: tiers 3 and 2). */
export const MARKS_PER_MINUTE = { add: 45, remove: 18 }
export const MARKS_BURST = 8
/** `chat.postEphemeral`, and `users.info`, each (spec: tier 4). */
export const TIER_4_PER_MINUTE = 90
export const TIER_4_BURST = 12
/** `chat.postMessage`: about one a second and channel, with short bursts (spec: special tier). */
export const POSTS_PER_SECOND = 1
export const POSTS_BURST = 3
