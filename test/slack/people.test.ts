// Who somebody is in Slack: what they may do can hang on a user group.
import { expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { NOTHING_MISSED } from '../contract/chat.ts'
import { live, NONE } from './live.ts'
import { slack } from './support.ts'

test('whoever is in a user group is not taken for somebody who is in none while Slack does not say it', async () => {
  const it = await slack()
  it.server.group('S0DEVS', [it.ann.id])
  it.server.fault('usergroups.list', { limited: 1 })
  it.server.fault('usergroups.list', { status: 503, done: false })
  it.server.fault('usergroups.list', { slow: 1_000 })
  const groups: unknown[] = []
  await it.chat.start(async (event) => {
    groups.push(event.groups)
    return NONE
  }, NOTHING_MISSED)
  await until(() => it.server.callsOf('usergroups.list').length === 1)
  expect(await it.ann.command(it.channel, 'tasks')).toMatchObject({
    said: { text: expect.stringContaining('nothing was done') },
  })
  expect(groups).toEqual([])
  await it.ann.command(it.channel, 'tasks')
  expect(groups).toEqual([['S0DEVS']])
  await it.chat.stop()
  await it.close()
})

test('where the app may not see user groups, nobody is in one and everything else works', async () => {
  const { ann, channel, received } = await live({ scopes: 'chat:write,users:read' })
  await ann.command(channel, 'tasks')
  expect(received.map(({ groups }) => groups)).toEqual([[]])
})
