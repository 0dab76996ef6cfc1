// What the author of words is told. Words can only be answered where everybody reads it: as an answer to them, calling nobody else. That
// they were refused is told to their author alone, by a direct message where they take those.

import type { Reply } from '../../../bot/chat.ts'
import { FORM_ID, type Answers } from './answers.ts'
import { codeOf, type Api } from './api.ts'
import { NO_PREVIEWS } from './flags.ts'
import type { Message } from './inbound.ts'
import { once } from './messages.ts'
import type { Rendered } from './render.ts'

export function telling(api: Api, { shown }: Pick<Answers, 'shown'>) {
  const post = (channel: string, key: string, body: object, files: Rendered['files'] = []): Promise<unknown> =>
    api.post(`/channels/${channel}/messages`, { body: { ...body, ...once(key) }, files })

  async function tell(message: Message, reply: Reply): Promise<void> {
    if (reply.kind === 'none') return
    const all = reply.kind === 'form' ? [formButton(reply.form.title)] : await shown(reply)
    if (reply.kind === 'refused' && message.guild_id && (await toldAlone(message, all))) return
    for (const [n, { body, files }] of all.entries()) {
      const allowed_mentions = { ...body.allowed_mentions, replied_user: n === 0 }
      const message_reference = { message_id: message.id, fail_if_not_exists: false }
      await post(
        message.channel_id,
        `answer:${message.id}:${n}`,
        { ...body, allowed_mentions, message_reference },
        files,
      )
    }
  }

  async function toldAlone({ id, channel_id, guild_id, author }: Message, all: Rendered[]): Promise<boolean> {
    try {
      const direct = await api.post<{ id: string }>('/users/@me/channels', { body: { recipient_id: author.id } })
      for (const [n, { body, files }] of all.entries()) await post(direct.id, `alone:${id}:${n}`, body, files)
      const content = `https://discord.com/channels/${guild_id}/${channel_id}/${id}`
      await post(direct.id, `where:${id}`, { content, flags: NO_PREVIEWS })
      return true
    } catch (error) {
      if (codeOf(error) === null) throw error
      return false
    }
  }

  return tell
}

/** No form can be opened by words. */
function formButton(title: string): Rendered {
  const button = { type: 2, style: 1, custom_id: FORM_ID, label: `${title}…` }
  const body = {
    flags: 0,
    content: 'Fill in the form:',
    components: [{ type: 1, components: [button] }],
    allowed_mentions: { parse: [] as [] },
  }
  return { body, files: [] }
}
