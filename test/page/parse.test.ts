// What the page makes of words, terminal output, diffs, commands being typed, and facts. Pure, so no browser is needed.
import { describe, expect, test } from 'vitest'
import { parseAnsi } from '../../src/adapters/page/client/ansi.js'
import { accept, complete } from '../../src/adapters/page/client/completion.js'
import { parseDiff } from '../../src/adapters/page/client/diff-parse.js'
import { tellFacts } from '../../src/adapters/page/client/history.js'
import { parseWords, reveal } from '../../src/adapters/page/client/words-parse.js'
import { revealed } from '../../src/bot/unseen.ts'
import type { Completion } from '../../src/adapters/page/index.ts'
import type { FactBody } from '../../src/task/facts.ts'
import { ANN } from './fixture-data.ts'

describe('words', () => {
  const check = (text: string, blocks: unknown) => expect(parseWords(text)).toEqual(blocks)
  const line = (text: string) => [{ kind: 'text', text }]

  test('are paragraphs with the lines they were written in', () =>
    check('one\ntwo\n\nthree', [
      { kind: 'paragraph', lines: [line('one'), line('two')] },
      { kind: 'paragraph', lines: [line('three')] },
    ]))

  test('are lists, ordered and not', () =>
    check('- a\n* b\n1. c\n2) d', [
      { kind: 'list', ordered: false, items: [line('a'), line('b')] },
      { kind: 'list', ordered: true, items: [line('c'), line('d')] },
    ]))

  test('hold code and bold, and nothing else', () =>
    check('a `b **c**` **d** [e](http://f) <b>', [
      {
        kind: 'paragraph',
        lines: [
          [
            { kind: 'text', text: 'a ' },
            { kind: 'code', text: 'b **c**' },
            { kind: 'text', text: ' ' },
            { kind: 'bold', text: 'd' },
            { kind: 'text', text: ' [e](http://f) <b>' },
          ],
        ],
      },
    ]))

  test('keep a fence whole, also one that is never closed', () => {
    check('```ts\na\n\n- b\n```\nc', [
      { kind: 'fence', text: 'a\n\n- b' },
      { kind: 'paragraph', lines: [line('c')] },
    ])
    check('```\nopen', [{ kind: 'fence', text: 'open' }])
  })

  test('of a hundred thousand characters are read in no time', () => {
    const began = performance.now()
    for (const unit of ['`', '**', '- ', '*a', '[', '1) ', '```\n']) parseWords(unit.repeat(100_000 / unit.length))
    expect(performance.now() - began).toBeLessThan(2_000)
  })

  test('that turn around or hide what is read are named; a language that needs its marks keeps them', () => {
    expect(reveal('a\u202Eb\u200Bc', true)).toEqual([
      { text: 'a' },
      { hidden: 'U+202E' },
      { text: 'b' },
      { hidden: 'U+200B' },
      { text: 'c' },
    ])
    expect(reveal('שלום\u200F!\u202E', false)).toEqual([{ text: 'שלום\u200F!' }, { hidden: 'U+202E' }])
  })
})

describe('terminal output', () => {
  const check = (text: string, lines: [string, string][][]) =>
    expect(parseAnsi(text).map((runs) => runs.map((run) => [run.text, run.look]))).toEqual(lines)

  test('has colours that go on over lines until they are reset', () =>
    check('\u001b[1;31mred\nstill\u001b[0m plain', [
      [['red', 'ansi-red ansi-bold']],
      [
        ['still', 'ansi-red ansi-bold'],
        [' plain', ''],
      ],
    ]))

  test('shows the last state of a line that was drawn over', () =>
    check('10%\r50%\r100%\r\nend', [[['100%', '']], [['end', '']]]))

  test('leaves out titles, links, cursor moves and colours without a name', () =>
    check('\u001b]0;title\u0007a\u001b[2K\u001b[1Gb\u001b[38;5;200mc\u001b[38;2;1;2;3md\u001b]8;;http://x\u001b\\e', [
      [
        ['a', ''],
        ['b', ''],
        ['c', ''],
        ['d', ''],
        ['e', ''],
      ],
    ]))
})

