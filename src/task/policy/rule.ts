// A rule: which calls it is about, as parsed from the text a person wrote. What is wrong with a text is a sentence.

import type { Demand } from '../requirement.ts'
import { isRefused, refuse, type Refused } from '../words.ts'
import { pathPatternOf, type PathPattern } from './path-pattern.ts'
import { patternOf, patternsOf, type Pattern } from './wildcard.ts'

/** In the order in which they are asked: the first rule that matches decides. */
export const LISTS = ['deny', 'ask', 'allow'] as const
export type List = (typeof LISTS)[number]

/**
 * A rule as data: its text, and where it stands (`config.yaml:12`). `granted`: a person chose “always” where it was asked. It allows
 * before a rule asks, and nothing that is dangerous. `demands`: what a rule that asks wants besides one yes.
 */
export type RuleSource = { list: List; text: string; at: string; granted?: true; demands?: Demand }

export type Rule = RuleSource & { tool: Pattern; about: About }

export type About =
  | { kind: 'everything' }
  | { kind: 'command'; patterns: Pattern[] }
  | { kind: 'path'; pattern: PathPattern }
  | { kind: 'host'; pattern: Pattern }
  | { kind: 'text'; pattern: Pattern }
  /** Everything in a directory, however it is reached, but not in these. Only the house makes such a rule. */
  | ({ kind: 'directory' } & Kept)

export const COMMAND_TOOL = 'Bash'
/** A rule about the first is about all of these: whatever runs a command line. */
export const RUNS = [COMMAND_TOOL, 'Monitor']
export const FETCH_TOOL = 'WebFetch'

/** A rule about the first is about all of these: whatever edits or reads files. */
export const EDITS = ['Edit', 'Write', 'MultiEdit', 'NotebookEdit']
export const READS = ['Read', 'Grep', 'Glob', 'LS', 'NotebookRead']

/** The rule, or what is wrong with it, to follow “<rule>”. */
export function parseRule(source: RuleSource): Rule | Refused {
  const text = source.text.trim()
  const [, name, inner] = /^([^()\s]+)(?:\((.*)\))?$/su.exec(text) ?? []
  if (name === undefined) return refuse(`is no rule; write ${EXAMPLES}`)
  const wrong = wrongTool(source.list, name, inner)
  if (wrong) return refuse(wrong)
  const about = aboutOf(name, inner?.trim())
  return isRefused(about) ? about : { ...source, text, tool: toolPattern(name), about }
}

const EXAMPLES = 'Tool or Tool(…), such as Bash(npm run test *), Read(./.env), WebFetch(domain:example.com)'

function wrongTool(list: List, name: string, inner: string | undefined): string | null {
  if (!/^[\w*.:-]+$/u.test(name)) return `is no rule; write ${EXAMPLES}`
  const wide = name.includes('*')
  if (wide && list === 'allow' && !/^mcp__(?:(?!__)[^*])+__/u.test(name))
    return 'is too wide to allow: a “*” in the name of a tool may only follow mcp__<server>__'
  if (inner === undefined) return null
  if (wide) return 'has a “*” in the name of its tool, so it can say nothing in parentheses'
  if (name.startsWith('mcp__')) return 'can say nothing in parentheses: a rule about an MCP tool is its name alone'
  return inner.trim() === '' ? `says nothing between its parentheses; write ${name} for every call` : null
}

function aboutOf(name: string, inner: string | undefined): About | Refused {
  if (inner === undefined) return { kind: 'everything' }
  if (name === FETCH_TOOL) return hostOf(inner)
  if (EDITS.includes(name) || READS.includes(name)) {
    const pattern = pathPatternOf(inner)
    return isRefused(pattern) ? pattern : { kind: 'path', pattern }
  }
  if (/^:?\*+$/u.test(inner)) return { kind: 'everything' }
  if (RUNS.includes(name)) return { kind: 'command', patterns: patternsOf(inner) }
  return { kind: 'text', pattern: patternOf(inner) }
}

function hostOf(inner: string): About | Refused {
  const host = /^domain:\s*(.+)$/su.exec(inner)?.[1]?.toLowerCase().replace(/\.$/u, '')
  if (host === undefined) return refuse(`must name a host: write ${FETCH_TOOL}(domain:example.com)`)
  if (host !== '*' && !/^(\*\.)?[^\s/*?#@:]+$|^\[[\da-f:]+\]$/u.test(host))
    return refuse(`must name a host and nothing else, such as domain:example.com or domain:*.example.com`)
  return host === '*' ? { kind: 'everything' } : { kind: 'host', pattern: patternOf(host) }
}

/** `mcp__server` alone is all tools of the server. */
function toolPattern(name: string): Pattern {
  const pattern = patternOf(name)
  const isServer = /^mcp__(?:(?!__).)+$/u.test(name) && !name.includes('*')
  return isServer ? { ...pattern, globs: [...pattern.globs, ...patternOf(`${name}__*`).globs] } : pattern
}

/** What the house keeps to itself: these directories, but for what in them is there for tasks. */
export type Kept = {
  names: string[]
  except: string[]
  /** Commands may not even name it. What a person types is judged by what it writes alone. */
  fromCommands: boolean
}

export const keptRule = (kept: Kept): Rule => ({
  list: 'deny',
  text: `everything in ${kept.names[0] ?? ''}`,
  at: 'built in',
  tool: patternOf('*'),
  about: { kind: 'directory', ...kept },
})
