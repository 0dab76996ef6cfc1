// The ways to start a task: `start` and `run` with their flags, and the form for the long version.

import { DEFAULT_MODE } from '../task/authorize.ts'
import { actionId } from '../task/action-id.ts'
import { NOTIFY } from '../task/posts/notify.ts'
import type { Field } from '../task/request.ts'
import { isRefused, refuse, type Place } from '../task/words.ts'
import type { Reply } from './chat.ts'
import { doer, done, refusal, type Room, type Typed } from './typed.ts'
import { withSaid } from './said.ts'
import { parseWords, type Words } from './words.ts'

const SHARED = ['repo', 'label', 'timeout', 'base', 'notify']
const START = { valued: ['agent', 'check', ...SHARED], bare: ['here', 'worktree'] }
const RUN = { valued: SHARED, bare: ['worktree'] }

export async function start(room: Room, typed: Typed, text: string): Promise<Reply> {
  const words = parseWords(text, { ...START, valued: [...START.valued, ...room.deeds.options] })
  if (isRefused(words)) return refusal(words)
  const { flags } = words
  const options = Object.fromEntries(Object.entries(flags).filter(([flag]) => room.deeds.options.includes(flag)))
  if (flags['here'] && flags['worktree']) return refusal(refuse('--here and --worktree exclude each other: name one.'))
  return done(
    await room.deeds.start(doer(typed), {
      ...wish(typed, words),
      prompt: await withSaid(words.rest, typed.said ?? [], ({ author: by, groups }) =>
        room.deeds.mayStart({ by, groups }),
      ),
      ...(flags['agent'] && { agent: flags['agent'] }),
      ...(flags['check'] && { check: flags['check'] }),
      options,
      work: work(room, typed, words, !flags['here']),
    }),
  )
}

export async function run(room: Room, typed: Typed, text: string): Promise<Reply> {
  const words = parseWords(text, RUN)
  if (isRefused(words)) return refusal(words)
  return done(
    await room.deeds.start(doer(typed), {
      ...wish(typed, words),
      agent: room.runAgent,
      check: null,
      work: work(room, typed, words, 'worktree' in words.flags),
    }),
  )
}

/** Asks for all of it; a message it is about is what to do. */
export async function startForm(room: Room, { place, said = [] }: Typed): Promise<Reply> {
  const repos = (await room.deeds.repos()).map(({ name }) => name)
  const agents = room.deeds.agents.filter(({ name, missing }) => missing === null && name !== room.runAgent)
  const modes = [...new Set(agents.flatMap(({ options }) => options['mode'] ?? []))]
  const prefill = said.map(({ text }) => text).join('\n\n')
  const fields: Field[] = [
    { id: 'prompt', label: 'What to do', required: true, long: true, ...(prefill && { prefill }) },
    { id: 'bounds', label: 'What is out of bounds', required: false, long: true },
    { id: 'done', label: 'When it is done', required: false },
    choice('repo', 'Repository', repos, room.repoOf(place) ?? repos[0]),
    choice(
      'agent',
      'Agent',
      agents.map(({ name }) => name),
      room.deeds.startAgent,
    ),
    choice('mode', 'How it asks', modes, DEFAULT_MODE),
    { id: 'label', label: 'What to call it', required: false },
    choice('notify', 'Whom to call', [...NOTIFY], undefined),
  ]
  const offered = fields.filter(({ choices }) => choices?.length !== 0)
  return {
    kind: 'form',
    id: actionId('start', 'new'),
    form: { title: 'Start a background task', submit: 'Start', fields: offered },
  }
}

const choice = (id: string, label: string, names: string[], prefill: string | undefined): Field => ({
  id,
  label,
  required: false,
  closed: true,
  choices: names.map((one) => ({ label: one })),
  ...(prefill !== undefined && names.includes(prefill) && { prefill }),
})

/** What was filled in; left empty, it is as if it had not been typed. */
export async function startFilledIn(room: Room, typed: Typed, values: Record<string, string>): Promise<Reply> {
  const { prompt = '', bounds, done: end, repo, agent, mode, label, notify } = values
  const parts = [prompt.trim(), bounds && `Out of bounds: ${bounds}`, end && `Done when: ${end}`].filter(Boolean)
  const words: Words = {
    flags: { ...(repo && { repo }), ...(label && { label }), ...(notify && { notify }) },
    rest: '',
  }
  return done(
    await room.deeds.start(doer(typed), {
      ...wish(typed, words),
      prompt: parts.join('\n\n'),
      ...(agent && { agent }),
      options: mode && mode !== DEFAULT_MODE ? { mode } : {},
      work: work(room, typed, words, true),
    }),
  )
}

const work = ({ repoOf }: Room, { place }: { place: Place }, { flags }: Words, worktree: boolean) => ({
  worktree,
  repo: flags['repo'] ?? repoOf(place),
  ...(flags['base'] && { base: flags['base'] }),
})

const wish = ({ place, source }: Typed, { flags, rest }: Words) => ({
  prompt: rest,
  place,
  ...(flags['label'] && { label: flags['label'] }),
  ...(flags['timeout'] && { timeout: flags['timeout'] }),
  ...(flags['notify'] && { notify: flags['notify'] }),
  ...(source && { source }),
})
