// Who may do what: one pure function, asked at the moment of every command, click, form and reply. Owners may everything; others
// what a role they are named in gives them; everybody else, bots among them, nothing but look.

import type { Command, Create } from './decide/command.ts'
import type { Task } from './task.ts'
import { refuse, type Actor, type Refused } from './words.ts'

type Who = Pick<Actor, 'chat' | 'id'>

/** Of the tasks a role is about: those one started oneself, those of others, or all. */
export type Reach = 'own' | 'others' | 'all'

/** What the people named in it may, in tasks of these repositories, agents and modes; a list left out is no limit. */
export type Role = {
  name: string
  who: Who[]
  repos?: string[]
  agents?: string[]
  modes?: string[]
  start?: boolean
  answer?: Reach
  /** Words for a task, its next turns, and what becomes of its work. */
  guide?: Reach
  stop?: Reach
}

export type People = { owners: Who[]; roles?: Role[] }

/** The task it is about, or the one that is wanted; its `requester` is who started it, `flags` what they ask for besides. */
export type About = { repo: string | null; agent: string; mode: string; requester: Who; flags?: string[] }

/** The mode of a task that names none. */
export const DEFAULT_MODE = 'default'

/** What reaches beyond repository, agent and mode, so that a role with limits does not take it. */
const BEYOND = ['check', 'env', 'add-dir']

type Right = 'start' | 'answer' | 'guide' | 'stop'

const RIGHTS: Record<Command['type'], [right: Right, words: string]> = {
  create: ['start', 'start tasks'],
  vote: ['answer', 'answer requests'],
  reply: ['guide', 'guide tasks'],
  again: ['guide', 'guide tasks'],
  cancel: ['stop', 'stop tasks'],
  attach: ['guide', 'guide tasks'],
  interrupt: ['stop', 'stop tasks'],
  chore: ['guide', 'commit, discard or restore work'],
}

export const isOwner = ({ owners }: People, actor: Who): boolean => owners.some((owner) => same(owner, actor))

/**
 * Null when `actor` may; otherwise the sentence to show to that person only. Without `about`: whether they ever may, before it is
 * known what it is about.
 */
export function authorize(
  people: People,
  actor: Actor,
  deed: Command['type'],
  about: About | null = null,
): Refused | null {
  if (isOwner(people, actor)) return null
  const { roles = [] } = people
  const [right, words] = RIGHTS[deed]
  const giving = roles.filter((role) => role[right])
  const own = giving.filter(({ who }) => who.some((one) => same(one, actor)))
  if (own.length === 0)
    return refuse(`You may not ${words} here: only ${listed(['the owner', ...giving.map(nameOf)])} may.`)
  if (about === null || own.some((role) => fits(role, about) && reaches(role, right, about, actor))) return null
  return refuse(`You may not ${words} here: as ${own.map((role) => limitsOf(role, right)).join('; as ')}.`)
}

/** Whether somebody's yes may count for whatever is done in a repository: beyond this task, its agent, mode and requester. */
export function authorizeAlways(people: People, actor: Actor, repo: string | null): Refused | null {
  if (isOwner(people, actor)) return null
  const wide = (people.roles ?? []).filter(
    ({ answer, agents, modes, repos }) =>
      answer === 'all' && !agents && !modes && (!repos || (repo !== null && repos.includes(repo))),
  )
  if (wide.some(({ who }) => who.some((one) => same(one, actor)))) return null
  const who = listed(['the owner', ...wide.map(nameOf)])
  return refuse(`You may not allow this always in ${repo}: only ${who} may. Allow it once, or in this task.`)
}

/** What a task is, or will be. */
export const aboutOf = (task: Task | null, command: Command): About | null =>
  command.type === 'create' ? wished(command) : task && aboutTask(task)

export const aboutTask = (task: Task): About => wished({ ...task, by: task.requester })

const wished = ({ work, agent, options, by }: Pick<Create, 'work' | 'agent' | 'options' | 'by'>): About => ({
  repo: work.repo,
  agent,
  mode: options['mode'] ?? DEFAULT_MODE,
  requester: by,
})

const fits = ({ repos, agents, modes }: Role, about: About): boolean =>
  (!repos || (about.repo !== null && repos.includes(about.repo))) &&
  (!agents || agents.includes(about.agent)) &&
  (!modes || modes.includes(about.mode)) &&
  ((!repos && !agents && !modes) || !about.flags?.some((flag) => BEYOND.includes(flag)))

function reaches(role: Role, right: Right, { requester }: About, actor: Actor): boolean {
  if (right === 'start' || role[right] === 'all') return true
  return (role[right] === 'own') === same(requester, actor)
}

function limitsOf(role: Role, right: Right): string {
  const { repos, agents, modes } = role
  const reach = right === 'start' ? null : role[right]
  const only = [
    ...(reach === 'own' ? ['for tasks you started'] : reach === 'others' ? ['for tasks others started'] : []),
    ...(repos ? [`in ${listed(repos)}`] : []),
    ...(agents ? [`with ${listed(agents)}`] : []),
    ...(modes ? [`in mode ${listed(modes)}`] : []),
  ]
  const flags = right === 'start' ? [`without ${listed(BEYOND.map((flag) => `--${flag}`))}`] : []
  return `${role.name} only ${[...only, ...flags].join(', ')}`
}

const same = (a: Who, b: Who): boolean => a.chat === b.chat && a.id === b.id

const nameOf = ({ name }: Role): string => name

const listed = (names: string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
