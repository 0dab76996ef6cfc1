import { describe, expect, test } from 'vitest'
import type { Check, FactBody } from '../../src/task/facts.ts'
import type { Progress } from '../../src/task/report.ts'
import { posts } from '../../src/task/posts/index.ts'
import { check, type Look } from './seen.ts'
import {
  ann,
  asking,
  bob,
  cancelled,
  completed,
  created,
  folded,
  failed,
  guided,
  lost,
  parked,
  PLAIN,
  settled,
  started,
  T0,
  stopAsked,
  working,
  type Given,
} from './given.ts'

const keys = (given: Given): string[] => [...posts(folded(given), { progress: null, line: null }).keys()]
const m7 = { chat: 'web', channel: 'c', id: 'm7' }
const more: FactBody = { type: 'prompted', turn: 2, text: 'more', guidance: [], source: m7 }
const begun: FactBody = { type: 'identified', attempt: 2, seq: 2, session: 's1' }

describe('the status card says where a task stands:', () => {
  test.each<[string, Given, string[], Partial<Look>]>([
    ['queued', [created()], ['fix-it', 'queued since 0s · able · api', '[Stop] [Log]'], {}],
    [
      'queued in line',
      [created()],
      ['fix-it', 'queued, number 3 in line, since 0s · able · api', '[Stop] [Log]'],
      { line: 3 },
    ],
    ['working', working, ['fix-it', 'working since 0s · able · api', '[Stop] [Interrupt] [Log]'], {}],
    [
      'working, without a sign of life for long',
      working,
      [
        'fix-it',
        'working since 0s · able · api',
        '1 command · now: `npm test`',
        'No sign of life since 9s. It may still be busy.',
        '[Stop] [Interrupt] [Log]',
      ],
      {
        progress: { at: T0 + 9_000, now: 'npm test', counts: { read: 0, edited: 0, commands: 1 }, checklist: [] },
        isQuiet: true,
      },
    ],
    ['asking', asking, ['fix-it', '*needs you* since 3s · able · api', '[Stop] [Interrupt] [Log]'], {}],
    [
      'answered',
      [...asking, settled('q1', 'allow')],
      ['fix-it', 'working since 0s · able · api', '[Stop] [Interrupt] [Log]'],
      {},
    ],
    [
      'parked',
      [...asking, parked],
      ['fix-it', '*needs you* since 3s (its process is ended, the answer resumes it) · able · api', '[Stop] [Log]'],
      {},
    ],
    [
      'lost, to be resumed',
      [...working, lost()],
      ['fix-it', 'queued since 3s · able · api', 'Its session was lost once and is resumed.', '[Stop] [Log]'],
      {},
    ],
    [
      'lost and asking',
      [...asking, lost()],
      [
        'fix-it',
        '*needs you* since 3s (its process is ended, the answer resumes it) · able · api',
        'Its session was lost once.',
        '[Stop] [Log]',
      ],
      {},
    ],
    ['stopping', [...working, stopAsked(bob)], ['fix-it', 'stopping, asked by @bob · able · api'], {}],
    ['done', [...working, completed()], ['fix-it', 'done 3s · able · api'], {}],
    ['failed', [...working, failed()], ['fix-it', 'failed 3s · able · api', '> It broke.'], {}],
    ['stopped', [...working, stopAsked(), cancelled()], ['fix-it', 'stopped 4s · able · api'], {}],
    [
      'in its next turn',
      [...working, completed(), more, started(2)],
      ['fix-it', 'working since 4s · able · api · turn 2', '[Stop] [Interrupt] [Log]'],
      {},
    ],
    [
      'never run again by itself',
      [created(PLAIN), started(), lost(), failed()],
      ['fix-it', 'failed 3s · plain · api', 'Its session was lost once.', '> It broke.'],
      {},
    ],
  ])('%s', (_state, given, then, around) => check({ given, key: 'status', then, ...around }))

  const progress: Progress = {
    at: 0,
    now: 'npm test',
    counts: { read: 12, edited: 2, commands: 1 },
    checklist: [
      { text: 'look', state: 'done' },
      { text: 'fix', state: 'doing' },
    ],
  }
  test('and what its agent does right now', () => {
    const then = [
      'fix-it',
      'working since 0s · able · api',
      '12 read, 2 edited, 1 command · now: `npm test`',
      'done look, doing fix',
      '[Stop] [Interrupt] [Log]',
    ]
    check({ given: working, key: 'status', then, progress })
  })
  test('but not what it did before it ended', () => {
    check({ given: [...working, completed()], key: 'status', then: ['fix-it', 'done 3s · able · api'], progress })
  })
})

