import { describe, expect, test } from 'vitest'
import type { Write } from '../../src/task/policy/call.ts'
import { judge, policyOf } from '../../src/task/policy/judge.ts'
import { narrowRule } from '../../src/task/policy/narrow.ts'
import { patternOf } from '../../src/task/policy/wildcard.ts'
import { cmd, computed, file, judged, PLACES, policy, rules, said, wrong, type Texts } from './policy-given.ts'

describe('a star matches anything, and a trailing one needs a word boundary', () => {
  test.for<[rule: string, line: string, matches: boolean]>([
    ['ls *', 'ls', true],
    ['ls *', 'ls -la', true],
    ['ls *', 'lsof', false],
    ['ls*', 'ls', true],
    ['ls*', 'ls -la', true],
    ['ls*', 'lsof -i', true],
    ['ls:*', 'ls', true],
    ['ls:*', 'ls -la', true],
    ['ls:*', 'lsof', false],
    ['npm run test:*', 'npm run test', true],
    ['npm run test:*', 'npm run test --watch', true],
    ['npm run test:*', 'npm run test:unit', false],
    ['npm run test:unit', 'npm run test:unit', true],
    ['npm run test:unit *', 'npm run test:unit a', true],
    ['docker run a:*b', 'docker run a:latest-b', true],
    ['git * main', 'git push origin main', true],
    ['git * main', 'git main', false],
    ['* --version', 'node --version', true],
    ['* --version', 'node --version x', false],
    ['git *push* x', 'git a push b x', true],
    ['npm test', 'npm test', true],
    ['npm test', 'npm test x', false],
    ['npm  test', 'npm test', true],
    ['npm "test"', 'npm test', true],
    ['*', 'anything at all', true],
    [':*', 'anything at all', true],
  ])('%s · %s · %s', ([rule, line, matches]) => {
    expect(said(judged({ allow: [`Bash(${rule})`] }, cmd(line)))).toBe(matches ? `allow Bash(${rule})` : 'none')
    expect(said(judged({ deny: [`Bash(${rule})`] }, cmd(line)))).toBe(matches ? `deny Bash(${rule})` : 'none')
  })

  test('white space within a word is not a word boundary', () => {
    const command = cmd('', { words: [['echo'], ['a b']] })
    expect(said(judged({ allow: ['Bash(echo a b)'] }, command))).toBe('none')
    expect(said(judged({ allow: ['Bash(echo a *)'] }, command))).toBe('none')
    expect(said(judged({ allow: ['Bash(echo "a b")'] }, command))).toBe('allow Bash(echo "a b")')
    expect(said(judged({ deny: ['Bash(echo a *)'] }, command))).toBe('deny Bash(echo a *)')
  })

  test('a pattern of many stars is decided at once', () => {
    const started = performance.now()
    const pattern = `${'*a'.repeat(50)}b`
    expect(said(judged({ deny: [`Bash(${pattern})`] }, cmd('a'.repeat(50_000))))).toBe('none')
    expect(performance.now() - started).toBeLessThan(1000)
  })
})

describe('deny, then ask, then allow: the first that matches decides, specificity does not', () => {
  test.for<[texts: Texts, line: string, said: string]>([
    [{ deny: ['Bash(git *)'], allow: ['Bash(git status)'] }, 'git status', 'deny Bash(git *)'],
    [{ ask: ['Bash(git *)'], allow: ['Bash(git status)'] }, 'git status', 'ask Bash(git *)'],
    [{ deny: ['Bash(git push *)'], ask: ['Bash'], allow: ['Bash(git *)'] }, 'git push', 'deny Bash(git push *)'],
    [{ allow: ['Bash(a *)', 'Bash(a b)'] }, 'a b', 'allow Bash(a *)'],
    [{ allow: ['Bash'] }, 'ls', 'allow Bash'],
    [{ deny: ['B*'] }, 'ls', 'deny B*'],
    [{ deny: ['*'] }, 'ls', 'deny *'],
    [{ allow: ['Read', 'Edit', 'bash(ls)'] }, 'ls', 'none'],
    [{}, 'ls', 'none'],
  ])('%j · %s · %s', ([texts, line, expected]) => {
    expect(said(judged(texts, cmd(line)))).toBe(expected)
  })
})

