// Commit, discard, restore: when they may be asked for, what follows, and what people see of it.
import { describe, expect, test } from 'vitest'
import type { Command } from '../../src/task/decide/command.ts'
import type { ChoreKind, ChoreResult, FactBody } from '../../src/task/facts.ts'
import { plan } from '../../src/task/plan.ts'
import { posts } from '../../src/task/posts/index.ts'
import { isKeptLongEnough, mayTidy } from '../../src/task/tidy.ts'
import { endedAt } from '../../src/task/task.ts'
import {
  ann,
  bob,
  check,
  created,
  eve,
  folded,
  identified,
  NOW,
  prompted,
  reply,
  started,
  T0,
  type Given,
  type Then,
} from './given.ts'
import { check as checkSeen } from './seen.ts'

const inTree = {
  ...created(),
  work: { kind: 'worktree', repo: 'api', path: '/api', worktree: '/w', branch: 'bg/fix-it', base: null },
} as FactBody
const ending = { changes: { files: 2, added: 3, removed: 1 } }
const done: FactBody = { type: 'completed', attempt: 1, seq: 9, summary: '## Fixed it.\nAnd more.', ending }
const ended: Given = [inTree, started(), identified(), done]

const ask = (what: ChoreKind, more: object = {}): Command => ({ type: 'chore', by: ann, what, ...more })
const asked = (what: ChoreKind, n = 1): FactBody => ({
  type: 'chore_asked',
  chore: `${what}${n}`,
  what,
  ...(what === 'commit' && { message: 'Fixed it.' }),
})
const over = (result: ChoreResult, n = 1): FactBody => ({ type: 'chore_done', chore: `${result.what}${n}`, result })
const UNTIL = NOW + 1000
const put: ChoreResult = { what: 'discard', ref: 'refs/x', commit: 'c0ffee1234', until: UNTIL }
const away: Given = [...ended, asked('discard'), over(put)]
const gone: Given = [...away, { type: 'discard_expired', chore: 'discard1' }]

test.each<[string, Given, Command, Then]>([
  ['a commit has what the agent says as its message', ended, ask('commit'), [asked('commit')]],
  [
    'or words of a person',
    ended,
    ask('commit', { message: ' Mine \r\n' }),
    [{ ...asked('commit'), message: 'Mine' } as FactBody],
  ],
  ['which cannot be empty', ended, ask('commit', { message: ' ' }), 'The message is empty: say what you want.'],
  ['work is discarded', ended, ask('discard'), [asked('discard')]],
  ['and restored', away, ask('restore'), [asked('restore', 2)]],
  [
    'but only once',
    [...away, asked('restore', 2), over({ what: 'restore', branch: 'b' }, 2)],
    ask('restore'),
    'fix-it is not discarded.',
  ],
  ['and not when it was never discarded', ended, ask('restore'), 'fix-it is not discarded.'],
  [
    'a discard that failed has discarded nothing',
    [...ended, asked('discard'), { type: 'chore_failed', chore: 'discard1', reason: 'no' }],
    ask('restore'),
    'fix-it is not discarded.',
  ],
  ['what is discarded cannot be committed', away, ask('commit'), 'fix-it is discarded: restore it first.'],
  ['nor discarded again', away, ask('discard'), 'fix-it is discarded: restore it first.'],
  ['what is kept no more cannot be restored', gone, ask('restore'), 'fix-it was discarded and is not kept any more.'],
  ['one at a time', [...ended, asked('commit')], ask('discard'), 'fix-it is being committed already.'],
  [
    'not while it works',
    [inTree, started(), identified()],
    ask('commit'),
    'fix-it has not ended yet: wait for it, or stop it first.',
  ],
  [
    'not in the next turn',
    [...ended, prompted()],
    ask('discard'),
    'fix-it has not ended yet: wait for it, or stop it first.',
  ],
  [
    'not before it ever began',
    [inTree, { type: 'cancelled', by: ann, ending: {} }],
    ask('discard'),
    'fix-it never began, so there is nothing to discard.',
  ],
  [
    'not in a checkout of a person',
    [created(), started(), done],
    ask('commit'),
    'fix-it works in a checkout of yours: commit there with git.',
  ],
  [
    'not by anybody',
    ended,
    { ...ask('discard'), by: eve },
    'You may not commit, discard or restore work here: only the owner may.',
  ],
  [
    'not by a button of an older turn',
    [...ended, prompted(), started(2), { ...done, attempt: 2 }],
    ask('discard', { turn: 1 }),
    'This button is of turn 1; fix-it is in turn 2 by now.',
  ],
  ['what is discarded does not go on', away, reply('and the tests?'), 'fix-it is discarded: restore it first.'],
  [
    'not even while it is being discarded',
    [...ended, asked('discard')],
    reply('and the tests?'),
    'fix-it is being discarded.',
  ],
  ['nor is it run again', away, { type: 'again', by: bob }, 'fix-it is discarded: restore it first.'],
  [
    'what is kept no more is over',
    gone,
    reply('and the tests?'),
    'fix-it was discarded and is not kept any more: start a new task.',
  ],
  ['a next turn may be asked for while it is committed', [...ended, asked('commit')], reply('more'), [prompted()]],
])('%s', (_what, given, when, then) => check({ given, when, then }))

