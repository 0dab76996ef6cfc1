// The door of the policy: a call of a tool as an agent makes it, ready to be judged.

import type { Call } from '../../task/policy/call.ts'
import { filePath } from './paths.ts'
import { partsOf } from './walk.ts'

export { placesOf } from './paths.ts'

/** Where the call is made, and whose `~` counts. */
export type Site = { cwd: string; home: string }

export function callOf(tool: string, input: unknown, { cwd, home }: Site): Call {
  const given = isObject(input) ? input : {}
  const text = (...names: string[]) => names.map((name) => given[name]).find((one) => typeof one === 'string')
  switch (tool) {
    case 'Bash': {
      const command = text('command') ?? ''
      const parts = partsOf(command, cwd, (directory, path) => filePath(path, directory, home))
      return { kind: 'command', tool, source: `${tool}(${command})`, parts }
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
      const path = text('file_path', 'notebook_path', 'path') ?? '.'
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

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

function hostOf(url: string): string | null {
  try {
    return new URL(url).hostname.toLowerCase().replace(/\.$/u, '') || null
  } catch {
    return null
  }
}
