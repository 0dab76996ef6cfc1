// A model endpoint on 127.0.0.1 that says what a script tells it to: POST /v1/messages with server-sent events as the Messages API
// sends them (https://docs.anthropic.com/en/api/messages-streaming). Scripts decide by the conversation, not by counting
// requests, because retries, subagents and resumed sessions would make a count wrong.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export type Block =
  | { type: 'text'; text: string }
  | { type: 'thinking'; text: string }
  | { type: 'tool_use'; id?: string; name: string; input: Record<string, unknown> }

/** What the model does with one request. `hang`: says nothing until the client gives up. `cut`: ends in the middle of the stream. */
export type Reply =
  | { blocks: Block[]; usage?: { input: number; output: number }; delayMs?: number }
  | { status: number; error: string; message?: string; headers?: Record<string, string> }
  | { hang: true }
  | { cut: Block }

export type ToolResult = { id: string; text: string; isError: boolean }

/** A request as a script sees it. */
export type Asked = {
  /** What a person or the harness said last: text blocks of the last user message, reminders left out. */
  said: string
  /** All that the last user message says, reminders and system messages behind it included. */
  heard: string
  /** Results of the tools that the model used in its last message. */
  results: ToolResult[]
  /** Names of all tools the model has used in this conversation, in order. */
  used: string[]
  /** Everything of the conversation as one text, to look for what must (not) be in it. */
  whole: string
  session: string
  /** The id of the subagent that asks, or null for the main one. */
  subagent: string | null
  /** Number of this request to this endpoint, from 1. */
  n: number
  model: string
}

export type Script = (asked: Asked) => Reply | Promise<Reply>

export type Model = {
  url: string
  /** All requests so far. */
  asked: Asked[]
  script: Script
  close(): Promise<void>
}

export async function model(script: Script): Promise<Model> {
  const asked: Asked[] = []
  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error(String(error)))
    })
  })
  const self: Model = { url: '', asked, script, close: () => close(server) }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request)
    if (request.method !== 'POST' || !request.url?.startsWith('/v1/messages?') || body === null) {
      response.writeHead(request.url?.includes('count_tokens') ? 200 : 404, { 'content-type': 'application/json' })
      return void response.end(JSON.stringify({ input_tokens: 1 }))
    }
    const one = read(body, request, asked.length + 1)
    asked.push(one)
    const reply = await self.script(one)
    if ('status' in reply) return refuse(response, reply)
    response.writeHead(200, { 'content-type': 'text/event-stream', 'request-id': `req_${one.n}` })
    if ('hang' in reply) return
    await stream(response, reply, one)
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  self.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return self
}

function close(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(() => resolve()))
}

type Content =
  | string
  | { type: string; text?: string; name?: string; tool_use_id?: string; content?: unknown; is_error?: boolean }[]
type Body = { model: string; messages: { role: string; content: Content }[] }

async function bodyOf(request: IncomingMessage): Promise<Body | null> {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  return text === '' ? null : (JSON.parse(text) as Body)
}

const REMINDER = /<system-reminder>[\s\S]*?<\/system-reminder>/gu

function read({ model: name, messages }: Body, { headers }: IncomingMessage, n: number): Asked {
  const lastAt = messages.findLastIndex(({ role }) => role === 'user')
  const last = blocksOf(messages[lastAt]?.content ?? '')
  const texts = last.flatMap((block) => (block.type === 'text' ? [block.text ?? ''] : []))
  return {
    said: texts.join('\n').replaceAll(REMINDER, '').trim(),
    heard: JSON.stringify(messages.slice(lastAt)),
    results: last.flatMap((block) =>
      block.type === 'tool_result'
        ? [{ id: block.tool_use_id ?? '', text: textOf(block.content), isError: block.is_error === true }]
        : [],
    ),
    used: messages.flatMap(({ content }) =>
      blocksOf(content).flatMap((block) => (block.type === 'tool_use' ? [block.name ?? ''] : [])),
    ),
    whole: JSON.stringify(messages),
    session: String(headers['x-claude-code-session-id'] ?? ''),
    subagent: headers['x-claude-code-agent-id'] === undefined ? null : String(headers['x-claude-code-agent-id']),
    n,
    model: name,
  }
}

const blocksOf = (content: Content): Exclude<Content, string> =>
  typeof content === 'string' ? [{ type: 'text', text: content }] : content

function textOf(content: unknown): string {
  if (typeof content === 'string') return content
  return Array.isArray(content) ? content.map((one: { text?: string }) => one.text ?? '').join('\n') : ''
}

function refuse(
  response: ServerResponse,
  { status, error, message, headers }: Extract<Reply, { status: number }>,
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify({ type: 'error', error: { type: error, message: message ?? error } }))
}

async function stream(
  response: ServerResponse,
  reply: Extract<Reply, { blocks: Block[] } | { cut: Block }>,
  asked: Asked,
) {
  const blocks = 'cut' in reply ? [reply.cut] : reply.blocks
  const usage = ('usage' in reply && reply.usage) || { input: 100, output: 20 }
  const send = (type: string, data: object): boolean =>
    response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`)
  send('message_start', {
    message: {
      id: `msg_${asked.n}_${Date.now()}`,
      type: 'message',
      role: 'assistant',
      model: asked.model,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: {
        input_tokens: usage.input,
        output_tokens: 1,
        cache_read_input_tokens: 0,
        cache_creation_input_tokens: 0,
      },
    },
  })
  for (const [index, block] of blocks.entries()) {
    if ('delayMs' in reply && reply.delayMs) await sleep(reply.delayMs)
    const { start, deltas } = parts(block, `${asked.n}_${index}`)
    send('content_block_start', { index, content_block: start })
    for (const delta of deltas) send('content_block_delta', { index, delta })
    if ('cut' in reply) return void response.destroy()
    send('content_block_stop', { index })
  }
  const stop = blocks.some(({ type }) => type === 'tool_use') ? 'tool_use' : 'end_turn'
  send('message_delta', { delta: { stop_reason: stop, stop_sequence: null }, usage: { output_tokens: usage.output } })
  send('message_stop', {})
  response.end()
}

function parts(block: Block, place: string): { start: object; deltas: object[] } {
  switch (block.type) {
    case 'text':
      return { start: { type: 'text', text: '' }, deltas: [{ type: 'text_delta', text: block.text }] }
    case 'thinking':
      return {
        start: { type: 'thinking', thinking: '', signature: '' },
        deltas: [
          { type: 'thinking_delta', thinking: block.text },
          { type: 'signature_delta', signature: 'c2lnbmVk' },
        ],
      }
    case 'tool_use':
      return {
        start: { type: 'tool_use', id: block.id ?? `toolu_${place}_${Date.now()}`, name: block.name, input: {} },
        deltas: [{ type: 'input_json_delta', partial_json: JSON.stringify(block.input) }],
      }
  }
}

/** Short words for scripts. */
export const say = (text: string): Reply => ({ blocks: [{ type: 'text', text }] })
export const use = (name: string, input: Record<string, unknown>, ...more: Block[]): Reply => ({
  blocks: [{ type: 'tool_use', name, input }, ...more],
})
