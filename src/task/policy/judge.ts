// The decision: deny, then what asks for more than one yes, then what people granted, then ask, then allow; the first rule that
// matches decides, and where none does there is no opinion. A command is judged by its parts: one that is denied denies all, and
// it is allowed where every part is.

import { isRefused, refuse, type Refused } from '../words.ts'
import type { Call, Command, FilePath, Part, Word, Write } from './call.ts'
import { belowOf, pathMatches, type Places } from './path-pattern.ts'
import { COMMAND_TOOL, EDITS, keptRule, parseRule, READS } from './rule.ts'
import type { Kept, List, Rule, RuleSource } from './rule.ts'
import { isFixed, matches, mayMatch, patternOf, textOf, type Pattern } from './wildcard.ts'

/** The rules in the order in which they count, and the places their paths start from. */
export type Policy = { rules: Rule[]; places: Places }

/** `opinion` false: no rule says anything about it; then `rule` is null, as it is for what must ask because nobody can tell. */
export type Verdict = { decision: List; rule: Rule | null; opinion: boolean }

export type PartVerdict = Verdict & { text: string }
export type Judgement = Verdict & { parts: PartVerdict[] }

/** A policy as data, as it travels to session processes. */
export type PolicySource = { rules: RuleSource[]; kept: Kept }

/** The policy, or the rule that is none. What the house keeps comes first, so that it is named. */
export function readPolicy({ rules, kept }: PolicySource, places: Places): Policy | Refused {
  const read: Rule[] = [keptRule(kept)]
  for (const source of rules) {
    const rule = parseRule(source)
    if (isRefused(rule)) return refuse(`“${source.text}” (${source.at}) ${rule.refused}.`)
    read.push(rule)
  }
  return policyOf(read, places)
}

export const policyOf = (rules: Rule[], places: Places): Policy => ({
  rules: RANKS.flatMap((rank) => rules.filter((rule) => rankOf(rule) === rank)),
  places,
})

const RANKS = ['deny', 'demanding', 'granted', 'ask', 'allow'] as const
const rankOf = ({ list, granted, demands }: Rule): (typeof RANKS)[number] =>
  granted ? 'granted' : demands ? 'demanding' : list

export function judge(policy: Policy, call: Call): Judgement {
  if (call.kind !== 'command') {
    const verdict = firstOf(policy, (rule) => isAbout(rule, call, policy.places))
    return { ...verdict, parts: [{ text: call.source, ...verdict }] }
  }
  const about = aboutCommandsOf(policy, call.tool)
  const parts = call.parts.flatMap((part) => judgePart(about, part))
  // Also what holds no program, such as a lone redirection, is a call of the tool.
  const whole = firstOf(about, aboutEveryCommand)
  return { ...together(countsBeside(whole, parts) ? [...parts, whole] : parts), parts }
}

/** What a tool runs is judged by the rules about Bash, and those about this tool beside them. */
const aboutCommandsOf = ({ rules, places }: Policy, tool: string): Policy => ({
  rules: rules.map((rule) => (matches(rule.tool, tool) ? { ...rule, tool: patternOf(COMMAND_TOOL) } : rule)),
  places,
})

function countsBeside({ rule, decision }: Verdict, parts: PartVerdict[]): boolean {
  if (parts.length === 0 || decision === 'deny') return true
  const isGranted = parts.every((part) => part.rule?.granted && matches(part.rule.tool, COMMAND_TOOL))
  return rule !== null && decision === 'ask' && !isGranted
}

const NONE: Verdict = { decision: 'ask', rule: null, opinion: false }
const UNCERTAIN: Verdict = { decision: 'ask', rule: null, opinion: true }

/** A denied part denies, one that asks asks, and only where every one is allowed all of it is. */
function together(verdicts: Verdict[]): Verdict {
  const denied = verdicts.find(({ decision }) => decision === 'deny')
  const asked = verdicts.find(({ decision, rule }) => decision === 'ask' && rule !== null)
  const uncertain = verdicts.find(({ decision, opinion }) => decision === 'ask' && opinion)
  const open = verdicts.find(({ decision }) => decision !== 'allow')
  const { decision, rule, opinion } = denied ?? asked ?? uncertain ?? open ?? verdicts[0] ?? NONE
  return { decision, rule, opinion }
}

function judgePart(policy: Policy, part: Part): PartVerdict[] {
  switch (part.kind) {
    case 'write':
      return [{ text: part.source, ...judgeWrite(policy, part) }]
    case 'unreadable':
      return [{ text: `${part.source} (${part.why})`, ...judgeUnreadable(policy) }]
    case 'command':
      return judgeCommand(policy, part)
  }
}

/** As long as nobody wrote a rule there is nothing it could break. */
function judgeUnreadable(policy: Policy): Verdict {
  const verdict = firstOf(policy, aboutEveryCommand)
  if (verdict.decision !== 'allow' && verdict.rule) return verdict
  return policy.rules.some(({ about }) => about.kind !== 'directory') ? UNCERTAIN : NONE
}

const aboutEveryCommand = ({ tool, about }: Rule): boolean => about.kind === 'everything' && matches(tool, COMMAND_TOOL)

/** One that may be any of several files is denied where one of them is, and allowed where all are. */
function judgeWrite(policy: Policy, { source, paths, certain }: Write): Verdict {
  const tool = EDITS[0] ?? ''
  const verdicts = paths.map((path) =>
    firstOf(policy, (rule) => isAbout(rule, { kind: 'path', tool, source, path }, policy.places)),
  )
  if (certain) return together(verdicts)
  const everywhere = firstOf(policy, ({ tool: name, about }) => about.kind === 'everything' && namesTool(name, tool))
  const known = together([...verdicts, everywhere])
  return known.rule && known.decision !== 'allow' ? known : judgeUnreadable(policy)
}

