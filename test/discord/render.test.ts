// Cards as messages: whatever is in a card, Discord takes it, nothing is cut silently, nobody is called whom the card does not call.
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { render } from '../../src/adapters/chat/discord/render.ts'
import type { Block, Button, Card } from '../../src/task/card.ts'
import { pingedBy, shownIn, wrongMessage, type Body } from '../fake/discord/rules.ts'
import { discordSpec, withoutDiscordSpec } from '../fake/discord/spec.ts'
import { flat, World } from '../fake/discord/world.ts'
import { card } from './support.ts'

const LINKS = { chat: 'discord', guildOf: () => '42' }
const MARK = 0x4000_0001
const world = new World()
const [ann, bob] = [world.person('ann'), world.person('bob')]
const actor = (user: { id: string }) => ({ chat: 'discord', id: user.id, name: 'someone' })
const spec = withoutDiscordSpec ? null : discordSpec()

/** What Discord would say to it. */
function wrong(shown: Card): string | null {
  const { body, files } = render(shown, LINKS, MARK)
  const sent = { ...body, nonce: 'n', enforce_nonce: true }
  return (
    spec?.request('POST', '/channels/1/messages', sent) ??
    wrongMessage(
      body as Body,
      null,
      files.map(({ name }) => name),
    )
  )
}

const read = (shown: Card): string => shownIn(render(shown, LINKS, MARK).body as Body)

const anyText = fc.oneof(
  fc.string(),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.lorem({ maxCount: 400 }),
  fc.constantFrom(
    '',
    '```',
    '@everyone',
    `<@${bob.id}>`,
    '# x',
    '\u202e',
    '`',
    '\n\n',
    '|'.repeat(5_000),
    '```\n'.repeat(300),
    'x '.repeat(9_000),
  ),
)
const anyBlock: fc.Arbitrary<Block> = fc.oneof(
  fc.record({ kind: fc.constant('words' as const), text: anyText }),
  fc.record({ kind: fc.constant('code' as const), text: anyText, title: anyText }),
  fc.record({ kind: fc.constant('code' as const), text: anyText, syntax: fc.constant('diff' as const) }),
  fc.record({
    kind: fc.constant('line' as const),
    parts: fc.array(
      fc.oneof(
        anyText,
        fc.record({ at: fc.nat() }),
        fc.record({ since: fc.nat() }),
        fc.record({ code: anyText }),
        fc.record({ strong: anyText }),
        fc.record({ person: fc.constantFrom(actor(ann), actor(bob), { chat: 'web', id: 'owner', name: '@everyone' }) }),
        fc.record({ file: fc.record({ task: fc.constant('t1'), path: anyText }) }),
        fc.record({ message: fc.constant({ chat: 'discord', channel: '1', id: '2' }), text: anyText }),
      ),
      { maxLength: 6 },
    ),
  }),
  fc.record({
    kind: fc.constant('checklist' as const),
    items: fc.array(
      fc.record({ text: anyText, state: fc.constantFrom('todo' as const, 'doing' as const, 'done' as const) }),
      { maxLength: 12 },
    ),
  }),
)
const anyButtons = fc
  .array(fc.record({ label: anyText, style: fc.constantFrom('primary' as const, 'danger' as const) }), {
    maxLength: 60,
  })
  .map((all): Button[] => all.map((one, index) => ({ ...one, id: `v1:vote:t1:r1:${index}` })))
const anyCard: fc.Arbitrary<Card> = fc.record({
  tone: fc.constantFrom(
    'queued' as const,
    'working' as const,
    'needs' as const,
    'good' as const,
    'bad' as const,
    'stopped' as const,
    'plain' as const,
  ),
  title: anyText,
  body: fc.array(anyBlock, { maxLength: 40 }),
  buttons: anyButtons,
  mention: fc.subarray([actor(ann), { chat: 'web', id: 'owner', name: 'owner' }]),
})

