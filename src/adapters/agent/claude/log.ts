// Everything said and done, as lines of the task's log. Pure.

import type { SDKMessage } from '@anthropic-ai/claude-agent-sdk'
import { brief, whole, type Input } from './calls.ts'

/** Of what it only read, this much is enough to recognize it. */
const READ_LINES_MAX = 5
const READERS = /^(Read|Glob|Grep|ToolSearch|WebFetch|WebSearch)$/u

/** `tools`: the calls so far by id, so that a result can be told by what it is the result of; added to. */
export function logLines(message: SDKMessage, cwd: string, tools: Map<string, string>): string {
  if (message.type === 'assistant') {
    const blocks = message.message.content.map((block) => {
      if (block.type === 'text') return block.text.trim()
      if (block.type !== 'tool_use') return ''
      tools.set(block.id, block.name)
      return called(block.name, (block.input ?? {}) as Input, cwd)
    })
    return prefixed(blocks.filter((text) => text !== '').join('\n'), message)
  }
  if (message.type === 'user') {
    const { content } = message.message
    const results = typeof content === 'string' ? [] : content.flatMap((one) => (one.type === 'tool_result' ? one : []))
    return prefixed(results.map((one) => resulted(one, tools.get(one.tool_use_id) ?? '')).join('\n'), message)
  }
  return message.type === 'system' && message.subtype === 'permission_denied'
    ? `Not allowed: ${message.tool_name} (${message.message})\n`
    : ''
}

function called(tool: string, input: Input, cwd: string): string {
  const title = tool === 'Bash' ? 'Bash' : brief(tool, input, cwd)
  const body = READERS.test(tool) ? '' : whole(tool, input)
  return [`● ${title}`, ...indented(body)].join('\n')
}

function resulted(
  { content, is_error: isError }: { content?: unknown; is_error?: boolean | null },
  tool: string,
): string {
  const text = textOf(content)
    .replaceAll(/<system-reminder>[\s\S]*?<\/system-reminder>/gu, '')
    .trimEnd()
  if (tool === 'Agent' && text.startsWith('Async agent launched')) return '  ⎿ works in the background'
  const lines = text === '' ? [] : text.split('\n')
  const most = READERS.test(tool) && !isError ? READ_LINES_MAX : Infinity
  const left = lines.length - most
  const shown = left > 0 ? [...lines.slice(0, most), `… ${left} more lines`] : lines
  const [first = '', ...rest] = shown
  return [`  ⎿ ${isError ? 'error: ' : ''}${first}`, ...indented(rest.join('\n'))].join('\n')
}

const indented = (text: string): string[] => (text === '' ? [] : text.split('\n').map((line) => `    ${line}`))

function prefixed(text: string, message: { parent_tool_use_id: string | null; task_description?: string }): string {
  if (text === '') return ''
  if (message.parent_tool_use_id === null) return `${text}\n`
  const name = message.task_description ?? 'subagent'
  return `${text
    .split('\n')
    .map((line) => `[${name}] ${line}`)
    .join('\n')}\n`
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return ''
  return content
    .map((one: { type?: unknown; text?: unknown }) =>
      typeof one.text === 'string' ? one.text : `(${String(one.type)})`,
    )
    .join('\n')
}
