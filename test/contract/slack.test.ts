import { parseActionId } from '../../src/task/action-id.ts'
import type { Reply } from '../../src/bot/chat.ts'
import { slack } from '../slack/support.ts'
import { remaining, until } from '../support/until.ts'
import { chatContract, type Driver } from './chat.ts'

const TELLING_MS = 150

chatContract('Slack', async (): Promise<Driver> => {
  const { chat, server, ann, channel, close } = await slack()
  const said = new Map<string, Awaited<ReturnType<typeof ann.says>>>()
  let seen = 0

  /** What was shown to this person alone since the last look; it comes after the acknowledgement, if anything comes. */
  async function told(): Promise<Reply> {
    await remaining(() => (ann.whispers().length > seen ? [] : [1]), { within: TELLING_MS })
    const whispers = ann.whispers().slice(seen)
    seen += whispers.length
    return whispers[0] === undefined ? { kind: 'none' } : { kind: 'refused', text: whispers[0] }
  }

  return {
    chat,
    place: { chat: 'slack', channel },
    // A slash command is no message; a mention is one, and means the same.
    async types(text, thread, key = '') {
      const typed = text.replace(/^\/bg/u, '@bg')
      const known = said.get(key)
      if (known) await ann.delivers(known)
      else said.set(key, await ann.says(channel, typed, thread === undefined ? {} : { thread }))
      return told()
    },
    async clicks(ref, { id, form }, values = {}, key) {
      if (!parseActionId(id)) throw new Error(`${id} is no button of ours`)
      await ann.clicks(channel, ref.id, id, key === undefined ? {} : { key })
      if (!form) return told()
      await until(() => ann.window())
      const labels = form.fields.map((field) => [field.label, values[field.id] ?? ''])
      const answer = await ann.submits(Object.fromEntries(labels) as Record<string, string>)
      if (answer && 'errors' in answer) return { kind: 'refused', text: Object.values(answer.errors)[0] ?? '' }
      return told()
    },
    async titleOf({ channel: where, id }) {
      const [first] = server.world.find(where, id)?.blocks ?? []
      const text = (first?.['text'] as { text?: string } | undefined)?.text
      return text?.replace(/^[◌●❗✓✗■] /u, '') ?? null
    },
    async countIn({ channel: where, thread }) {
      return thread === undefined ? server.world.roots(where).length : server.world.thread(where, thread).length - 1
    },
    async markOn({ channel: where, id }) {
      const names = server.world.find(where, id)?.reactions.map(({ name }) => name) ?? []
      return names.includes('white_check_mark') ? 'delivered' : names.includes('eyes') ? 'received' : null
    },
    async deletes({ channel: where, id }) {
      const { messages } = server.world
      messages.splice(
        messages.findIndex((one) => one.channel === where && one.ts === id),
        1,
      )
    },
    close,
  }
})
