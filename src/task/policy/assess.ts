// All that is said about a call: what the rules decide, what is dangerous about it, and the rule an “always” would add.

import type { Requirement } from '../requirement.ts'
import { isRefused } from '../words.ts'
import type { Call } from './call.ts'
import { judge, policyOf, type Judgement, type Policy } from './judge.ts'
import { narrowRule } from './narrow.ts'
import { parseRule } from './rule.ts'
import { warningsOf } from './warnings.ts'

/**
 * `narrow`: null where no rule would be safe, or none would help. `warnings`: what is dangerous about the call, in plain words.
 * `requires`: what every rule that asks about any part of it wants besides one yes.
 */
export type Assessment = Judgement & { narrow: string | null; warnings: string[]; requires: Requirement[] }

/** What is dangerous is asked each time: nothing that was granted covers it, and nobody can grant it. */
export function assess(policy: Policy, call: Call): Assessment {
  const warnings = warningsOf(call, policy.places)
  const isDangerous = warnings.length > 0
  const judgement = judge(isDangerous ? withoutGranted(policy) : policy, call)
  return {
    ...judgement,
    warnings,
    requires: requirementsOf(policy, call),
    narrow: isDangerous ? null : helpful(policy, call),
  }
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
