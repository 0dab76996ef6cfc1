// The verbs of `/bg …`: from typed text to a deed or a view, and what the person who typed it is told. A task that was
// started shows itself as its card, so nothing more is said about it.

import { WORDS, optionForWords, type Option } from '../task/request.ts'
import { isRefused, refuse, type Refused, type TaskId } from '../task/words.ts'
import { NOTIFY, type Notify } from '../task/posts/notify.ts'
import type { Reply } from './chat.ts'
import type { Doer, Done } from './deeds.ts'
import { helpText } from './help.ts'
import { rules } from './rules.ts'
import { diffNumbers, diffText, logText, showText, tasksText } from './texts.ts'
import { run, start, startForm } from './starting.ts'
import { doer, done, refusal, type Room, type Typed } from './typed.ts'
import { parseWords, unknown, type Words } from './words.ts'

type Verb = (room: Room, typed: Typed, text: string) => Promise<Reply>

const NOTIFY_SAYS: Record<Notify, string> = {
  'on-block': 'when they need you',
  'on-complete': 'when they are done',
  always: 'when they need you and when they are done',
  off: 'never',
}

const NAME_A_TASK = 'Name a task; `/bg tasks` lists them.'

const LOG_CHARS_IN_CHAT = 6_000
const TASKS_IN_CHAT = 20

export const VERBS: Record<string, Verb> = {
  start,
  run,
  mine,
  tasks,
  show,
  logs,
  diff,
  answer,
  guide,
  interrupt,
  stop,
  commit,
  discard,
  restore,
  attach,
  notify,
  pair,
  rules: (room, typed, text) => rules(room, doer(typed), text),
  help,
}

export async function command(room: Room, typed: Typed): Promise<Reply> {
  const [, word = '', text = ''] = /^(\S+)(?:\s+([\s\S]*))?$/u.exec(typed.text.trim()) ?? []
  if (word === '') return startForm(room, typed)
  const verb = Object.hasOwn(VERBS, word) ? VERBS[word] : undefined
  return verb ? verb(room, typed, text) : refusal(refuse(unknown(word, Object.keys(VERBS), 'command')))
}

async function tasks({ views }: Room, _typed: Typed, text: string): Promise<Reply> {
  const words = parseWords(text, { valued: [], bare: ['json'] })
  if (isRefused(words)) return refusal(words)
  if (words.rest !== '') return refusal(tooMany(words.rest, 'tasks takes no words; `/bg show TASK` shows one'))
  const rows = await views.tasks({ limit: TASKS_IN_CHAT })
  return 'json' in words.flags
    ? { kind: 'text', text: '', code: JSON.stringify(rows, null, 2) }
    : { kind: 'text', ...tasksText(rows) }
}

async function show(room: Room, typed: Typed, text: string): Promise<Reply> {
  return about(room, typed, text, { valued: [], bare: ['json'] }, async (id, { flags }) => {
    const task = await room.views.task(id)
    if (!task) return refuse('There is no such task.')
    return 'json' in flags ? { text: '', code: JSON.stringify(task, null, 2) } : showText(task)
  })
}

async function logs(room: Room, typed: Typed, text: string): Promise<Reply> {
  return about(room, typed, text, { valued: ['tail', 'grep'], bare: [] }, async (id, { flags }) => {
    const tail = flags['tail'] === undefined ? null : Number(flags['tail'])
    if (tail !== null && !(Number.isInteger(tail) && tail > 0)) return refuse('--tail needs a number of lines.')
    const range = await room.views.log(id, { tail: tail ?? 200, ...(flags['grep'] && { grep: flags['grep'] }) })
    return logText(range, LOG_CHARS_IN_CHAT)
  })
}

async function diff(room: Room, typed: Typed, text: string): Promise<Reply> {
  return about(room, typed, text, { valued: [], bare: ['stat', 'json'] }, async (id, { flags }) => {
    const found = await room.views.diff(id)
    if ('refused' in found) return found
    if ('json' in flags) return { text: '', code: JSON.stringify(found, null, 2) }
    return 'stat' in flags ? { text: diffNumbers(found) } : diffText(found, LOG_CHARS_IN_CHAT)
  })
}

