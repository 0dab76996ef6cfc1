import { expect, test } from 'vitest'
import { newStore, reopen } from './support.ts'

const root = { chat: 'web', channel: 'c', id: '17' }

test('the intent is kept without a reference, then with it, then with the content last put there', async () => {
  const { store, file } = await newStore()
  const { messages } = store
  await messages.put({ task: 'a', key: 'status', ref: null, hash: 'h1' })
  expect(await messages.of('a')).toEqual(new Map([['status', { task: 'a', key: 'status', ref: null, hash: 'h1' }]]))
  await messages.put({ task: 'a', key: 'status', ref: root, hash: 'h1' })
  await messages.put({ task: 'a', key: 'status', ref: root, hash: 'h2' })
  await messages.put({ task: 'a', key: 'r1', ref: { ...root, id: '18' }, hash: 'h3' })
  await messages.put({ task: 'b', key: 'status', ref: null, hash: 'h4' })
  await store.close()
  const again = (await reopen(file)).messages
  expect(await again.of('a')).toEqual(
    new Map([
      ['status', { task: 'a', key: 'status', ref: root, hash: 'h2' }],
      ['r1', { task: 'a', key: 'r1', ref: { ...root, id: '18' }, hash: 'h3' }],
    ]),
  )
  expect(await again.of('nobody')).toEqual(new Map())
})

test('the task of a message is found by its reference, of the same chat and channel only', async () => {
  const { store } = await newStore()
  await store.messages.put({ task: 'a', key: 'status', ref: root, hash: 'h' })
  await store.messages.put({ task: 'b', key: 'status', ref: null, hash: 'h' })
  expect(await store.messages.taskOf(root)).toBe('a')
  for (const other of [{ chat: 'other' }, { channel: 'other' }, { id: '18' }]) {
    expect(await store.messages.taskOf({ ...root, ...other })).toBeNull()
  }
})
