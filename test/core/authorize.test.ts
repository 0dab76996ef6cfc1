import { expect, test } from 'vitest'
import { authorize } from '../../src/task/authorize.ts'
import { ann, eve, people } from './given.ts'

const deeds = [
  ['create', 'start tasks'],
  ['vote', 'answer requests'],
  ['reply', 'guide tasks'],
  ['again', 'start tasks'],
  ['cancel', 'stop tasks'],
] as const

test.each(deeds)('an owner may %s, a stranger is told no', (deed, words) => {
  expect(authorize(people, ann, deed)).toBeNull()
  expect(authorize(people, eve, deed)).toEqual({ refused: `You may not ${words} here: only the owner may.` })
})

test('a name is not who somebody is', () => {
  expect(authorize(people, { chat: 'web', id: 'eve', name: 'ann' }, 'vote')).not.toBeNull()
  expect(authorize(people, { chat: 'web', id: 'ann', name: 'somebody' }, 'vote')).toBeNull()
})

test('the same id in another chat is somebody else', () => {
  expect(authorize(people, { ...ann, chat: 'other' }, 'vote')).not.toBeNull()
})

test('in a house without owners nobody may anything', () => {
  for (const [deed] of deeds) expect(authorize({ owners: [] }, ann, deed)).not.toBeNull()
})
