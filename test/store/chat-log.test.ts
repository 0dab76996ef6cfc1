import { expect, test } from 'vitest'
import type { ChatLog, ChatMessage, NewChatMessage } from '../../src/bot/chat-log.ts'
import type { Card } from '../../src/task/card.ts'
import { ann } from './every-fact.ts'
import { newStore, reopen, sql } from './support.ts'

const text = (words: string): ChatMessage['content'] => ({ kind: 'text', text: words, mark: null })

const card: Card = {
  tone: 'needs',
  title: 'wants to run',
  body: [
    { kind: 'line', parts: ['since ', { since: 1 }, { at: 2 }, { code: 'npm' }, { strong: 'now' }, { person: ann }] },
    { kind: 'words', text: '<b>no markup</b>' },
    { kind: 'code', text: 'npm install', title: 'sh' },
    { kind: 'code', text: 'npm install' },
    { kind: 'checklist', items: [{ text: 'limiter', state: 'doing' }] },
  ],
  buttons: [
    { id: 'v1:vote:a:r1:allow', label: 'Allow', style: 'primary' },
    {
      id: 'v1:vote:a:r1:deny',
      label: 'Deny…',
      form: { title: 'Deny', submit: 'Deny', fields: [{ id: 'why', label: 'Why?', required: false }] },
    },
  ],
  mention: [ann],
}

function say(log: ChatLog, key: string, more: Partial<NewChatMessage> = {}): Promise<ChatMessage> {
  return log.add({ key, channel: 'c', thread: null, author: ann, at: 7, content: text(key), ...more })
}

const texts = (messages: ChatMessage[]) =>
  messages.map(({ content }) => (content.kind === 'text' ? content.text : content.card.title))

test('a message comes back as it was added, by id and by key, also after a restart', async () => {
  const { store, file } = await newStore()
  const said = await say(store.chatLog, 'k1', { content: { kind: 'card', card } })
  expect(said).toEqual({
    id: said.id,
    seq: 1,
    channel: 'c',
    thread: null,
    author: ann,
    at: 7,
    editedAt: null,
    replies: 0,
    content: { kind: 'card', card },
  })
  await store.close()
  const { chatLog } = await reopen(file)
  expect(await chatLog.get(said.id)).toEqual(said)
  expect(await chatLog.byKey('k1')).toEqual(said)
  expect(await chatLog.lastSeq()).toBe(1)
})

test('the same key again returns the first message unchanged', async () => {
  const { store } = await newStore()
  const root = await say(store.chatLog, 'root')
  const first = await say(store.chatLog, 'k1', { thread: root.id })
  const before = await store.chatLog.lastSeq()
  expect(await say(store.chatLog, 'k1', { thread: root.id, content: text('another') })).toEqual(first)
  expect(await store.chatLog.get(root.id)).toMatchObject({ replies: 1 })
  expect(await store.chatLog.lastSeq()).toBe(before)
})

test('an edit replaces the content and is the newest change', async () => {
  const { store } = await newStore()
  const first = await say(store.chatLog, 'first')
  await say(store.chatLog, 'second')
  expect(await store.chatLog.edit(first.id, text('edited'), 9)).toEqual({
    ...first,
    seq: 3,
    editedAt: 9,
    content: text('edited'),
  })
  expect(texts(await store.chatLog.since(0, 9))).toEqual(['second', 'edited'])
  expect(texts(await store.chatLog.since(2, 9))).toEqual(['edited'])
  expect(texts(await store.chatLog.since(0, 1))).toEqual(['second'])
  expect(texts(await store.chatLog.roots('c', 9))).toEqual(['edited', 'second'])
})

test('a reply changes its root too, so that a reader who was cut off sees the count', async () => {
  const { store } = await newStore()
  const root = await say(store.chatLog, 'root')
  const seen = await store.chatLog.lastSeq()
  await say(store.chatLog, 'reply 1', { thread: root.id })
  await say(store.chatLog, 'reply 2', { thread: root.id })
  expect((await store.chatLog.since(seen, 9)).map(({ content, replies }) => [content, replies])).toEqual([
    [text('reply 1'), 0],
    [text('reply 2'), 0],
    [text('root'), 2],
  ])
  expect(texts(await store.chatLog.thread(root.id))).toEqual(['root', 'reply 1', 'reply 2'])
})

test('roots come by channel and page, oldest first, and without their replies', async () => {
  const { store } = await newStore()
  for (const key of ['a', 'b', 'c', 'd']) await say(store.chatLog, key)
  const other = await say(store.chatLog, 'other', { channel: 'c2' })
  await say(store.chatLog, 'reply', { channel: 'c2', thread: other.id })
  const newest = await store.chatLog.roots('c', 2)
  expect(texts(newest)).toEqual(['c', 'd'])
  expect(texts(await store.chatLog.roots('c', 9, newest[0]?.id))).toEqual(['a', 'b'])
  expect(texts(await store.chatLog.roots('c2', 9))).toEqual(['other'])
})

test('what does not exist is null or nothing', async () => {
  const { store } = await newStore()
  for (const id of ['1', '0', '', 'x', '1.5', '-1', '99999999999999999999', '\ud800']) {
    expect(await store.chatLog.get(id)).toBeNull()
    expect(await store.chatLog.edit(id, text('x'), 1)).toBeNull()
    expect(await store.chatLog.thread(id)).toEqual([])
    expect(await store.chatLog.roots('c', 9, id)).toEqual([])
  }
  expect(await store.chatLog.byKey('\ud800')).toBeNull()
  expect(await store.chatLog.lastSeq()).toBe(0)
})

test('added from two connections at once, each message has its own seq and nothing is missing', async () => {
  const { store, file } = await newStore()
  const other = await reopen(file)
  const logs = [store.chatLog, other.chatLog]
  const said: ChatMessage[] = []
  for (let n = 0; n < 40; n += 1) {
    const log = logs[n % 2]
    if (log) said.push(await say(log, `k${n}`))
  }
  expect(said.map(({ seq }) => seq)).toEqual(Array.from({ length: 40 }, (_, n) => n + 1))
})

test('stored content that does not fit is named', async () => {
  const { store, file } = await newStore()
  await say(store.chatLog, 'k')
  await sql(file, `UPDATE ChatMessage SET content = '{"kind":"hologram"}'`)
  await expect(store.chatLog.get('1')).rejects.toThrow('Message 1 cannot be read')
})
