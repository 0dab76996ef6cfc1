// What must hold in every world after every step, each written once under the name it has in ARCHITECTURE.md. A check says
// what is wrong, or null. Facts and what really happened are trusted here, not what the fold makes of them.

import { parseActionId } from '../../src/task/action-id.ts'
import { isAnswerable } from './answerable.ts'
import { decide } from '../../src/task/decide/index.ts'
import type { Fact, FactBody } from '../../src/task/facts.ts'
import { posts } from '../../src/task/posts/index.ts'
import { currentTurn, type Task } from '../../src/task/task.ts'
import { isRefused } from '../../src/task/words.ts'
import type { Violation } from './check.ts'
import { ANN, PEOPLE, type Process, type Took, type World } from './world.ts'

/** One task, seen from everywhere: its facts, their fold, its processes, and what its sessions really took. */
export type Seen = { world: World; facts: Fact[]; task: Task; processes: Process[]; took: Took[] }

/** `of`: what it depends on; a check of facts alone is not repeated while they are the same. */
export type Invariant = { name: string; of: 'facts' | 'world'; check: (seen: Seen) => string | null }

type Bodies<Type extends FactBody['type']> = Extract<FactBody, { type: Type }>

const bodies = <Type extends FactBody['type']>(facts: Fact[], type: Type): Bodies<Type>[] =>
  facts.flatMap(({ body }) => (body.type === type ? [body as Bodies<Type>] : []))

const twice = (names: string[]): string | undefined => names.find((name, index) => names.indexOf(name) !== index)

/** What can be asked only of a world that has calmed down (calm.ts, shown.ts). */
export const EVERY_TASK_ENDS = 'every task that waits for no person comes to its end'
export const MESSAGES_CONVERGE = 'messages converge to what people should see'
export const HEADS_EQUAL_THE_FOLD = 'heads equal the fold'
export const PROMISES_KEPT = 'no acknowledged command is lost'
export const ALWAYS_ONCE = 'what somebody allowed always is granted once, and is whoever died in between'
export const NOTHING_FAILS = 'the program fails at nothing'

const ENDS = new Set<FactBody['type']>(['completed', 'failed', 'cancelled'])
const NEVER_AFTER_THE_END = new Set<FactBody['type']>([
  'attempt_started',
  'identified',
  'requested',
  'voted',
  'settled',
  'delivered',
  'guided',
  'guidance_delivered',
  'reminded',
  'parked',
  'stop_asked',
  'lost',
])

