// What Claude itself has on disk of a conversation: `<config>/projects/<directory>/<session>.jsonl`, one JSON object a line.

import { createReadStream, existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Input } from './calls.ts'

export type Deferred = { id: string; tool: string; input: Input }

/** `messages`: ids of the messages that were said to it. `deferred`: a call it was left with, to be offered again. */
export type Transcript = { messages: Set<string>; deferred: Deferred | null }

/** Null when there is none. */
export async function readTranscript(session: string, env: Record<string, string>): Promise<Transcript | null> {
  const file = fileOf(session, env)
  if (file === null) return null
  const transcript: Transcript = { messages: new Set(), deferred: null }
  for await (const line of createInterface({ input: createReadStream(file) })) take(transcript, line)
  return transcript
}

function fileOf(session: string, env: Record<string, string>): string | null {
  const projects = join(env['CLAUDE_CONFIG_DIR'] ?? join(env['HOME'] ?? '/', '.claude'), 'projects')
  const folders = existsSync(projects) ? readdirSync(projects) : []
  return folders.map((folder) => join(projects, folder, `${session}.jsonl`)).find((file) => existsSync(file)) ?? null
}

/** Only lines that can matter are parsed: most of a transcript is large and does not. */
function take(transcript: Transcript, line: string): void {
  if (line.includes('"hook_deferred_tool"')) {
    const { toolUseID: id, toolName: tool, toolInput: input } = parse(line)?.attachment ?? {}
    if (id !== undefined && tool !== undefined) transcript.deferred = { id, tool, input: input ?? {} }
  } else if (line.includes('"type":"user"')) {
    const { uuid } = parse(line) ?? {}
    if (uuid !== undefined) transcript.messages.add(uuid)
    const { deferred } = transcript
    if (deferred && line.includes('"tool_result"') && line.includes(deferred.id)) transcript.deferred = null
  }
}

type Line = { uuid?: string; attachment?: { toolUseID?: string; toolName?: string; toolInput?: Input } }

/** Null for a line that was cut off by a kill. */
function parse(line: string): Line | null {
  try {
    return JSON.parse(line) as Line
  } catch {
    return null
  }
}
