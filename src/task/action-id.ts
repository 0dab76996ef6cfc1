// The id of a button: version, action, task, request (or turn), option. It names exactly one thing to decide, so an old
// button can never answer a newer request, nor stop or continue a later turn. At most ACTION_ID_CHARS_MAX characters, because platforms limit them.

export const ACTION_ID_CHARS_MAX = 100

const ACTIONS = [
  'start',
  'vote',
  'stop',
  'interrupt',
  'again',
  'continue',
  'log',
  'diff',
  'commit',
  'discard',
  'restore',
] as const
export type ActionId = { action: (typeof ACTIONS)[number]; task: string; request: string; option: string }

export const actionId = (action: ActionId['action'], task: string, request = '', option = ''): string =>
  ['v1', action, task, request, option].join(':')

/** The parts of a button id, or null when it is not one of ours (or of a later version). */
export function parseActionId(id: string): ActionId | null {
  const [version, action, task, request, option, ...rest] = id.split(':')
  if (version !== 'v1' || rest.length > 0 || id.length > ACTION_ID_CHARS_MAX) return null
  const known = ACTIONS.find((one) => one === action)
  if (!known || !task || request === undefined || option === undefined) return null
  return { action: known, task, request, option }
}
