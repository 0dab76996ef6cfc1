// What concerns no task: repositories, who was turned away as a process of a task, who is an owner in a chat, which rules people granted. A stream of facts of its own, folded like a
// task's.

import type { Notify } from './posts/notify.ts'
import { refuse, type Actor, type Instant, type Refused, type TaskId } from './words.ts'

/** The name of the stream, where a task's facts have the task's id. */
export const HOUSE_STREAM = 'house'

/** Where somebody comes in. */
export type Door = 'command line' | 'page'

export type HouseFactBody =
  | { type: 'repo_added'; name: string; path: string; base: string | null }
  | { type: 'repo_removed'; name: string }
  /** A process of a task tried what is for people: which verb, or what it asked the page for. */
  | { type: 'refused_caller'; door: Door; verb: string; task: TaskId; attempt: number; pid: number }
  /** Somebody at the terminal wants to be known in a chat: the code they were given, salted and hashed. */
  | { type: 'pairing_opened'; salt: string; hash: string }
  | { type: 'pairing_failed' }
  | { type: 'paired'; owner: Actor }
  /** Whom the cards of their next tasks call. */
  | { type: 'notify_set'; notify: Notify }
  /** Settings, roles and rules of config.yaml as JSON, from here on. */
  | { type: 'configured'; settings: string }
  /** Somebody chose “always” for this request: the rule counts in the repository, or where that is null in the task alone. */
  | { type: 'rule_granted'; rule: string; repo: string | null; task: TaskId; request: string }
  /** `granted`: version of the fact that granted it. */
  | { type: 'rule_revoked'; granted: number }

export type HouseFact = { version: number; at: Instant; by: Actor; body: HouseFactBody }

/** `setup` runs in a new worktree of it before the agent begins, `check` after an agent says it is done; `options` go to its agents. */
export type Repo = {
  name: string
  path: string
  base: string | null
  setup?: string
  check?: string
  options?: Record<string, string>
}

/** The repositories added and not removed, in the order they were added. */
export function reposOf(facts: HouseFact[]): Repo[] {
  return facts.reduce<Repo[]>((repos, { body }) => {
    if (body.type !== 'repo_added' && body.type !== 'repo_removed') return repos
    const others = repos.filter((repo) => repo.name !== body.name)
    return body.type === 'repo_added' ? [...others, { name: body.name, path: body.path, base: body.base }] : others
  }, [])
}

/** Nothing where they are what they were. */
export function configured(facts: HouseFact[], settings: string): HouseFactBody[] {
  const last = facts.findLast(({ body }) => body.type === 'configured')?.body
  return last?.type === 'configured' && last.settings === settings ? [] : [{ type: 'configured', settings }]
}

/** How somebody wants to be called; null when they never said. */
export const notifyWish = (facts: HouseFact[], who: Pick<Actor, 'chat' | 'id'>): Notify | null =>
  facts.reduce<Notify | null>(
    (wish, { by, body }) =>
      body.type === 'notify_set' && by.chat === who.chat && by.id === who.id ? body.notify : wish,
    null,
  )

/** `known`: all repositories there are, from wherever. */
export function addRepo(known: Repo[], { name, path, base }: Repo): HouseFactBody[] | Refused {
  const same = known.find((repo) => repo.name === name)
  if (same?.path === path) return []
  if (same) return refuse(`“${name}” is ${same.path} already: give this one another name with --name.`)
  return [{ type: 'repo_added', name, path, base }]
}

export function removeRepo(added: Repo[], name: string): HouseFactBody[] | Refused {
  if (added.some((repo) => repo.name === name)) return [{ type: 'repo_removed', name }]
  return refuse(`“${name}” was not added with “repo add”; what stands in config.yaml is removed there.`)
}

/** A task that tries again and again cannot fill the journal: so many are recorded of one attempt. */
const REFUSALS_MAX = 20

export function refusedCaller(
  facts: HouseFact[],
  caller: Omit<Extract<HouseFactBody, { type: 'refused_caller' }>, 'type'>,
): HouseFactBody[] {
  const before = facts.filter(
    ({ body }) => body.type === 'refused_caller' && body.task === caller.task && body.attempt === caller.attempt,
  )
  return before.length < REFUSALS_MAX ? [{ type: 'refused_caller', ...caller }] : []
}
