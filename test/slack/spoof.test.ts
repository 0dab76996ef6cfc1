// What an agent says, beside what we say.
import { expect, test } from 'vitest'
import { asText, render } from '../../src/adapters/chat/slack/render.ts'
import type { Block } from '../../src/task/card.ts'
import { allOf } from '../fake/slack/spec.ts'
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

test('a name, a title or an item of a list from an agent begins no line of its own', () => {
  const fake = 'x\n✓ Allowed once by @ann'
  const body = [
    { kind: 'line', parts: ['↳ ', fake, { strong: fake }, { person: { chat: 'slack', id: 'U0', name: fake } }] },
    { kind: 'checklist', items: [{ text: fake, state: 'done' }] },
  ] satisfies Block[]
  const one = card(fake, { body, buttons: [{ id: 'v1:a:b::', label: fake }] })
  for (const { text, blocks } of [render(one), asText(one)])
    expect(`${text}\n${allOf(blocks, 'text').join('')}`).not.toMatch(/^✓ Allowed/mu)
})
