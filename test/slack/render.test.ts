// Cards and forms as Slack is given them: any card with any words is taken, none of its words can call anybody, none is lost.
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { messagesOf } from '../../src/adapters/chat/slack/answers.ts'
import { modal, notice, unanswered, valuesOf } from '../../src/adapters/chat/slack/forms.ts'
import { FALLBACK_CHARS_MAX, MESSAGE_CHARS_MAX } from '../../src/adapters/chat/slack/limits.ts'
import { attachment, render } from '../../src/adapters/chat/slack/render.ts'
import { revealed } from '../../src/adapters/chat/slack/text.ts'
import { reveal } from '../../src/adapters/page/client/words-parse.js'
import type { Block, Button, Card, Form, Part } from '../../src/task/card.ts'
import { allOf, charsOf, HAS_SPECS, wrongBlocks, wrongView, type Json } from '../fake/slack/spec.ts'

const RUNS = Number(process.env['RUNS'] ?? 200)
const TONES = ['queued', 'working', 'needs', 'good', 'bad', 'stopped', 'plain'] as const

const NASTY = [
  '<!channel>',
  '<!here|here>',
  '<@U0ANN>',
  '<#C0GENERAL>',
  '<https://evil.example|safe>',
  '@here',
  '```',
  '`x`',
  '**bold**',
  '[a](https://b.example)',
  '| a | b |\n|---|---|\n| 1 | 2 |',
  '1. one\n2. two',
  '- x',
  '# head',
  '\u202Eabc',
  '\u200B',
  '\u0000',
  '\ud800',
  '&lt;!channel&gt;',
  '🙂',
  '\r\n',
  '<mailto:a@b.c|x>',
  '<!subteam^S1>',
]
const piece = fc.oneof(fc.constantFrom(...NASTY), fc.string({ unit: 'binary' }), fc.lorem({ maxCount: 8 }))
const short = fc.array(piece, { maxLength: 4 }).map((pieces) => pieces.join(' '))
const long = fc
  .tuple(short, fc.integer({ min: 0, max: 400 }), fc.constantFrom(' ', '\n', ''))
  .map(([text, times, gap]) => `${text}${gap}`.repeat(times))
const text = fc.oneof({ weight: 4, arbitrary: short }, { weight: 1, arbitrary: long })
const actor = fc.record({
  chat: fc.constant('slack'),
  id: fc.oneof(fc.constantFrom('U0ANN', 'W12345', 'owner'), short),
  name: short,
})
const part: fc.Arbitrary<Part> = fc.oneof(
  text,
  fc.record({ at: fc.integer({ min: -10, max: 4e12 }) }),
  fc.record({ since: fc.integer({ min: 0, max: 4e12 }) }),
  fc.record({ code: text }),
  fc.record({ strong: short }),
  fc.record({ person: actor }),
  fc.record({ file: fc.record({ task: fc.constant('t'), path: short }) }),
  fc.record({ message: fc.constant({ chat: 'slack', channel: 'C0', id: '1.000001' }), text: short }),
)
const block: fc.Arbitrary<Block> = fc.oneof(
  fc.record({ kind: fc.constant('line' as const), parts: fc.array(part, { maxLength: 5 }) }),
  fc.record({ kind: fc.constant('words' as const), text }),
  fc.record({ kind: fc.constant('code' as const), text }),
  fc.record({ kind: fc.constant('code' as const), text, title: short }),
  fc.record({
    kind: fc.constant('checklist' as const),
    items: fc.array(
      fc.record({ text: short, state: fc.constantFrom('todo' as const, 'doing' as const, 'done' as const) }),
      { maxLength: 30 },
    ),
  }),
)
const button: fc.Arbitrary<Button> = fc.record({
  id: fc.stringMatching(/^v1:[a-z]{2,8}:[a-z0-9]{1,40}::$/),
  label: short,
})
const cards: fc.Arbitrary<Card> = fc.record({
  tone: fc.constantFrom(...TONES),
  title: text,
  body: fc.array(block, { maxLength: 40 }),
  buttons: fc.array(button, { maxLength: 30 }),
  mention: fc.array(actor, { maxLength: 3 }),
})
const field = fc.record(
  {
    id: fc.stringMatching(/^[a-z0-9]{1,10}$/),
    label: short,
    required: fc.boolean(),
    prefill: text,
    choices: fc.array(fc.record({ label: short, description: text }), { maxLength: 120 }),
    multi: fc.boolean(),
    closed: fc.boolean(),
    long: fc.boolean(),
  },
  { requiredKeys: ['id', 'label', 'required'] },
) as unknown as fc.Arbitrary<Form['fields'][number]>
const forms: fc.Arbitrary<Form> = fc.record({
  title: short,
  says: text,
  submit: short,
  fields: fc.uniqueArray(field, { maxLength: 8, selector: ({ id }) => id }),
})

const links = {
  file: 'https://x.slack.com/files/U/F1/all-of-it.txt',
  message: () => 'https://x.slack.com/archives/C0/p1000001',
}
const blocksOf = (rendered: { blocks: object[] }): Json[] => rendered.blocks as Json[]
const plainCard = (body: Block[], more: Partial<Card> = {}): Card => ({
  tone: 'plain',
  title: 'x',
  body,
  buttons: [],
  mention: [],
  ...more,
})
const readOf = (card: Card): string => allOf(blocksOf(render(card, links)), 'text').join('')

