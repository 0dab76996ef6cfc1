// Flags of a message, as Discord numbers them.

/** Content makes no previews of what it names. */
export const NO_PREVIEWS = 1 << 2
/** Only its person sees it. */
export const ONLY_THEM = 1 << 6
export const NEW_COMPONENTS = 1 << 15
