// `/bg` with a subcommand for each verb and a typed option for each flag, and the entry in the menu of a message: made from what
// the verbs are for, so that the two cannot drift apart. What was chosen becomes the text that a person would type. Pure.

import { shortened } from './text.ts'

type Takes = 'agent' | 'repo' | 'task' | 'words' | 'nothing'
export type Verb = { word: string; says: string; takes: Takes; flags: { word: string; says: string; takes: Takes }[] }

/** What a person begins to type and can be completed. */
export type Completed = 'task' | 'repo' | 'agent' | 'label'

export const MENU_ENTRY = 'Start background task'
export const COMMAND = 'bg'
/** Gives the form. */
export const FORM_VERB = 'new'
/** The option for the words of a verb. */
const WORDS = 'text'
const TASK = 'task'
const LABEL = 'label'
const SAYS_CHARS_MAX = 100
const OPTIONS_MAX = 25

/** Verbs that take words after their task. */
export const WORDS_AFTER_TASK: Record<string, string> = {
  answer: 'an option, or words',
  guide: 'what to say',
  commit: 'the message; left out, its own',
}

const STRING = 3
const BOOLEAN = 5
const SUBCOMMAND = 1
type Option = {
  type: number
  name: string
  description: string
  autocomplete?: boolean
  required?: boolean
  options?: Option[]
}

export function definition(verbs: Verb[]): object[] {
  const form: Option = { type: SUBCOMMAND, name: FORM_VERB, description: 'a form to start a background task' }
  const ofVerbs = verbs.filter(({ word }) => word !== FORM_VERB).map(subcommand)
  return [
    {
      name: COMMAND,
      type: 1,
      description: 'Work in the background',
      options: [form, ...ofVerbs].slice(0, OPTIONS_MAX),
      // In guilds and in direct messages.
      contexts: [0, 1],
      integration_types: [0],
    },
    { name: MENU_ENTRY, type: 3, contexts: [0, 1], integration_types: [0] },
  ]
}

function subcommand({ word, says, takes, flags }: Verb): Option {
  const operands: Option[] =
    takes === 'task'
      ? [
          text(TASK, 'which task: its label or id; in its thread left out', true),
          ...(word in WORDS_AFTER_TASK ? [text(WORDS, WORDS_AFTER_TASK[word] ?? '')] : []),
        ]
      : takes === 'nothing'
        ? []
        : [text(WORDS, says, takes !== 'words')]
  const options = [...operands, ...flags.map(ofFlag)].slice(0, OPTIONS_MAX)
  return {
    type: SUBCOMMAND,
    name: word,
    description: shortened(says, SAYS_CHARS_MAX),
    ...(options.length > 0 && { options }),
  }
}

function ofFlag({ word, says, takes }: Verb['flags'][number]): Option {
  const name = nameOf(word)
  if (takes === 'nothing') return { type: BOOLEAN, name, description: shortened(says, SAYS_CHARS_MAX) }
  return text(name, says, takes !== 'words' || name === LABEL)
}

const text = (name: string, says: string, autocomplete = false): Option => ({
  type: STRING,
  name,
  description: shortened(says, SAYS_CHARS_MAX),
  ...(autocomplete && { autocomplete }),
})

const nameOf = (flag: string): string => flag.replace(/^--/u, '')

export type Given = { name: string; value: string | boolean; focused?: boolean }

/** What a person would have typed after /bg, or a sentence why nobody could. */
export function textOf(word: string, given: Given[], verbs: Verb[]): { text: string } | { refused: string } {
  if (word === FORM_VERB) return { text: '' }
  const verb = verbs.find((one) => one.word === word)
  const value = (name: string): string =>
    given.filter((one) => one.name === name).map((one) => String(one.value))[0] ?? ''
  const flags: string[] = []
  for (const flag of verb?.flags ?? []) {
    const said = given.find(({ name }) => name === nameOf(flag.word))?.value
    if (said === undefined || said === false || said === '') continue
    const quoted = said === true ? '' : quote(said)
    if (quoted === null) return { refused: `${flag.word} cannot hold both kinds of quotes: leave one of them out.` }
    flags.push(said === true ? flag.word : `${flag.word} ${quoted}`)
  }
  const parts = [word, value(TASK).trim(), ...flags, value(WORDS)]
  return { text: parts.filter((one) => one !== '').join(' ') }
}

function quote(value: string): string | null {
  if (!/[\s"']/u.test(value)) return value
  if (!value.includes('"')) return `"${value}"`
  return value.includes("'") ? null : `'${value}'`
}

/** What is being completed, and its beginning. */
export function completedIn(word: string, given: Given[], verbs: Verb[]): { what: Completed; text: string } | null {
  const focused = given.find((one) => one.focused)
  const verb = verbs.find((one) => one.word === word)
  if (!focused || !verb) return null
  const start = String(focused.value)
  if (focused.name === TASK) return { what: 'task', text: start }
  const takes = verb.flags.find((one) => nameOf(one.word) === focused.name)?.takes ?? verb.takes
  if (takes === 'words') return focused.name === LABEL ? { what: 'label', text: start } : null
  return takes === 'nothing' ? null : { what: takes, text: start }
}
