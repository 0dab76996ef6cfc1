// What a session process and its agent may do next, at random or, `kind`, when they mean well: take what they are given, ask
// nothing and complete. Every event is on disk before anybody is told, as in src/runner/session.

import type { SessionEvent } from '../../src/runner/protocol.ts'
import { alwaysOptions } from '../../src/task/granted.ts'
import type { Ask, Option } from '../../src/task/request.ts'
import type { Handed, Process, World } from './world.ts'

/** Something that may happen next; `kind`: also in a world where everybody means well. */
export type Move = { what: string; kind: boolean; do: () => void }

const ASKS_MAX = 4

export function processMoves(world: World, process: Process): Move[] {
  const { task, attempt } = process.spec
  const move = (what: string, kind: boolean, act: () => void): Move => ({
    what: `${task}#${attempt} ${what}`,
    kind,
    do: act,
  })
  if (process.life === 'gone') return []
  if (process.life === 'unborn') {
    if (process.givenUp) return [move('finds itself given up', true, () => die(process))]
    return [move('is born', true, () => beBorn(world, process)), move('dies unborn', false, () => die(process))]
  }
  if (process.over) return [move('exits', true, () => die(process))]
  const dies = move('dies', false, () => die(process))
  if (process.stopAsked) {
    return [
      move('has stopped', true, () => end(process, { type: 'stopped', ending: {} })),
      ...wildEnds(process, move),
      dies,
    ]
  }
  return [...agentMoves(world, process, move), dies]
}

export function die(process: Process): void {
  process.life = 'gone'
  process.over = true
}

type Make = (what: string, kind: boolean, act: () => void) => Move

function agentMoves(world: World, process: Process, move: Make): Move[] {
  const { resumes } = process
  const { task, attempt, turn, begun } = process.spec
  const identified = process.events.some((event) => event.type === 'identified')
  const says = (event: Body) => () => say(process, event)
  if (resumes && !identified) {
    const identify = (): void => {
      if (!begun) world.took.push({ task, attempt, turn, kind: 'prompt', id: String(turn), option: '' })
      say(process, { type: 'identified', session: `${task}-${attempt}` })
    }
    return [move('identifies itself', true, identify), ...wildEnds(process, move).slice(1)]
  }
  const takes = process.inbox.map((handed) => move(`takes ${handed.id}`, true, () => take(world, process, handed)))
  const withdraws = process.pending.map((id) =>
    move(`withdraws ${id}`, false, () => {
      process.pending = process.pending.filter((one) => one !== id)
      say(process, { type: 'withdrawn', request: id, reason: 'the agent went on without it' })
    }),
  )
  const waits = takes.length > 0 || process.pending.length > 0
  const completes = move('completes', !waits, () =>
    end(process, { type: 'completed', summary: 'all done', ending: {} }),
  )
  const notes = move('notes something', false, says({ type: 'note', text: 'a note' }))
  return [...takes, ...withdraws, ...freshAsks(process, move), completes, ...wildEnds(process, move).slice(1), notes]
}

const wildEnds = (process: Process, move: Make): Move[] => [
  move('completes', false, () => end(process, { type: 'completed', summary: 'all done', ending: {} })),
  move('fails', false, () => end(process, { type: 'failed', reason: 'The agent gave up.', ending: {} })),
]

function freshAsks(process: Process, move: Make): Move[] {
  const { events, pending, spec } = process
  const asked = events.filter((event) => event.type === 'requested')
  if (!process.resumes || asked.length >= ASKS_MAX || pending.length > 1) return []
  const fresh = (['permission', 'question', 'plan'] as const).map((kind) =>
    askOf(kind, `q${spec.attempt}-${asked.length + 1}`),
  )
  return fresh.map((ask) =>
    move(`asks ${ask.id} (${ask.kind})`, false, () => {
      pending.push(ask.id)
      say(process, { type: 'requested', ask })
    }),
  )
}

/** An agent whose adapter is broken: it asks again under a name it has used, or what no button can answer. */
export function brokenAsks(process: Process): Move[] {
  if (process.life !== 'alive' || process.over || process.stopAsked || !process.resumes) return []
  const old = process.events.findLast((event) => event.type === 'requested')
  const { task, attempt } = process.spec
  const asks = [
    askOf('permission', 'q:1'),
    { ...askOf('question', `q${attempt}-x`), options: [] },
    ...(old ? [askOf('plan', old.ask.id)] : []),
  ]
  return asks.map((ask) => ({
    what: `${task}#${attempt} asks the impossible ${ask.id}`,
    kind: false,
    do: () => say(process, { type: 'requested', ask }),
  }))
}

function beBorn(world: World, process: Process): void {
  const { task, attempt, turn } = process.spec
  process.life = 'alive'
  say(process, { type: 'began' })
  if (!process.resumes) world.took.push({ task, attempt, turn, kind: 'prompt', id: String(turn), option: '' })
}

/** An answer is taken when the agent waits for it, or as a grant when it came with the spec; else nobody takes it. */
function take(world: World, process: Process, handed: Handed): void {
  const { task, attempt, turn, answers } = process.spec
  process.inbox = process.inbox.filter((one) => one !== handed)
  if (handed.kind === 'guidance') {
    world.took.push({ task, attempt, turn, kind: 'guidance', id: handed.id, option: '' })
    return say(process, { type: 'guidance_delivered', guidance: handed.id })
  }
  const granted = answers.some((one) => one.request === handed.id)
  if (!granted && !process.pending.includes(handed.id)) return
  process.pending = process.pending.filter((one) => one !== handed.id)
  world.took.push({ task, attempt, turn, kind: 'answer', id: handed.id, option: handed.answer.option })
  say(process, { type: 'delivered', request: handed.id })
}

type WithoutPlace<T> = T extends unknown ? Omit<T, 'seq' | 'at'> : never
type Body = WithoutPlace<SessionEvent>

const say = (process: Process, event: Body): void =>
  void process.events.push({ seq: process.events.length + 1, at: 0, ...event })

function end(process: Process, event: Body): void {
  say(process, event)
  process.over = true
}

const OPTIONS: Record<Ask['kind'], Option[]> = {
  permission: [
    { id: 'allow', label: 'Allow once', effect: 'allow', style: 'primary' },
    { id: 'deny', label: 'Deny…', effect: 'deny', fields: [{ id: 'reason', label: 'Why not?', required: false }] },
    { id: 'stop', label: 'Deny and stop', effect: 'deny', stops: true },
    ...alwaysOptions('Bash(npm install *)', 'r'),
  ],
  question: [
    { id: 'red', label: 'Red', effect: 'answer' },
    {
      id: 'words',
      label: 'In words…',
      effect: 'answer',
      fields: [{ id: 'words', label: 'Your words', required: true }],
    },
  ],
  plan: [
    { id: 'go', label: 'Go ahead', effect: 'allow' },
    { id: 'change', label: 'Change…', effect: 'deny', fields: [{ id: 'reason', label: 'What?', required: true }] },
  ],
}

export const askOf = (kind: Ask['kind'], id: string): Ask => ({
  id,
  kind,
  title: `May it ${id}?`,
  detail: 'npm install left-pad',
  ...(kind === 'permission' && { tool: 'Bash', inputHash: `hash of ${id}` }),
  options: OPTIONS[kind],
})
