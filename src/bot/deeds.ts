// What people do to tasks, the same from every chat, the page and the command line: authorize and decide, store, then say
// what is true now. Nothing here knows how it was typed or how it is shown.

import { record, type Journal } from '../runner/journal.ts'
import { authorize, DEFAULT_MODE, withGroups, type People } from '../task/authorize.ts'
import { decide, hear } from '../task/decide/index.ts'
import type { Command } from '../task/decide/command.ts'
import type { ChoreKind, Terminal } from '../task/facts.ts'
import { labelFor } from '../task/label.ts'
import { NOTIFY, NOTIFY_DEFAULT, NOTIFY_OPTION, type Notify } from '../task/posts/notify.ts'
import type { Task } from '../task/task.ts'
import {
  isRefused,
  refuse,
  type Actor,
  type AgentLimits,
  type Instant,
  type MessageRef,
  type Place,
  type Refused,
  type TaskId,
} from '../task/words.ts'
import type { Mask } from './masking.ts'
import { inTurn, whyTooMany } from './open-tasks.ts'
import type { Repos, WorkPlace, WorkWish } from './repos.ts'
import { durationMs, unknown } from './words.ts'

/**
 * An agent that can be named in a command. `missing`: why it cannot run here. `blank`: the prompt when none is given.
 * `options`: what it can be told besides the prompt, each with the values it takes (null: any).
 */
export type AgentEntry = {
  name: string
  limits: AgentLimits
  missing: string | null
  blank: string | null
  options: Record<string, readonly string[] | null>
}

export type Deeds = ReturnType<typeof deeds>

export type House = {
  journal: Journal
  /** As they are now: somebody may have become an owner. */
  people: () => Promise<People>
  repos: Repos
  agents: AgentEntry[]
  /** The agent of `start` when none is named. */
  startAgent: string
  /** Whom the cards of their tasks call, as people and channels want it. */
  notify: {
    of(by: Actor, place: Place | null): Promise<Notify | null>
    set(by: Actor, wish: Notify): Promise<void>
  }
  /** A label is seen by everybody, and made of what was asked for. */
  mask: Mask
  now: () => Instant
  newId: () => string
  /** Rings the doorbells, so that whoever waits looks at once. */
  ring: () => void
}

/**
 * Who does it, the groups of their chat they are in, the key under which it delivers this, and for what a button does, the turn
 * it belongs to.
 */
export type Doer = { by: Actor; groups?: string[]; delivery?: string; turn?: number }

/** The people there are, as they are for who does it. */
export const peopleFor = async ({ people }: Pick<House, 'people'>, { by, groups }: Doer): Promise<People> =>
  withGroups(await people(), by, groups)

export type StartWish = {
  agent?: string
  prompt: string
  label?: string
  timeout?: string
  place: Place
  work: WorkWish
  /** Run after it says it is done; left out, what its repository has for that; null, nothing. */
  check?: string | null
  options?: Record<string, string>
  /** Whom its cards call; left out, as who starts it or its channel wants it. */
  notify?: string
  source?: MessageRef
}

/** The task as it is now; `repeated` when this delivery was recorded before. */
export type Done = Task | Refused | 'repeated'

export function deeds(house: House) {
  const creating = inTurn()
  return {
    /** What the agents there are can be told, by name: flags of `start`. */
    options: [...new Set([...house.agents.flatMap((agent) => Object.keys(agent.options)), ENV])],
    agents: house.agents,
    startAgent: house.startAgent,
    repos: () => house.repos.all(),
    start: (doer: Doer, wish: StartWish) => start(house, doer, wish, creating),
    mayStart: async (doer: Doer): Promise<boolean> =>
      authorize(await peopleFor(house, doer), doer.by, 'create') === null,
    notify: async (by: Actor): Promise<Notify> => (await house.notify.of(by, null)) ?? NOTIFY_DEFAULT,
    async setNotify(doer: Doer, wish: Notify): Promise<Refused | null> {
      const denied = authorize(await peopleFor(house, doer), doer.by, 'create')
      if (!denied) await house.notify.set(doer.by, wish)
      return denied
    },
    /** Settles a request, when this vote meets its need. */
    vote: (doer: Doer, task: TaskId, request: string, option: string, values: Record<string, string>) =>
      command(house, doer, task, { type: 'vote', by: doer.by, request, option, values }),
    reply: (doer: Doer, task: TaskId, text: string, source?: MessageRef) =>
      command(house, doer, task, {
        type: 'reply',
        by: doer.by,
        id: house.newId(),
        text,
        ...turnOf(doer),
        ...(source && { source }),
      }),
    again: (doer: Doer, task: TaskId) => command(house, doer, task, { type: 'again', by: doer.by, ...turnOf(doer) }),
    /** Takes a task into the terminal of this process; `left` gives it back. */
    attach: (doer: Doer, task: TaskId, terminal: Terminal) =>
      command(house, doer, task, { type: 'attach', by: doer.by, terminal }),
    async left({ by }: Doer, task: TaskId, terminal: Terminal): Promise<void> {
      await record(house.journal, task, (known) => hear(known, { type: 'left', terminal }), { by, now: house.now })
      house.ring()
    },
    interrupt: (doer: Doer, task: TaskId) =>
      command(house, doer, task, { type: 'interrupt', by: doer.by, ...turnOf(doer) }),
    /** Commits, discards or restores the work of an ended task; done as soon as the runner comes to it. */
    chore: (doer: Doer, task: TaskId, what: ChoreKind, message?: string) =>
      command(house, doer, task, {
        type: 'chore',
        by: doer.by,
        what,
        ...turnOf(doer),
        ...(message !== undefined && { message }),
      }),
    stop: (doer: Doer, task: TaskId) => command(house, doer, task, { type: 'cancel', by: doer.by, ...turnOf(doer) }),
  }
}