describe('whatever is in a card,', () => {
  test('Discord takes it', () => {
    fc.assert(
      fc.property(anyCard, (any) => {
        expect(wrong(any)).toBeNull()
      }),
      { numRuns: 400 },
    )
  })

  test('nobody is called whom the card does not call', () => {
    fc.assert(
      fc.property(anyCard, (any) => {
        const called = pingedBy(render(any, LINKS).body as Body, null, world)
        expect(called).toEqual(any.mention.some(({ chat }) => chat === 'discord') ? [ann.id] : [])
      }),
      { numRuns: 200 },
    )
  })

  test('every block is either shown or all of it is in a file that the message names', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            kind: fc.constant('code' as const),
            text: fc.string({ unit: fc.constantFrom('a', 'b', '\n'), maxLength: 3_000 }),
          }),
          { maxLength: 20 },
        ),
        (body) => {
          const { body: sent, files } = render(card('one', { body }), LINKS)
          const shown = shownIn(sent as Body)
          for (const { text } of body) {
            const file = files.find((one) => one.text.includes(text))
            expect(
              shown.includes(`\n${text === '' ? ' ' : text}\n\`\`\``) ||
                (file !== undefined && shown.includes(file.name)),
            ).toBe(true)
          }
        },
      ),
      { numRuns: 200 },
    )
  })
})

test('the conclusion of a long text is visible, and all of it is attached', () => {
  const text = `${'It went on and on.\n'.repeat(900)}In short: ship it.`
  const shown = card('Done', {
    body: [
      { kind: 'words', text },
      { kind: 'line', parts: ['$0.42'] },
    ],
  })
  expect(read(shown)).toContain('In short: ship it.')
  expect(read(shown)).toContain('$0.42')
  expect(read(shown)).toMatch(/characters are left out here; all of it is in words\.md/u)
  expect(render(shown, LINKS).files).toEqual([{ name: 'words.md', text }])
})

test('a command with fences inside is shown, and attached to the letter', () => {
  const text = 'echo "```" # ```js'
  const { body, files } = render(card('May it?', { body: [{ kind: 'code', text }] }), LINKS)
  expect(files).toEqual([{ name: 'command.txt', text }])
  expect(shownIn(body as Body)).toContain('echo "')
})

test('more buttons than rows hold become options of selects, and long labels are said in full', () => {
  const buttons = Array.from({ length: 30 }, (_, n): Button => ({ id: `v1:vote:t1:r1:${n}`, label: `Option ${n}` }))
  const components = flat((render(card('Which?', { buttons }), LINKS).body as Body).components ?? [])
  expect(components.filter(({ type }) => type === 2)).toEqual([])
  expect(components.flatMap(({ options }) => (options as { value: string }[] | undefined) ?? [])).toHaveLength(30)
  const label = `Always allow ${'x'.repeat(90)}`
  expect(read(card('May it?', { buttons: [{ id: 'v1:vote:t1:r1:always', label }] }))).toContain(label)
})

test('a person is called once, above where the text does not name them, and links and times are Discord’s own', () => {
  const parts = [
    { message: { chat: 'discord', channel: '7', id: '9' }, text: 'fix-it' },
    ': done ',
    { at: 61_000 },
    ' ',
    { since: 61_000 },
  ]
  expect(read(card('', { body: [{ kind: 'line', parts }], buttons: [] }))).toBe(
    '[fix-it](https://discord.com/channels/42/7/9): done <t:61:f> <t:61:R>',
  )
  expect(read(card('May it?', { mention: [actor(ann)] }))).toMatch(new RegExp(`^<@${ann.id}>\n### `, 'u'))
  const named: Card = card('May it?', {
    mention: [actor(ann)],
    body: [{ kind: 'line', parts: ['asked by ', { person: actor(ann) }] }],
  })
  expect(read(named).split(`<@${ann.id}>`)).toHaveLength(2)
})

test('who is needed is called, whatever an agent says of them', () => {
  const text = `<@${ann.id}> need not look`
  for (const body of [
    [{ kind: 'words' as const, text }],
    [{ kind: 'code' as const, text }],
    [{ kind: 'line' as const, parts: [text] }],
  ])
    expect(read(card('May it?', { mention: [actor(ann)], body }))).toMatch(new RegExp(`^<@${ann.id}>\n### `, 'u'))
})
