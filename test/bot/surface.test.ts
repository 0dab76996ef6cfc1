import { expect, test } from 'vitest'
import type { Chat } from '../../src/bot/chat.ts'
import { surface } from '../../src/bot/surface.ts'
import { load, record } from '../../src/runner/journal.ts'
import type { Card } from '../../src/task/card.ts'
import type { FactBody } from '../../src/task/facts.ts'
import { posts } from '../../src/task/posts/index.ts'
import { ann, asked, completed, created, started } from '../core/given.ts'
import { emptyStore, journalIn, messagesIn } from '../simulator/store.ts'
import { until } from '../support/until.ts'

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
  const { look } = surface({ now: Date.now, journal, messages, chats: [chat], failed: () => {}, retryMs: () => 0 })
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

/** A chat of its own kind over a store in memory, and a surface that shows tasks in it. */
function world(chat: Partial<Chat>, clock: { now: number }) {
  const store = emptyStore()
  const [journal, messages] = [journalIn(store), messagesIn(store)]
  const does: string[] = []
  const whole: Chat = {
    id: 'web',
    limits: { name: 'test', cardCharsMax: 1e6, forms: true, marks: true, lines: false, editsPerMinute: 50 },
    start: async () => {},
    stop: async () => {},
    health: () => ({ state: 'live', since: 0 }),
    find: async () => null,
    mark: async () => {},
    async post(_place, _card, key) {
      does.push(`post ${key}`)
      return { chat: 'web', channel: 'c', id: key }
    },
    async edit({ id }) {
      does.push(`edit ${id}`)
      return 'edited'
    },
    ...chat,
  }
  const errors: string[] = []
  const shown = surface({
    journal,
    messages,
    chats: [whole],
    now: () => clock.now,
    failed: (_chat, error) => errors.push(String(error)),
  })
  const say = (task: string, ...facts: FactBody[]) =>
    record(journal, task, () => facts, { by: ann, now: () => clock.now })
  const progress = (task: string, now: string) =>
    journal.putProgress(task, { at: clock.now, now, counts: { read: 0, edited: 0, commands: 0 }, checklist: [] })
  return { ...shown, say, progress, does, errors, since: () => does.splice(0) }
}

test('what an agent does is shown as often as the edits of a minute allow, what happened at once', async () => {
  const clock = { now: 1_000_000 }
  const it = world({}, clock)
  const ids = Array.from({ length: 30 }, (_, index) => `t${index}`)
  for (const id of ids) await it.say(id, created(), started())
  await it.look()
  it.since()
  let edits = 0
  for (let second = 0; second < 120; second++) {
    clock.now += 1_000
    for (const id of ids) await it.progress(id, `step ${second}`)
    await it.look()
    edits += it.since().length
  }
  expect(edits / 2).toBeGreaterThan(25)
  expect(edits / 2).toBeLessThanOrEqual(50 * 0.75)
  await it.say('t3', completed())
  await it.look()
  expect(it.since()).toEqual(['post t3:summary:1', 'edit t3:status'])
})

test('an edit the chat takes later is made with what is true then, and what an agent does waits for it', async () => {
  const clock = { now: 1_000_000 }
  let full = true
  const titles: string[] = []
  const it = world(
    {
      edit: async (_ref, card) => {
        if (full) return 'later'
        titles.push(`${card.tone} ${card.buttons.length}`)
        return 'edited'
      },
    },
    clock,
  )
  await it.say('t1', created(), started())
  await it.look()
  await it.say('t1', asked())
  await it.look()
  await it.say('t1', completed())
  await it.look()
  expect(titles).toEqual([])
  full = false
  await it.look()
  expect(titles).toContain('good 0')
  expect(titles).not.toContain('needs 3')
  titles.splice(0)
  await it.look()
  expect(titles).toEqual([])
})

