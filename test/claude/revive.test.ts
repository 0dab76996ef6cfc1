// What a dead attempt left, and how to go on: every row.
import { expect, test } from 'vitest'
import { revive, type Left, type Revival, type Told } from '../../src/adapters/agent/claude/revive.ts'

const question = { id: 'toolu_1', tool: 'AskUserQuestion', input: {} }
const HAS = { messages: new Set(['m1']), deferred: null }
const DEFERRED = { ...HAS, deferred: question }
const CUT = 'Your process was ended from outside and has been started again.\n'
const GO_ON = 'Go on from where you were. Check what a call that was cut off has done before you repeat it.'

const left: Left = {
  prompt: 'Fix it',
  promptId: 'm1',
  continued: false,
  transcript: HAS,
  cutOff: true,
  deferredIs: 'asked',
  told: [],
}
const told = (kind: Told['kind'], allowed: boolean, said = ''): Told => ({ by: 'ann', kind, allowed, call: 'ls', said })
const resume = (say: string | null, dismiss: string | null = null, isPrompt = false): Revival => ({
  how: 'resume',
  say,
  isPrompt,
  dismiss,
})
const YES =
  'This call waited for permission and was not run: ls. ann has allowed it now: make exactly this call again if it is still needed.'
const answer = [told('permission', true)]

test.each<[string, Partial<Left>, Revival]>([
  ['nothing on disk: it begins', { transcript: null }, { how: 'begin', say: 'Fix it' }],
  [
    'nothing on disk, and something to tell: it begins with both',
    { transcript: null, told: answer },
    { how: 'begin', say: `Fix it\n\n${YES}` },
  ],
  ['nothing on disk of what was there before', { transcript: null, continued: true }, { how: 'gone' }],
  ['the prompt never arrived: it is said', { promptId: 'm2' }, resume('Fix it', null, true)],
  [
    'the prompt never arrived, and a call of the turn before still waits: that is dismissed',
    { promptId: 'm2', transcript: DEFERRED, deferredIs: 'stale' },
    resume('Fix it', 'toolu_1', true),
  ],
  ['killed while it worked: told so, and not told the prompt again', {}, resume(CUT + GO_ON)],
  ['ended by itself: not told that it was killed', { cutOff: false, told: answer }, resume(`${YES}\n${GO_ON}`)],
  ['killed while a permission waited', { told: answer }, resume(`${CUT}${YES}\n${GO_ON}`)],
  ['a call waits for people: so does it', { transcript: DEFERRED }, { how: 'wait', call: question }],
  [
    'a call waits for people, and another answer is there: the call goes first',
    { transcript: DEFERRED, told: answer },
    { how: 'wait', call: question },
  ],
  ['a call has its answer: nothing needs to be said', { transcript: DEFERRED, deferredIs: 'answered' }, resume(null)],
  [
    'a call has its answer, and so has another: that is told after it',
    { transcript: DEFERRED, deferredIs: 'answered', cutOff: false, told: answer },
    resume(`${YES}\n${GO_ON}`),
  ],
  [
    'a call nobody asks about any more',
    { transcript: DEFERRED, deferredIs: 'stale', cutOff: false },
    resume(GO_ON, 'toolu_1'),
  ],
])('%s', (_what, more, revival) => {
  expect(revive({ ...left, ...more })).toEqual(revival)
})

test.each<[Told, string]>([
  [told('permission', true), YES],
  [told('permission', false), 'This call waited for permission and was not run: ls. ann has denied it.'],
  [told('permission', false, 'use y'), 'This call waited for permission and was not run: ls. ann has denied it: use y'],
  [told('question', true, '“Which?” this'), 'ann has answered what you asked: “Which?” this'],
  [told('plan', true), 'ann has approved your plan: carry it out.'],
  [told('plan', false, 'shorter'), 'ann has sent your plan back: shorter'],
])('%j is told in words', (one, sentence) => {
  expect(revive({ ...left, cutOff: false, told: [one] })).toEqual(resume(`${sentence}\n${GO_ON}`))
})
