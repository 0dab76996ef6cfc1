// The kinds of messages this version has been looked at with. Any other comes from a newer Claude: it is ignored, and said once,
// so that nobody has to guess why something is not shown. Pure.

import type { SDKMessage } from '@anthropic-ai/claude-agent-sdk'

type KindOf<Message> = Message extends { type: 'system'; subtype: infer Subtype extends string }
  ? Subtype
  : Message extends { type: infer Type extends string }
    ? Type
    : never
/** The last three are sent and not declared. */
type Kind = KindOf<SDKMessage> | 'command_lifecycle' | 'attachment' | 'session_title_changed'

/** Complete, so that an upgrade of the SDK does not compile before its new kinds have been looked at. */
const KNOWN: Record<Kind, 'heard' | 'ignored'> = {
  assistant: 'heard',
  user: 'heard',
  result: 'heard',
  stream_event: 'heard',
  conversation_reset: 'heard',
  command_lifecycle: 'heard',
  init: 'heard',
  status: 'heard',
  session_state_changed: 'heard',
  api_retry: 'heard',
  background_tasks_changed: 'heard',
  task_started: 'heard',
  task_progress: 'heard',
  task_notification: 'heard',
  permission_denied: 'heard',
  attachment: 'ignored',
  auth_status: 'ignored',
  commands_changed: 'ignored',
  compact_boundary: 'ignored',
  control_request_progress: 'ignored',
  elicitation_complete: 'ignored',
  files_persisted: 'ignored',
  hook_progress: 'ignored',
  hook_response: 'ignored',
  hook_started: 'ignored',
  informational: 'ignored',
  local_command_output: 'ignored',
  memory_recall: 'ignored',
  mirror_error: 'ignored',
  model_refusal_fallback: 'ignored',
  model_refusal_no_fallback: 'ignored',
  notification: 'ignored',
  plugin_install: 'ignored',
  prompt_suggestion: 'ignored',
  rate_limit_event: 'ignored',
  session_title_changed: 'ignored',
  session_writes_lost: 'ignored',
  task_updated: 'ignored',
  thinking_tokens: 'ignored',
  tool_progress: 'ignored',
  tool_use_summary: 'ignored',
  worker_shutting_down: 'ignored',
}

/** The kind of a message nobody has looked at, or null. */
export function unknownKind(message: { type: string; subtype?: unknown }): string | null {
  const kind = message.type === 'system' ? String(message.subtype) : message.type
  return Object.hasOwn(KNOWN, kind) ? null : kind
}
