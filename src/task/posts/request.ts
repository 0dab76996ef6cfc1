// The card of a request: all of what is asked, and buttons while it is open. Settled, the same card names who and when and
// whether the session has the answer: what happened, never what was asked for.

import { actionId } from '../action-id.ts'
import type { Block, Button, Card, Part } from '../card.ts'
import type { Field, Option, Request, Vote } from '../request.ts'
import { standing } from '../requirement.ts'
import { branchOf, currentTurn, heldOfInsiders, type Task } from '../task.ts'
import { lookAlikes } from '../policy/look-alikes.ts'
import { callsWhenAsking } from './notify.ts'

export function requestCard(task: Task, request: Request): Card {
  const open = request.state.kind === 'open'
  return {
    tone: open ? 'needs' : 'plain',
    title: request.title,
    body: [
      ...content(request),
      ...where(task, request),
      ...warnings(request).map((text): Block => ({ kind: 'line', parts: [{ strong: `Careful: it ${text}` }] })),
      ...asker(request),
      ...rules(request),
      ...required(request),
      ...held(task, request),
      { kind: 'line', parts: state(task, request) },
      ...said(request),
    ],
    buttons: open && currentTurn(task).phase.kind !== 'stopping' ? buttons(task, request) : [],
    mention: open && callsWhenAsking(task) ? [task.requester] : [],
  }
}

/** A new message, because edits notify nobody. It has no buttons: those are on the request itself. */
export const reminderCard = (task: Task, request: Request): Card => ({
  tone: 'needs',
  title: 'Still waiting for an answer',
  body: [{ kind: 'line', parts: [{ strong: request.title }, ' since ', { at: request.askedAt }] }],
  buttons: [],
  mention: callsWhenAsking(task) ? [task.requester] : [],
})

function content(request: Request): Block[] {
  const why: Block[] = request.why ? [{ kind: 'words', text: request.why }] : []
  if (request.detail === '') return why
  return [
    request.kind === 'permission'
      ? { kind: 'code', text: request.detail, ...(request.syntax && { syntax: request.syntax }) }
      : { kind: 'words', text: request.detail },
    ...why,
  ]
}

/** Where a call would run, as what it does depends on that. */
function where(task: Task, { kind, attempt }: Request): Block[] {
  if (kind !== 'permission' || attempt === 0) return []
  const { work } = task
  const branch = branchOf(task)
  const directory = work.kind === 'worktree' ? work.worktree : work.path
  return [{ kind: 'line', parts: ['in ', { code: directory }, ...(branch === null ? [] : [' on ', { code: branch }])] }]
}

/** Which rule asks; of where it stands the file and the line, without the way there. */
function asker({ askedBy }: Request): Block[] {
  const line = (...parts: Part[]): Block[] => [{ kind: 'line', parts }]
  if (askedBy === undefined) return []
  if (askedBy === 'none') return line('No rule matched')
  if (askedBy === 'unclear') return line('Asked because nobody can tell from the rules what it would do')
  const { rule, at, part } = askedBy
  const about: Part[] = part === undefined ? [] : [', for ', { code: part }]
  return line('Asked by rule ', { code: rule }, ` (${at.replace(/^.*\//u, '')})`, ...about)
}

/** An answered card says what was answered, with all that was known of it. */
function warnings({ kind, detail, warnings: told = [] }: Request): string[] {
  const twins = kind === 'permission' ? lookAlikes(detail) : []
  return twins.length > 0 ? [...told, `holds characters that look like others: ${twins.join(', ')}`] : told
}

/** The exact rule that choosing an option adds; options with the same rule are named together. */
function rules({ state: now, options }: Request): Block[] {
  if (now.kind !== 'open') return []
  const byRule = Map.groupBy(
    options.filter(({ rule }) => rule),
    ({ rule }) => rule ?? '',
  )
  return [...byRule].map(([rule, ones]) => ({
    kind: 'line',
    parts: [`${ones.map(({ label }) => label).join(' / ')}: `, { code: rule }],
  }))
}

