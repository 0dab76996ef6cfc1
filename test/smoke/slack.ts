// npm run smoke:slack -- --channel C…: for whoever has real tokens. One post, one edit, one thread, one upload, `blocks.validate`, and all
// of it removed again. Says what it saw; what only a live workspace can show is shown here.

import { parseArgs } from 'node:util'
import { WebClient } from '@slack/web-api'
import { slackChat } from '../../src/adapters/chat/slack/index.ts'
import { check } from '../../src/adapters/chat/slack/check.ts'
import { render } from '../../src/adapters/chat/slack/render.ts'
import type { Card } from '../../src/task/card.ts'
import type { MessageRef } from '../../src/task/words.ts'

const { values } = parseArgs({ options: { channel: { type: 'string' } } })
const { SLACK_BOT_TOKEN: botToken = '', SLACK_APP_TOKEN: appToken = '', SLACK_API_URL: apiUrl } = process.env
const { channel } = values
if (!botToken || !appToken || channel === undefined) {
  console.error(
    'Set SLACK_BOT_TOKEN and SLACK_APP_TOKEN, and name a channel the bot is in: npm run smoke:slack -- --channel C…',
  )
  process.exit(2)
}

const client = new WebClient(botToken, apiUrl ? { slackApiUrl: apiUrl } : {})
const log = { debug: () => {}, info: () => {}, warn: console.error, error: console.error }
const chat = slackChat({ botToken, appToken, ...(apiUrl && { apiUrl }), log, now: Date.now })
const card = (title: string, text: string): Card => ({
  tone: 'working',
  title,
  body: [
    { kind: 'line', parts: ['working since ', { at: Date.now() }, ' · ', { code: 'npm test' }] },
    { kind: 'words', text },
    { kind: 'code', text: 'git push <!channel> && echo "done"', title: 'Command' },
    {
      kind: 'checklist',
      items: [
        { text: 'read', state: 'done' },
        { text: 'write', state: 'doing' },
      ],
    },
  ],
  buttons: [{ id: 'v1:stop:smoke::', label: 'Stop', style: 'danger' }],
  mention: [],
})
const key = `smoke-${Date.now()}`
const posted: MessageRef[] = []
const files: string[] = []

try {
  for (const { what, ok, says } of await check({ botToken, appToken, ...(apiUrl && { apiUrl }), connects: true }))
    tell(`${ok ? 'ok     ' : 'MISSING'} ${what}`, says)
  const { blocks } = render(card('Smoke', 'Words of an agent: <!channel> **bold** `code`'))
  tell(
    'blocks.validate',
    await client.apiCall('blocks.validate', { blocks }).then(() => 'Slack takes the blocks', String),
  )

  await chat.start(async () => ({ kind: 'none' }), {
    threads: async () => [],
    cursor: async () => null,
    reached: async () => {},
    form: async () => null,
  })
  tell('connection', chat.health().state)
  const place = { chat: 'slack', channel }
  const root = await chat.post(place, card('Smoke', 'Posted: nobody is called by <!channel>.'), key)
  posted.push(root)
  const found = await chat.find(place, key)
  tell('post', root.id)
  tell('found by its key', found?.id === root.id ? 'yes' : 'NO: a post of which nothing is known could double')
  tell('edit', await chat.edit(root, card('Smoke, edited', 'Edited in place.')))
  tell('found by its key after the edit', (await chat.find(place, key))?.id === root.id ? 'yes' : 'no')

  const long = await chat.post(
    { ...place, thread: root.id },
    card('Smoke, long', `${'A long line of a report.\n'.repeat(2_000)}In the end: all is well.`),
    `${key}-long`,
  )
  posted.push(long)
  const { messages = [] } = await client.conversations.replies({ channel, ts: root.id })
  const shown = messages.find((one) => one.ts === long.id)
  const shared = (shown?.files ?? []).flatMap((file) => (file.id === undefined ? [] : [file.id]))
  tell('thread', `${messages.length - 1} reply`)
  tell(
    'upload',
    shared.length > 0 ? 'the message shows its file' : 'the message links its file, Slack does not attach it',
  )
  const linked = /\/files\/\w+\/(F\w+)\//u.exec(JSON.stringify(shown?.blocks ?? []))?.[1]
  files.push(...new Set([...shared, ...(linked === undefined ? [] : [linked])]))
  await chat.mark(root, 'received')
  await chat.mark(root, 'delivered')
  tell('marks', 'set')
} finally {
  for (const { id } of posted.toReversed()) await client.chat.delete({ channel, ts: id }).catch(tellFailed)
  for (const file of files) await client.files.delete({ file }).catch(tellFailed)
  tell('cleaned up', `${posted.length} messages, ${files.length} files`)
  await chat.stop()
}

function tell(what: string, says: string): void {
  console.log(`${what}: ${says}`)
}

function tellFailed(error: unknown): void {
  tell('could not be removed', String(error))
}