describe('a diff', () => {
  test('is files with numbered lines, whatever the lines look like', () => {
    const files = parseDiff(
      'diff --git a/a b.txt b/a b.txt\nindex 1..2 100644\n--- a/a b.txt\n+++ b/a b.txt\n@@ -3,3 +3,3 @@ head\n same\n--- gone\n+++ came\n\n\\ No newline at end of file\ndiff --git a/bin b/bin\nBinary files a/bin and b/bin differ\n',
    )
    expect(files).toEqual([
      {
        path: 'a b.txt',
        notes: [],
        hunks: [
          {
            head: 'head',
            start: 3,
            lines: [
              { kind: 'same', text: 'same', before: 3, after: 3 },
              { kind: 'removed', text: '-- gone', before: 4, after: null },
              { kind: 'added', text: '++ came', before: null, after: 4 },
              { kind: 'same', text: '', before: 5, after: 5 },
              { kind: 'note', text: 'No newline at end of file', before: null, after: null },
            ],
          },
        ],
      },
      { path: 'bin', notes: ['Binary files a/bin and b/bin differ'], hunks: [] },
    ])
  })

  test('of a deleted file keeps its name', () => {
    expect(
      parseDiff('diff --git a/x b/x\ndeleted file mode 100644\n--- a/x\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n')[0],
    ).toMatchObject({
      path: 'x',
      notes: ['deleted file mode 100644'],
      hunks: [{ lines: [{ kind: 'removed', text: 'a', before: 1 }] }],
    })
  })
})

describe('completion', () => {
  const known: Completion = {
    verbs: [
      { word: 'start', says: '', takes: 'words', flags: [{ word: '--agent', says: '', takes: 'agent' }] },
      { word: 'stop', says: '', takes: 'task', flags: [] },
    ],
    agents: ['careful', 'quick'],
    repos: [],
    tasks: ['fix-login', 'fix-logout'],
  }
  test.each([
    ['/', ['/bg']],
    ['/bg ', ['start', 'stop']],
    ['/BG sto', ['stop']],
    ['/bg stop fix-logo', ['fix-logout']],
    ['/bg start --', ['--agent']],
    ['/bg start --agent ', ['careful', 'quick']],
    ['/bg start --agent quick --', []],
    ['/bg start fix ', []],
    ['/bg nonsense ', []],
    ['/bg start a\nb', []],
    ['hello /bg ', []],
    ['', []],
  ])('of %j offers %j', (text, words) => {
    expect(complete(known, text, text.length)?.items.map(({ word }) => word) ?? []).toEqual(words)
  })

  test('replaces what was begun and leaves what follows', () => {
    const offer = complete(known, '/bg st now', 6)
    expect(offer && accept('/bg st now', offer, { word: 'stop', says: '' })).toEqual({ text: '/bg stop now', caret: 9 })
  })
})

test('every kind of fact is a sentence, also one this page does not know', () => {
  const ask = {
    id: 'r1',
    kind: 'permission',
    title: 'Run it',
    detail: '`rm` **x**',
    options: [{ id: 'deny', label: 'Deny…', effect: 'deny' }],
  } as const
  const bodies = [
    { type: 'requested', attempt: 1, seq: 1, ask: { ...ask, options: [...ask.options] }, need: 1 },
    { type: 'voted', request: 'r1', option: 'deny', values: { reason: 'no' } },
    { type: 'from_the_future' } as unknown as FactBody,
  ] satisfies FactBody[]
  const told = tellFacts(bodies.map((body, index) => ({ task: 't', version: index + 1, at: 0, by: ANN, body })))
  expect(told.map(({ sentence, words, code }) => [sentence, words, code])).toEqual([
    ['The agent asked “Run it”.', undefined, '`rm` **x**'],
    ['ann chose “Deny” for “Run it”.', 'no', undefined],
    ['from the future', undefined, undefined],
  ])
})

test('the page and the other chats show the same characters by name', () => {
  const points = [...Array(0x1_0000).keys(), ...Array.from({ length: 0x200 }, (_, n) => 0xe_0000 + n)]
  const texts = points.filter((point) => point < 0xd800 || point > 0xdfff).map((point) => String.fromCodePoint(point))
  const onPage = (text: string, strictly: boolean) =>
    reveal(text, strictly)
      .map((piece) => ('hidden' in piece ? piece.hidden : piece.text))
      .join('')
  for (const strictly of [true, false])
    expect(texts.filter((text) => onPage(text, strictly) !== revealed(text, strictly, (name) => name))).toEqual([])
  expect(revealed('rm \u{E0041}x', false, (name) => `[${name}]`)).toBe('rm [U+E0041]x')
})