test.each<[string, Given, FactBody, FactBody[]]>([
  ['is recorded', [...ended, asked('discard')], over(put), [over(put)]],
  [
    'also in the next turn',
    [...ended, asked('commit'), prompted()],
    over({ what: 'commit', commit: null, branch: 'b' }),
    [over({ what: 'commit', commit: null, branch: 'b' })],
  ],
  ['is recorded once', away, over(put), []],
  ['counts only for the one that is pending', [...away, asked('restore', 2)], over(put), []],
  [
    'may be a failure',
    [...ended, asked('discard')],
    { type: 'chore_failed', chore: 'discard1', reason: 'full' },
    [{ type: 'chore_failed', chore: 'discard1', reason: 'full' }],
  ],
  ['expires', away, { type: 'discard_expired', chore: 'discard1' }, [{ type: 'discard_expired', chore: 'discard1' }]],
  ['expires once', gone, { type: 'discard_expired', chore: 'discard1' }, []],
  [
    'does not expire while it is restored',
    [...away, asked('restore', 2)],
    { type: 'discard_expired', chore: 'discard1' },
    [],
  ],
  [
    'does not expire once it is restored',
    [...away, asked('restore', 2), over({ what: 'restore', branch: 'b' }, 2)],
    { type: 'discard_expired', chore: 'discard1' },
    [],
  ],
])('what came of a chore %s', (_what, given, said, then) => check({ given, when: said as never, then }))

test.each<[string, Given, number, unknown[]]>([
  ['is done when nothing of the task lives', [...ended, asked('commit')], 0, ['chore']],
  ['waits for what still lives', [...ended, asked('commit')], 1, ['stop']],
  ['comes before the next turn', [...ended, asked('commit'), prompted()], 0, ['chore']],
  ['is not done twice', away, 0, []],
])('a chore %s', (_what, given, lives, then) => {
  const live = Array.from({ length: lives }, () => ({ task: 't1', attempt: 1, delivered: [] }))
  expect(plan([folded(given)], live, { slots: 4 }).map((effect) => effect.do)).toEqual(then)
})