/** `answer <task> [<request>] <option or words>`; in a thread the task need not be named. */
async function answer(room: Room, typed: Typed, text: string): Promise<Reply> {
  const named = await taskAndRest(room, typed, text)
  if (isRefused(named)) return refusal(named)
  return done(await answerWith(room, doer(typed), named.id, named.rest))
}

/** The words after the task: a request's id first when several are open, then an option's id, a choice, or free text. */
export async function answerWith(
  { views, deeds }: Pick<Room, 'views' | 'deeds'>,
  who: Doer,
  id: TaskId,
  text: string,
): Promise<Done> {
  const open = (await views.task(id))?.open ?? []
  const [first = '', ...others] = text.trim().split(/\s+/u)
  const named = open.find((request) => request.id === first)
  const request = named ?? (open.length === 1 ? open[0] : undefined)
  if (!request) {
    const which = open.map((one) => `${one.id} (${one.title})`).join(', ')
    return refuse(open.length === 0 ? 'It asks nothing now.' : `It asks several things, name one: ${which}.`)
  }
  const said = named ? others : [first, ...others]
  const option = request.options.find((one) => one.id === said[0])
  const rest = said.slice(1).join(' ')
  if (option) return deeds.vote(who, id, request.id, option.id, filledIn(option, rest))
  const words = optionForWords(
    request,
    text
      .trim()
      .slice(named ? first.length : 0)
      .trim(),
  )
  const possible = request.options.map((one) => one.id).join(', ')
  if (!request.options.some((one) => one.id === words.option))
    return refuse(`Answer “${request.title}” with one of: ${possible}.`)
  if (words.option === WORDS && words.values[WORDS] === '')
    return refuse(`Say what: one of ${possible}, or words of your own.`)
  return deeds.vote(who, id, request.id, words.option, words.values)
}

/** Words fill in the field of an option; of several, each its own, with `|` between them. */
function filledIn({ fields = [] }: Option, text: string): Record<string, string> {
  const values = fields.length > 1 ? text.split('|') : [text]
  return Object.fromEntries(
    fields.flatMap(({ id }, index) => (values[index]?.trim() ? [[id, values[index].trim()]] : [])),
  )
}

async function guide(room: Room, typed: Typed, text: string): Promise<Reply> {
  const named = await taskAndRest(room, typed, text)
  if (isRefused(named)) return refusal(named)
  return done(await room.deeds.reply(doer(typed), named.id, named.rest, typed.source))
}

function stop(room: Room, typed: Typed, text: string): Promise<Reply> {
  return end(room, typed, text, 'stop')
}

function interrupt(room: Room, typed: Typed, text: string): Promise<Reply> {
  return end(room, typed, text, 'interrupt')
}

async function end(room: Room, typed: Typed, text: string, how: 'stop' | 'interrupt'): Promise<Reply> {
  const named = await taskAlone(room, typed, text, how)
  return isRefused(named) ? refusal(named) : done(await room.deeds[how](doer(typed), named.id))
}

/** Words after the task are the message. */
async function commit(room: Room, typed: Typed, text: string): Promise<Reply> {
  const named = await taskAndRest(room, typed, text)
  if (isRefused(named)) return refusal(named)
  return done(await room.deeds.chore(doer(typed), named.id, 'commit', named.rest || undefined))
}

async function discard(room: Room, typed: Typed, text: string): Promise<Reply> {
  const named = await taskAlone(room, typed, text, 'discard')
  return isRefused(named) ? refusal(named) : done(await room.deeds.chore(doer(typed), named.id, 'discard'))
}

async function restore(room: Room, typed: Typed, text: string): Promise<Reply> {
  const named = await taskAlone(room, typed, text, 'restore')
  return isRefused(named) ? refusal(named) : done(await room.deeds.chore(doer(typed), named.id, 'restore'))
}

