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
  /** Owners under another name. */
  admin?: boolean
}

/**
 * `persons`: ids that are of one person each. What one of them may, and has done, holds for all of them. `outsiders`: whether
 * words of who may not steer a task are kept from it, which they are when nothing is said, or marked.
 */
export type People = { owners: Who[]; roles?: Role[]; persons?: Who[][]; outsiders?: 'keep' | 'mark' }

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

/**
 * The people as they are for somebody who is in these groups of their chat: whoever names one of those names them. A group is
 * named as a person is, by the chat and by what that chat calls it.
 */
export function withGroups(people: People, actor: Actor, groups: string[] = []): People {
  const expanded = (who: Who[]): Who[] =>
    who.some(({ chat, id }) => chat === actor.chat && groups.includes(id)) ? [...who, actor] : who
  return {
    ...people,
    owners: expanded(people.owners),
    ...(people.roles && { roles: people.roles.map((role) => ({ ...role, who: expanded(role.who) })) }),
  }
}

export const isOwner = (people: People, actor: Who): boolean =>
  [people.owners, ...(people.roles ?? []).flatMap(({ admin, who }) => (admin ? [who] : []))].some((who) =>
    isIn(people, who, actor),
  )

/** Whether these two are one person, as far as it is known. */
export const isSamePerson = (people: People, one: Who, other: Who): boolean =>
  idsOf(people, one).some((id) => same(id, other))

/** The roles somebody is named in, whatever these give. */
export const rolesOf = (people: People, actor: Who): string[] =>
  (people.roles ?? []).filter(({ who }) => isIn(people, who, actor)).map(nameOf)

const isIn = (people: People, who: Who[], actor: Who): boolean => {
  const ids = idsOf(people, actor)
  return who.some((one) => ids.some((id) => same(id, one)))
}

/** All ids of the person who has this one. */
function idsOf({ persons = [] }: People, actor: Who): Who[] {
  const ids = [actor]
  // What is added is looked at in its turn: two lists that share an id are of one person.
  for (const id of ids)
    for (const person of persons.filter((one) => one.some((other) => same(other, id))))
      ids.push(...person.filter((one) => !ids.some((known) => same(known, one))))
  return ids
}

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
  const own = giving.filter(({ who }) => isIn(people, who, actor))
  if (own.length === 0)
    return refuse(`You may not ${words} here: only ${listed(['the owner', ...giving.map(nameOf)])} may.`)
  if (about === null || own.some((role) => fits(role, about) && reaches(people, role, right, about, actor))) return null
  return refuse(`You may not ${words} here: as ${own.map((role) => limitsOf(role, right)).join('; as ')}.`)
}

/** Whether somebody's yes may count for whatever is done in a repository: beyond this task, its agent, mode and requester. */
export function authorizeAlways(people: People, actor: Actor, repo: string | null): Refused | null {
  if (isOwner(people, actor)) return null
  const wide = (people.roles ?? []).filter(
    ({ answer, agents, modes, repos }) =>
      answer === 'all' && !agents && !modes && (!repos || (repo !== null && repos.includes(repo))),
  )
  if (wide.some(({ who }) => isIn(people, who, actor))) return null
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

function reaches(people: People, role: Role, right: Right, { requester }: About, actor: Actor): boolean {
  if (right === 'start' || role[right] === 'all') return true
  return (role[right] === 'own') === isSamePerson(people, requester, actor)
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
