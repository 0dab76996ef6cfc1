// What was said while nobody listened, when somebody listens again.
import { expect, test } from 'vitest'
import type { Place } from '../../src/task/words.ts'
import { until } from '../support/until.ts'
import { card, live } from './live.ts'

/** Two threads of ours, somebody who spoke in one of them during an outage, and whatever goes wrong when that is over. */
async function afterAnOutage(said: string) {
  const threads: Place[] = []
  const it = await live({ retryMs: [], catchUp: { threads: async () => threads } })
  const { server, ann, channel, chat, place } = it
  const other = (await chat.post(place, card('one'), 'k1')).id
  const thread = (await chat.post(place, card('two'), 'k2')).id
  threads.push({ ...place, thread: other }, { ...place, thread })
  server.down(true)
  await until(() => server.sockets.count() === 0)
  ann.writes(channel, said, { thread })
  return { ...it, other, thread }
}

test('words of now come after those that were said before them in their thread', async () => {
  const { server, ann, channel, received, other, thread } = await afterAnOutage('not yet')
  server.fault('conversations.replies', { slow: 500 }, 1, (args) => args['ts'] === other)
  server.down(false)
  await until(() => server.sockets.count() > 0)
  await ann.says(channel, 'now', { thread })
  expect(received.map((event) => 'text' in event && event.text)).toEqual(['not yet', 'now'])
})

test('a thread that Slack does not let us read keeps no other from being read', async () => {
  const { server, received, other } = await afterAnOutage('not yet')
  server.fault(
    'conversations.replies',
    { error: 'method_not_supported_for_channel_type' },
    9,
    (args) => args['ts'] === other,
  )
  server.down(false)
  await until(() => received.length === 1, { within: 4_000 })
  expect(received).toMatchObject([{ kind: 'reply', text: 'not yet' }])
})

test('while the token is refused nothing is taken for read', async () => {
  const { server, received } = await afterAnOutage('not yet')
  server.fault('conversations.replies', { error: 'token_expired' }, 1)
  server.down(false)
  await until(() => received.length === 1)
  expect(received).toMatchObject([{ kind: 'reply', text: 'not yet' }])
})
