// Our own Discord: what is wrong is found, by Discord's description or by the rules that one does not carry.
import { REST } from 'discord.js'
import { expect, onTestFinished, test } from 'vitest'
import { fakeDiscord } from '../fake/discord.ts'
import { withoutDiscordSpec } from '../fake/discord/spec.ts'

const V2 = 1 << 15
const text = (content: string) => ({ type: 10, content })
const button = (custom_id: string) => ({ type: 2, style: 2, label: 'x', custom_id })
const row = (...components: object[]) => ({ type: 1, components })
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index)

async function sent(body: object): Promise<string[]> {
  const discord = await fakeDiscord()
  onTestFinished(() => discord.stop())
  const rest = new REST({ api: discord.api, version: '10' }).setToken(discord.token)
  await rest.post(`/channels/${discord.world.channel('general').id}/messages`, { body }).catch(() => {})
  return discord.violations()
}

test.each([
  ['2,001 characters', { content: 'x'.repeat(2001) }],
  ['4,001 shown characters', { flags: V2, components: [text('x'.repeat(2001)), text('x'.repeat(2000))] }],
  ['41 components', { flags: V2, components: numbers(41).map(() => text('x')) }],
  ['content beside new components', { flags: V2, content: 'x', components: [text('x')] }],
  ['new components without their flag', { components: [text('x')] }],
  ['an id that occurs twice', { content: 'x', components: [row(button('a'), button('a'))] }],
  ['a file that was not uploaded', { flags: V2, components: [{ type: 13, file: { url: 'attachment://a.txt' } }] }],
  ['nothing at all', { components: [] }],
])('a message with %s is a violation', async (_what, body) => {
  expect(await sent(body)).toHaveLength(1)
})

test.skipIf(withoutDiscordSpec)('skipped without the description: what it does not allow is a violation', async () => {
  expect(await sent({ content: 'x', nonce: 'x'.repeat(26) })).toHaveLength(1)
  expect(await sent({ content: 'x', componets: [] })).toHaveLength(1)
  expect(await sent({ content: 'x', components: [row(button('x'.repeat(101)))] })).toHaveLength(1)
  expect(await sent({ content: 'x', components: [row(...numbers(6).map((n) => button(`${n}`)))] })).toHaveLength(1)
  expect(await sent({ content: 'fine', nonce: 'x'.repeat(25), components: [row(button('x'.repeat(100)))] })).toEqual([])
})
