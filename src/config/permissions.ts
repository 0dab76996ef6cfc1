// The part of `config.yaml` about calls of tools: the lists of rules, and what a rule that asks may want besides one yes.

import { z } from 'zod'
import { parseRule, type RuleSource } from '../task/policy/rule.ts'
import type { Demand, Hours } from '../task/requirement.ts'
import { isRefused } from '../task/words.ts'

const MINUTES_OF_HOUR = 60

const HOURS = /^([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|24:00)$/u

const hours = z
  .string()
  .refine((text) => HOURS.test(text) && text.slice(0, 5) !== text.slice(6), 'hours such as "09:00-17:00" (in quotes)')
const zone = z.string().refine(isZone, 'a time zone such as Europe/Berlin')

const demanding = z
  .strictObject({
    rule: z.string(),
    approvers: z.int().min(1).max(20).exactOptional(),
    from: z.array(z.string()).min(1).exactOptional(),
    reason: z.literal([true, false], 'true or false').exactOptional(),
    hours: hours.exactOptional(),
    tz: zone.exactOptional(),
  })
  .transform(({ rule, reason, hours: open, tz, ...rest }): RuleText => {
    const demands = { ...rest, ...(reason && { reason }), ...(open && { hours: hoursOf(open, tz ?? ownZone()) }) }
    return { text: rule, ...(Object.keys(demands).length > 0 && { demands }) }
  })

export const ASK_KEYS = ['rule', 'approvers', 'from', 'reason', 'hours', 'tz']

export type RuleText = { text: string; demands?: Demand }

/** An empty key is an empty list, as people leave it behind. */
const texts = z
  .array(z.string())
  .nullish()
  .transform((all): RuleText[] => (all ?? []).map((text) => ({ text })))
const asks = z
  .array(z.preprocess((value) => (typeof value === 'string' ? { rule: value } : value), demanding))
  .nullish()
  .transform((all): RuleText[] => all ?? [])

export const permissions = z
  .strictObject({ deny: texts, ask: asks, allow: texts })
  .nullish()
  .transform((lists) => lists ?? { deny: [], ask: [], allow: [] })

/** What is wrong with a rule, without a full stop; `able`: roles whose people may answer. */
export function whyNoRule(source: RuleSource, able: string[]): string | null {
  const rule = parseRule(source)
  if (isRefused(rule)) return `“${source.text}” ${rule.refused}`
  const stranger = source.demands?.from?.find((role) => !able.includes(role))
  if (stranger === undefined) return null
  const known = able.length > 0 ? `these may: ${able.join(', ')}` : 'there is none'
  return `“from: ${stranger}” must be a role in people that may answer; ${known}`
}

function hoursOf(text: string, name: string): Hours {
  const [from = 0, to = 0] = text.split('-').map((clock) => {
    const [hour = 0, minute = 0] = clock.split(':').map(Number)
    return hour * MINUTES_OF_HOUR + minute
  })
  return { from, to, zone: name }
}

/** Of the machine. */
const ownZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone

function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