describe('a command is judged by its parts', () => {
  const texts: Texts = { deny: ['Bash(rm *)'], ask: ['Bash(git push *)'], allow: ['Bash(ls *)', 'Bash(cat *)'] }
  test.for<[lines: string[], said: string]>([
    [['ls', 'cat a'], 'allow Bash(ls *)'],
    [['ls', 'make'], 'none'],
    [['ls', 'git push'], 'ask Bash(git push *)'],
    [['make', 'git push'], 'ask Bash(git push *)'],
    [['git push', 'ls', 'rm x'], 'deny Bash(rm *)'],
  ])('%j · %s', ([lines, expected]) => {
    const { parts, ...all } = judged(texts, ...lines.map((line) => cmd(line)))
    expect(said({ parts, ...all })).toBe(expected)
    expect(parts.map(({ text }) => text)).toEqual(lines)
  })

  test('a rule about every command is also about one that is only a redirection', () => {
    const write: Write = { kind: 'write', source: 'Edit(a)', paths: [file('/code/api/a')], certain: true }
    expect(said(judged({ deny: ['Bash'], allow: ['Edit'] }, write))).toBe('deny Bash')
    expect(said(judged({ ask: ['Bash'], allow: ['Edit'] }, write))).toBe('ask Bash')
    expect(said(judged({ allow: ['Edit'] }, write))).toBe('allow Edit')
  })

  test('what has no parts is allowed by a rule about every command alone', () => {
    expect(said(judged({ allow: ['Bash(*)'] }))).toBe('allow Bash(*)')
    expect(said(judged({ allow: ['Bash(ls *)'] }))).toBe('none')
  })

  test('what cannot be read is never allowed, and asks as soon as there are rules', () => {
    const unreadable = { kind: 'unreadable', source: '(', why: 'no' } as const
    expect(said(judged({ allow: ['Bash'] }, unreadable))).toBe('ask!')
    expect(said(judged({ deny: ['Bash'] }, unreadable))).toBe('deny Bash')
    expect(said(judged({ ask: ['Bash'] }, unreadable))).toBe('ask Bash')
    expect(said(judged({ deny: ['Bash(rm *)'] }, unreadable, cmd('rm')))).toBe('deny Bash(rm *)')
    expect(said(judged({}, unreadable))).toBe('none')
  })
})

describe('assignments in front', () => {
  const safe = cmd('npm test', { assignments: [{ word: ['NODE_ENV=test'], safe: true }] })
  test('that are known to be safe are not in the way of any rule', () => {
    expect(said(judged({ allow: ['Bash(npm *)'] }, safe))).toBe('allow Bash(npm *)')
    expect(said(judged({ allow: ['Bash(NODE_ENV=test npm test)'] }, safe))).not.toBe('none')
    expect(said(judged({ allow: ['Bash'] }, safe))).toBe('allow Bash')
  })
  test.for<[rule: string, allowed: boolean]>([
    ['npm *', false],
    ['*', false],
    ['PATH=*', false],
    ['PATH=x*', true],
    ['PATH=x npm *', true],
    ['PATH=x npm test', true],
  ])('are allowed only as %s spells them out: %s', ([rule, allowed]) => {
    expect(said(judged({ allow: [`Bash(${rule})`] }, cmd('PATH=x npm test'))) !== 'none').toBe(allowed)
  })
  test('do not hide a program from deny and ask', () => {
    expect(said(judged({ deny: ['Bash(npm *)'] }, cmd('PATH=x npm test')))).toBe('deny Bash(npm *)')
    expect(said(judged({ ask: ['Bash(PATH=* npm *)'] }, cmd('PATH=x npm test')))).toBe('ask Bash(PATH=* npm *)')
  })
})

