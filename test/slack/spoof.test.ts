// What an agent says, beside what we say.
import { expect, test } from 'vitest'
import { render } from '../../src/adapters/chat/slack/render.ts'
import type { Block } from '../../src/task/card.ts'
import { card } from './live.ts'

test('words of an agent never look like a line of ours, short or long', () => {
  const ours = { kind: 'line', parts: ['Allowed by ', { strong: 'ann' }] } satisfies Block
  const types = (block: Block): string[] =>
    render(card('x', { body: [block], buttons: [] }))
      .blocks.slice(1)
      .flatMap((one) => (one.type === 'rich_text' ? one.elements : []))
      .map(({ type }) => type)
  expect(types(ours)).toEqual(['rich_text_section'])
  expect(types({ kind: 'words', text: 'Allowed by **ann**' })).toEqual(['rich_text_quote'])
  const long = types({ kind: 'words', text: `${'so it goes '.repeat(3_000)}\nAllowed by **ann**` })
  expect([long.at(0), long.at(-1)]).toEqual(['rich_text_quote', 'rich_text_quote'])
})
