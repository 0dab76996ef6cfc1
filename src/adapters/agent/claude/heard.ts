// translate: what Claude says, folded into what is known of the conversation now. Pure. Messages of kinds this version does
// not know change nothing.

import type { SDKMessage, SDKResultMessage } from '@anthropic-ai/claude-agent-sdk'
import type { ChecklistItem } from '../../../task/card.ts'
import { brief, type Input } from './calls.ts'
import type { Mode } from './launch.ts'
import type { Spent } from './state.ts'
import { retryWords } from './trouble.ts'

export type Subagent = { id: string; name: string; now: string }

export type Heard = {
  /** It has taken what was said to it and works, or has nothing to do. Null until it says so. */
  idle: boolean | null
  /** In the middle of a message of the model: more calls may come with it. */
  speaking: boolean
  /** Ids of our messages it has begun with, and those it has dealt with. */
  begun: string[]
  done: string[]
  now: string
  counts: { read: number; edited: number; commands: number }
  /** Calls without a result yet: tool by id. */
  calls: Record<string, string>
  todos: { id: string; text: string; state: ChecklistItem['state'] }[]
  /** What runs in the background: it is not over before that is. */
  background: { id: string; name: string }[]
  subagents: Subagent[]
  mode: Mode | null
  /** The id of the conversation it goes on with after /clear. */
  clearedTo: string | null
  /** What it said at each end, and the last of these. */
  summaries: string[]
  result: SDKResultMessage | null
  /** The kind of error of its last words, as the SDK names them. */
  error: string | null
  /** While the model cannot be reached: what is wrong, and the SDK's name for it. */
  trouble: { error: string; attempt: number; words: string } | null
  spent: Spent | null
}

export const SILENCE: Heard = {
  idle: null,
  speaking: false,
  begun: [],
  done: [],
  now: '',
  counts: { read: 0, edited: 0, commands: 0 },
  calls: {},
  todos: [],
  background: [],
  subagents: [],
  mode: null,
  clearedTo: null,
  summaries: [],
  result: null,
  error: null,
  trouble: null,
  spent: null,
}

type Message = SDKMessage | { type: 'command_lifecycle'; command_uuid: string; state: string }

export function hear(heard: Heard, message: Message, cwd: string): Heard {
  if (message.type === 'assistant') return assistant({ ...heard, trouble: null }, message, cwd)
  if (message.type === 'user') return results(heard, message)
  if (message.type === 'result') return ended(heard, message)
  if (message.type === 'conversation_reset') return { ...heard, clearedTo: message.new_conversation_id }
  if (message.type === 'stream_event') return speaking(heard, message)
  if (message.type === 'command_lifecycle') return lifecycle(heard, message)
  return message.type === 'system' ? system(heard, message) : heard
}

type Of<Type extends Message['type']> = Extract<Message, { type: Type }>

function speaking(heard: Heard, { event, parent_tool_use_id: ofSubagent }: Of<'stream_event'>): Heard {
  const isEdge = event.type === 'message_start' || event.type === 'message_stop'
  return isEdge && ofSubagent === null ? { ...heard, speaking: event.type === 'message_start' } : heard
}

function lifecycle(heard: Heard, { state, command_uuid: id }: Of<'command_lifecycle'>): Heard {
  if (state === 'started') return { ...heard, idle: false, begun: [...heard.begun, id] }
  return state === 'completed' ? { ...heard, done: [...heard.done, id] } : heard
}

function system(heard: Heard, message: Of<'system'>): Heard {
  if (message.subtype === 'init') return { ...heard, idle: false, mode: message.permissionMode }
  if (message.subtype === 'status' && message.permissionMode) return { ...heard, mode: message.permissionMode }
  if (message.subtype === 'session_state_changed') return { ...heard, idle: message.state === 'idle' }
  if (message.subtype === 'api_retry')
    return { ...heard, trouble: { error: message.error, attempt: message.attempt, words: retryWords(message) } }
  if (message.subtype === 'background_tasks_changed') {
    const tasks = message.tasks.filter(({ ambient }) => !ambient)
    return { ...heard, background: tasks.map(({ task_id: id, description: name }) => ({ id, name })) }
  }
  if (message.subtype === 'task_started' && message.task_type === 'local_agent')
    return { ...heard, subagents: [...heard.subagents, { id: message.task_id, name: message.description, now: '' }] }
  if (message.subtype === 'task_progress')
    return { ...heard, subagents: doing(heard.subagents, message.task_id, message.summary ?? message.description) }
  if (message.subtype === 'task_notification')
    return { ...heard, subagents: heard.subagents.filter(({ id }) => id !== message.task_id) }
  return heard
}

