// The door of the policy: a call of a tool as an agent makes it, ready to be judged.

import type { Call, Part } from '../../task/policy/call.ts'
import { filePath } from './paths.ts'
import { partsOf } from './walk.ts'

export { placesOf } from './paths.ts'

/** Where the call is made, and whose `~` counts. */
export type Site = { cwd: string; home: string }

export function callOf(tool: string, input: unknown, { cwd, home }: Site): Call {
  const given = isObject(input) ? input : {}
  const text = (...names: string[]) => names.map((name) => given[name]).find((one) => typeof one === 'string')
  const command = text('command')
  // It may also be called for something else.
  const does = tool === 'Monitor' && command !== undefined ? 'Bash' : tool
  switch (does) {
    case 'Bash': {
      const fileIn = (directory: string, path: string) => filePath(path, directory, home)
      const parts = command === undefined ? [NO_COMMAND] : partsOf(command, cwd, fileIn)
      return { kind: 'command', tool, source: `${tool}(${command ?? ''})`, parts }
    }
    case 'Edit':
    case 'Write':
    case 'MultiEdit':
    case 'NotebookEdit':
    case 'Read':
    case 'NotebookRead':
    case 'Grep':
    case 'Glob':
    case 'LS': {
      const path = text(...(PATHS[tool] ?? []), 'file_path') ?? '.'
      return { kind: 'path', tool, source: `${tool}(${path})`, path: filePath(path, cwd, home) }
    }
    case 'WebFetch': {
      const url = text('url') ?? ''
      return { kind: 'address', tool, source: `${tool}(${url})`, host: hostOf(url) }
    }
    default:
      return { kind: 'other', tool, source: `${tool}(${text('subagent_type', 'skill', 'query', 'text') ?? ''})` }
  }
}

/** What each names its file by, besides `file_path`: of two names the tool takes its own. */
const PATHS: Record<string, string[]> = {
  NotebookEdit: ['notebook_path'],
  NotebookRead: ['notebook_path'],
  Grep: ['path'],
  Glob: ['path'],
  LS: ['path'],
}

const NO_COMMAND: Part = { kind: 'unreadable', source: 'Bash', why: 'it holds no command' }

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

function hostOf(url: string): string | null {
  try {
    return new URL(url).hostname.toLowerCase().replace(/\.$/u, '') || null
  } catch {
    return null
  }
}