async function mine({ mine: cardsOf }: Room, typed: Typed): Promise<Reply> {
  return { kind: 'cards', ...(await cardsOf(doer(typed))) }
}

async function notify({ deeds }: Room, typed: Typed, text: string): Promise<Reply> {
  const wish = text.trim()
  if (wish === '') return { kind: 'text', text: `You are called ${NOTIFY_SAYS[await deeds.notify(typed.actor)]}.` }
  const known = NOTIFY.find((one) => one === wish)
  if (!known) return refusal(refuse(unknown(wish, NOTIFY, 'way to be called')))
  const refused = await deeds.setNotify(doer(typed), known)
  return refused ? refusal(refused) : { kind: 'text', text: `Your next tasks call you ${NOTIFY_SAYS[known]}.` }
}

async function attach(): Promise<Reply> {
  return refusal(refuse('attach opens a session in a terminal: use `backchannel attach TASK` on the machine itself.'))
}

async function pair(room: Room, { actor }: Typed, text: string): Promise<Reply> {
  if (text.trim() === '') return refusal(refuse('Name the code that `backchannel pair` prints in a terminal.'))
  const refused = await room.pair(actor, text)
  return refused ? refusal(refused) : { kind: 'text', text: `@${actor.name} is an owner here from now on.` }
}

async function help(_room: Room, _typed: Typed, _text: string): Promise<Reply> {
  return { kind: 'text', ...helpText() }
}

async function about(
  room: Room,
  typed: Typed,
  text: string,
  grammar: { valued: string[]; bare: string[] },
  read: (id: TaskId, words: Words) => Promise<{ text: string; code?: string } | Refused>,
): Promise<Reply> {
  const [, ref, flagText = ''] = /^((?!--)\S+)?\s*([\s\S]*)$/u.exec(text.trim()) ?? []
  const words = parseWords(flagText, grammar)
  if (isRefused(words)) return refusal(words)
  if (ref !== undefined && words.rest !== '') return refusal(tooMany(words.rest, 'this takes a task and its flags'))
  // `logs --tail 5 fix-it` is as good as `logs fix-it --tail 5`.
  const id = await oneTask(room, typed, ref ?? (words.rest === '' ? undefined : words.rest))
  if (isRefused(id)) return refusal(id)
  const shown = await read(id.id, words)
  return isRefused(shown) ? refusal(shown) : { kind: 'text', ...shown }
}

/** The task named by the first word; in a task's thread, a first word that names no task belongs to the rest. */
async function taskAndRest(room: Room, typed: Typed, text: string): Promise<{ id: TaskId; rest: string } | Refused> {
  const [, first = '', rest = ''] = /^(\S+)(?:\s+([\s\S]*))?$/u.exec(text.trim()) ?? []
  const named = first === '' ? refuse(NAME_A_TASK) : await oneTask(room, { ...typed, thread: null }, first)
  if (!isRefused(named)) return { id: named.id, rest }
  return typed.thread === null ? named : { id: typed.thread, rest: text.trim() }
}

async function taskAlone(room: Room, typed: Typed, text: string, verb: string): Promise<{ id: TaskId } | Refused> {
  const named = await taskAndRest(room, typed, text)
  if (isRefused(named) || named.rest === '') return named
  return tooMany(named.rest, `${verb} takes a task and nothing else`)
}

const tooMany = (words: string, takes: string): Refused =>
  refuse(`“${words.slice(0, 40)}” is one word too many: ${takes}.`)

async function oneTask({ views }: Room, typed: Typed, ref: string | undefined): Promise<{ id: TaskId } | Refused> {
  if (ref !== undefined) {
    const found = await views.find(ref)
    return typeof found === 'string' ? { id: found } : found
  }
  return typed.thread === null ? refuse(NAME_A_TASK) : { id: typed.thread }
}
