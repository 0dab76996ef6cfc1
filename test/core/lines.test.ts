import { describe, expect, test } from 'vitest'
import { posts } from '../../src/task/posts/index.ts'
import type { Card } from '../../src/task/card.ts'
import type { FactBody } from '../../src/task/facts.ts'
import {
  ann,
  asked,
  cancelled,
  completed,
  created,
  failed,
  folded,
  permission,
  started,
  stopAsked,
  type Given,
} from './given.ts'

const ROOT = { chat: 'web', channel: 'general', id: 'm1' }
const cardAt = (facts: Given, key: string, root = true): Card | undefined => {
  const post = posts(folded(facts), { progress: null, line: null, root: root ? ROOT : null }).get(key)
  return post?.kind === 'card' ? post.card : undefined
}
const createdWith = (change: object): FactBody => ({ ...created(), ...change })

describe('a turn that has ended is told in one line in the channel', () => {
  test('with a link to its thread, and calls nobody', () => {
    const card = cardAt([created(), started(), completed()], 'line:1')
    expect(card).toMatchObject({ tone: 'good', title: '', buttons: [], mention: [] })
    expect(card?.body).toEqual([
      {
        kind: 'line',
        parts: [{ message: ROOT, text: expect.any(String) as string }, ': ', expect.stringMatching(/^done/) as string],
      },
    ])
  })
  test('a failed one too', () => expect(cardAt([created(), started(), failed()], 'line:1')?.tone).toBe('bad'))
  test('but not one that somebody stopped', () =>
    expect(cardAt([created(), started(), stopAsked(), cancelled()], 'line:1')).toBeUndefined())
  test('nor while there is no status card to link to', () =>
    expect(cardAt([created(), started(), completed()], 'line:1', false)).toBeUndefined())
})

describe('a task that was asked for in a thread', () => {
  const inThread = createdWith({ place: { chat: 'web', channel: 'general', thread: 'm0' } })
  test('is linked there, because it has a thread of its own', () => {
    const post = posts(folded([inThread]), { progress: null, line: null, root: ROOT }).get('origin')
    expect(post).toMatchObject({
      where: 'origin',
      card: { body: [{ parts: ['Started ', { message: ROOT }, expect.anything() as string] }] },
    })
  })
  test('and one that was not is linked nowhere', () => expect(cardAt([created()], 'origin')).toBeUndefined())
})

describe('people are called when they are needed or asked to be told', () => {
  const asks = asked()
  const called = (notify: string | undefined, facts: Given, key: string) =>
    (cardAt([createdWith({ options: notify ? { notify } : {} }), started(), ...facts], key)?.mention ?? []).map(
      ({ id }) => id,
    )
  test.each([
    [undefined, true, false, true],
    ['on-block', true, false, true],
    ['on-complete', false, true, true],
    ['always', true, true, true],
    ['off', false, false, false],
  ])('notify %s', (notify, whenAsking, whenDone, whenFailed) => {
    const yes = (is: boolean) => (is ? [ann.id] : [])
    expect(called(notify, [asks], 'request:q1')).toEqual(yes(whenAsking))
    expect(called(notify, [completed()], 'summary:1')).toEqual(yes(whenDone))
    expect(called(notify, [failed()], 'summary:1')).toEqual(yes(whenFailed))
  })
})

test('a permission says which of its characters read as others', () => {
  const ask = { ...permission(), detail: 'rm -rf /h\u043Eme' }
  const lines = cardAt([created(), started(), asked(ask)], 'request:q1')?.body
  expect(lines).toContainEqual({
    kind: 'line',
    parts: [{ strong: 'Careful: it holds characters that look like others: “\u043E” (U+043E, Cyrillic)' }],
  })
})
