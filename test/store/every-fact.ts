// One fact of every type with every key it can have, in an order in which they can happen. The compiler sees to it that a
// type added later is added here.
import type { Ending, FactBody } from '../../src/task/facts.ts'
import type { HouseFactBody } from '../../src/task/house.ts'
import type { Ask, Option } from '../../src/task/request.ts'
import type { Actor, MessageRef } from '../../src/task/words.ts'

export const ann: Actor = { chat: 'web', id: 'u1', name: 'ann' }
const source: MessageRef = { chat: 'web', channel: 'c1', id: 'm1' }

const option: Required<Option> = {
  id: 'deny',
  label: 'Deny…',
  effect: 'deny',
  style: 'danger',
  rule: 'npm install *',
  grants: 'repo',
  stops: true,
  fields: [
    { id: 'why', label: 'Why?', required: false, prefill: 'no' },
    {
      id: 'which',
      label: 'Which?',
      required: true,
      multi: true,
      choices: [{ label: 'a' }, { label: 'b', description: 'the other' }],
    },
  ],
}
const ask: Required<Ask> = {
  id: 'r1',
  kind: 'permission',
  title: 'wants to run',
  detail: 'npm install rate-limiter-flexible@7',
  syntax: 'diff',
  warnings: ['publishes to the world'],
  tool: 'Bash',
  inputHash: 'ab12',
  why: 'not in the allowed list',
  askedBy: { rule: 'Bash(npm *)', at: 'config.yaml:3', part: 'npm install' },
  requires: [
    {
      rule: 'Bash(npm *)',
      approvers: 2,
      from: ['releasers'],
      reason: true,
      hours: { from: 540, to: 1020, zone: 'UTC' },
    },
    { rule: 'Bash(npm publish *)' },
  ],
  options: [{ id: 'allow', label: 'Allow once', effect: 'allow' }, option],
}
const ending: Required<Ending> = {
  durationMs: 660_000,
  exit: { code: 0 },
  output: 'ok\n',
  changes: { files: 6, added: 120, removed: 33 },
  files: [{ path: 'src/limit.ts', added: 120, removed: 33 }],
  reports: ['report.md'],
  branch: 'bg/login-2',
  check: { command: 'npm test', exit: { code: 1 }, output: 'red', why: 'It took too long.' },
  costUsd: 0.84,
  tokens: 120_000,
  eventsHash: 'cd34',
}

export const EVERY_FACT: { [Type in FactBody['type']]: Extract<FactBody, { type: Type }> } = {
  created: {
    type: 'created',
    label: 'login-rate-limiter',
    agent: 'demo',
    limits: { guidance: true, resume: true, questions: true },
    prompt: 'Make the login rate limiter per user.',
    work: { kind: 'worktree', repo: 'api', path: '/repo', worktree: '/work', branch: 'bg/login', base: null },
    place: { chat: 'web', channel: 'c1', thread: 'm1' },
    options: { model: 'large', timeout_ms: '1000' },
    source,
  },
  attempt_started: { type: 'attempt_started', attempt: 1 },
  identified: { type: 'identified', attempt: 1, seq: 1, session: 's1' },
  requested: { type: 'requested', attempt: 1, seq: 2, ask, need: 1 },
  reminded: { type: 'reminded', request: 'r1' },
  voted: {
    type: 'voted',
    request: 'r1',
    option: 'deny',
    values: { why: 'no', which: 'a' },
    inputHash: 'ab12',
    as: ['releasers'],
  },
  settled: {
    type: 'settled',
    request: 'r1',
    vote: { by: ann, at: 5, option: 'deny', values: { why: 'no' }, as: ['releasers'] },
  },
  delivered: { type: 'delivered', request: 'r1', attempt: 1, seq: 3 },
  withdrawn: { type: 'withdrawn', request: 'r2', reason: 'the agent went on', seq: 4 },
  guided: { type: 'guided', guidance: 'g1', text: 'keep the old header names', source, outsider: true },
  guidance_delivered: { type: 'guidance_delivered', guidance: 'g1', attempt: 1, seq: 5 },
  parked: { type: 'parked', attempt: 1 },
  lost: { type: 'lost', attempt: 1, began: true, reason: 'its process is gone' },
  completed: { type: 'completed', attempt: 1, seq: 6, summary: 'Per-user limiter.', ending },
  prompted: { type: 'prompted', turn: 2, text: 'and the tests?', guidance: ['g1'], source },
  failed: {
    type: 'failed',
    attempt: 2,
    seq: 7,
    reason: 'exit code 1',
    ending: { ...ending, exit: { signal: 'SIGTERM' } },
  },
  stop_asked: { type: 'stop_asked' },
  cancelled: { type: 'cancelled', by: ann, ending },
  attached: { type: 'attached', terminal: { pid: 4711, start: '99', boot: 'b' } },
  detached: { type: 'detached' },
  chore_asked: { type: 'chore_asked', chore: 'commit1', what: 'commit', message: 'Per-user limiter.' },
  chore_done: {
    type: 'chore_done',
    chore: 'discard2',
    result: { what: 'discard', ref: 'refs/backchannel/discarded/t1', commit: 'ef56', until: 5 },
  },
  chore_failed: { type: 'chore_failed', chore: 'restore3', reason: 'The branch is taken.' },
  discard_expired: { type: 'discard_expired', chore: 'discard2' },
}

export const EVERY_HOUSE_FACT: { [Type in HouseFactBody['type']]: Extract<HouseFactBody, { type: Type }> } = {
  repo_added: { type: 'repo_added', name: 'api', path: '/repos/api', base: 'main' },
  repo_removed: { type: 'repo_removed', name: 'api' },
  pairing_opened: { type: 'pairing_opened', salt: 'ab12', hash: 'cd34' },
  pairing_failed: { type: 'pairing_failed' },
  configured: { type: 'configured', settings: '{"slots":4}' },
  notify_set: { type: 'notify_set', notify: 'always' },
  paired: { type: 'paired', owner: ann },
  rule_granted: { type: 'rule_granted', rule: 'Bash(git push *)', repo: 'api', task: 't1', request: 'r1' },
  rule_revoked: { type: 'rule_revoked', granted: 7 },
  refused_caller: { type: 'refused_caller', door: 'page', verb: 'POST /api', task: 't1', attempt: 1, pid: 4711 },
}
