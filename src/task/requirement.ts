// What a rule wants besides one yes: more people, people of some role, a reason, hours. It is a part of the request itself, so it
// holds whatever becomes of the session or of config.yaml. Pure: hours are read from the instant that is given.

import type { Instant } from './words.ts'

/** From and to in minutes of the day, in a time zone by its name; it may go over midnight. */
export type Hours = { from: number; to: number; zone: string }

/**
 * `rule`: the text of the rule that wants it. `approvers`: so many people, none of them who asked for it. `from`: roles whose
 * people count. `reason`: their yes needs one.
 */
export type Requirement = { rule: string; approvers?: number; from?: string[]; reason?: true; hours?: Hours }

export type Demand = Omit<Requirement, 'rule'>

/** A yes as far as it is counted: the roles of who gave it, of those that are asked for. */
type Yes = { as?: string[] }

const yeses = ({ from }: Requirement, votes: Yes[]): number =>
  votes.filter(({ as = [] }) => !from || from.some((role) => as.includes(role))).length

/** Those of which there are not enough yet, in what was said so far. */
export const unmet = (requires: Requirement[], votes: Yes[]): Requirement[] =>
  requires.filter((one) => yeses(one, votes) < (one.approvers ?? 1))

/** Whether a yes of somebody in these roles brings one of them nearer. */
export const helps = (requires: Requirement[], votes: Yes[], as: string[]): boolean =>
  unmet(requires, votes).some(({ from }) => !from || from.some((role) => as.includes(role)))

/** The roles they name. */
export const rolesIn = (requires: Requirement[]): string[] => [...new Set(requires.flatMap(({ from = [] }) => from))]

/** How many have to say yes, at least. */
export const needOf = (requires: Requirement[]): number =>
  Math.max(1, ...requires.map(({ approvers = 1 }) => approvers))

/** How far it is, and what is still waited for: “1 of 2, waiting for: releasers”. */
export function standing(requirement: Requirement, votes: Yes[]): string {
  const { approvers, from, reason, hours } = requirement
  const all = approvers ?? 1
  const have = Math.min(all, yeses(requirement, votes))
  const who = from ? from.join(' or ') : approvers ? 'somebody else' : 'anybody who may'
  const but = [
    ...(approvers && from ? ['not who asked for it'] : []),
    ...(reason ? ['with a reason'] : []),
    ...(hours ? [hoursText(hours)] : []),
  ]
  const what = have < all ? [`waiting for: ${who}`] : []
  return [`${have} of ${all}`, ...what, ...but].join(', ')
}

export const hoursText = ({ from, to, zone }: Hours): string => `${clock(from)} to ${clock(to)} (${zone})`

const clock = (minutes: number): string =>
  [Math.floor(minutes / 60), minutes % 60].map((one) => String(one).padStart(2, '0')).join(':')

export function isOpen({ from, to, zone }: Hours, at: Instant): boolean {
  const minute = minuteOf(at, zone)
  return from < to ? from <= minute && minute < to : from <= minute || minute < to
}

/** The minute of the day that an instant is in a time zone. */
function minuteOf(at: Instant, timeZone: string): number {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  const [hours = 0, minutes = 0] = format.format(at).split(':').map(Number)
  return hours * 60 + minutes
}
