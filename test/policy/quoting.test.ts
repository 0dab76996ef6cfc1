// However a command is quoted and wrapped, its verdict stays.
import { spawnSync } from 'node:child_process'
import { array, asyncProperty, assert as always, constantFrom, nat, tuple } from 'fast-check'
import { expect, test } from 'vitest'
import type { Texts } from '../core/policy-given.ts'
import { decided } from './gate.ts'

const TEXTS: Texts = {
  deny: ['Bash(rm *)', 'Bash(* --force)'],
  ask: ['Bash(git push *)'],
  allow: ['Bash(ls *)', 'Bash(git *)', 'Bash(echo *)', 'Bash(npm run "a b" *)'],
}

const word = constantFrom(
  'rm',
  'ls',
  'git',
  'push',
  'echo',
  'npm',
  'run',
  'a b',
  '--force',
  '$x',
  "it's",
  'x',
  '*',
  '-rf',
  'é',
)
const words = array(word, { minLength: 1, maxLength: 4 })

const single = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`
const STYLES: ((text: string) => string)[] = [
  single,
  (text) => `"${text.replaceAll(/["\\$`]/gu, String.raw`\$&`)}"`,
  (text) => text.replaceAll(/[^\w-]/gu, String.raw`\$&`),
  (text) => [...text].map((char) => (/\w/u.test(char) ? `\\${char}` : single(char))).join(''),
  (text) => `$'${[...new TextEncoder().encode(text)].map((byte) => `\\x${byte.toString(16)}`).join('')}'`,
  (text) => `${single(text.slice(0, 1))}""${single(text.slice(1))}`,
]

test('quoting a word differently never changes the verdict', async () => {
  const quoted = words.chain((all) =>
    tuple(
      ...[0, 1].map(() =>
        tuple(...all.map((text) => nat(STYLES.length - 1).map((style) => STYLES[style]?.(text) ?? text))),
      ),
    ),
  )
  await always(
    asyncProperty(quoted, async ([one, other]) => {
      expect(await decided(TEXTS, (one ?? []).join(' '))).toBe(await decided(TEXTS, (other ?? []).join(' ')))
    }),
    { numRuns: 200 },
  )
})

const WRAPPERS: ((line: string) => string)[] = [
  (line) => `(${line})`,
  (line) => `{ ${line}; }`,
  (line) => `${line} && ls`,
  (line) => `ls; ${line}`,
  (line) => `if ls; then ${line}; fi`,
  (line) => `for i in a b; do ${line}; done`,
  (line) => `f() { ${line}; }`,
  (line) => `ls "$(${line})"`,
  (line) => `ls <(${line})`,
  (line) => `ls | ${line}`,
  (line) => `timeout 5 ${line}`,
  (line) => `NODE_ENV=x ${line}`,
  (line) => `bash -c ${single(line)}`,
  (line) => `eval ${single(line)}`,
  (line) => `sudo ${line}`,
  (line) => `sudo -u ann ${line}`,
  (line) => `env A=b ${line}`,
  (line) => `npx ${line}`,
  (line) => `docker exec -it web ${line}`,
  (line) => `find . -exec ${line} \\;`,
  (line) => `bash <<'END'\n${line}\nEND\n`,
]
const wrapped = tuple(words, array(nat(WRAPPERS.length - 1), { minLength: 1, maxLength: 4 })).map(([all, wrappers]) => {
  const line = all.map(single).join(' ')
  // Only the first may be one a program cannot be followed by.
  const last = WRAPPERS.length - 1
  const inner = wrappers.filter((one, at) => one !== last || at === wrappers.length - 1)
  const simple = inner.filter((one) => one >= 12)
  return {
    line,
    whole: (simple.length > 0 ? simple : inner.slice(0, 1)).reduce((text, one) => WRAPPERS[one]?.(text) ?? text, line),
  }
})

test('what is denied is denied inside of whatever holds it', async () => {
  await always(
    asyncProperty(wrapped, async ({ line, whole }) => {
      const alone = await decided(TEXTS, line)
      const within = await decided(TEXTS, whole)
      expect(alone.startsWith('deny') ? within.slice(0, 4) : 'deny').toBe('deny')
    }),
    { numRuns: 200 },
  )
})

test('no text makes the door fail, and what the shell itself cannot parse is never allowed', async () => {
  const piece = constantFrom(
    'ls',
    'rm',
    ' ',
    '(',
    ')',
    '{',
    '}',
    '"',
    "'",
    '`',
    '$',
    '$(',
    '<',
    '>',
    '<<E',
    '\n',
    ';',
    '&',
    '|',
    '\\',
    'if',
    'then',
    'fi',
    '[[',
    ']]',
    '((',
    '#',
    '=',
    '*',
    'a',
  )
  await always(
    asyncProperty(array(piece, { maxLength: 10 }), async (pieces) => {
      const text = pieces.join('')
      const said = await decided({ allow: ['Bash', 'Edit'] }, text)
      expect(said).toMatch(/^(allow|ask|deny|none)/u)
      if (!said.startsWith('allow')) return
      expect({ text, status: spawnSync('bash', ['-n', '-c', text]).status }).toEqual({ text, status: 0 })
    }),
    { numRuns: 500 },
  )
})
