// What is said to Claude in one run of its program: an endless prompt, ended on purpose.

import type { SDKUserMessage } from '@anthropic-ai/claude-agent-sdk'
import type { UUID } from 'node:crypto'

export class Inbox implements AsyncIterable<SDKUserMessage> {
  readonly #said: SDKUserMessage[] = []
  #ended = false
  #changed = Promise.withResolvers<void>()

  /** `id` comes back when it is taken. */
  say(content: string, id: string): void {
    const message = { role: 'user' as const, content }
    this.#said.push({ type: 'user', message, parent_tool_use_id: null, uuid: id as UUID })
    this.#wake()
  }

  /** The program ends by itself when it has nothing more to do. */
  end(): void {
    this.#ended = true
    this.#wake()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<SDKUserMessage, void> {
    for (;;) {
      yield* this.#said.splice(0)
      if (this.#said.length > 0) continue
      if (this.#ended) return
      await this.#changed.promise
    }
  }

  #wake(): void {
    this.#changed.resolve()
    this.#changed = Promise.withResolvers<void>()
  }
}
