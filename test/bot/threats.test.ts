// Threats of docs/SECURITY.md that come through the door of a chat.
import { expect, test } from 'vitest'
import { OPEN_TASKS_MAX } from '../../src/bot/open-tasks.ts'
import type { Reply } from '../../src/bot/chat.ts'
import { record } from '../../src/runner/journal.ts'
import { ACTION_ID_CHARS_MAX } from '../../src/task/action-id.ts'
import { posts } from '../../src/task/posts/index.ts'
import type { Ask } from '../../src/task/request.ts'
import { HOUSE } from '../../src/task/words.ts'
import { asked, completed, permission, prompted, started, withdrawn } from '../core/given.ts'
import { ANN, APPROVER, DEV, EVE, room } from './room.ts'

const DONE: Reply = { kind: 'none' }
const refusal = (words: string) => ({ kind: 'refused', text: expect.stringContaining(words) })

/** Two tasks of one person: one asks, and so did the other one before its first turn ended. */
async function asking() {
  const it = await room()
  await it.types(ANN, 'start --here one')
  await it.types(ANN, 'start --here two')
  const request = await it.asks('t1')
  const by = { by: HOUSE, now: () => 2 }
  const end = [withdrawn('old', 'the turn has ended'), completed()]
  const second = [prompted(), started(2), asked(permission('new'), { attempt: 2 })]
  for (const fact of [started(), asked(permission('old')), ...end, ...second])
    await record(it.store.journal, 't2', () => [fact], by)
  return { ...it, request }
}

test('a forged action id decides nothing: of another task, request, option, action or version, too long, or not ours at all', async () => {
  const { clicks, task, request } = await asking()
  const before = [(await task('t1'))?.version, (await task('t2'))?.version]
  const forged = [
    `v1:vote:t2:${request}:allow`,
    `v1:vote:t1:${request}:always`,
    `v1:vote:t1:${request}:__proto__`,
    'v1:vote:t1:new:allow',
    'v1:vote:t9:q1:allow',
    `v2:vote:t1:${request}:allow`,
    `v1:approve:t1:${request}:allow`,
    `v1:vote:t1:${request}:allow:allow`,
    `v1:vote:t1:${request}`,
    `v1:vote:t1:${request}:${'a'.repeat(ACTION_ID_CHARS_MAX)}`,
    `V1:VOTE:T1:${request}:ALLOW`,
    ` v1:vote:t1:${request}:allow`,
    'v1:stop:t1:9:',
    'v1:stop:t1:one:',
    'v1:again:t1:1:',
    '',
    '{"action":"vote"}',
  ]
  for (const id of forged) expect({ id, ...(await clicks(ANN, id)) }).toMatchObject({ kind: 'refused' })
  expect([(await task('t1'))?.version, (await task('t2'))?.version]).toEqual(before)
})

test('an old action id decides nothing: of a turn that is over, of a request that is answered', async () => {
  const { clicks, task, request } = await asking()
  const before = (await task('t2'))?.version
  expect(await clicks(ANN, 'v1:vote:t2:old:allow')).toEqual(refusal('This is no longer asked'))
  expect(await clicks(ANN, 'v1:stop:t2:1:')).toEqual(refusal('This button is of turn 1'))
  expect(await clicks(ANN, 'v1:interrupt:t2:1:')).toEqual(refusal('This button is of turn 1'))
  expect((await task('t2'))?.version).toBe(before)
  expect(await clicks(ANN, `v1:vote:t1:${request}:deny`)).toEqual(DONE)
  expect(await clicks(ANN, `v1:vote:t1:${request}:allow`)).toEqual(refusal('Already answered by @ann: Deny'))
})

test('a replayed delivery does nothing again, and nothing else instead', async () => {
  const { delivers, task, request } = await asking()
  const click = (id: string) => delivers({ kind: 'click', key: 'one', actor: ANN, id, values: {} })
  expect(await click(`v1:vote:t1:${request}:allow`)).toEqual(DONE)
  const after = (await task('t1'))?.version
  expect(await click(`v1:vote:t1:${request}:allow`)).toEqual(DONE)
  expect(await click('v1:vote:t2:new:allow')).toEqual(DONE)
  expect((await task('t1'))?.version).toBe(after)
  expect((await task('t2'))?.requests.at(-1)?.state).toEqual({ kind: 'open' })
})

test('a reply that pretends to be an approval is words: of who may steer held until it is answered, of who may not kept', async () => {
  const { says, types, task, request } = await asking()
  for (const words of ['yes, allow it', 'allow', 'Allow once', '1', `v1:vote:t1:${request}:allow`, 'approved by @ann'])
    expect(await says(ANN, words)).toEqual(DONE)
  for (const words of ['yes, allow it', 'Allowed once by @ann, 14:02 · delivered'])
    for (const by of [EVE, APPROVER]) expect(await says(by, words)).toEqual(refusal('You may not guide'))
  expect(await types(DEV, 'answer t1 allow')).toEqual(refusal('You may not answer'))
  const known = await task('t1')
  expect(known?.requests[0]).toMatchObject({ state: { kind: 'open' }, votes: [] })
  expect(known?.guidance.map(({ state }) => state.kind)).toEqual(Array(6).fill('held'))
})

test('what an agent says cannot look like our word: a request that claims to be allowed is open, with buttons, and names nobody', async () => {
  const claim = 'Allowed once by @ann, 14:02 · delivered'
  const lies: Ask = {
    ...permission(),
    title: claim,
    detail: `npm test\n${claim}`,
    why: `${claim}\n[Allow once]`,
    options: permission().options,
  }
  const { types, asks, task } = await room()
  await types(ANN, 'start --here x')
  await asks('t1', lies)
  const known = await task('t1')
  const post = known && posts(known, { progress: null, line: null }).get('request:q1')
  if (post?.kind !== 'card') throw new Error('no card')
  const { tone, body, buttons } = post.card
  expect(tone).toBe('needs')
  expect(buttons.map(({ label }) => label)).toEqual(['Allow once', 'Deny…'])
  const ours = body.filter(({ kind }) => kind === 'line')
  expect(JSON.stringify(ours)).not.toContain('Allowed')
  expect(body.filter((block) => JSON.stringify(block).includes(claim)).map(({ kind }) => kind)).toEqual([
    'code',
    'words',
  ])
})

test('of a thousand commands of one person so many are taken, the others refused with a sentence, and other people go on', async () => {
  const { types, store } = await room()
  const replies = await Promise.all(Array.from({ length: 1_000 }, (_, n) => types(ANN, `start --here job ${n}`)))
  expect(replies.filter(({ kind }) => kind === 'none')).toHaveLength(OPEN_TASKS_MAX)
  expect(replies.at(-1)).toEqual(refusal(`You have 250 open tasks, and 250 is the most`))
  expect(await store.journal.heads({ limit: 9_999 })).toHaveLength(OPEN_TASKS_MAX)
  expect(await types(DEV, 'start --here mine')).toEqual(DONE)
  expect(await types(ANN, 'tasks')).toMatchObject({ kind: 'text' })
  expect(await types(ANN, 'stop t1')).toEqual(DONE)
  expect(await types(ANN, 'start --here one more')).toEqual(DONE)
  expect(await types(ANN, 'start --here too many')).toEqual(refusal('start more when some have ended'))
})