describe('the summary of a turn', () => {
  const ending = {
    durationMs: 660_000,
    exit: { code: 0 },
    changes: { files: 6, added: 120, removed: 33 },
    costUsd: 0.84,
    output: 'ok',
  }
  const done: FactBody = { type: 'completed', attempt: 1, seq: 9, summary: 'Per-user limiter.', ending }
  const body = ['exit 0 · +120 −33 in 6 files · $0.84', '> Per-user limiter.', 'Output: `ok`']

  test.each<[string, Given, string[]]>([
    ['done', [...working, done], ['Done in 11 min', ...body, '[Diff] [Log] [Continue…]']],
    ['failed', [...working, failed()], ['Failed', '> It broke.', '[Log] [Continue…]', 'notifies @ann']],
    [
      'failed, of an agent that cannot be continued',
      [created(PLAIN), started(), failed()],
      ['Failed', '> It broke.', '[Log] [Run again]', 'notifies @ann'],
    ],
    [
      'stopped, which makes no sound',
      [...working, stopAsked(bob), cancelled(bob)],
      ['Stopped by @bob', '[Log] [Continue…]'],
    ],
    ['of an older turn has no buttons', [...working, done, more], ['Done in 11 min', ...body]],
  ])('%s', (_what, given, then) => check({ given, key: 'summary:1', then }))

  test.each<[string, Check, string[]]>([
    ['passed', { command: 'npm test', exit: { code: 0 }, output: 'ok' }, ['Done', '> done it', '`npm test`: exit 0']],
    [
      'failed',
      { command: 'npm test', exit: { code: 1 }, output: '2 failed' },
      ['Done, but its check did not pass', '> done it', '`npm test`: exit 1', 'Output of the check: `2 failed`'],
    ],
    [
      'was cut off',
      { command: 'npm test', exit: { signal: 'SIGTERM' }, output: '', why: 'It was stopped before its end.' },
      ['Done, but its check did not pass', '> done it', '`npm test`: ended by SIGTERM. It was stopped before its end.'],
    ],
    [
      'could not be run',
      { command: 'npm test', exit: null, output: '', why: 'The command could not be started: gone' },
      [
        'Done, but its check did not pass',
        '> done it',
        '`npm test`: could not be run. The command could not be started: gone',
      ],
    ],
  ])('says of a check that %s how it really ended', (_how, result, then) => {
    const summary: FactBody = { type: 'completed', attempt: 1, seq: 9, summary: 'done it', ending: { check: result } }
    check({ given: [...working, summary], key: 'summary:1', then: [...then, '[Log] [Continue…]'] })
    const said = then[0] === 'Done' ? '' : ', its check did not pass'
    check({ given: [...working, summary], key: 'status', then: ['fix-it', `done 3s${said} · able · api`] })
  })

  test('says the branch as it really is, what changed file by file, and what there is to read', () => {
    const files = Array.from({ length: 12 }, (_, n) => ({ path: `f${n}`, added: n, removed: 0 }))
    const told = {
      branch: 'bg/fix-it-2',
      changes: { files: 70, added: 66, removed: 0 },
      files,
      reports: ['a.md', 'b.pdf'],
    }
    const given: Given = [...working, { type: 'completed', attempt: 1, seq: 9, summary: 'done it', ending: told }]
    const listed = files.slice(0, 10).map(({ path, added }) => `+${added} −0 ${path}`)
    check({
      given,
      key: 'summary:1',
      then: [
        'Done',
        '+66 −0 in 70 files · bg/fix-it-2',
        '> done it',
        `Files: \`${[...listed, 'and 60 more'].join('\n')}\``,
        'To read: <a.md> · <b.pdf>',
        '[Diff] [Log] [Continue…]',
      ],
    })
  })

  test('is not there before the end', () => expect(keys(asking)).toEqual(['status', 'request:q1']))

  test.each([
    [999, '999 ms'],
    [59_400, '59 s'],
    [60_000, '1 min'],
    [3_600_000, '1 h 0 min'],
    [5_400_000, '1 h 30 min'],
  ])('says of %i ms that they are %s', (durationMs, words) => {
    const given: Given = [...working, { type: 'completed', attempt: 1, seq: 9, summary: '', ending: { durationMs } }]
    check({ given, key: 'summary:1', then: [`Done in ${words}`, '[Log] [Continue…]'] })
  })
})

describe('a mark on a person’s own message', () => {
  const words: Given = [...working, [ann, { type: 'guided', guidance: 'g1', text: 'keep', source: m7 }]]
  const carriedOn: FactBody = { type: 'prompted', turn: 2, text: 'keep', guidance: ['g1'] }

  test.each<[string, Given, string, string]>([
    ['says received once it is in the journal', words, 'mark:g1', 'received on m7'],
    [
      'says delivered when the agent has it',
      [...words, { type: 'guidance_delivered', guidance: 'g1', attempt: 1, seq: 4 }],
      'mark:g1',
      'delivered on m7',
    ],
    ['stays received when the turn ended first', [...words, failed()], 'mark:g1', 'received on m7'],
    ['of words that became the next prompt: received', [...words, completed(), carriedOn], 'mark:g1', 'received on m7'],
    [
      'and delivered when a session has taken that',
      [...words, completed(), carriedOn, started(2), begun],
      'mark:g1',
      'delivered on m7',
    ],
    ['on a next prompt: received', [...working, completed(), more], 'mark:turn:2', 'received on m7'],
    [
      'still received when an attempt was only started',
      [...working, completed(), more, started(2)],
      'mark:turn:2',
      'received on m7',
    ],
    [
      'delivered when a session has taken it',
      [...working, completed(), more, started(2), begun],
      'mark:turn:2',
      'delivered on m7',
    ],
    [
      'received for ever, when it was stopped before',
      [...working, completed(), more, cancelled()],
      'mark:turn:2',
      'received on m7',
    ],
  ])('%s', (_what, given, key, then) => check({ given, key, then: [then] }))

  test('is not there for words that came from no message', () => {
    expect(keys([...working, guided()])).toEqual(['status'])
  })
})

test('the posts of a whole story, in the order they are posted', () => {
  const given: Given = [...asking, settled('q1', 'allow'), completed(), more, started(2), begun, completed(2, 9)]
  expect(keys(given)).toEqual(['status', 'request:q1', 'summary:1', 'summary:2', 'mark:turn:2'])
})

test('a turn that needed several attempts took from its prompt to its end', () => {
  const given = [...working, lost(), started(2), completed(2)]
  const post = posts(folded(given), { progress: null, line: null }).get('summary:1')
  expect(post?.kind === 'card' && post.card.title).toBe('Done in 5 s')
})
