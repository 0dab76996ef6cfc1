// How somebody in a chat becomes an owner: whoever holds the terminal opens a pairing and is given a code; whoever says that code
// in a chat is them. Pure decisions over the facts of the house, which hold the code's hash and never the code.

import type { People } from './authorize.ts'
import type { HouseFact, HouseFactBody } from './house.ts'
import { refuse, type Actor, type Instant, type Refused } from './words.ts'

export const PAIRING_LIFE_MS = 10 * 60_000
const TRIES_MAX = 5

export type Pairing = { version: number; salt: string; hash: string }

/** What a code has to be held against; null when none is awaited: not opened, used up, tried too often, or too long ago. */
export function openPairing(facts: HouseFact[], now: Instant): Pairing | null {
  const opened = facts.findLast(({ body }) => body.type === 'pairing_opened')
  if (opened?.body.type !== 'pairing_opened' || now >= opened.at + PAIRING_LIFE_MS) return null
  const since = facts.filter(({ version }) => version > opened.version)
  const tries = since.filter(({ body }) => body.type === 'pairing_failed').length
  if (tries >= TRIES_MAX || since.some(({ body }) => body.type === 'paired')) return null
  return { version: opened.version, salt: opened.body.salt, hash: opened.body.hash }
}

/** `matches`: whether the code that was said is that of a pairing. A wrong one is told apart from none by nobody. */
export function pair(
  facts: HouseFact[],
  { by, matches }: { by: Actor; matches: (pairing: Pairing) => boolean },
  now: Instant,
): HouseFactBody[] | Refused {
  const pairing = openPairing(facts, now)
  if (!pairing) return refuse(WRONG)
  return [matches(pairing) ? { type: 'paired', owner: by } : { type: 'pairing_failed' }]
}

export const WRONG =
  'This code does not work. “backchannel pair” in a terminal prints a new one: good once, for ten minutes, and five tries.'

export const pairedOwners = (facts: HouseFact[]): People['owners'] =>
  facts.flatMap(({ body }) => (body.type === 'paired' ? { chat: body.owner.chat, id: body.owner.id } : []))