export const INVARIANTS: Invariant[] = [
  {
    name: 'a turn ends exactly once',
    of: 'facts',
    check({ facts }) {
      let ended = false
      for (const { body, version } of facts) {
        if (ENDS.has(body.type) && ended) return `v${version} ${body.type}: the turn had ended already`
        if (NEVER_AFTER_THE_END.has(body.type) && ended) return `v${version} ${body.type} after the end of the turn`
        if (body.type === 'prompted' && !ended) return `v${version}: a turn was opened before the last one had ended`
        if (ENDS.has(body.type)) ended = true
        if (body.type === 'prompted') ended = false
      }
      return null
    },
  },
  {
    name: 'a request settles at most once and its answer reaches only the session that asked or the attempt resumed for it, once',
    of: 'world',
    check({ facts, took }) {
      const closed = facts.flatMap(({ body }) =>
        body.type === 'settled' || body.type === 'withdrawn' ? [body.request] : [],
      )
      if (twice(closed)) return `${twice(closed)} was closed twice`
      const answers = took.filter((one) => one.kind === 'answer')
      if (twice(answers.map((one) => one.id)))
        return `the answer of ${twice(answers.map((one) => one.id))} was taken twice`
      for (const { id, attempt, turn, option } of answers) {
        const asked = bodies(facts, 'requested').find((one) => one.ask.id === id)
        const settled = bodies(facts, 'settled').find((one) => one.request === id)
        if (!asked || !settled) return `${id} was answered by nobody`
        if (settled.vote.option !== option)
          return `${id} was answered ${settled.vote.option}, the session got ${option}`
        if (attempt < asked.attempt || turn !== turnOf(facts, id))
          return `the answer of ${id} reached attempt ${attempt} of turn ${turn}`
      }
      return null
    },
  },
  {
    name: 'no settled request and no finished status card shows a button',
    of: 'facts',
    check({ facts, task }) {
      const open = new Set(bodies(facts, 'requested').map((one) => one.ask.id))
      for (const { request } of [...bodies(facts, 'settled'), ...bodies(facts, 'withdrawn')]) open.delete(request)
      const last = facts.findLast(({ body }) => ENDS.has(body.type) || body.type === 'prompted')?.body
      const finished = last !== undefined && ENDS.has(last.type)
      for (const [key, post] of posts(task, { progress: null, line: null })) {
        if (post.kind !== 'card') continue
        if (key === 'status' && finished && post.card.buttons.length > 0)
          return 'the status card of a finished turn has a button'
        const votes = post.card.buttons.map((button) => parseActionId(button.id)).filter((id) => id?.action === 'vote')
        const dead = votes.find((id) => id && !open.has(id.request))
        if (dead) return `${key} still asks ${dead.request}`
      }
      return null
    },
  },
  {
    name: 'a button that is shown is one that would be accepted',
    of: 'facts',
    check({ task }) {
      for (const [key, post] of posts(task, { progress: null, line: null })) {
        for (const button of post.kind === 'card' ? post.card.buttons : []) {
          const wrong = whyNotAccepted(task, button.id)
          if (wrong) return `${key} shows “${button.label}”, but: ${wrong}`
        }
      }
      return null
    },
  },
  {
    name: 'no acknowledged command is lost',
    of: 'world',
    check({ world }) {
      const lost = world.acknowledged.find((one) => !world.deliveries.has(one.delivery))
      return lost ? `${lost.what} was acknowledged and is no fact` : null
    },
  },
  {
    name: 'nobody decides who may not',
    of: 'facts',
    check({ facts }) {
      const byPeople = new Set<FactBody['type']>(['created', 'voted', 'settled', 'guided', 'stop_asked', 'chore_asked'])
      const wrong = facts.find(
        ({ by, body }) => byPeople.has(body.type) && !PEOPLE.owners.some((one) => one.id === by.id),
      )
      return wrong ? `${wrong.body.type} by ${wrong.by.name}` : null
    },
  },
  {
    name: 'whatever waits for a person can be answered',
    of: 'facts',
    check: ({ facts, task }) => isAnswerable(facts, task),
  },
  {
    name: 'at most one attempt lives per task',
    of: 'world',
    check({ processes }) {
      const alive = processes.filter((one) => one.life === 'alive')
      return alive.length > 1 ? `attempts ${alive.map((one) => one.spec.attempt).join(' and ')} live` : null
    },
  },
  {
    name: 'nothing of a task lives once it is cancelled',
    of: 'world',
    check({ facts, processes }) {
      const last = facts.findLast(({ body }) => ENDS.has(body.type) || body.type === 'prompted')
      const living = processes.find(
        (one) => (one.life === 'alive' && !one.over) || (one.life === 'unborn' && !one.givenUp),
      )
      return last?.body.type === 'cancelled' && living ? `attempt ${living.spec.attempt} does` : null
    },
  },
  {
    name: 'an old button never answers a newer request',
    of: 'facts',
    check({ facts }) {
      const name = twice(bodies(facts, 'requested').map((one) => one.ask.id))
      return name ? `two requests are called ${name}, a button of one answers the other` : null
    },
  },
  {
    name: 'what a session says counts once, and only while it is the one that runs',
    of: 'facts',
    check({ facts }) {
      let running = 0
      const said: string[] = []
      for (const { body, version } of facts) {
        if (body.type === 'attempt_started') running = body.attempt
        if (!('seq' in body) || !('attempt' in body) || body.attempt === 0) continue
        if (body.attempt !== running) return `v${version} ${body.type} of attempt ${body.attempt}, while ${running} ran`
        said.push(`${body.attempt}.${body.seq}`)
      }
      return twice(said) ? `${twice(said)} counts twice` : null
    },
  },
  {
    name: 'what cannot be continued is never run again by itself',
    of: 'world',
    check({ took }) {
      const prompts = took.filter((one) => one.kind === 'prompt').map((one) => one.id)
      return twice(prompts) ? `the prompt of turn ${twice(prompts)} was given twice` : null
    },
  },
  {
    name: 'nothing is called delivered that no session has taken',
    of: 'world',
    check({ facts, task, took }) {
      const has = (kind: Took['kind'], id: string) => took.some((one) => one.kind === kind && one.id === id)
      for (const { request } of bodies(facts, 'delivered'))
        if (!has('answer', request)) return `the answer of ${request}`
      for (const { guidance } of bodies(facts, 'guidance_delivered'))
        if (!has('guidance', guidance)) return `guidance ${guidance}`
      for (const [key, post] of posts(task, { progress: null, line: null })) {
        if (post.kind !== 'mark' || post.mark !== 'delivered') continue
        const words = task.guidance.find((one) => key === `mark:${one.id}`)
        const turn = words?.state.kind === 'carried' ? words.state.turn : key.replace('mark:turn:', '')
        const taken = words?.state.kind === 'delivered' ? has('guidance', words.id) : has('prompt', String(turn))
        if (!taken) return `${key} on a person’s message`
      }
      return null
    },
  },
  {
    name: 'nobody is reminded twice of one request',
    of: 'facts',
    check({ facts }) {
      const name = twice(bodies(facts, 'reminded').map((one) => one.request))
      return name ? `of ${name}` : null
    },
  },
  {
    name: 'a chore comes to its end once, is done only while nothing of its task lives, and nothing begins before it is',
    of: 'world',
    check({ world, facts, task }) {
      const busy = world.chores.find((one) => one.task === task.id && one.alive > 0)
      if (busy) return `${busy.chore} was done while an attempt lived`
      const ended = facts.flatMap(({ body }) =>
        body.type === 'chore_done' || body.type === 'chore_failed' ? [body.chore] : [],
      )
      if (twice(ended)) return `${twice(ended)} came to its end twice`
      let pending: string | null = null
      for (const { body, version } of facts) {
        if (body.type === 'chore_asked' && pending) return `v${version} asks for a chore while ${pending} is not done`
        if (body.type === 'chore_asked') pending = body.chore
        if (body.type === 'chore_done' || body.type === 'chore_failed') pending = null
        if (body.type === 'attempt_started' && pending) return `v${version} starts while ${pending} is not done`
      }
      return null
    },
  },
  {
    name: ALWAYS_ONCE,
    of: 'world',
    check({ world, facts, task }) {
      const granted = world.house.flatMap(({ by, body }) =>
        body.type === 'rule_granted' && body.task === task.id ? [{ ...body, by }] : [],
      )
      const name = twice(granted.map((one) => one.request))
      if (name) return `${name} granted a rule twice`
      const wrong = granted.find(({ request, by }) => !alwaysBy(facts, request).includes(by.id))
      return wrong ? `nobody of that name chose so for ${wrong.request}` : null
    },
  },
  {
    name: 'what is discarded is not worked on before it is restored',
    of: 'facts',
    check({ facts }) {
      let away = false
      for (const { body, version } of facts) {
        if (body.type === 'chore_done')
          away = body.result.what === 'discard' || (away && body.result.what !== 'restore')
        if (away && (body.type === 'prompted' || body.type === 'attempt_started')) return `v${version} ${body.type}`
      }
      return null
    },
  },
  {
    name: 'messages never double',
    of: 'world',
    check({ world, task }) {
      const shown = world.chat.posted.filter((one) => !one.deleted && one.key.startsWith(`${task.id}:`))
      // A message that was deleted is posted anew under a longer key.
      const name = twice(shown.map((one) => one.key.replace(/:m\d+$/, '')))
      return name ? `${name} is there twice` : null
    },
  },
]

