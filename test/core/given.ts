// Given some facts, when something is decided, then these facts or this sentence: the one way the tables of the core check it.

import { expect } from 'vitest'
import { decide, hear } from '../../src/task/decide/index.ts'
import type { Command, Saying } from '../../src/task/decide/command.ts'
import { evolve } from '../../src/task/evolve.ts'
import type { Fact, FactBody } from '../../src/task/facts.ts'
import type { Report } from '../../src/task/report.ts'
import type { Ask, Option } from '../../src/task/request.ts'
import { currentTurn, type Task } from '../../src/task/task.ts'
import { HOUSE, isRefused, type Actor, type AgentLimits } from '../../src/task/words.ts'

export const ann: Actor = { chat: 'web', id: 'ann', name: 'ann' }
export const bob: Actor = { chat: 'web', id: 'bob', name: 'bob' }
export const eve: Actor = { chat: 'web', id: 'eve', name: 'eve' }
export const people = { owners: [ann, bob] }

export const ABLE: AgentLimits = { guidance: true, resume: true, questions: true }
export const PLAIN: AgentLimits = { guidance: false, resume: false, questions: false }

/** Every fact is a second younger than the one before; the first is of this instant. */
export const T0 = 1_000_000
export const NOW = T0 + 60_000

export type Given = (FactBody | [Actor, FactBody])[]
type When = Command | Saying
/** The facts that follow, or the sentence of the refusal. */
export type Then = FactBody[] | string

export function check({ given, when, then }: { given: Given; when: When; then: Then }): void {
  const task = fold(given)
  const decided = isCommand(when) ? decide(task, when, people, NOW) : hear(task, when)
  if (typeof then === 'string') {
    expect(decided).toEqual({ refused: then })
    return
  }
  expect(decided).toEqual(then)
  if (isRefused(decided)) return
  for (const body of decided) expect(JSON.parse(JSON.stringify(body))).toEqual(body)
}

const isCommand = (when: When): when is Command => 'by' in when

export const factsOf = (given: Given, from = 1): Fact[] =>
  given.map((entry, index) => {
    const [by, body] = Array.isArray(entry) ? entry : [entry.type === 'created' ? ann : HOUSE, entry]
    return { task: 't1', version: from + index, at: T0 + 1000 * (from + index - 1), by, body }
  })

const fold = (given: Given): Task | null => factsOf(given).reduce<Task | null>((task, fact) => evolve(task, fact), null)

export function folded(given: Given): Task {
  const task = fold(given)
  if (!task) throw new Error('no task')
  return task
}

export const phaseOf = (given: Given) => currentTurn(folded(given)).phase

/** A new task of an agent that can everything, or of another. */
export const created = (limits: AgentLimits = ABLE): FactBody => ({
  type: 'created',
  label: 'fix-it',
  agent: limits.resume ? 'able' : 'plain',
  limits,
  prompt: 'fix it',
  work: { kind: 'here', repo: 'api', path: '/api' },
  place: { chat: 'web', channel: 'c' },
  options: {},
})

export const started = (attempt = 1): FactBody => ({ type: 'attempt_started', attempt })
export const identified = (attempt = 1, seq = 2): FactBody => ({ type: 'identified', attempt, seq, session: 's1' })

const because: Option['fields'] = [{ id: 'reason', label: 'Why not?', required: false }]

export const permission = (id = 'q1'): Ask => ({
  id,
  kind: 'permission',
  title: 'Run npm install?',
  detail: 'npm install left-pad',
  tool: 'Bash',
  inputHash: 'hash',
  options: [
    { id: 'allow', label: 'Allow once', effect: 'allow', style: 'primary' },
    { id: 'deny', label: 'Deny…', effect: 'deny', style: 'danger', fields: because },
  ],
})

export const question = (id = 'q1'): Ask => ({
  id,
  kind: 'question',
  title: 'Which colour?',
  detail: '',
  options: [
    { id: 'red', label: 'Red', effect: 'answer' },
    { id: 'blue', label: 'Blue', effect: 'answer' },
    {
      id: 'words',
      label: 'In words…',
      effect: 'answer',
      fields: [{ id: 'words', label: 'Your words', required: true }],
    },
  ],
})

export const asked = (ask: Ask = permission(), { attempt = 1, seq = 3, need = 1 } = {}): FactBody => ({
  type: 'requested',
  attempt,
  seq,
  ask,
  need,
})

export const voted = (request: string, option: string, more: object = {}): FactBody => ({
  type: 'voted',
  request,
  option,
  values: {},
  ...more,
})

/** As `counted` of src/task/decide/vote.ts decides it at NOW. */
export const settled = (
  request: string,
  option: string,
  by: Actor = ann,
  values: Record<string, string> = {},
): FactBody => ({
  type: 'settled',
  request,
  vote: { by, at: NOW, option, values },
})

export const completed = (attempt = 1, seq = 9): FactBody => ({
  type: 'completed',
  attempt,
  seq,
  summary: 'done it',
  ending: {},
})

/** The words of a person as the prompt of the next turn. */
export const prompted = (text = 'more', guidance: string[] = [], turn = 2): FactBody => ({
  type: 'prompted',
  turn,
  text,
  guidance,
})

export const failed = (attempt = 1, seq = 9): FactBody => ({
  type: 'failed',
  attempt,
  seq,
  reason: 'It broke.',
  ending: {},
})
export const lost = (attempt = 1, began = true): FactBody => ({ type: 'lost', attempt, began, reason: 'killed' })
export const cancelled = (by: Actor = ann): FactBody => ({ type: 'cancelled', by, ending: {} })
export const stopAsked = (by: Actor = ann): [Actor, FactBody] => [by, { type: 'stop_asked' }]
export const parked: FactBody = { type: 'parked', attempt: 1 }
export const guided = (id = 'g1', text = 'keep the names', by: Actor = ann): [Actor, FactBody] => [
  by,
  { type: 'guided', guidance: id, text },
]
export const withdrawn = (request: string, reason: string): FactBody => ({ type: 'withdrawn', request, reason })

/** What stands before most tables: a session works, and maybe asks. */
export const working: Given = [created(), started(), identified()]
export const asking: Given = [...working, asked()]

export const report = (said: Report, { attempt = 1, seq = 5 } = {}): Saying => ({
  type: 'report',
  attempt,
  seq,
  report: said,
})
export const vote = (option: string, { by = ann, request = 'q1', values = {} } = {}): Command => ({
  type: 'vote',
  by,
  request,
  option,
  values,
})
export const reply = (text: string, by: Actor = ann): Command => ({ type: 'reply', by, id: 'g9', text })
