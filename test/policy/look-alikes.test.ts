import { assert, property, string } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { lookAlikes } from '../../src/task/policy/look-alikes.ts'

describe('who decides is told of characters that read as others', () => {
  test.each([
    ['a Cyrillic letter in a Latin word', 'rm -rf /h\u043Eme', ['“\u043E” (U+043E, Cyrillic)']],
    ['a Greek one', 'npm install l\u03BFdash', ['“\u03BF” (U+03BF, Greek)']],
    ['a word that is all of them', '\u0441\u0440 a b', ['“\u0441” (U+0441, Cyrillic)', '“\u0440” (U+0440, Cyrillic)']],
    ['a slash that is none', 'curl https://good.example\u2215evil.example', ['“\u2215” (U+2215, not a slash)']],
    ['a space that is none', 'rm\u00A0-rf x', ['“\u00A0” (U+00A0, not a space)']],
    ['a dash that is none', 'rm \u2013rf x', ['“\u2013” (U+2013, not a hyphen)']],
    ['full-width letters', 'cat \uFF41', ['“\uFF41” (U+FF41, full-width)']],
    ['mathematical letters', 'cat \u{1D44E}', ['“\u{1D44E}” (U+1D44E, mathematical letter)']],
  ])('%s', (_name, text, told) => expect(lookAlikes(text)).toEqual(told))

  test('the first of many are named, and the others counted', () => {
    expect(lookAlikes('a\u0430\u0435\u043E\u0440\u0441\u0445\u0443').at(-1)).toBe('2 more')
  })
})

describe('but not of', () => {
  test.each([
    ['a command in plain letters', 'git commit -m "fix: it’s done – really" && npm test'],
    ['words of another language', 'git commit -m "Исправлена ошибка входа"'],
    ['its short words, which would pass for Latin ones', 'echo "а он это сказал"'],
    ['Greek words', 'echo "Καλημέρα κόσμε"'],
    ['accents', 'cat café/Übung.txt naïve'],
    ['Japanese', 'echo こんにちは 世界'],
    ['arrows and signs', 'echo → ✓ €5 §3'],
  ])('%s', (_name, text) => expect(lookAlikes(text)).toEqual([]))

  test('anything that is ASCII', () => {
    assert(property(string({ unit: 'grapheme-ascii' }), (text) => lookAlikes(text).length === 0))
  })
})