describe('programs that run their arguments', () => {
  const npx = cmd('npx rimraf dist', { spelled: 2, runs: [cmd('rimraf dist')] })
  const unknown = cmd('sudo --odd rm x', { spelled: null, runs: [cmd('rm x')] })
  test.for<[rule: string, allowed: boolean]>([
    ['npx *', false],
    ['npx*', false],
    ['*', false],
    ['npx rim*', false],
    ['npx rimraf *', true],
    ['npx rimraf*', true],
    ['npx rimraf dist', true],
    ['rimraf *', false],
  ])('are allowed by %s: %s', ([rule, allowed]) => {
    expect(said(judged({ allow: [`Bash(${rule})`] }, npx)) !== 'none').toBe(allowed)
  })
  test('are not allowed by a rule about every command, and where nobody can tell what runs only by an exact rule', () => {
    expect(said(judged({ allow: ['Bash'] }, npx))).toBe('none')
    expect(said(judged({ allow: ['Bash(sudo --odd rm *)'] }, unknown))).toBe('none')
    expect(said(judged({ allow: ['Bash(sudo --odd rm x)'] }, unknown))).not.toBe('none')
  })
  test('do not hide what they run from deny and ask', () => {
    expect(said(judged({ deny: ['Bash(rimraf *)'], allow: ['Bash(npx rimraf *)'] }, npx))).toBe('deny Bash(rimraf *)')
    expect(said(judged({ ask: ['Bash(rm *)'], deny: ['Bash(sudo x)'] }, unknown))).toBe('ask Bash(rm *)')
    expect(said(judged({ deny: ['Bash(sudo *)'], ask: ['Bash(rm *)'] }, unknown))).toBe('deny Bash(sudo *)')
  })
  test('and do nothing else are allowed where all they run is', () => {
    const timeout = cmd('timeout 5 npm test', { spelled: 3, runs: [cmd('npm test')], transparent: true })
    expect(said(judged({ allow: ['Bash(npm test)'] }, timeout))).toBe('allow Bash(npm test)')
    expect(said(judged({ allow: ['Bash(timeout *)'] }, timeout))).toBe('none')
    expect(said(judged({ allow: ['Bash(timeout 5 npm *)'] }, timeout))).not.toBe('none')
    expect(said(judged({ deny: ['Bash(timeout *)'], allow: ['Bash'] }, timeout))).toBe('deny Bash(timeout *)')
    const two = cmd('eval …', { spelled: null, runs: [cmd('ls'), cmd('rm x')], transparent: true })
    expect(said(judged({ allow: ['Bash(ls *)'] }, two))).toBe('none')
    const env = { ...timeout, assignments: [{ word: ['LD_PRELOAD=x'], safe: false }] }
    expect(said(judged({ allow: ['Bash(npm test)'] }, env))).toBe('none')
  })
})

test('deny and ask know a program behind a path and a version; allow does not', () => {
  expect(said(judged({ deny: ['Bash(rm *)'] }, cmd('/bin/rm x')))).toBe('deny Bash(rm *)')
  expect(said(judged({ deny: ['Bash(rimraf *)'] }, cmd('rimraf@5 x')))).toBe('deny Bash(rimraf *)')
  expect(said(judged({ allow: ['Bash(rm *)'] }, cmd('./rm x')))).toBe('none')
})

describe('what is computed while it runs', () => {
  const git = cmd('', { source: 'git $X', words: [['git'], computed('$X')] })
  test('asks where it could come out as what is denied or asked', () => {
    expect(said(judged({ deny: ['Bash(git push *)'], allow: ['Bash(git *)'] }, git))).toBe('ask!')
    expect(said(judged({ deny: ['Bash(npm *)'], allow: ['Bash(git *)'] }, git))).toBe('allow Bash(git *)')
    const program = cmd('', { words: [computed('$X'), ['-rf']], spelled: null })
    expect(said(judged({ deny: ['Bash(rm *)'], allow: ['Bash'] }, program))).toBe('ask!')
    expect(said(judged({ allow: ['Bash'] }, program))).toBe('none')
  })
  test('keeps to what can come out of it', () => {
    const quoted = cmd('', { words: [['git'], ['a'], computed('"$X"', ' ')] })
    expect(said(judged({ deny: ['Bash(git a * --force)'], allow: ['Bash(git *)'] }, quoted))).toBe('allow Bash(git *)')
    expect(said(judged({ deny: ['Bash(git a --force)'], allow: ['Bash(git *)'] }, quoted))).toBe('ask!')
  })
})