const turnOf = ({ turn }: Doer): { turn?: number } => (turn === undefined ? {} : { turn })

async function start(house: House, doer: Doer, wish: StartWish, creating: ReturnType<typeof inTurn>): Promise<Done> {
  // Asked first: a stranger learns nothing about repositories or agents.
  const people = await peopleFor(house, doer)
  const denied = authorize(people, doer.by, 'create')
  if (denied) return denied
  const name = wish.agent ?? house.startAgent
  const agent = house.agents.find((one) => one.name === name)
  if (!agent)
    return refuse(
      unknown(
        name,
        house.agents.map((one) => one.name),
        'known agent',
      ),
    )
  if (agent.missing) return refuse(`${name} cannot run here: ${agent.missing}`)
  const timeout = timeoutOf(wish)
  if (isRefused(timeout)) return timeout
  const prompt = wish.prompt.trim() === '' ? (agent.blank ?? '') : wish.prompt
  const id = house.newId()
  const label = wish.label ?? (await freeLabel(house.journal, await house.mask(prompt.slice(0, LABELLED_CHARS)), id))
  const place = await house.repos.workFor(wish.work, { id, label })
  if (isRefused(place)) return place
  const options = optionsOf(agent, place.options ?? {}, wish.options ?? {})
  if (isRefused(options)) return options
  const flags = [...Object.keys(wish.options ?? {}), ...(wish.check ? ['check'] : [])]
  const notify = wish.notify ?? (await house.notify.of(doer.by, wish.place))
  if (notify && !NOTIFY.some((one) => one === notify)) return refuse(unknown(notify, NOTIFY, 'way to be called'))
  const about = { repo: place.work.repo, agent: name, mode: options['mode'] ?? DEFAULT_MODE, requester: doer.by, flags }
  const beyond = authorize(people, doer.by, 'create', about)
  if (beyond) return beyond
  const source = wish.source ? { source: wish.source } : {}
  const create: Command = {
    type: 'create',
    by: doer.by,
    id,
    label,
    agent: name,
    limits: agent.limits,
    prompt,
    work: place.work,
    place: wish.place,
    options: { ...options, ...ownCommands(place, wish), ...timeout, ...(notify && { [NOTIFY_OPTION]: notify }) },
    ...source,
  }
  return creating(async () => {
    const tooMany = await whyTooMany(house.journal, people, doer.by)
    const isRepeated = tooMany && doer.delivery !== undefined && (await house.journal.seen(doer.delivery))
    return isRepeated ? 'repeated' : (tooMany ?? command(house, doer, id, create))
  })
}

/** The option that every agent has: environment for this task alone. */
const ENV = 'env'

/** The variables a task was given. */
export const envOf = (options: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    pairsOf(options).map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  )

const pairsOf = ({ [ENV]: given = '' }: Record<string, string>): string[] =>
  given === '' ? [] : given.split(',').map((pair) => pair.trim())

/** What the repository says for any agent, as far as this one knows it, and what the person says for this task. */
function optionsOf(
  { name, options: known }: AgentEntry,
  repo: Record<string, string>,
  wished: Record<string, string>,
): Record<string, string> | Refused {
  const foreign = Object.keys(wished).find((option) => !(option in known) && option !== ENV)
  if (foreign !== undefined) return refuse(`${name} takes no --${foreign}.`)
  const options = { ...Object.fromEntries(Object.entries(repo).filter(([option]) => option in known)), ...wished }
  const strange = pairsOf(wished).find((pair) => !/^[A-Za-z_]\w*=/u.test(pair))
  if (strange !== undefined)
    return refuse(`--${ENV} takes NAME=value, with commas between several; “${strange}” is none.`)
  for (const [option, value] of Object.entries(options)) {
    const values = known[option]
    if (values && !values.includes(value)) return refuse(unknown(value, values, `${option} of ${name}`))
  }
  return options
}

/** In the checkout itself nothing is set up: it is the person's, and ready. */
function ownCommands({ work, ...repo }: WorkPlace, wish: StartWish): { setup?: string; check?: string } {
  const setup = work.kind === 'worktree' ? repo.setup : undefined
  const check = wish.check === undefined ? repo.check : wish.check
  return { ...(setup && { setup }), ...(check && { check }) }
}

function timeoutOf({ timeout }: StartWish): { timeout_ms?: string } | Refused {
  if (timeout === undefined) return {}
  const ms = durationMs(timeout)
  return ms ? { timeout_ms: String(ms) } : refuse(`“${timeout}” is not a duration; write 90s, 10m or 2h.`)
}

/** A label is made of the beginning. */
const LABELLED_CHARS = 2_000
const LABELS_MAX = 200

async function freeLabel(journal: Journal, prompt: string, id: TaskId): Promise<string> {
  const wanted = labelFor(prompt, new Set())
  const [same, numbered] = [await journal.find(wanted, 1), await journal.find(`${wanted}-`, LABELS_MAX)]
  const taken = new Set([...same, ...numbered].map((head) => head.label))
  return taken.size < LABELS_MAX ? labelFor(prompt, taken) : `${wanted}-${id}`
}

async function command(house: House, doer: Doer, task: TaskId, wanted: Command): Promise<Done> {
  const { by, delivery } = doer
  const people = await peopleFor(house, doer)
  const decided = await record(house.journal, task, (known, now) => decide(known, wanted, people, now), {
    by,
    now: house.now,
    ...(delivery && { delivery }),
  })
  if (decided === 'repeated' || isRefused(decided)) return decided
  house.ring()
  return decided.task
}
