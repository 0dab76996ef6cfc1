import { expect, test } from 'vitest'
import { decide } from '../../src/task/decide/index.ts'
import type { Command } from '../../src/task/decide/command.ts'
import type { FactBody } from '../../src/task/facts.ts'
import { ann, completed, folded, people, working } from './given.ts'

const more: FactBody = { type: 'prompted', turn: 2, text: 'more', guidance: [] }
const inTurnTwo = folded([...working, completed(), more])

test.each<Command>([
  { type: 'cancel', by: ann, turn: 1 },
  { type: 'again', by: ann, turn: 1 },
  { type: 'reply', by: ann, turn: 1, id: 'g9', text: 'and more' },
])('a button of an earlier turn does nothing to a later one ($type)', (command) => {
  expect(decide(inTurnTwo, command, people, 0)).toEqual({
    refused: 'This button is of turn 1; fix-it is in turn 2 by now.',
  })
})

test('one of this turn does', () => {
  expect(decide(inTurnTwo, { type: 'cancel', by: ann, turn: 2 }, people, 0)).toHaveLength(1)
})