describe('an output redirection is an edit of its target', () => {
  const write = (path: string, certain = true): Write => ({
    kind: 'write',
    source: `Edit(${path})`,
    paths: [file(path)],
    certain,
  })
  test.for<[texts: Texts, path: string, said: string]>([
    [{ allow: ['Bash'] }, '/code/api/a', 'none'],
    [{ allow: ['Bash', 'Edit'] }, '/code/api/a', 'allow Bash'],
    [{ allow: ['Bash', 'Edit(/src/**)'] }, '/code/api/src/a', 'allow Bash'],
    [{ allow: ['Bash', 'Edit(/src/**)'] }, '/code/api/a', 'none'],
    [{ allow: ['Bash', 'Edit'], deny: ['Edit(.env)'] }, '/code/api/sub/.env', 'deny Edit(.env)'],
    [{ allow: ['Bash', 'Write'] }, '/code/api/a', 'none'],
  ])('%j · %s · %s', ([texts, path, expected]) => {
    expect(said(judged(texts, cmd('echo x'), write(path)))).toBe(expected)
  })
  test('to a file nobody can name asks', () => {
    expect(said(judged({ allow: ['Bash', 'Edit'] }, cmd('echo'), write('/code/api/a', false)))).toBe('ask!')
    expect(said(judged({ deny: ['Edit'] }, write('/a', false)))).toBe('deny Edit')
    const two = { ...write('/code/api/a'), paths: [file('/code/api/a'), file('/code/api/src/b')] }
    expect(said(judged({ allow: ['Edit(/src/**)'] }, two))).toBe('none')
    expect(said(judged({ deny: ['Edit(/src/**)'], allow: ['Edit'] }, two))).toBe('deny Edit(/src/**)')
  })
})

describe('addresses, MCP tools and others', () => {
  const fetch = (texts: Texts, host: string | null) =>
    said(judge(policy(texts), { kind: 'address', tool: 'WebFetch', source: 'WebFetch(…)', host }))
  const other = (texts: Texts, tool: string, inner = '') =>
    said(judge(policy(texts), { kind: 'other', tool, source: `${tool}(${inner})` }))
  test('a host is exactly that host, and its subdomains where it says so', () => {
    const one = { allow: ['WebFetch(domain:Example.com)'] }
    expect(fetch(one, 'example.com')).toBe('allow WebFetch(domain:Example.com)')
    for (const host of ['www.example.com', 'example.com.evil.org', 'evilexample.com', null])
      expect(fetch(one, host)).toBe('none')
    const below = { allow: ['WebFetch(domain:*.example.com)'] }
    expect(fetch(below, 'a.b.example.com')).not.toBe('none')
    expect(fetch(below, 'example.com')).toBe('none')
    expect(fetch(below, 'evilexample.com')).toBe('none')
    expect(fetch({ deny: ['WebFetch'] }, 'x.org')).toBe('deny WebFetch')
  })
  test('a tool is named wholly, by its server, or by a glob', () => {
    expect(other({ allow: ['mcp__github__get_issue'] }, 'mcp__github__get_issue')).not.toBe('none')
    expect(other({ allow: ['mcp__github__get_issue'] }, 'mcp__github__get_issues')).toBe('none')
    expect(other({ allow: ['mcp__github'] }, 'mcp__github__get_issue')).not.toBe('none')
    expect(other({ allow: ['mcp__git'] }, 'mcp__github__get_issue')).toBe('none')
    expect(other({ allow: ['mcp__github__get_*'] }, 'mcp__github__get_issue')).not.toBe('none')
    expect(other({ deny: ['mcp__*'] }, 'mcp__github__get_issue')).toBe('deny mcp__*')
    expect(other({ ask: ['*__delete_*'] }, 'mcp__github__delete_repo')).toBe('ask *__delete_*')
    expect(other({ allow: ['Agent(Explore)'] }, 'Agent', 'Explore')).toBe('allow Agent(Explore)')
    expect(other({ allow: ['Agent(Explore)'] }, 'Agent', 'Plan')).toBe('none')
  })
})