const doing = (subagents: Subagent[], id: string, now: string): Subagent[] =>
  subagents.map((one) => (one.id === id ? { ...one, now } : one))

function assistant(heard: Heard, message: Of<'assistant'>, cwd: string): Heard {
  const { content } = message.message
  const error = message.error ?? null
  const ofSubagent = message.parent_tool_use_id !== null
  return content.reduce<Heard>(
    (known, block) => {
      if (block.type === 'tool_use')
        return toolUse(known, { ...block, input: (block.input ?? {}) as Input }, cwd, ofSubagent)
      return block.type === 'text' && !ofSubagent ? { ...known, now: firstLine(block.text) } : known
    },
    error === null ? heard : { ...heard, error },
  )
}

const EDITS = ['Edit', 'Write', 'NotebookEdit']
const READS = ['Read', 'Glob', 'Grep']
/** What it keeps books with, and what asks people: no work to show. */
const SILENT = /^(Task(Create|Update|List|Get)|TodoWrite|ToolSearch|AskUserQuestion|ExitPlanMode)$/u

function toolUse(
  heard: Heard,
  { id, name: tool, input }: { id: string; name: string; input: Input },
  cwd: string,
  ofSubagent: boolean,
): Heard {
  const todos =
    tool === 'TaskUpdate' ? updated(heard.todos, input) : tool === 'TodoWrite' ? written(input) : heard.todos
  const now = SILENT.test(tool) || ofSubagent ? heard.now : brief(tool, input, cwd)
  return { ...heard, calls: { ...heard.calls, [id]: tool }, todos, now }
}

type Todos = Heard['todos']

const STATES: Record<string, ChecklistItem['state']> = { pending: 'todo', in_progress: 'doing', completed: 'done' }

function updated(todos: Todos, { taskId, status, subject }: Input): Todos {
  if (status === 'deleted') return todos.filter(({ id }) => id !== taskId)
  return todos.map((one) =>
    one.id === taskId
      ? {
          ...one,
          state: STATES[String(status)] ?? one.state,
          text: typeof subject === 'string' ? subject : one.text,
        }
      : one,
  )
}

function written({ todos }: Input): Todos {
  if (!Array.isArray(todos)) return []
  return todos.map((one: { content?: unknown; status?: unknown }, index) => ({
    id: String(index),
    text: typeof one.content === 'string' ? one.content : '',
    state: STATES[String(one.status)] ?? 'todo',
  }))
}

function results(heard: Heard, message: Of<'user'>): Heard {
  const { content } = message.message
  const done =
    typeof content === 'string' ? [] : content.flatMap((block) => (block.type === 'tool_result' ? [block] : []))
  return done.reduce(
    (known, { tool_use_id: id, is_error: isError }) => counted(known, id, isError === true),
    newTodo(heard, message),
  )
}

/** What was done counts, not what was wanted. */
function counted(heard: Heard, id: string, isError: boolean): Heard {
  const { [id]: tool = '', ...calls } = heard.calls
  const { read, edited, commands } = heard.counts
  const counts = {
    read: read + Number(READS.includes(tool) && !isError),
    edited: edited + Number(EDITS.includes(tool) && !isError),
    commands: commands + Number(tool === 'Bash'),
  }
  return { ...heard, calls, counts }
}

/** A todo gets its number with the result of its call. */
function newTodo(heard: Heard, { tool_use_result: result }: Of<'user'>): Heard {
  if (typeof result !== 'object' || result === null || !('task' in result)) return heard
  const { id, subject } = (result.task ?? {}) as { id?: unknown; subject?: unknown }
  if (typeof id !== 'string' || typeof subject !== 'string') return heard
  return { ...heard, todos: [...heard.todos.filter((one) => one.id !== id), { id, text: subject, state: 'todo' }] }
}

function ended(heard: Heard, result: SDKResultMessage): Heard {
  const text = result.subtype === 'success' && !result.is_error ? result.result.trim() : ''
  return {
    ...heard,
    result,
    spent: { costUsd: result.total_cost_usd, tokens: tokensOf(result) },
    summaries: text === '' ? heard.summaries : [...heard.summaries, text],
  }
}

const tokensOf = ({ modelUsage }: SDKResultMessage): number =>
  Object.values(modelUsage).reduce(
    (sum, one) => sum + one.inputTokens + one.outputTokens + one.cacheReadInputTokens + one.cacheCreationInputTokens,
    0,
  )

const firstLine = (text: string): string => text.trim().split('\n', 1)[0] ?? ''