describe('any card', () => {
  test.skipIf(!HAS_SPECS)('is one that Slack takes (skipped without its description)', () => {
    fc.assert(
      fc.property(cards, (card) => {
        const rendered = render(card, links)
        expect(wrongBlocks(blocksOf(rendered))).toEqual([])
        expect(charsOf(blocksOf(rendered))).toBeLessThanOrEqual(MESSAGE_CHARS_MAX + 500)
        expect(rendered.text.length).toBeLessThanOrEqual(FALLBACK_CHARS_MAX)
        expect(rendered.text).not.toBe('')
      }),
      { numRuns: RUNS },
    )
  })

  test('calls nobody but whom it is to call, and shows no link but ours', () => {
    fc.assert(
      fc.property(cards, (card) => {
        const { text: fallback, blocks } = render(card, links)
        const called = new Set(card.mention.map(({ id }) => `<@${id}>`))
        const others = [...called].reduce((left, one) => left.replaceAll(one, ''), fallback)
        expect(others).not.toMatch(/[<>]/u)
        const all = JSON.stringify(blocks)
        expect(all).not.toMatch(/<[!@#]|<https?:|<mailto:/u)
        expect(all).not.toContain('"mrkdwn"')
        const users = allOf(blocks, 'user_id')
        expect(users.every((id) => called.has(`<@${id}>`))).toBe(true)
        expect(allOf(blocks, 'url').every((url) => url.startsWith('https://x.slack.com/'))).toBe(true)
      }),
      { numRuns: RUNS },
    )
  })

  test('shows every word, or says how much it leaves out and links a file that has them all', () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[a-z]{3,12}$/), { maxLength: 60 }),
        fc.integer({ min: 1, max: 60 }),
        (said, times) => {
          const body = [
            { kind: 'words', text: `${said.join(' ')}\n`.repeat(times) },
            { kind: 'code', text: `${said.join('\n')}\n`.repeat(times) },
          ] satisfies Block[]
          const card = plainCard(body)
          const shown = readOf(card)
          const file = attachment(card)
          const whole = file?.content ?? shown
          expect(said.filter((word) => !whole.includes(word))).toEqual([])
          expect(/\d+ characters are left out here; the file has them/u.test(shown)).toBe(file !== null)
        },
      ),
      { numRuns: RUNS },
    )
  })

  test('that is too long shows its beginning and its end', () => {
    const lines = Array.from({ length: 4_000 }, (_, index) => `line ${index} of the report`)
    const shown = readOf(
      plainCard([{ kind: 'words', text: ['First of all.', ...lines, 'In the end: all is well.'].join('\n') }]),
    )
    expect(shown).toContain('First of all.')
    expect(shown).toContain('In the end: all is well.')
    expect(shown.length).toBeLessThan(MESSAGE_CHARS_MAX)
  })
})

test('lines that follow each other stand together, who is called stands above the buttons', () => {
  const body: Block[] = [
    { kind: 'line', parts: ['one'] },
    { kind: 'line', parts: ['two'] },
    { kind: 'code', text: 'x' },
  ]
  const card = plainCard(body, {
    buttons: [{ id: 'v1:a:b::', label: 'OK' }],
    mention: [
      { chat: 'slack', id: 'U0ANN', name: 'ann' },
      { chat: 'web', id: 'U0BOB', name: 'bob' },
    ],
  })
  const { blocks } = render(card)
  expect(blocks.map(({ type }) => type)).toEqual(['header', 'rich_text', 'rich_text', 'rich_text', 'actions'])
  expect(allOf(blocks[1], 'text').join('')).toBe('one\ntwo')
  expect(allOf(blocks[3], 'user_id')).toEqual(['U0ANN'])
})

describe('words of an agent', () => {
  test('keep their lists, code, tables and emphasis, and lose nothing of a list that does not begin at one', () => {
    const said =
      '# Head\n\n- a `b`\n- c\n\n1. one\n2. two\n\n3. three\n\n| name | n |\n|---|---|\n| long name | 1 |\n\n**bold**\n```ts\nconst x = 1\n```'
    expect(render(plainCard([{ kind: 'words', text: said }])).blocks[1]).toMatchObject({
      elements: [
        { type: 'rich_text_quote', elements: [{ text: 'Head', style: { bold: true } }] },
        { type: 'rich_text_list', style: 'bullet', elements: [{}, {}] },
        { type: 'rich_text_list', style: 'ordered', elements: [{}, {}, {}] },
        { type: 'rich_text_preformatted', elements: [{ text: 'name       n\nlong name  1' }] },
        { type: 'rich_text_quote', elements: [{ text: 'bold', style: { bold: true } }] },
        { type: 'rich_text_preformatted', elements: [{ text: 'const x = 1' }] },
      ],
    })
    expect(readOf(plainCard([{ kind: 'words', text: '7. seven' }]))).toContain('7. seven')
  })

  test('show a link with the whole address it leads to', () => {
    expect(readOf(plainCard([{ kind: 'words', text: 'see [the docs](https://evil.example/x)' }]))).toContain(
      'the docs (https://evil.example/x)',
    )
  })

  test('show what is not seen by the same names as the page does', () => {
    const named = (one: string, strictly: boolean): string =>
      reveal(one, strictly)
        .map((found) => ('hidden' in found ? `[${found.hidden}]` : found.text))
        .join('')
    for (let code = 0; code < 0x3000; code++) {
      const char = String.fromCharCode(code)
      for (const strictly of [true, false]) expect(revealed(char, strictly)).toBe(named(char, strictly))
    }
    expect(readOf(plainCard([{ kind: 'code', text: 'rm \u202Etxt.x\u200B' }]))).toContain('rm [U+202E]txt.x[U+200B]')
  })
})

