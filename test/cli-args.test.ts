// Flags of the command line, and the text that is not about them.
import { expect, test } from 'vitest'
import { flagsAnywhere, flagsThenText, UsageError } from '../src/cli/args.ts'

const GRAMMAR = { valued: ['agent', 'label'], bare: ['json'] }

test.each<[string[], string[], Record<string, string>]>([
  [['--json', 'npm', 'test'], ['npm', 'test'], { json: 'true' }],
  [['--label=a=b', '--agent', 'demo', 'x'], ['x'], { label: 'a=b', agent: 'demo' }],
  [['npm', 'test', '--json'], ['npm', 'test', '--json'], {}],
  [['ls', '--json'], ['ls', '--json'], {}],
  [['npm test', '--json', '--label=mine'], ['npm test'], { json: 'true', label: 'mine' }],
  [['--agent', 'demo', 'Mend the --json flag', '--json'], ['Mend the --json flag'], { agent: 'demo', json: 'true' }],
  [['sh', '-c', 'a b', '--json'], ['sh', '-c', 'a b', '--json'], {}],
  [['--', 'a b', '--json'], ['a b', '--json'], {}],
  [['a b', '-x'], ['a b', '-x'], {}],
])('flags stand before the text, or behind one in quotes: %j', (argv, rest, flags) => {
  expect(flagsThenText(argv, GRAMMAR)).toEqual({ rest, flags })
})

test.each([
  [['Do it', '--agnt', 'demo'], '“--agnt” is not a flag. Did you mean “--agent”?'],
  [['Do it', '--agent', 'demo', 'now'], '“now” is one word too many'],
  [['--json=yes', 'x'], '--json takes no value.'],
  [['--label'], '--label needs a value.'],
])('what is wrong about flags is a sentence: %j', (argv, sentence) => {
  expect(() => flagsThenText(argv, GRAMMAR)).toThrow(UsageError)
  expect(() => flagsThenText(argv, GRAMMAR)).toThrow(sentence)
})

test('a flag that takes no value says so wherever it stands', () => {
  expect(() => flagsAnywhere(['x', '--json=true'], GRAMMAR)).toThrow('--json takes no value.')
})
