// What was typed in a chat, what answers it, and the few ways to answer that all verbs share.

import type { Card } from '../task/card.ts'
import { isRefused, type Actor, type MessageRef, type Place, type Refused, type TaskId } from '../task/words.ts'
import type { Reply, Said } from './chat.ts'
import type { Deeds, Doer, Done } from './deeds.ts'
import type { Rules } from './rules.ts'
import type { Views } from './views.ts'

export type Typed = {
  actor: Actor
  groups?: string[]
  place: Place
  text: string
  delivery: string
  source?: MessageRef
  said?: Said[]
  thread: TaskId | null
}
export type Room = {
  deeds: Deeds
  views: Views
  /** What needs somebody, and their tasks, as cards. */
  mine: (doer: Doer) => Promise<{ text: string; cards: Card[] }>
  /** Makes who says the right code an owner; else why not. */
  pair: (by: Actor, code: string) => Promise<Refused | null>
  rules: Rules
  runAgent: string
  /** The repository of a channel; null takes the default. */
  repoOf: (place: Place) => string | null
}

export const doer = ({ actor, groups, delivery }: Omit<Typed, 'text'>): Doer => ({
  by: actor,
  ...(groups && { groups }),
  delivery,
})

export const refusal = ({ refused }: Refused): Reply => ({ kind: 'refused', text: refused })

/** The card shows what was done; only a refusal needs words. */
export function done(result: Done): Reply {
  return result !== 'repeated' && isRefused(result) ? refusal(result) : { kind: 'none' }
}
