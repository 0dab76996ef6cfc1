import { expect, test } from 'vitest'
import { judge } from '../../src/task/policy/judge.ts'
import { file, policy, said } from './policy-given.ts'

const call = (path: ReturnType<typeof file>, tool = 'Read') => ({ kind: 'path', tool, source: '', path }) as const

// The task works in /work/api/sub, the repository is /work/api, the person's home is /home/ann.
test.for<[rule: string, path: string, matches: boolean]>([
  ['./.env', '/work/api/sub/.env', true],
  ['./.env', '/work/api/.env', false],
  ['./.env', '/work/api/sub/x/.env', false],
  ['/.env', '/work/api/.env', true],
  ['/.env', '/work/api/sub/.env', false],
  ['.env', '/work/api/sub/.env', true],
  ['.env', '/work/api/sub/x/y/.env', true],
  ['.env', '/work/api/.env', false],
  ['.env', '/work/api/sub/.env.local', false],
  ['.env*', '/work/api/sub/.env.local', true],
  ['*.pem', '/work/api/sub/a/b.pem', true],
  ['a/*.pem', '/work/api/sub/a/b.pem', true],
  ['a/*.pem', '/work/api/sub/x/a/b.pem', false],
  ['/src/**', '/work/api/src/a/b.ts', true],
  ['/src/**', '/work/api/src', false],
  ['/src/**', '/work/api/srcx/a', false],
  ['/src/*', '/work/api/src/a.ts', true],
  ['/src', '/work/api/src/a/b.ts', true],
  ['/src/', '/work/api/src/a/b.ts', true],
  ['/src/*.ts', '/work/api/src/a/b.ts', false],
  ['/src/**/*.ts', '/work/api/src/a/b.ts', true],
  ['/src/**/*.ts', '/work/api/src/b.ts', true],
  ['**/secret/**', '/work/api/sub/a/secret/b', true],
  ['/**', '/work/api/x', true],
  ['/**', '/work/other/x', false],
  ['//**', '/etc/passwd', true],
  ['//etc/passwd', '/etc/passwd', true],
  ['//etc/**', '/work/api/etc/x', false],
  ['~/.ssh/**', '/home/ann/.ssh/id', true],
  ['~/.ssh/**', '/home/bob/.ssh/id', false],
  ['~/.zshrc', '/home/ann/.zshrc', true],
  ['~', '/home/ann/x', true],
  ['../*.md', '/work/api/README.md', true],
  ['../../x', '/work/x', true],
  ['*', '/work/api/sub/x/y', true],
  ['*', '/etc/x', false],
  ['/a?c', '/work/api/abc', true],
  ['/a?c', '/work/api/a/c', false],
  ['/[ab].ts', '/work/api/b.ts', true],
  ['/[!ab].ts', '/work/api/b.ts', false],
  ['/[!ab].ts', '/work/api/c.ts', true],
  [String.raw`/a\*`, '/work/api/a*', true],
  [String.raw`/a\*`, '/work/api/ab', false],
  ['/a.b', '/work/api/axb', false],
  ['/(a|b)+', '/work/api/a', false],
])('Read(%s) · %s · %s', ([rule, path, matches]) => {
  expect(said(judge(policy({ deny: [`Read(${rule})`] }), call(file(path))))).toBe(
    matches ? `deny Read(${rule})` : 'none',
  )
  expect(said(judge(policy({ allow: [`Read(${rule})`] }), call(file(path))))).toBe(
    matches ? `allow Read(${rule})` : 'none',
  )
})

test('a link is denied under both its names and allowed only by where it leads', () => {
  const link = call(file('/work/api/src/a', '/etc/passwd'))
  expect(said(judge(policy({ deny: ['Read(/src/a)'] }), link))).toBe('deny Read(/src/a)')
  expect(said(judge(policy({ deny: ['Read(//etc/passwd)'] }), link))).toBe('deny Read(//etc/passwd)')
  expect(said(judge(policy({ allow: ['Read(/src/**)'] }), link))).toBe('none')
  expect(said(judge(policy({ allow: ['Read(//etc/passwd)'] }), link))).toBe('allow Read(//etc/passwd)')
})

test('a rule about Edit or Read is about every tool that does the same, and about no other', () => {
  const path = file('/work/api/a')
  for (const tool of ['Edit', 'Write', 'MultiEdit', 'NotebookEdit'])
    expect(said(judge(policy({ deny: ['Edit(/a)'] }), call(path, tool)))).toBe('deny Edit(/a)')
  for (const tool of ['Read', 'Grep', 'Glob'])
    expect(said(judge(policy({ deny: ['Read'] }), call(path, tool)))).toBe('deny Read')
  expect(said(judge(policy({ deny: ['Edit'] }), call(path, 'Read')))).toBe('none')
  expect(said(judge(policy({ deny: ['Write(/a)'] }), call(path, 'Edit')))).toBe('none')
  expect(said(judge(policy({ deny: ['Write(/a)'] }), call(path, 'Write')))).toBe('deny Write(/a)')
})
