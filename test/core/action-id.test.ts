import { expect, test } from 'vitest'
import { ACTION_ID_CHARS_MAX, actionId, parseActionId } from '../../src/task/action-id.ts'

test('what a button names is what is read from it', () => {
  expect(parseActionId(actionId('vote', 't1', 'q1', 'allow'))).toEqual({
    action: 'vote',
    task: 't1',
    request: 'q1',
    option: 'allow',
  })
  expect(parseActionId(actionId('stop', 't1'))).toEqual({ action: 'stop', task: 't1', request: '', option: '' })
})

test.each([
  ['another version', 'v2:stop:t1::'],
  ['an unknown action', 'v1:burn:t1::'],
  ['no task', 'v1:stop:::'],
  ['too few parts', 'v1:stop:t1'],
  ['too many parts', 'v1:vote:t1:q:1:allow'],
  ['nothing', ''],
  ['more characters than platforms allow', actionId('vote', 't1', 'q'.repeat(ACTION_ID_CHARS_MAX))],
])('%s is no button of ours', (_what, id) => expect(parseActionId(id)).toBeNull())

test('the longest id that platforms take is read', () => {
  const id = actionId('vote', 't1', 'q'.repeat(ACTION_ID_CHARS_MAX - 'v1:vote:t1::a'.length), 'a')
  expect(id).toHaveLength(ACTION_ID_CHARS_MAX)
  expect(parseActionId(id)?.option).toBe('a')
})