describe('people see', () => {
  const body = ['Done', '+3 −1 in 2 files', '> ## Fixed it.\nAnd more.']
  test.each<[string, Given, string[]]>([
    ['what may be done with the work', ended, ['[Diff] [Log] [Continue…] [Commit…] [Discard…]']],
    [
      'nothing of it in a checkout of their own',
      [created(), started(), identified(), done],
      ['[Diff] [Log] [Continue…]'],
    ],
    [
      'no second commit of the same',
      [...ended, asked('commit'), over({ what: 'commit', commit: 'abc', branch: 'b' })],
      ['[Diff] [Log] [Continue…] [Discard…]'],
    ],
    ['nothing to press while one is done', [...ended, asked('commit')], ['[Diff] [Log] [Continue…]']],
    ['only what is possible once it is discarded', away, ['[Diff] [Log] [Restore]']],
    ['nothing that is kept no more', gone, ['[Log]']],
  ])('on the summary %s', (_what, given, then) => {
    checkSeen({ given, key: 'summary:1', then: [...body, ...then] })
  })

  test.each<[string, Given, string, string[]]>([
    ['being done', [...ended, [ann, asked('commit')]], 'commit1', ['Committing', 'asked by @ann, 4s']],
    [
      'that committed',
      [...ended, [ann, asked('commit')], over({ what: 'commit', commit: 'abc1234567', branch: 'bg/x' })],
      'commit1',
      ['Committed abc1234 on bg/x', 'asked by @ann, 5s'],
    ],
    [
      'that found nothing to commit',
      [...ended, [ann, asked('commit')], over({ what: 'commit', commit: null, branch: 'bg/x' })],
      'commit1',
      ['There was nothing to commit', 'asked by @ann, 5s'],
    ],
    [
      'that discarded',
      [...ended, [ann, asked('discard')], over(put)],
      'discard1',
      ['Discarded', `It is kept until ${(UNTIL - T0) / 1000}s in \`refs/x\``, 'asked by @ann, 5s'],
    ],
    ['whose work is kept no more', gone, 'discard1', ['Discarded', 'It is not kept any more since 6s']],
    [
      'that could not be done',
      [
        ...ended,
        [ann, asked('discard')],
        { type: 'chore_failed', chore: 'discard1', reason: 'Something works there.' },
      ],
      'discard1',
      ['Could not discard', '> Something works there.', 'asked by @ann, 5s'],
    ],
    [
      'that restored',
      [...away, [ann, asked('restore', 2)], over({ what: 'restore', branch: 'bg/x' }, 2)],
      'restore2',
      ['Restored on bg/x', 'asked by @ann, 7s'],
    ],
  ])('the card of a chore %s', (_what, given, id, then) => checkSeen({ given, key: `chore:${id}`, then }))

  test('on the status card that the work is put away', () => {
    checkSeen({ given: away, key: 'status', then: ['fix-it', 'done 3s · able · api@bg/fix-it · discarded'] })
  })

  test('before a discard all of what will happen, and a commit’s message to change', () => {
    const card = posts(folded(ended), { progress: null, line: null }).get('summary:1')
    const forms = card?.kind === 'card' ? card.card.buttons.flatMap(({ form }) => form ?? []) : []
    const discard = forms.find(({ submit }) => submit === 'Discard')
    expect([discard?.fields, discard?.says?.includes('30 days')]).toEqual([[], true])
    expect(forms.find(({ submit }) => submit === 'Commit')?.fields).toMatchObject([{ prefill: 'Fixed it.' }])
  })
})

test('the branch of a task is the one its last turn told', () => {
  const told: FactBody = { ...done, ending: { branch: 'bg/fix-it-t1' } }
  checkSeen({
    given: [inTree, started(), identified(), told],
    key: 'status',
    then: ['fix-it', 'done 3s · able · api@bg/fix-it-t1'],
  })
})

test.each<[string, Given, number, boolean]>([
  ['long ended', ended, 1000, true],
  ['just ended', ended, 999, false],
  ['with a chore to do', [...ended, asked('commit')], 9000, false],
  ['just committed', [...ended, asked('commit'), over({ what: 'commit', commit: 'a', branch: 'b' })], 1500, false],
  ['discarded', away, 9000, false],
  ['at work', [inTree, started()], 9000, false],
])('of a task that is %s the worktree may be tidied away: %s after the end', (_what, given, afterMs, then) => {
  const task = folded(given)
  expect(mayTidy(task, 1000, (endedAt(task) ?? T0) + afterMs)).toBe(then)
})

test('what was discarded is kept for as long as was said', () => {
  expect([UNTIL - 1, UNTIL].map((now) => isKeptLongEnough(folded(away), now))).toEqual([false, true])
  expect(isKeptLongEnough(folded(ended), UNTIL)).toBe(false)
})