/** Who chose “always” for a request. */
const alwaysBy = (facts: Fact[], request: string): string[] =>
  bodies(facts, 'settled').flatMap((one) =>
    one.request === request && one.vote.option.startsWith('always') ? [one.vote.by.id] : [],
  )

/** A rule that somebody chose and that never came to count. */
export function ungranted({ house, facts }: World): Violation | null {
  const granted = new Set(
    house.flatMap(({ body }) => (body.type === 'rule_granted' ? [`${body.task} ${body.request}`] : [])),
  )
  for (const [task, of] of facts)
    for (const { request, vote } of bodies(of, 'settled'))
      if (vote.option.startsWith('always') && !granted.has(`${task} ${request}`))
        return { invariant: ALWAYS_ONCE, task, what: `${request} granted nothing` }
  return null
}

function turnOf(facts: Fact[], request: string): number {
  const asked = facts.findIndex(({ body }) => body.type === 'requested' && body.ask.id === request)
  return facts.slice(0, asked).filter(({ body }) => body.type === 'created' || body.type === 'prompted').length
}

/** Why the owner who clicks and fills in everything would be refused. */
function whyNotAccepted(task: Task, button: string): string | null {
  const id = parseActionId(button)
  if (!id) return `${button} cannot be read`
  const by = ANN
  const values = { reason: 'because', words: 'blue' }
  const commands = {
    vote: { type: 'vote', by, request: id.request, option: id.option, values },
    stop: { type: 'cancel', by },
    interrupt: { type: 'interrupt', by },
    again: { type: 'again', by },
    continue: { type: 'reply', by, id: 'g', text: 'go on' },
    commit: { type: 'chore', by, what: 'commit' },
    discard: { type: 'chore', by, what: 'discard' },
    restore: { type: 'chore', by, what: 'restore' },
    start: null,
    log: null,
    diff: null,
  } as const
  const command = commands[id.action]
  const decided = command ? decide(task, command, PEOPLE, currentTurn(task).at) : []
  return isRefused(decided) ? decided.refused : null
}
