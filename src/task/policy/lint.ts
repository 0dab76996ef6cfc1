// What is odd about rules that are not wrong: those that another one leaves nothing to decide, that can never match, that let
// through more than their author can have meant, and that look misspelt. Pure; `backchannel policy lint` prints it.

import { EDITS, FETCH_TOOL, READS, RUNS, type Rule } from './rule.ts'
import { matches, type Pattern } from './wildcard.ts'

export type Finding = { rule: Rule; kind: 'shadowed' | 'dead' | 'too broad' | 'misspelt'; says: string }

/** `runsArguments`: whether a program runs what it is given. It is known at the door. */
export function lint(rules: Rule[], runsArguments: (words: string[]) => boolean): Finding[] {
  return rules.flatMap((rule, index) => {
    const says = [
      misspelt(rule),
      dead(rule, runsArguments),
      shadowed(
        rule,
        rules.slice(0, index).filter((other) => !dead(other, runsArguments)),
      ),
      tooBroad(rule),
    ].find((one) => one !== null)
    return says ? [{ rule, ...says }] : []
  })
}

type Says = Omit<Finding, 'rule'>

const TOOLS = [...RUNS, FETCH_TOOL, ...EDITS, ...READS, 'WebSearch', 'Agent', 'Task', 'Skill', 'TodoWrite']
const MORE_TOOLS = [
  'AskUserQuestion',
  'ExitPlanMode',
  'EnterPlanMode',
  'BashOutput',
  'KillShell',
  'ToolSearch',
  'SlashCommand',
]
const FROM_THE_TOP = /^\/(home|etc|usr|tmp|var|opt|root|proc|sys|dev|Users|private)\//u

function misspelt({ text, about }: Rule): Says | null {
  const [, tool = '', inner = ''] = /^([^(]+)(?:\((.*)\))?$/su.exec(text) ?? []
  const says = (sentence: string): Says => ({ kind: 'misspelt', says: sentence })
  if (/^mcp_[^_]/u.test(tool))
    return says('The name of an MCP tool begins with mcp__ and has two underscores before the tool.')
  if (!tool.includes('*') && !tool.startsWith('mcp__') && ![...TOOLS, ...MORE_TOOLS].includes(tool)) {
    const near = [...TOOLS, ...MORE_TOOLS].find((one) => distance(one.toLowerCase(), tool.toLowerCase()) <= 2)
    return says(
      near ? `There is no tool ${tool} that we know; did you mean ${near}?` : `There is no tool ${tool} that we know.`,
    )
  }
  if (about.kind === 'path' && FROM_THE_TOP.test(inner))
    return says(`“/” is the root of the repository here; write “/${inner}” for the absolute path.`)
  return null
}

function dead({ about, list }: Rule, runsArguments: (words: string[]) => boolean): Says | null {
  if (about.kind !== 'command') return null
  const says = (sentence: string): Says => ({ kind: 'dead', says: sentence })
  const [text = ''] = textsOf(about.patterns)
  if (/[;|&\n]|(^|\s)\d?[<>]/u.test(text.replaceAll(/'[^']*'|"[^"]*"/gu, '')))
    return says('A command is judged by its parts, so a rule with an operator or a redirection never matches.')
  const beforeStar = text.includes('*') ? text.slice(0, text.indexOf('*')).trim().split(' ') : []
  if (list === 'allow' && text.includes('*') && runsArguments(beforeStar))
    return says(
      `${beforeStar[0] ?? ''} runs what it is given: name the program behind it, or allow exactly one command.`,
    )
  return null
}

function shadowed(rule: Rule, before: Rule[]): Says | null {
  const by = before.find((other) => covers(other, rule))
  if (!by) return null
  const same = by.list === rule.list
  return {
    kind: 'shadowed',
    says: `${same ? '' : `${by.list} `}${by.text} (${by.at}) ${same ? 'says so already' : 'decides first'}.`,
  }
}

/** Whether the other rule matches all this one does, as far as their texts tell. */
function covers(other: Rule, { text, tool, about }: Rule): boolean {
  const [name = ''] = textsOf([tool])
  if (other.about.kind === 'directory') return false
  if (!matches(other.tool, name)) return false
  if (other.about.kind === 'everything') return true
  if (other.about.kind === 'command' && about.kind === 'command') {
    const patterns = other.about.patterns
    return about.patterns.every((one) =>
      textsOf([one]).every((inner) => patterns.some((pattern) => matches(pattern, inner))),
    )
  }
  if (other.about.kind === 'host' && about.kind === 'host')
    return matches(other.about.pattern, textsOf([about.pattern])[0] ?? '')
  return other.text === text
}

const BROAD_COMMANDS =
  /^(\*|(sudo|doas|su|rm|dd|bash|sh|zsh|dash|eval|exec|python3?|node|perl|ruby|ssh|curl|wget)( ?\*| -[a-z]+ \*))/u

function tooBroad({ list, text, about }: Rule): Says | null {
  if (list !== 'allow') return null
  const says = (sentence: string): Says => ({ kind: 'too broad', says: sentence })
  if (about.kind === 'everything' && !text.startsWith('mcp__') && !READS.some((one) => text === one))
    return says(`It allows every call of ${text.replace(/\(.*$/su, '')}.`)
  if (
    about.kind === 'path' &&
    ['/', '~', '.'].includes(text.replace(/^.*\(|\*|\)$/gsu, '').replaceAll(/\/+/gu, '/')) &&
    EDITS.some((one) => text.startsWith(one)) &&
    /\((\/\/|~)/u.test(text)
  )
    return says('It allows to edit far more than a repository.')
  if (
    about.kind === 'command' &&
    textsOf(about.patterns).some((one) => BROAD_COMMANDS.test(one) || /^[^\s]*\*/u.test(one))
  )
    return says('It allows nearly every command that begins like this, whatever it does.')
  return null
}

const textsOf = (patterns: Pattern[]): string[] => patterns.map(({ globs }) => globs[0]?.literals.join('*') ?? '')

/** How many letters have to be changed, added or left out. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (const [at, char] of [...a].entries()) {
    const next = [at + 1]
    for (const [index, other] of [...b].entries())
      next.push(
        Math.min((row[index + 1] ?? 0) + 1, (next[index] ?? 0) + 1, (row[index] ?? 0) + (char === other ? 0 : 1)),
      )
    row = next
  }
  return row.at(-1) ?? 0
}