describe('a bad rule is told in a sentence', () => {
  test.for<['deny' | 'ask' | 'allow', string]>([
    ['allow', ''],
    ['allow', 'Bash('],
    ['allow', 'Bash(ls) x'],
    ['allow', 'Bash ls'],
    ['allow', 'Bash()'],
    ['allow', '(ls)'],
    ['allow', '*'],
    ['allow', 'mcp__*'],
    ['allow', 'mcp__git*__x'],
    ['allow', 'B*'],
    ['allow', 'mcp__s__t(x)'],
    ['deny', 'mcp__*(x)'],
    ['deny', 'B*(ls)'],
    ['deny', 'Read(!.env)'],
    ['deny', 'Edit(/a/../../b)'],
    ['deny', 'WebFetch(example.com)'],
    ['deny', 'WebFetch(domain:https://example.com/x)'],
    ['deny', 'WebFetch(domain:)'],
  ])('%s %s', ([list, text]) => {
    expect(wrong(list, text)).toMatch(/ /u)
  })
  test.for(['Bash', 'Bash(a (b) c)', 'mcp__*', '*', 'Read(~)', 'WebFetch(domain:*.example.com)', 'NewTool(x)'])(
    'and %s is none where it denies',
    (text) => expect(wrong('deny', text)).toBe(null),
  )
})

describe('what the house keeps to itself', () => {
  const house = policyOf(
    [
      {
        list: 'deny',
        text: 'the home',
        at: 'built in',
        tool: patternOf('*'),
        about: { kind: 'directory', names: ['/home/ann/.bc'], except: ['/home/ann/.bc/worktrees'], fromCommands: true },
      },
      ...rules({ allow: ['Read', 'Edit', 'Bash'] }),
    ],
    PLACES,
  )
  const read = (lexical: string, real = lexical) =>
    said(judge(house, { kind: 'path', tool: 'Read', source: 'Read(…)', path: file(lexical, real) }))
  test('is denied under every name of it, but for the places where tasks work', () => {
    expect(read('/home/ann/.bc/backchannel.db')).toBe('deny the home')
    expect(read('/home/ann/.bc')).toBe('deny the home')
    expect(read('/code/link', '/home/ann/.bc/config.yaml')).toBe('deny the home')
    expect(read('/home/ann/.bc/worktrees/x/a')).toBe('allow Read')
    expect(read('/home/ann/.bc/worktrees/x/a', '/home/ann/.bc/s')).toBe('deny the home')
    expect(read('/home/ann/.bcx')).toBe('allow Read')
  })
})

describe('the rule an “always” offers', () => {
  const narrow = (command: ReturnType<typeof cmd>) =>
    narrowRule({ kind: 'command', tool: 'Bash', source: '', parts: [command] }, PLACES)
  test.for<[line: string, rule: string | null]>([
    ['npm install rate-limiter-flexible@7', 'Bash(npm install *)'],
    ['npm run build', 'Bash(npm run build *)'],
    ['git push -f', 'Bash(git push *)'],
    ['git -C /x push', 'Bash(git -C /x push)'],
    ['make all', 'Bash(make all)'],
    ['A=b make', null],
    ['ls *.ts', null],
  ])('for %s is %s', ([line, rule]) => expect(narrow(cmd(line))).toBe(rule))
  test('is none for what runs others, and for several parts', () => {
    expect(narrow(cmd('npx x', { spelled: 2, runs: [cmd('x')] }))).toBe(null)
    expect(narrowRule({ kind: 'command', tool: 'Bash', source: '', parts: [cmd('a'), cmd('b')] }, PLACES)).toBe(null)
  })
  test('names a file, a host or a tool', () => {
    const path = (real: string) => narrowRule({ kind: 'path', tool: 'Write', source: '', path: file(real) }, PLACES)
    expect(path('/code/api/src/a.ts')).toBe('Edit(/src/a.ts)')
    expect(path('/etc/hosts')).toBe('Edit(//etc/hosts)')
    expect(path('/etc/*')).toBe(null)
    expect(narrowRule({ kind: 'address', tool: 'WebFetch', source: '', host: 'a.org' }, PLACES)).toBe(
      'WebFetch(domain:a.org)',
    )
    expect(narrowRule({ kind: 'other', tool: 'mcp__a__b', source: '' }, PLACES)).toBe('mcp__a__b')
  })
})
