// A call of a tool as a person has to see it: what it is in one line, and all of it. Pure.

import { createHash } from 'node:crypto'
import { relative } from 'node:path'

export type Input = Record<string, unknown>

/** Names a call: the same for the same tool and input. Claude's own words about a command are no part of what runs. */
export function hashOf(tool: string, input: Input): string {
  const { description: _description, ...runs } = input
  const named = tool === 'Bash' ? runs : input
  return createHash('sha256')
    .update(JSON.stringify({ tool, input: sorted(named) }))
    .digest('hex')
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, one]) => [key, sorted(one)]))
}

/** "to run", "to edit src/x.ts": what follows "Claude wants". */
export function wish(tool: string, input: Input, cwd: string): string {
  const path = pathOf(input, cwd)
  const [, server, name] = /^mcp__(.+?)__(.+)$/u.exec(tool) ?? []
  switch (tool) {
    case 'Bash':
      return 'to run'
    case 'Edit':
    case 'NotebookEdit':
      return `to edit ${path}`
    case 'Write':
      return `to write ${path}`
    case 'Read':
      return `to read ${path}`
    case 'WebFetch':
      return `to fetch ${hostOf(input)}`
    case 'WebSearch':
      return 'to search the web'
    default:
      return server ? `to use ${name} of ${server}` : `to use ${tool}`
  }
}

/** A call in a line, for progress and the log. */
export function brief(tool: string, input: Input, cwd: string): string {
  if (tool === 'Bash') return oneLine(textOf(input['command']))
  const what = ['file_path', 'notebook_path', 'pattern', 'url', 'query', 'description', 'subject', 'skill']
    .map((name) => input[name])
    .find((value) => typeof value === 'string')
  if (what === undefined) return tool
  return `${tool} ${oneLine('file_path' in input ? pathOf(input, cwd) : textOf(what))}`
}

/** All of it: the command, the edit as a diff, the content of a new file, else the input as it is. */
export function whole(tool: string, input: Input): string {
  switch (tool) {
    case 'Bash':
      return textOf(input['command'])
    case 'Edit':
      return [
        ...(input['replace_all'] === true ? ['every occurrence of'] : []),
        ...marked('-', textOf(input['old_string'])),
        ...marked('+', textOf(input['new_string'])),
      ].join('\n')
    case 'Write':
      return marked('+', textOf(input['content'])).join('\n')
    case 'Read':
      return textOf(input['file_path'])
    default:
      return JSON.stringify(input, null, 2)
  }
}

/** What `wish` and `whole` say of a call, by tool; of any other tool `whole` says everything. */
const SAID: Record<string, string[]> = {
  Bash: ['command', 'description'],
  Edit: ['file_path', 'old_string', 'new_string', 'replace_all'],
  Write: ['file_path', 'content'],
  Read: ['file_path'],
}

/** The rest of an input, in a line: "timeout: 5000, run_in_background: true". */
export const rest = (tool: string, input: Input): string =>
  Object.entries(input)
    .filter(([name]) => SAID[tool] && !SAID[tool].includes(name))
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
    .join(', ')

/** The parts of an input a person can change: text. */
export const editable = (input: Input): [string, string][] =>
  Object.entries(input).flatMap(([name, value]) =>
    typeof value === 'string' && name !== 'description' ? [[name, value]] : [],
  )

/** Inside of the workspace as seen from there. */
function pathOf(input: Input, cwd: string): string {
  const path = textOf(input['file_path'] ?? input['notebook_path'])
  const inside = relative(cwd, path)
  return inside === '' || inside.startsWith('..') ? path : inside
}

const marked = (mark: string, text: string): string[] =>
  text === ''
    ? []
    : text
        .replace(/\n$/u, '')
        .split('\n')
        .map((line) => `${mark}${line}`)

function hostOf(input: Input): string {
  try {
    return new URL(textOf(input['url'])).host
  } catch {
    return 'an address'
  }
}

const LINE_CHARS_MAX = 160

function oneLine(text: string): string {
  const line = text.trim().replaceAll(/\s+/gu, ' ')
  return line.length > LINE_CHARS_MAX ? `${line.slice(0, LINE_CHARS_MAX - 1)}…` : line
}

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value)