function judgeCommand(policy: Policy, command: Command): PartVerdict[] {
  const own = judgeItself(policy, command)
  const inner = command.runs.flatMap((part) => judgePart(policy, part))
  const behind = inner.filter(({ decision, opinion }) => decision !== 'allow' && opinion)
  const text = command.source
  if (!command.transparent || command.assignments.some(({ safe }) => !safe) || inner.length === 0)
    return [{ text, ...together([own, ...behind]) }]
  return own.opinion ? [{ text, ...together([own, ...behind]) }] : inner
}

function judgeItself({ rules }: Policy, command: Command): Verdict {
  let uncertain = false
  for (const rule of rules) {
    const { list, tool, about } = rule
    if (about.kind === 'directory') {
      if (about.fromCommands && command.files.some((file) => isWithin(about, file)))
        return { decision: list, rule, opinion: true }
      continue
    }
    if (!namesTool(tool, COMMAND_TOOL)) continue
    if (list === 'allow') {
      if (uncertain) return UNCERTAIN
      if (allows(rule, command)) return { decision: list, rule, opinion: true }
    } else if (about.kind === 'everything' || (about.kind === 'command' && isCaught(about.patterns, command))) {
      return { decision: list, rule, opinion: true }
    } else if (about.kind === 'command') uncertain ||= mayBeCaught(about.patterns, command)
  }
  return uncertain ? UNCERTAIN : NONE
}

/** Deny and ask know a program also behind a path and behind assignments. */
function isCaught(patterns: Pattern[], command: Command): boolean {
  const texts = shapesOf(command).flatMap((words) => [textOf(words), textOf(words, true)])
  return patterns.some((pattern) => texts.some((text) => matches(pattern, text)))
}

function mayBeCaught(patterns: Pattern[], command: Command): boolean {
  const shapes = shapesOf(command).filter((words) => !isFixed(words))
  return patterns.some((pattern) => shapes.some((words) => mayMatch(pattern, words)))
}

function shapesOf({ assignments, words, plain }: Command): Word[][] {
  const before = assignments.map(({ word }) => word)
  const all = [words, ...(plain ? [plain] : [])].flatMap(([program, ...rest]) =>
    program ? [program, ...otherNames(program)].map((name) => [name, ...rest]) : [],
  )
  return [...all, ...(before.length > 0 ? [[...before, ...words]] : [])]
}

/** `/bin/rm` is `rm`, and so are `rm@5`, as package runners call it, and `=rm`, as zsh does. */
function otherNames(program: Word): Word[] {
  const at = program.findLastIndex((piece) => typeof piece === 'string' && piece.includes('/'))
  const [piece, ...more] = program.slice(Math.max(0, at))
  if (typeof piece !== 'string') return []
  const base = piece.slice(piece.lastIndexOf('/') + 1).replace(/^=/u, '')
  const unversioned = base.replace(/(?<=.)@.*$/u, '')
  return [
    ...(at === -1 && base === piece ? [] : [[base, ...more]]),
    ...(unversioned === base || more.length > 0 ? [] : [[unversioned]]),
  ].filter((name) => name.some((one) => one !== ''))
}

/**
 * Allow takes a command as it is written, past assignments that are known to be safe. All others a rule must spell out, and so
 * the name of a program that another one runs: a `*` covers neither.
 */
function allows({ about }: Rule, { assignments, words, spelled }: Command): boolean {
  const unsafe = assignments.filter(({ safe }) => !safe)
  const isPlain = unsafe.length === 0 && spelled === 0
  if (about.kind === 'everything') return isPlain
  if (about.kind !== 'command') return false
  return [unsafe, assignments].some((named) => {
    const before = named.map(({ word }) => word)
    const text = textOf([...before, ...words])
    const mustSpell = isPlain ? 0 : textOf([...before, ...words.slice(0, spelled ?? 0)]).length
    return about.patterns.some(
      (pattern) => matches(pattern, text) && (pattern.exact || (spelled !== null && pattern.beforeStar >= mustSpell)),
    )
  })
}

function isAbout(rule: Rule, call: Exclude<Call, { kind: 'command' }>, places: Places): boolean {
  const { tool, about, list } = rule
  if (about.kind === 'directory') return call.kind === 'path' && isWithin(about, call.path)
  if (!namesTool(tool, call.tool)) return false
  switch (about.kind) {
    case 'everything':
      return true
    case 'command':
      return false
    case 'path':
      return call.kind === 'path' && pathMatches(about.pattern, call.path, places, list !== 'allow')
    case 'host':
      return call.kind === 'address' && call.host !== null && matches(about.pattern, call.host)
    case 'text':
      return matches(about.pattern, textInside(call))
  }
}

/** Under any of its names. */
function isWithin({ names, except }: Kept, { lexical, real }: FilePath): boolean {
  const within = (directories: string[], name: string) => directories.some((one) => belowOf(one, name) !== null)
  return [lexical, real].some((name) => within(names, name) && !within(except, name))
}

/** A rule about Edit or Read is about every tool that does the same. */
function namesTool(pattern: Pattern, tool: string): boolean {
  const family = [EDITS, READS].find((one) => one.includes(tool))
  return matches(pattern, tool) || (family !== undefined && matches(pattern, family[0] ?? ''))
}

const textInside = ({ tool, source }: Call): string => source.slice(tool.length).replace(/^\(|\)$/gu, '')

function firstOf({ rules }: Policy, fits: (rule: Rule) => boolean): Verdict {
  const rule = rules.find(fits)
  return rule ? { decision: rule.list, rule, opinion: true } : NONE
}
