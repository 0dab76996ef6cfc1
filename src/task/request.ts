// A request waits for people: a permission, a question or a plan. It settles once, and its answer is delivered once.

import type { Requirement } from './requirement.ts'
import type { Actor, Instant } from './words.ts'

/**
 * One thing to fill in when an option is chosen. With `choices`, one of them (or several, `multi`) or free text; `closed`
 * allows nothing but the choices. `long`: text of several lines.
 */
export type Field = {
  id: string
  label: string
  required: boolean
  prefill?: string
  choices?: { label: string; description?: string }[]
  multi?: boolean
  closed?: boolean
  long?: boolean
}

/** One way to answer. `allow` and `deny` decide a permission or plan, `answer` a question. `rule` is shown when choosing it adds one. */
export type Option = {
  id: string
  label: string
  effect: 'allow' | 'deny' | 'answer'
  style?: 'primary' | 'danger'
  fields?: Field[]
  rule?: string
  /** Choosing it grants `rule`: for this task alone, or for its repository from now on. */
  grants?: 'task' | 'repo'
  /** Choosing it also stops the task. */
  stops?: boolean
}

/**
 * Why a call is asked about, by the rules: the one that asks (`at`: where it stands; `part`: of several, what it is about), `none`
 * where no rule says anything, `unclear` where nobody can tell from them what it would do.
 */
export type AskedBy = { rule: string; at: string; part?: string } | 'none' | 'unclear'

/** What an agent asks. `tool` and `inputHash` name the exact call a permission is for; `input` is all of it, never a part. */
export type Ask = {
  id: string
  kind: 'permission' | 'question' | 'plan'
  title: string
  detail: string
  /** How `detail` of a permission is to be read; left out, as a command. */
  syntax?: 'diff'
  tool?: string
  inputHash?: string
  why?: string
  askedBy?: AskedBy
  /** What is dangerous about it, in plain words. */
  warnings?: string[]
  /** What rules want besides one yes. */
  requires?: Requirement[]
  options: Option[]
}

/** `as`: roles of who voted, of those the request asks for. */
export type Vote = { by: Actor; at: Instant; option: string; values: Record<string, string>; as?: string[] }

export type RequestState =
  | { kind: 'open' }
  | { kind: 'settled'; vote: Vote; delivered: Instant | null }
  | { kind: 'withdrawn'; at: Instant; reason: string }

/** `attempt` 0 marks a request of ours ("try again?"): its answer goes to no session. */
export type Request = Ask & {
  turn: number
  attempt: number
  askedAt: Instant
  need: number
  votes: Vote[]
  remindedAt: Instant | null
  state: RequestState
}

/** A settled request on its way to a session; to a later attempt of the same turn it is a grant for the same tool and input. */
export type Answer = {
  request: string
  kind: Ask['kind']
  tool?: string
  inputHash?: string
  option: string
  effect: Option['effect']
  values: Record<string, string>
  by: string
}

/** The option every question has for free text, and its field: "answer in words instead". */
export const WORDS = 'words'

/** What a person with only a keyboard can answer a question by: a choice's label or number, else free text. */
export function optionForWords(request: Request, text: string): { option: string; values: Record<string, string> } {
  const wanted = text.trim().toLowerCase()
  const choices = request.options.filter((option) => !option.fields?.length)
  const chosen = choices.find((option, index) => option.label.toLowerCase() === wanted || String(index + 1) === wanted)
  return chosen ? { option: chosen.id, values: {} } : { option: WORDS, values: { [WORDS]: text } }
}
