// All that is said about a call: what the rules decide, what is dangerous about it, and the rule an “always” would add.

import type { Requirement } from '../requirement.ts'
import { isRefused } from '../words.ts'
import type { Call, Part } from './call.ts'
import { judge, policyOf, type Judgement, type Policy } from './judge.ts'
import { lookAlikes } from './look-alikes.ts'
import { narrowRule } from './narrow.ts'
import { parseRule } from './rule.ts'
import { warningsOf } from './warnings.ts'

/**
 * `narrow`: null where no rule would be safe, or none would help. `warnings`: what is dangerous about the call, in plain words.
 * `requires`: what every rule that asks about any part of it wants besides one yes. `reaches`: the files it names, by the names they
 * have in the end.
 */
export type Assessment = Judgement & {
  narrow: string | null
  warnings: string[]
  requires: Requirement[]
  reaches: string[]
}

/** What is dangerous is asked each time: nothing that was granted covers it, and nobody can grant it. */
export function assess(policy: Policy, call: Call): Assessment {
  const warnings = warningsOf(call, policy.places)
  // Whoever granted `git` may have meant another word that reads like it.
  const isDangerous = warnings.length > 0 || lookAlikes(call.source).length > 0
  const judgement = judge(isDangerous ? withoutGranted(policy) : policy, call)
  return {
    ...judgement,
    warnings,
    requires: requirementsOf(policy, call),
    reaches: reachedBy(call),
    narrow: isDangerous ? null : helpful(policy, call),
  }
}

/**
 * Why what was allowed after it was assessed must not be done, as it is assessed now, or null. A person saw a name; what counts is
 * that it still leads where it led, and that no rule wants more than was asked for.
 */
export function whyNotAnyMore(then: Assessment, now: Assessment): string | null {
  if (now.opinion && now.decision === 'allow') return null
  if (now.decision === 'deny') return `the rule “${now.rule?.text}” of ${now.rule?.at} denies it`
  const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)
  if (!isSame(then.reaches, now.reaches)) return 'a file it names is another one by now'
  const asked = new Set(then.requires.map((one) => JSON.stringify(one)))
  const more = now.requires.find((one) => !asked.has(JSON.stringify(one)))
  return more ? `the rule “${more.rule}” wants more than one yes by now` : null
}

function reachedBy(call: Call): string[] {
  if (call.kind === 'path') return [call.path.real]
  const of = (part: Part): string[] =>
    part.kind === 'command'
      ? [...part.files.map(({ real }) => real), ...part.runs.flatMap(of)]
      : part.kind === 'write'
        ? part.paths.map(({ real }) => real)
        : []
  return call.kind === 'command' ? call.parts.flatMap(of) : []
}

/** Also of a rule that could only be meant: what nobody can tell must not cost less than what is plain. */
export const requirementsOf = ({ rules, places }: Policy, call: Call): Requirement[] =>
  rules.flatMap((rule) =>
    rule.demands && judge({ rules: [rule], places }, call).opinion ? [{ rule: rule.text, ...rule.demands }] : [],
  )

const withoutGranted = ({ rules, places }: Policy): Policy => ({
  rules: rules.filter(({ granted }) => !granted),
  places,
})

/** The narrow rule, if with it this very call would be allowed. */
function helpful({ rules, places }: Policy, call: Call): string | null {
  const text = narrowRule(call, places)
  const rule = text === null ? null : parseRule({ list: 'allow', text, at: '', granted: true })
  if (rule === null || isRefused(rule)) return null
  return judge(policyOf([...rules, rule], places), call).decision === 'allow' ? text : null
}
