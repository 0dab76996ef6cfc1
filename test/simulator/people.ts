// People: they type, click what is shown, what was shown long ago and what never was, reply, and their chat delivers some of
// it twice. Everything goes through the real door of the bot.

import { deeds } from '../../src/bot/deeds.ts'
import type { Inbound, Reply } from '../../src/bot/chat.ts'
import type { Messages } from '../../src/bot/messages.ts'
import { receiver } from '../../src/bot/receive.ts'
import type { Views } from '../../src/bot/views.ts'
import type { Journal } from '../../src/runner/journal.ts'
import type { Actor, TaskId } from '../../src/task/words.ts'
import type { Chance } from './chance.ts'
import { ANN, BOB, CHANNEL, MALLORY, PEOPLE, type World } from './world.ts'

/** What agents there are: one that can everything, one that can nothing, one that takes words but cannot resume. */
export const AGENTS = [
  { name: 'able', limits: { guidance: true, resume: true, questions: true }, missing: null, blank: null, options: {} },
  {
    name: 'plain',
    limits: { guidance: false, resume: false, questions: false },
    missing: null,
    blank: null,
    options: {},
  },
  {
    name: 'brief',
    limits: { guidance: true, resume: false, questions: false },
    missing: null,
    blank: null,
    options: {},
  },
]

export type House = { world: World; journal: Journal; messages: Messages }

/** Does what somebody did, through this journal; the world remembers what was acknowledged. */
export async function act({ world, journal, messages }: House, event: Inbound): Promise<Reply> {
  const door = deeds({
    journal,
    people: async () => PEOPLE,
    repos: { all: async () => [], workFor: async () => ({ work: WORK }) },
    agents: AGENTS,
    startAgent: 'able',
    notify: { of: async () => null, set: async () => {} },
    mask: async (text) => text,
    now: () => world.now,
    // A second delivery of one thing must count once although it gets ids of its own.
    newId: () => `t${(world.ids += 1)}`,
    ring: () => {},
  })
  const receive = receiver({
    deeds: door,
    views: {} as Views,
    messages,
    mine: async () => ({ text: '', cards: [] }),
    pair: async () => null,
    rules: { list: async () => [], revoke: async () => null },
    runAgent: 'plain',
    repoOf: () => null,
  })
  const answer = await receive(event)
  world.trace.push(`  ${event.actor.name} is told ${answer.kind === 'refused' ? `“${answer.text}”` : 'it counts'}`)
  if (answer.kind === 'none') world.acknowledged.push({ delivery: `sim:${event.key}`, what: sentenceOf(event) })
  else world.refusals.push(answer.kind === 'refused' ? answer.text : '')
  return answer
}

export function sentenceOf(event: Inbound): string {
  const { actor, key } = event
  const said =
    event.kind === 'click'
      ? `clicks ${event.id}`
      : event.kind === 'reply'
        ? `replies in ${event.place.thread}`
        : `types ${event.text}`
  return `${actor.name} ${said} (delivery ${key})`
}

const FILLED = { reason: 'because', words: 'blue', text: 'go on', message: 'All of it' }

const WORK = { kind: 'worktree', repo: 'r', path: '/r', worktree: '/w', branch: 'b', base: null } as const

export const clickOn = (actor: Actor, key: string, id: string): Inbound => ({
  kind: 'click',
  key,
  actor,
  place: CHANNEL,
  id,
  values: FILLED,
})

const TASKS_MAX = 3

/** What somebody does next, of all they could do. */
export function something(world: World, chance: Chance): Inbound {
  const actor = chance.oneIn(8) ? MALLORY : chance.pick([ANN, BOB])
  const key = `d${(world.ids += 1)}`
  const tasks = [...world.facts.keys()]
  if (tasks.length === 0 || (tasks.length < TASKS_MAX && chance.oneIn(6))) return command(actor, key, chance)
  const asked = world.chat.posted.flatMap((one) =>
    one.deleted || !one.key.includes(':request:') ? [] : one.card.buttons,
  )
  if (asked.length > 0 && chance.oneIn(2)) return clickOn(actor, key, chance.pick(asked).id)
  // Reading changes nothing, and whoever stops everything sees little.
  const stops = chance.oneIn(3)
  const buttons = world.chat.buttons.filter(
    (id) => !/^v1:(log|diff):/.test(id) && (stops || !id.startsWith('v1:stop:')),
  )
  switch (chance.int(6)) {
    case 0:
    case 1:
      return clickOn(actor, key, buttons.length > 0 ? chance.pick(buttons.slice(-6)) : 'v1:stop:nothing::')
    case 2:
      return clickOn(actor, key, buttons.length > 0 ? chance.pick(buttons) : '')
    case 3:
      return clickOn(actor, key, forged(chance, chance.pick(tasks), buttons))
    default:
      return reply(world, actor, key, chance)
  }
}

function command(actor: Actor, key: string, chance: Chance): Inbound {
  const { name } = chance.pick([...AGENTS, ...AGENTS.slice(0, 1)])
  return { kind: 'command', key, actor, place: CHANNEL, text: `start --agent ${name} do something good` }
}

function reply(world: World, actor: Actor, key: string, chance: Chance): Inbound {
  const roots = world.chat.posted.filter((one) => one.key.endsWith(':status'))
  const thread = roots.length > 0 ? chance.pick(roots).id : 'nowhere'
  const text = chance.pick(['keep the old names', 'red', '1', 'Try again', ' '])
  return {
    kind: 'reply',
    key,
    actor,
    place: { ...CHANNEL, thread },
    text,
    source: { chat: 'sim', channel: 'c', id: `by ${key}` },
  }
}

/** A button that was never shown. */
function forged(chance: Chance, task: TaskId, shown: string[]): string {
  const action = chance.pick(['vote', 'stop', 'again', 'continue', 'commit', 'discard', 'restore', 'burn'])
  const some = shown.length > 0 ? chance.pick(shown) : 'v1:vote:none:none:none'
  const [, , , request = '', option = ''] = some.split(':')
  return [
    'v1',
    action,
    task,
    chance.pick([request, 'q1-1', 'resume3', '']),
    chance.pick([option, 'allow', 'give-up']),
  ].join(':')
}