/** What each rule still waits for, and who has said yes so far. */
function required({ requires = [], votes, state: now }: Request): Block[] {
  if (now.kind !== 'open') return []
  const lines = requires.map((one): Block => ({
    kind: 'line',
    parts: [{ code: one.rule }, `: ${standing(one, votes)}`],
  }))
  const yeses = votes.map(({ by, at }): Block => ({
    kind: 'line',
    parts: ['Allowed by ', { person: by }, ', ', { at }],
  }))
  return [...lines, ...yeses]
}

function state(task: Task, request: Request): Part[] {
  const { state: now } = request
  switch (now.kind) {
    case 'open': {
      const missing = request.need - request.votes.length
      if (request.requires)
        return ['waiting since ', { at: request.askedAt }, ', asked by ', { person: task.requester }]
      return missing > 1
        ? [`waiting for ${missing} people, asked by `, { person: task.requester }]
        : ['waiting for ', { person: task.requester }]
    }
    case 'withdrawn':
      return [`No longer asked: ${now.reason}, `, { at: now.at }]
    case 'settled':
      return [
        { strong: labelOf(request, now.vote) },
        ' by ',
        ...deciders(request, now.vote),
        ', ',
        { at: now.vote.at },
        delivery(task, request, now.delivered),
      ]
  }
}

/** All who said yes, or the one who said no. */
function deciders({ votes, options }: Request, vote: Vote): Part[] {
  const isNo = options.find(({ id }) => id === vote.option)?.effect === 'deny'
  const before = isNo ? [] : votes.filter(({ by }) => by.chat !== vote.by.chat || by.id !== vote.by.id)
  return [...before.flatMap(({ by }): Part[] => [{ person: by }, ' and ']), { person: vote.by }]
}

function delivery(task: Task, request: Request, delivered: number | null): string {
  if (request.attempt === 0 || chosen(request)?.stops) return ''
  if (delivered !== null) return ' · delivered'
  const over = request.turn < currentTurn(task).n || currentTurn(task).phase.kind === 'ended'
  return over ? ' · not delivered: the turn ended first' : ' · not delivered yet'
}

const chosen = ({ state: now, options }: Request): Option | undefined =>
  now.kind === 'settled' ? options.find((one) => one.id === now.vote.option) : undefined

const labelOf = (request: Request, vote: Vote): string => chosen(request)?.label.replace(/…$/, '') ?? vote.option

function said(request: Request): Block[] {
  if (request.state.kind !== 'settled') return []
  const { option, values } = request.state.vote
  const fields = request.options.find((one) => one.id === option)?.fields ?? []
  return fields
    .filter((field) => values[field.id])
    .map((field) => ({
      kind: 'words',
      text: `${field.label}${field.label.endsWith('?') ? '' : ':'} ${values[field.id]}`,
    }))
}

/** Words that came meanwhile wait until this is answered. They may be the reason for a no. */
function held(task: Task, request: Request): Block[] {
  const words = heldWords(task)
  const no = request.options.find(isRefusal)
  if (words === '' || request.state.kind !== 'open' || !no) return []
  return [
    { kind: 'line', parts: [`Held until this is answered; “${no.label}” offers it as the reason:`] },
    { kind: 'words', text: words },
  ]
}

const heldWords = (task: Task): string =>
  heldOfInsiders(task)
    .map(({ text }) => text)
    .join('\n')

/** A no that takes a reason. */
const isRefusal = ({ effect, fields }: Option): boolean => effect === 'deny' && fields !== undefined

function fieldsOf(task: Task, option: Option): Field[] | undefined {
  const [reason, ...others] = option.fields ?? []
  const words = isRefusal(option) ? heldWords(task) : ''
  return reason && words !== '' ? [{ ...reason, prefill: words }, ...others] : option.fields
}

/** What sending it does: what was edited runs at once. */
const submitOf = ({ effect, label }: Option): string => (effect === 'allow' ? 'Allow' : label.replace(/…$/, ''))

const buttons = (task: Task, request: Request): Button[] =>
  request.options.map((option) => ({
    id: actionId('vote', task.id, request.id, option.id),
    label: option.label,
    ...(option.style && { style: option.style }),
    ...(option.fields?.length && {
      form: {
        title: request.title,
        submit: submitOf(option),
        fields: fieldsOf(task, option) ?? [],
      },
    }),
  }))
