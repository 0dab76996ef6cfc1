import { expect, test } from 'vitest'
import { judge } from '../../src/task/policy/judge.ts'
import { file, policy, said } from './policy-given.ts'

const call = (path: ReturnType<typeof file>, tool = 'Read') => ({ kind: 'path', tool, source: '', path }) as const

// The task works in /code/api/sub, the repository is /code/api, the person's home is /home/ann.
test.for<[rule: string, path: string, matches: boolean]>([
  ['./.env', '/code/api/sub/.env', true],
  ['./.env', '/code/api/.env', false],
  ['./.env', '/code/api/sub/x/.env', false],
  ['/.env', '/code/api/.env', true],
  ['/.env', '/code/api/sub/.env', false],
  ['.env', '/code/api/sub/.env', true],
  ['.env', '/code/api/sub/x/y/.env', true],
  ['.env', '/code/api/.env', false],
  ['.env', '/code/api/sub/.env.local', false],
  ['.env*', '/code/api/sub/.env.local', true],
  ['*.pem', '/code/api/sub/a/b.pem', true],
  ['a/*.pem', '/code/api/sub/a/b.pem', true],
  ['a/*.pem', '/code/api/sub/x/a/b.pem', false],
  ['/src/**', '/code/api/src/a/b.ts', true],
  ['/src/**', '/code/api/src', false],
  ['/src/**', '/code/api/srcx/a', false],
  ['/src/*', '/code/api/src/a.ts', true],
  ['/src', '/code/api/src/a/b.ts', true],
  ['/src/', '/code/api/src/a/b.ts', true],
  ['/src/*.ts', '/code/api/src/a/b.ts', false],
  ['/src/**/*.ts', '/code/api/src/a/b.ts', true],
  ['/src/**/*.ts', '/code/api/src/b.ts', true],
  ['**/secret/**', '/code/api/sub/a/secret/b', true],
  ['/**', '/code/api/x', true],
  ['/**', '/code/other/x', false],
  ['//**', '/etc/passwd', true],
  ['//etc/passwd', '/etc/passwd', true],
  ['//etc/**', '/code/api/etc/x', false],
  ['~/.ssh/**', '/home/ann/.ssh/id', true],
  ['~/.ssh/**', '/home/bob/.ssh/id', false],
  ['~/.zshrc', '/home/ann/.zshrc', true],
  ['~', '/home/ann/x', true],
  ['../*.md', '/code/api/README.md', true],
  ['../../x', '/code/x', true],
  ['*', '/code/api/sub/x/y', true],
  ['*', '/etc/x', false],
  ['/a?c', '/code/api/abc', true],
  ['/a?c', '/code/api/a/c', false],
  ['/[ab].ts', '/code/api/b.ts', true],
  ['/[!ab].ts', '/code/api/b.ts', false],
  ['/[!ab].ts', '/code/api/c.ts', true],
  [String.raw`/a\*`, '/code/api/a*', true],
  [String.raw`/a\*`, '/code/api/ab', false],
  ['/a.b', '/code/api/axb', false],
  ['/(a|b)+', '/code/api/a', false],
])('Read(%s) · %s · %s', ([rule, path, matches]) => {
  expect(said(judge(policy({ deny: [`Read(${rule})`] }), call(file(path))))).toBe(
    matches ? `deny Read(${rule})` : 'none',
  )
  expect(said(judge(policy({ allow: [`Read(${rule})`] }), call(file(path))))).toBe(
    matches ? `allow Read(${rule})` : 'none',
  )
})

test('a link is denied under both its names and allowed only by where it leads', () => {
  const link = call(file('/code/api/src/a', '/etc/passwd'))
  expect(said(judge(policy({ deny: ['Read(/src/a)'] }), link))).toBe('deny Read(/src/a)')
  expect(said(judge(policy({ deny: ['Read(//etc/passwd)'] }), link))).toBe('deny Read(//etc/passwd)')
  expect(said(judge(policy({ allow: ['Read(/src/**)'] }), link))).toBe('none')
  expect(said(judge(policy({ allow: ['Read(//etc/passwd)'] }), link))).toBe('allow Read(//etc/passwd)')
})

test('a rule about Edit or Read is about every tool that does the same, and about no other', () => {
  const path = file('/code/api/a')
  for (const tool of ['Edit', 'Write', 'MultiEdit', 'NotebookEdit'])
    expect(said(judge(policy({ deny: ['Edit(/a)'] }), call(path, tool)))).toBe('deny Edit(/a)')
  for (const tool of ['Read', 'Grep', 'Glob'])
    expect(said(judge(policy({ deny: ['Read'] }), call(path, tool)))).toBe('deny Read')
  expect(said(judge(policy({ deny: ['Edit'] }), call(path, 'Read')))).toBe('none')
  expect(said(judge(policy({ deny: ['Write(/a)'] }), call(path, 'Edit')))).toBe('none')
  expect(said(judge(policy({ deny: ['Write(/a)'] }), call(path, 'Write')))).toBe('deny Write(/a)')
})
