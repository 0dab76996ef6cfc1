import { expect, test } from 'vitest'
import type { Chat } from '../../src/bot/chat.ts'
import { surface } from '../../src/bot/surface.ts'
import { load, record } from '../../src/runner/journal.ts'
import type { Card } from '../../src/task/card.ts'
import type { FactBody } from '../../src/task/facts.ts'
import { posts } from '../../src/task/posts/index.ts'
import { ann, completed, created, started } from '../core/given.ts'
import { emptyStore, journalIn, messagesIn } from '../simulator/store.ts'

test('a card that comes back to what it once said is shown so, even when the word of an edit in between got lost', async () => {
  const store = emptyStore()
  const [journal, messages] = [journalIn(store), messagesIn(store)]
  const shown = new Map<string, Card>()
  let lossy = false
  const chat: Chat = {
    id: 'web',
    limits: { name: 'test', cardCharsMax: 1e6, forms: true, marks: true, lines: true, editsPerMinute: null },
    start: async () => {},
    stop: async () => {},
    health: () => ({ state: 'live', since: 0 }),
    find: async () => null,
    mark: async () => {},
    async post(_place, card, key) {
      shown.set(key, card)
      return { chat: 'web', channel: 'c', id: key }
    },
    async edit({ id }, card) {
      shown.set(id, card)
      if (lossy && id.endsWith('summary:1')) throw new Error('the answer got lost')
      return 'edited'
    },
  }
  const { look } = surface({ now: Date.now, journal, messages, chats: [chat], failed: () => {} })
  const say = async (...facts: FactBody[]) => {
    await record(journal, 't1', () => facts, { by: ann, now: () => 1 })
    await look()
  }
  const inTree = {
    ...created(),
    work: { kind: 'worktree', repo: 'r', path: '/r', worktree: '/w', branch: 'b', base: null },
  }
  await say(inTree as FactBody, started(), completed())
  const first = shown.get('t1:summary:1')
  lossy = true
  await say(
    { type: 'chore_asked', chore: 'discard1', what: 'discard' },
    { type: 'chore_done', chore: 'discard1', result: { what: 'discard', ref: 'r', commit: 'c', until: 9 } },
  )
  for (let n = 0; n < 5; n++) await look()
  lossy = false
  await say(
    { type: 'chore_asked', chore: 'restore2', what: 'restore' },
    { type: 'chore_done', chore: 'restore2', result: { what: 'restore', branch: 'b' } },
  )
  const task = await load(journal, 't1')
  const wanted = task && posts(task, { progress: null, line: null }).get('summary:1')
  expect(wanted).toMatchObject({ card: first })
  expect(shown.get('t1:summary:1')).toEqual(first)
})
