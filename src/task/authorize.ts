// Who may do what: one pure function, asked at the moment of every command, click, form and reply.
// Today a house knows owners and nobody else; bots and strangers are nobody.

import type { Command } from './decide/command.ts'
import { refuse, type Actor, type Refused } from './words.ts'

export type People = { owners: Pick<Actor, 'chat' | 'id'>[] }

const isOwner = (people: People, actor: Actor): boolean =>
  people.owners.some((owner) => owner.chat === actor.chat && owner.id === actor.id)

const DEEDS: Record<Command['type'], string> = {
  create: 'start tasks',
  vote: 'answer requests',
  reply: 'guide tasks',
  again: 'start tasks',
  cancel: 'stop tasks',
  attach: 'guide tasks',
  interrupt: 'stop tasks',
  chore: 'commit, discard or restore work',
}

/** Null when `actor` may; otherwise the sentence to show to that person only. */
export function authorize(people: People, actor: Actor, deed: Command['type']): Refused | null {
  return isOwner(people, actor) ? null : refuse(`You may not ${DEEDS[deed]} here: only the owner may.`)
}
