// npm run smoke:discord -- CHANNEL: the same adapter against the real Discord, for whoever has a token (DISCORD_BOT_TOKEN): checks, one post,
// the same post again, one edit, a thread with a file, a mark, and everything removed again. Prints what it saw.

import { check } from '../../src/adapters/chat/discord/check.ts'
import { discordChat } from '../../src/adapters/chat/discord/index.ts'
import { api } from '../../src/adapters/chat/discord/api.ts'
import { VERB_HELP } from '../../src/bot/help.ts'
import { readConfig } from '../../src/config.ts'
import type { Card } from '../../src/task/card.ts'

const [, , channel] = process.argv
const { discord } = readConfig().chats
if (!discord || !channel) {
  console.error('Set DISCORD_BOT_TOKEN, and name a channel: npm run smoke:discord -- CHANNEL_ID')
  process.exit(2)
}

const card = (title: string, more: Partial<Card> = {}): Card => ({
  tone: 'working',
  title,
  body: [{ kind: 'line', parts: ['seen at ', { at: Date.now() }, ' ', { since: Date.now() }] }],
  buttons: [{ id: 'v1:stop:smoke::', label: 'Stop', style: 'danger' }],
  mention: [],
  ...more,
})

let failures = 0
async function step<T>(what: string, work: () => Promise<T>, isRight: (found: T) => boolean = () => true): Promise<T> {
  const began = performance.now()
  const found = await work()
  const isFine = isRight(found)
  if (!isFine) failures += 1
  console.log(`${isFine ? 'ok    ' : 'FAILED'} ${what} (${Math.round(performance.now() - began)} ms)`)
  return found
}

for (const { what, ok, says } of (await check({ ...discord, verbs: VERB_HELP })).all)
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${what}: ${says}`)

const chat = discordChat({
  ...discord,
  verbs: VERB_HELP,
  complete: async () => [],
  now: Date.now,
  failed: (error) => console.error(error),
})
const nothing = { threads: async () => [], cursor: async () => null, reached: async () => {}, form: async () => null }
await step(
  'connects',
  () => chat.start(async () => ({ kind: 'none' }), nothing),
  () => chat.health().state === 'live',
)

const place = { chat: chat.id, channel }
const key = `smoke:${Date.now()}`
const root = await step('posts a card', () =>
  chat.post(place, card('Smoke', { thread: { name: 'smoke', isOver: false } }), key),
)
await step(
  'the same post again is the first message',
  () => chat.post(place, card('Smoke'), key),
  ({ id }) => id === root.id,
)
await step(
  'is found by its key',
  () => chat.find(place, key),
  (found) => found?.id === root.id,
)
await step(
  'edits it',
  () => chat.edit(root, card('Smoke: edited', { tone: 'good', buttons: [] })),
  (found) => found === 'edited',
)
const long = `${'A long text. '.repeat(600)}The end.`
const thread = { ...place, thread: root.id }
const hanging = await step('posts a file in its thread', () =>
  chat.post(thread, card('Long', { body: [{ kind: 'words', text: long }] }), `${key}:long`),
)
await step('marks it', () => chat.mark(hanging, 'received').then(() => chat.mark(hanging, 'delivered')))

const rest = api(discord.token, discord.apiUrl)
await step('removes the thread', () => rest.delete(`/channels/${root.id}`))
await step(
  'an edit in it says that it is gone',
  () => chat.edit(hanging, card('?')),
  (found) => found === 'gone',
)
await step('removes the card', () => rest.delete(`/channels/${channel}/messages/${root.id}`))
await step(
  'an edit of it says that it is gone',
  () => chat.edit(root, card('?')),
  (found) => found === 'gone',
)
await chat.stop()
console.log(failures === 0 ? 'All of it works.' : `${failures} of it did not work.`)
process.exitCode = failures === 0 ? 0 : 1
