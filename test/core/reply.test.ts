import { describe, test } from 'vitest'
import {
  ann,
  asked,
  asking,
  bob,
  cancelled,
  check,
  completed,
  created,
  eve,
  failed,
  guided,
  lost,
  NOW,
  parked,
  permission,
  PLAIN,
  question,
  reply,
  settled,
  started,
  stopAsked,
  voted,
  withdrawn,
  working,
  type Given,
  prompted,
} from './given.ts'

const questioning: Given = [...working, asked(question())]

describe('while a question waits, a reply answers it:', () => {
  test.each([
    ['by its label, however it is written', ' RED ', 'red', {}],
    ['by its number', '2', 'blue', {}],
    ['in words, when it is none of the choices', 'a light green', 'words', { words: 'a light green' }],
    ['in words, when the number is none of the choices', '3', 'words', { words: '3' }],
  ])('%s', (_how, text, option, values) => {
    check({
      given: questioning,
      when: reply(text),
      then: [voted('q1', option, { values }), settled('q1', option, ann, values)],
    })
  })

  test('also when its process is gone', () => {
    const then = [voted('q1', 'red'), settled('q1', 'red')]
    check({ given: [...questioning, lost()], when: reply('red'), then })
    check({ given: [...questioning, parked], when: reply('red'), then })
  })

  test('also beside a permission, which it does not answer', () => {
    const given: Given = [...questioning, asked(permission('q2'), { seq: 4 })]
    check({ given, when: reply('red'), then: [voted('q1', 'red'), settled('q1', 'red')] })
  })

  test('but not two questions at once', () => {
    const given: Given = [...questioning, asked(question('q2'), { seq: 4 })]
    check({ given, when: reply('red'), then: 'fix-it asks 2 questions at once: answer with their buttons.' })
  })
})

describe('while it works, a reply guides it:', () => {
  const then = [{ type: 'guided' as const, guidance: 'g9', text: 'keep the names' }]
  test.each<[string, Given]>([
    ['before it is started', [created()]],
    ['while it runs', working],
    ['while a permission waits', asking],
    ['while it is parked', [...asking, parked]],
    ['after its session was lost', [...working, lost()]],
  ])('%s', (_where, given) => check({ given, when: reply('keep the names\n', bob), then }))

  test('with the message it came from', () => {
    const source = { chat: 'web', channel: 'c', id: 'm7' }
    check({
      given: working,
      when: { type: 'reply', by: ann, id: 'g9', text: 'keep the names', source },
      then: [{ type: 'guided', guidance: 'g9', text: 'keep the names', source }],
    })
  })

  test('unless its agent takes no words', () => {
    check({
      given: [created(PLAIN), started()],
      when: reply('faster'),
      then: 'plain takes no words while it runs; Stop ends it.',
    })
  })
})

describe('after the end, a reply is the prompt of the next turn:', () => {
  const next = [prompted('now the tests')]
  test.each<[string, Given]>([
    ['completed', [...working, completed()]],
    ['failed', [...working, failed()]],
    ['stopped', [...working, stopAsked(), cancelled()]],
    ['stopped before it began', [created(), cancelled()]],
  ])('%s', (_how, given) => check({ given, when: reply('now the tests'), then: next }))

  test('turns are counted', () => {
    const given: Given = [...working, completed(), prompted(), started(2), completed(2)]
    check({ given, when: reply('and more'), then: [prompted('and more', [], 3)] })
  })

  test('unless its agent cannot be continued', () => {
    const then = 'plain cannot be continued: start a new task, or run this one again.'
    check({ given: [created(PLAIN), started(), completed()], when: reply('more'), then })
  })
})

describe('refused, with a sentence:', () => {
  test.each<[string, Given, ReturnType<typeof reply>, string]>([
    ['no words', working, reply('  '), 'The message is empty: say what you want.'],
    [
      'a task that is being stopped',
      [...working, stopAsked()],
      reply('wait'),
      'fix-it is being stopped; write again when it has stopped.',
    ],
    ['a task that is not there', [], reply('hello'), 'There is no such task.'],
    ['a stranger', working, reply('hello', eve), 'You may not guide tasks here: only the owner may.'],
    [
      'control characters',
      working,
      reply('\u001b[2J'),
      'The message contains the control character U+001B at position 1: remove it.',
    ],
  ])('%s', (_what, given, when, then) => check({ given, when, then }))
})

test('words for a task that has settled its question guide it', () => {
  const given: Given = [...questioning, [bob, settled('q1', 'blue', bob)]]
  check({ given, when: reply('red'), then: [{ type: 'guided', guidance: 'g9', text: 'red' }] })
})

test('guidance is no obstacle to a withdrawn question', () => {
  const given: Given = [...questioning, withdrawn('q1', 'the agent went on'), guided()]
  check({ given, when: reply('red'), then: [{ type: 'guided', guidance: 'g9', text: 'red' }] })
})

test('the moment of a vote is the moment it was decided', () => {
  check({
    given: questioning,
    when: reply('red'),
    then: [
      voted('q1', 'red'),
      { type: 'settled', request: 'q1', vote: { by: ann, at: NOW, option: 'red', values: {} } },
    ],
  })
})