test('a chat that does not answer keeps no other task waiting, and none of its own longer than its turn', async () => {
  const clock = { now: 1_000_000 }
  let answer = (): void => {}
  const stuck = new Promise<void>((resolve) => (answer = resolve))
  const it = world(
    {
      post: async (_place, _card, key) => {
        if (key === 't1:status') await stuck
        it.does.push(`post ${key}`)
        return { chat: 'web', channel: 'c', id: key }
      },
    },
    clock,
  )
  await it.say('t1', created())
  await it.say('t2', created())
  await it.begin()
  await until(() => it.does.includes('post t2:status'))
  expect(it.does).not.toContain('post t1:status')
  await it.say('t1', started(), completed())
  await it.begin()
  answer()
  await it.idle()
  expect(it.does.filter((one) => one.includes('t1'))).toEqual(['post t1:status', 'post t1:summary:1', 'edit t1:status'])
})

test('a task that cannot be shown is tried again, less and less often', async () => {
  const clock = { now: 1_000_000 }
  let tried = 0
  const it = world(
    {
      post: async () => {
        tried++
        throw new Error('no such channel')
      },
    },
    clock,
  )
  await it.say('t1', created())
  for (let second = 0; second < 60; second++) {
    await it.look()
    clock.now += 1_000
  }
  expect(tried).toBeGreaterThan(3)
  expect(tried).toBeLessThan(8)
})

test('a channel that has to wait keeps no task of another channel waiting', async () => {
  const clock = { now: 1_000_000 }
  let answer = (): void => {}
  const stuck = new Promise<void>((resolve) => (answer = resolve))
  const it = world(
    {
      post: async (place, _card, key) => {
        if (place.channel === 'slow') await stuck
        it.does.push(`post ${key}`)
        return { chat: 'web', channel: place.channel, id: key }
      },
    },
    clock,
  )
  const inChannel = (channel: string): FactBody => ({ ...created(), place: { chat: 'web', channel } }) as FactBody
  for (let n = 0; n < 20; n++) await it.say(`s${n}`, inChannel('slow'))
  await it.say('quick', inChannel('other'))
  await it.begin()
  await until(() => it.does.includes('post quick:status'))
  expect(it.does).toEqual(['post quick:status'])
  answer()
  await it.idle()
  expect(it.does).toHaveLength(21)
})

test('what cannot be posted keeps nothing else of its task from being shown, and is tried again', async () => {
  const clock = { now: 1_000_000 }
  let isLocked = true
  const it = world(
    {
      post: async (place, _card, key) => {
        if (place.thread !== undefined && isLocked) throw new Error('not in this channel')
        it.does.push(`post ${key}`)
        return { chat: 'web', channel: 'c', id: key }
      },
      mark: async () => {
        throw new Error('no such reaction')
      },
    },
    clock,
  )
  const source = { chat: 'web', channel: 'c', id: 'said' }
  await it.say('t1', created(), started(), { type: 'guided', guidance: 'g1', text: 'more', source })
  await it.look()
  await it.say('t1', completed())
  it.since()
  clock.now += 60_000
  await it.look()
  expect([it.since(), it.errors.length > 0]).toEqual([['edit t1:status'], true])
  isLocked = false
  clock.now += 60_000
  await it.look()
  expect(it.since()[0]).toBe('post t1:summary:1')
})

test('a request is asked under a new root where somebody deleted the old one with its thread', async () => {
  const it = world(
    {
      post: async ({ thread }, _card, key) => {
        if (thread === 't1:status') throw new Error('no such thread')
        it.does.push(`post ${key} in ${thread}`)
        return { chat: 'web', channel: 'c', id: key }
      },
      edit: async () => 'gone',
    },
    { now: 1_000_000 },
  )
  await it.say('t1', created(), started())
  await it.look()
  it.since()
  await it.say('t1', asked())
  await it.look()
  expect(it.since()).toEqual(['post t1:status:t1:status in undefined', 'post t1:request:q1 in t1:status:t1:status'])
})
