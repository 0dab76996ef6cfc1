// Rules that people granted where it was asked: “always”, in this task or in its repository. That somebody chose so is a fact of the
// task; the runner sees it there and makes it one of the house, so that a crash between the two is healed by looking. Pure.

import { isOwner, isSamePerson, type People } from './authorize.ts'
import type { HouseFact, HouseFactBody } from './house.ts'
import { parseRule, type RuleSource } from './policy/rule.ts'
import type { Option } from './request.ts'
import type { Task } from './task.ts'
import { isRefused, refuse, type Actor, type Instant, type Refused, type TaskId } from './words.ts'

/** `repo` null: in `task` alone. */
export type GrantedRule = {
  id: string
  rule: string
  repo: string | null
  task: TaskId
  request: string
  by: Actor
  at: Instant
}

type Granted = Extract<HouseFactBody, { type: 'rule_granted' }>

/** The ways to say “always” to a call that this rule would allow. */
export const alwaysOptions = (rule: string | null, repo: string | null): Option[] =>
  rule === null
    ? []
    : [
        { id: 'always-task', label: 'Always in this task', effect: 'allow', rule, grants: 'task' },
        ...(repo === null
          ? []
          : [{ id: 'always-repo', label: `Always in ${repo}`, effect: 'allow', rule, grants: 'repo' } as const]),
      ]

/** Those that count, in the order in which they were granted. */
export function grantedOf(facts: HouseFact[]): GrantedRule[] {
  const revoked = new Set(facts.flatMap(({ body }) => (body.type === 'rule_revoked' ? body.granted : [])))
  return facts.flatMap(({ version, at, by, body }) => {
    if (body.type !== 'rule_granted' || revoked.has(version)) return []
    const { rule, repo, task, request } = body
    return { id: idOf(version), rule, repo, task, request, by, at }
  })
}

const idOf = (version: number): string => `r${version}`

/** Those that count in a task, as rules. */
export const rulesFor = (grants: GrantedRule[], { id: task, work }: Pick<Task, 'id' | 'work'>): RuleSource[] =>
  grants
    .filter((one) => (one.repo === null ? one.task === task : one.repo === work.repo))
    .map(({ id, rule, by }) => ({ list: 'allow', text: rule, at: `${id}, granted by @${by.name}`, granted: true }))

/** What people granted in a task, by its own journal: each once, with who and when. */
export const grantedIn = ({ id: task, work, requests }: Task): { body: Granted; by: Actor; at: Instant }[] =>
  requests.flatMap(({ id: request, options, state }) => {
    if (state.kind !== 'settled') return []
    const { rule, grants } = options.find(({ id }) => id === state.vote.option) ?? {}
    if (rule === undefined || grants === undefined || isRefused(parseRule({ list: 'allow', text: rule, at: '' })))
      return []
    const repo = grants === 'repo' ? work.repo : null
    return { body: { type: 'rule_granted', rule, repo, task, request }, by: state.vote.by, at: state.vote.at }
  })

/** The fact, unless there is one: a rule that was revoked is not granted again by the same answer. */
export const granting = (facts: HouseFact[], wanted: Granted): HouseFactBody[] =>
  facts.some(({ body }) => body.type === 'rule_granted' && body.task === wanted.task && body.request === wanted.request)
    ? []
    : [wanted]

/** Owners may, and who granted it. */
export function revoke(facts: HouseFact[], people: People, by: Actor, id: string): HouseFactBody[] | Refused {
  const all = grantedOf(facts)
  const found = all.find((one) => one.id === id)
  if (!found) {
    const ids = all.map((one) => one.id).join(', ')
    return refuse(
      ids === '' ? 'Nobody granted a rule that still counts.' : `There is no rule “${id}”; possible: ${ids}.`,
    )
  }
  if (!isOwner(people, by) && !isSamePerson(people, found.by, by))
    return refuse(`You may not revoke ${id}: only the owner and @${found.by.name}, who granted it, may.`)
  return [{ type: 'rule_revoked', granted: Number(id.slice(1)) }]
}
