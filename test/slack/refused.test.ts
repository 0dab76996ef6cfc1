// What Slack does not take: a card is shown all the same where it can be, and who asked is told where it cannot.
import { describe, expect, test } from 'vitest'
import type { Card } from '../../src/task/card.ts'
import type { Fault } from '../fake/slack/index.ts'
import { buttonsIn } from '../fake/slack/people.ts'
import { allOf } from '../fake/slack/spec.ts'
import { until } from '../support/until.ts'
import { card, live } from './live.ts'

const LONG = card('long', { body: [{ kind: 'words', text: `${'word '.repeat(6_000)}\nIn the end: all is well.` }] })
const shownOf = (blocks: unknown): string => allOf(blocks, 'text').join('')

describe('a card that is too long', () => {
  test('is posted without its file where the app may not upload, and says where all of it is', async () => {
    const { server, chat, place } = await live()
    server.answers('files.getUploadURLExternal', () => ({ ok: false, error: 'missing_scope', needed: 'files:write' }))
    await chat.post(place, LONG, 'k1')
    expect(shownOf(server.world.roots(place.channel)[0]?.blocks)).toMatch(
      /characters are left out here; the page has them/u,
    )
  })

  test.each([
    ['files.completeUploadExternal', { error: 'internal_error' }],
    ['files.completeUploadExternal', { reset: 'after' }],
    ['files.getUploadURLExternal', { status: 503, done: false }],
  ] satisfies [string, Fault][])(
    'is posted where %s fails with %o, and linked by its next edit',
    async (step, fault) => {
      const { server, chat, place } = await live()
      server.fault(step, fault)
      const ref = await chat.post(place, LONG, 'k1')
      const [message] = server.world.roots(place.channel)
      expect([shownOf(message?.blocks), message?.files]).toEqual([
        expect.stringContaining('In the end: all is well.'),
        [],
      ])
      expect(await chat.edit(ref, LONG)).toBe('edited')
      expect(message?.files).toHaveLength(1)
    },
  )
})

test('a long card does not wait as long as Slack says before it takes a file', { timeout: 60_000 }, async () => {
  const { server, chat, place } = await live()
  server.fault('files.getUploadURLExternal', { limited: 3_600 })
  await chat.post(place, LONG, 'k1')
  expect(server.world.roots(place.channel)).toHaveLength(1)
})

describe('a card whose looks are refused', () => {
  const asked: Card = card('Run it?', {
    body: [
      { kind: 'line', parts: ['asked by ', { strong: 'ann' }] },
      { kind: 'words', text: 'Allowed by ann\n<!channel>' },
      { kind: 'code', text: `npm publish ${'x'.repeat(9_000)} --force` },
    ],
    buttons: [{ id: 'v1:vote:t1:r1:allow', label: 'Allow' }],
  })

  test.each(['invalid_blocks', 'msg_blocks_too_long', 'slack_connect_file_link_sharing_blocked'])(
    'with %s is posted as text, with its buttons, and what is not ours behind a sign',
    async (error) => {
      const { server, chat, place } = await live()
      server.fault('chat.postMessage', { error })
      const ref = await chat.post(place, asked, 'k1')
      const [message] = server.world.roots(place.channel)
      expect(shownOf(message?.blocks)).toMatch(
        /Run it\?\nasked by ann\n> Allowed by ann\n> ‹!channel>[^]*left out[^]*--force/u,
      )
      expect(buttonsIn(message?.blocks ?? []).map(({ action_id: id }) => id)).toEqual(['v1:vote:t1:r1:allow'])
      server.fault('chat.update', { error: 'invalid_blocks' })
      expect(await chat.edit(ref, card('two'))).toBe('edited')
    },
  )
})

test.each([
  ['restricted_action', 'lets only some people post'],
  ['restricted_action_read_only_channel', 'lets only some people post'],
  ['is_archived', 'is archived'],
])('where nothing may be posted (%s), whoever asked is told why, once', async (error, sentence) => {
  const { server, ann, channel, chat, place } = await live()
  server.fault('chat.postMessage', { error }, 9)
  await ann.command(channel, 'start fix it')
  for (const _ of [1, 2]) await expect(chat.post(place, card('one'), 'k1')).rejects.toThrow(sentence)
  await until(() => ann.whispers().length === 1)
  expect([ann.whispers().join(), server.callsOf('chat.postMessage').length]).toEqual([
    expect.stringContaining(sentence),
    1,
  ])
})

test('an edit that Slack failed to make is made later', async () => {
  const { server, chat, place } = await live()
  const ref = await chat.post(place, card('one'), 'k1')
  server.fault('chat.update', { error: 'update_failed' })
  expect([await chat.edit(ref, card('two')), await chat.edit(ref, card('two'))]).toEqual(['later', 'edited'])
})
