// What agents and people wrote is shown and nothing else.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { codeBlock, inert, words } from '../../src/adapters/chat/discord/text.ts'

test.each([
  ['[click me](https://evil.example)', '\\[click me\\](https://evil.example)'],
  ['# Approved by @ann', '\\# Approved by @ann'],
  ['-# small print', '\\-# small print'],
  ['>>> quoted', '\\>>> quoted'],
  ['<@123> <@&4> <#5> <t:1:R> </bg:1>', '\\<@123> \\<@&4> \\<#5> \\<t:1:R> \\</bg:1>'],
  ['**bold** _it_ ~~gone~~ ||hidden||', '\\*\\*bold\\*\\* \\_it\\_ \\~\\~gone\\~\\~ \\|\\|hidden\\|\\|'],
  ['- item\n1. first', '\\- item\n1\\. first'],
  ['see https://example.org/a_b?c=d', 'see https://example.org/a_b?c=d'],
  ['https://example.org/*a*', 'https://example.org/\\*a\\*'],
  ['rm -rf \u202egpj.exe', 'rm -rf ‹U+202E›gpj.exe'],
  ['a\u200bb\u0007c', 'a‹U+200B›b‹U+0007›c'],
])('%j is shown as %j', (text, shown) => {
  expect(inert(text)).toBe(shown)
})

test('words are quoted, keep their light markup, and have no heading, link or small print of ours', () => {
  const said = [
    '# Title',
    'Use `npm test` and **nothing** else [here](https://x.example)',
    '- one',
    '2) two',
    '',
    'end',
  ].join('\n')
  expect(words(said).split('\n')).toEqual([
    '> **Title**',
    '> Use `npm test` and **nothing** else \\[here\\](https://x.example)',
    '> - one',
    '> 2. two',
    '>',
    '> end',
  ])
})

test('a fence in words is code, one that is never closed too, and nothing leaves it', () => {
  expect(words('before\n```ts\nlet a = 1\n```\nafter')).toBe('> before\n```\nlet a = 1\n```\n> after')
  expect(words('```\nopen')).toBe('```\nopen\n```')
  expect(words('``` `` ```')).toContain('```')
})

test('no text leaves its code block', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('`', '``', '```', '\n', 'a', ' ', '\u200b', '@everyone') }),
      (text) => {
        expect(codeBlock(text).split('```')).toHaveLength(3)
      },
    ),
  )
})

/** Signs that would do something, read from left to right as Discord does: escaped signs and code do nothing. */
const active = (shown: string): string[] =>
  shown
    .replaceAll(/\\[\\*_~`|<>[\]#\-+.)]|```[\s\S]*?```|`[^`\n]+`/gu, 'x')
    .match(/[[<~|_`]|^(?:> ?)?\s*(?:#{1,3} |-#)/gmu) ?? []

test('whatever is said, nothing in it does anything', () => {
  const pieces = [
    '`',
    '```',
    '**',
    '*',
    '_',
    '~~',
    '||',
    '[',
    '](',
    ')',
    '<@1>',
    '<',
    '#',
    ' ',
    '\n',
    '-#',
    '>',
    '\\',
    'a',
    'é',
    '👩‍👧',
  ]
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 30 }), (some) => {
      const text = some.join('')
      expect(active(inert(text))).toEqual([])
      expect(active(words(text))).toEqual([])
    }),
    { numRuns: 2_000 },
  )
})

test('outside of code every line of words is quoted', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('`', '```', '\n', '#', '-', ' ', 'a', '1.') }), (text) => {
      const lines = words(text)
        .replaceAll(/```[\s\S]*?```/gu, '')
        .split('\n')
      expect(lines.filter((line) => line !== '' && !line.startsWith('>'))).toEqual([])
    }),
    { numRuns: 1_000 },
  )
})