describe('A9', () => {
  test('text beside blocks: an update with 4,000 characters and more would be refused', () => {
    const card = plainCard([{ kind: 'words', text: '<&>'.repeat(5_000) }])
    expect(render(card, links).text.length).toBeLessThanOrEqual(FALLBACK_CHARS_MAX)
  })

  test('blocks per message, buttons per row, one button per id, labels and titles', () => {
    const buttons = Array.from({ length: 30 }, (_, index) => ({ id: `v1:x:${index % 28}::`, label: 'l'.repeat(100) }))
    const body = Array.from({ length: 80 }, (_, index): Block => ({ kind: 'words', text: `block ${index}` }))
    const { blocks } = render(plainCard(body, { title: 't'.repeat(200), buttons }), links)
    expect(wrongBlocks(blocks as unknown as Json[])).toEqual([])
    expect(blocks.length).toBeLessThanOrEqual(50)
    const shown = allOf(blocks, 'text').join('')
    for (const whole of ['t'.repeat(200), 'l'.repeat(100), 'block 0', 'block 79', 'parts are left out here'])
      expect(shown).toContain(whole)
  })

  test.skipIf(!HAS_SPECS)('any form is a window that Slack takes (skipped without its description)', () => {
    fc.assert(
      fc.property(forms, (form) => {
        const view = modal(form, { id: 'v1:vote:t1:r1:allow', channel: 'C0', thread: '1.000001' }) as unknown as Json
        expect(wrongView(view)).toEqual([])
        expect(JSON.stringify(view)).not.toContain('"mrkdwn"')
        const ids = allOf(view, 'block_id').map((id) => id.slice(2))
        expect(form.fields.filter(({ id }) => !ids.includes(id))).toEqual([])
      }),
      { numRuns: RUNS },
    )
    for (const said of ['', 'x'.repeat(400_000)]) expect(wrongView(notice(said) as unknown as Json)).toEqual([])
  })

  test.skipIf(!HAS_SPECS)(
    'any answer to one person is taken, in several messages where it is long (skipped without its description)',
    () => {
      fc.assert(
        fc.property(text, long, (said, code) => {
          for (const message of messagesOf({ kind: 'text', text: said, code }))
            expect(wrongBlocks(blocksOf(message))).toEqual([])
        }),
        { numRuns: RUNS },
      )
      const log = Array.from({ length: 9_000 }, (_, index) => `line ${index}`).join('\n')
      const shown = messagesOf({ kind: 'text', text: 'The log', code: log })
        .map((one) => allOf(one.blocks, 'text').join(''))
        .join('')
      expect(shown).toContain('line 5000')
      expect(shown).toMatch(/… and \d+ characters more/u)
    },
  )
})

describe('what was filled in', () => {
  const choices = [{ label: 'SQLite' }, { label: 'R'.repeat(90) }]
  const form: Form = { title: 'x', submit: 'x', fields: [{ id: 'q0', label: 'Where?', required: true, choices }] }
  const option = (value: string, label: string) => ({ value, text: { text: label } })

  test('is the whole of a choice, several of them, or own words instead of one', () => {
    expect(valuesOf({ 'm:q0': { selected_option: option('1', 'RRR…') }, 'o:q0': { value: null } }, form)).toEqual({
      q0: 'R'.repeat(90),
    })
    expect(valuesOf({ 'm:q0': { selected_option: option('0', 'SQLite') }, 'o:q0': { value: ' mine ' } }, form)).toEqual(
      { q0: 'mine' },
    )
    expect(
      valuesOf({ 'p:q0': { selected_options: [option('0', 'SQLite')] }, 'o:q0': { value: 'mine' } }, form),
    ).toEqual({ q0: 'SQLite, mine' })
    expect(valuesOf({ 't:text': { value: 'a\nb' } }, null)).toEqual({ text: 'a\nb' })
  })

  test('is missing where neither was chosen nor written', () => {
    expect(unanswered({ 'm:q0': { selected_option: null }, 'o:q0': { value: ' ' } })).toBe('m:q0')
    expect(unanswered({ 'm:q0': { selected_option: null }, 'o:q0': { value: 'mine' } })).toBeNull()
    expect(unanswered({ 'p:q0': { selected_option: null } })).toBeNull()
  })
})
