// `backchannel policy explain CALL`: what the rules say about a call, and why; `policy lint`: what is odd about the rules.

import os from 'node:os'
import { callOf } from '../adapters/shell-parser/index.ts'
import { placesOf } from '../adapters/shell-parser/paths.ts'
import { runsItsArguments } from '../adapters/shell-parser/runs.ts'
import { unknown } from '../bot/words.ts'
import { ConfigError, readRules, type Rules } from '../config.ts'
import { requirementsOf } from '../task/policy/assess.ts'
import { judge, policyOf, readPolicy, type Verdict } from '../task/policy/judge.ts'
import { lint, type Finding } from '../task/policy/lint.ts'
import { parseRule, type RuleSource } from '../task/policy/rule.ts'
import { standing } from '../task/requirement.ts'
import { isRefused } from '../task/words.ts'
import { flagsAnywhere, UsageError } from './args.ts'
import { policySource } from './parts/policy.ts'
import { say, sayJson } from './print.ts'

const USAGE =
  'policy is used as: policy explain [--config FILE] [--repo NAME] [--json] CALL, or policy lint [--config FILE] [--json].'

const VERBS = ['explain', 'lint']

export async function verb(argv: string[]): Promise<number> {
  const { flags, rest } = flagsAnywhere(argv, { valued: ['config', 'repo'], bare: ['json'] })
  const [what, ...words] = rest
  if (what === 'explain' && words.length > 0) return explain(words.join(' '), flags)
  if (what !== undefined && !VERBS.includes(what)) throw new UsageError(unknown(what, VERBS, 'verb of policy'))
  if (what !== 'lint' || words.length > 0 || 'repo' in flags) throw new UsageError(USAGE)
  return sayFindings(findings(readRules(flags['config'])), 'json' in flags)
}

async function explain(typed: string, flags: Record<string, string>): Promise<number> {
  const { tool, input } = parseCall(typed)
  const rules = readRules(flags['config'])
  const site = { cwd: directoryOf(rules, flags['repo']), home: os.homedir() }
  const policy = readPolicy(policySource(rules, { directory: site.cwd }), placesOf(site.cwd, site.home))
  if (isRefused(policy)) throw new ConfigError(policy.refused)
  const call = callOf(tool, input, site)
  const { parts, ...all } = judge(policy, call)
  const requires = all.decision === 'ask' ? requirementsOf(policy, call) : []
  if ('json' in flags) {
    const more = requires.length > 0 ? { requires } : {}
    sayJson({ ...shown(all), ...more, parts: parts.map(({ text, ...part }) => ({ text, ...shown(part) })) })
  } else {
    const wanted = requires.map((one) => `  ${one.rule}: ${standing(one, [])}`)
    say([line(all), ...wanted, ...parts.map(({ text, ...part }) => `  ${text}\n    ${line(part)}`)].join('\n'))
  }
  return 0
}

/** `opinion` false: the rules say nothing, so the agent's own decide. */
const shown = ({ decision, rule, opinion }: Verdict) => ({
  decision,
  rule: rule?.text ?? null,
  at: rule?.at ?? null,
  opinion,
})

function line({ decision, rule, opinion }: Verdict): string {
  if (rule) return `${decision}: ${rule.text} (${rule.list} in ${rule.at})`
  return `${decision}: ${opinion ? 'nobody can tell what it would do' : 'no rule is about it, so the agent’s own rules and mode decide'}`
}

function directoryOf({ repos }: Rules, name: string | undefined): string {
  if (name === undefined) return process.cwd()
  const found = repos.find((one) => one.name === name)
  if (found) return found.path
  const names = repos.map((one) => one.name)
  throw new ConfigError(unknown(name, names, 'repository of that configuration'))
}

/** A call as it is written in rules: what stands in parentheses is what the tool is mostly about. */
function parseCall(typed: string): { tool: string; input: Record<string, string> } {
  const [, tool, inner = ''] = /^\s*([^\s()]+)\s*(?:\((.*)\))?\s*$/su.exec(typed) ?? []
  if (tool === undefined)
    throw new UsageError('A call is written like Bash(git push -f), Read(path) or mcp__server__tool().')
  return { tool, input: { command: inner, file_path: inner, url: inner, text: inner } }
}

/** Those of the house, and those of each repository beside them. */
function findings({ rules, repos }: Rules): Finding[] {
  const found = (sources: RuleSource[]) =>
    lint(policyOf(sources.flatMap(read), { work: [], root: [], home: [] }).rules, runsItsArguments)
  const own = (sources: RuleSource[], finding: Finding) =>
    sources.some(({ at, text }) => at === finding.rule.at && text.trim() === finding.rule.text)
  return [
    ...found(rules),
    ...repos.flatMap((repo) => found([...rules, ...repo.rules]).filter((one) => own(repo.rules, one))),
  ]
}

const read = (source: RuleSource) => {
  const rule = parseRule(source)
  return isRefused(rule) ? [] : [rule]
}

function sayFindings(found: Finding[], json: boolean): number {
  if (json)
    sayJson(found.map(({ rule, kind, says }) => ({ at: rule.at, list: rule.list, rule: rule.text, kind, says })))
  else
    say(
      found.length === 0
        ? 'Nothing is odd about the rules.'
        : found.map(({ rule, kind, says }) => `${rule.at}: ${rule.list} ${rule.text}: ${kind}. ${says}`).join('\n'),
    )
  return found.length === 0 ? 0 : 1
}
