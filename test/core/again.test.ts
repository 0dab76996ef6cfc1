import { test } from 'vitest'
import {
  ann,
  cancelled,
  check,
  completed,
  created,
  eve,
  failed,
  PLAIN,
  started,
  stopAsked,
  working,
  type Given,
  prompted,
} from './given.ts'

const again = { type: 'again', by: ann } as const
const ended: Given = [created(PLAIN), started(), failed()]

test('what has ended is run again with the same prompt, as the next turn', () => {
  check({ given: ended, when: again, then: [prompted('fix it')] })
  check({
    given: [created(), cancelled()],
    when: again,
    then: [prompted('fix it')],
  })
})

test('it is the last prompt that is repeated', () => {
  const given: Given = [...working, completed(), prompted(), started(2), failed(2)]
  check({ given, when: again, then: [prompted('more', [], 3)] })
})

test('what has not ended is not run again', () => {
  for (const given of [[created()], working, [...working, stopAsked()]])
    check({ given, when: again, then: 'fix-it has not ended yet.' })
})

test('a second click is refused: it runs again already', () => {
  const given: Given = [...ended, prompted('fix it')]
  check({ given, when: again, then: 'fix-it has not ended yet.' })
})

test('a stranger may not run anything', () => {
  check({ given: ended, when: { type: 'again', by: eve }, then: 'You may not guide tasks here: only the owner may.' })
})
