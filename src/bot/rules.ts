// The rules people granted by “always”: listed and revoked, the same in every chat and on the command line.

import { recordHouse, type HouseJournal } from '../runner/journal.ts'
import type { People } from '../task/authorize.ts'
import { grantedOf, revoke, type GrantedRule } from '../task/granted.ts'
import { isRefused, refuse, type Instant, type Refused } from '../task/words.ts'
import type { Reply } from './chat.ts'
import { peopleFor, type Doer } from './deeds.ts'
import { unknown } from './words.ts'

export type Rules = {
  list(): Promise<GrantedRule[]>
  /** Null when it counts no more, for what runs as well. */
  revoke(doer: Doer, id: string): Promise<Refused | null>
}

type House = { house: HouseJournal; people: () => Promise<People>; now: () => Instant; ring: () => void }

export const rulesOf = ({ house, people, now, ring }: House): Rules => ({
  list: async () => grantedOf(await house.facts()),
  async revoke(doer, id) {
    const { by } = doer
    const allowed = await peopleFor({ people }, doer)
    const done = await recordHouse(house, (facts) => revoke(facts, allowed, by, id), { by, now })
    ring()
    return isRefused(done) ? done : null
  },
})

/** `rules`, and `rules revoke ID`. */
export async function rules({ rules: granted }: { rules: Rules }, doer: Doer, text: string): Promise<Reply> {
  const [what, id, ...more] = text.split(/\s+/u).filter((word) => word !== '')
  if (what === undefined) return { kind: 'text', ...rulesText(await granted.list()) }
  if (what === '--json' && id === undefined)
    return { kind: 'text', text: '', code: JSON.stringify((await granted.list()).map(shownRule), null, 2) }
  if (what !== 'revoke') return { kind: 'refused', text: unknown(what, ['revoke'], 'word after rules') }
  const done =
    id === undefined || more.length > 0 ? refuse('Name one rule: rules revoke ID.') : await granted.revoke(doer, id)
  return done ? { kind: 'refused', text: done.refused } : { kind: 'text', text: `${id} is revoked.` }
}

/** As JSON prints it. */
export const shownRule = ({ at, by, ...rest }: GrantedRule) => ({
  ...rest,
  by: `${by.chat}:${by.id}`,
  name: by.name,
  at: new Date(at).toISOString(),
})

export function rulesText(all: GrantedRule[]): { text: string; code?: string } {
  if (all.length === 0) return { text: 'Nobody has granted a rule by “always”. The other rules stand in config.yaml.' }
  const lines = all.map(({ id, rule, repo, task, by, at }) => {
    const where = repo === null ? `in task ${task}` : `in ${repo}`
    return `${id}  ${rule}  ${where}  by ${by.name}, ${new Date(at).toISOString()}`
  })
  return { text: 'Granted by “always”; “rules revoke ID” takes one back.', code: lines.join('\n') }
}
