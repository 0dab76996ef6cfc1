// Discord in one process with Slack, whose library brings another version of what both send requests with.
import { expect, test } from 'vitest'
import { slack } from '../slack/support.ts'
import { card, discordOn } from './support.ts'

test('what is too long for a message of Discord is attached while Slack is there, too', async () => {
  const { close } = await slack()
  await close()
  const { chat, place, people, at } = await discordOn()
  const text = 'a line\n'.repeat(2_000)
  const ref = await chat.post(place, card('long', { body: [{ kind: 'code', text }] }), 'k')
  expect(Object.values(people.files(at(ref.id)))).toEqual([text])
})
