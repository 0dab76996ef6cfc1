// What the agent asks, as cards know it: pure, so that the same step always asks the same.

import { createHash } from 'node:crypto'
import type { Ruling } from '../../../runner/agent.ts'
import type { Answer, Ask, Field, Option } from '../../../task/request.ts'
import type { Question, Step } from './script.ts'

/** The option and the field for free text; the chat answers by them when somebody just types. */
const WORDS = 'words'
const TOOL = 'Bash'

export type Asking = Extract<Step, { do: 'permission' | 'question' | 'plan' }>
type Ruled = Pick<Ruling, 'always' | 'ask'>

/** `ruled`: what the rules say of a permission; `revised`: what a plan was sent back with, once for every time. */
export function askOf(id: string, step: Asking, revised: string[], ruled: Ruled | null): Ask {
  switch (step.do) {
    case 'permission':
      return permission(id, step.command, ruled)
    case 'question':
      return question(id, step.questions, step.multi)
    case 'plan':
      return plan(id, step.points, revised)
  }
}

function permission(id: string, command: string, ruled: Ruled | null): Ask {
  const inputHash = createHash('sha256')
    .update(JSON.stringify({ tool: TOOL, input: { command } }))
    .digest('hex')
  return {
    id,
    kind: 'permission',
    title: 'Demo wants to run',
    detail: command,
    tool: TOOL,
    inputHash,
    why: 'So that you see how it asks. Nothing is run, whatever you answer.',
    ...ruled?.ask,
    options: [
      { id: 'allow', label: 'Allow once', effect: 'allow', style: 'primary' },
      // Nothing is run here, so nothing is granted beyond this task.
      ...(ruled?.always ?? []).filter(({ grants }) => grants === 'task'),
      {
        id: 'deny',
        label: 'Deny…',
        effect: 'deny',
        style: 'danger',
        fields: [{ id: 'reason', label: 'Why not?', required: false }],
      },
      {
        id: 'edit',
        label: 'Edit…',
        effect: 'allow',
        fields: [{ id: 'command', label: 'Command', required: true, prefill: command }],
      },
    ],
  }
}

function question(id: string, questions: [Question, ...Question[]], multi: boolean): Ask {
  const [first] = questions
  const words: Option = {
    id: WORDS,
    label: 'Other…',
    effect: 'answer',
    fields: [{ id: WORDS, label: 'In your own words', required: true }],
  }
  if (questions.length === 1 && !multi) {
    const choices = first.choices.map((label, index): Option => ({ id: `c${index}`, label, effect: 'answer' }))
    const inWords: Option = choices.length > 0 ? words : { ...words, label: 'Answer…', style: 'primary' }
    return { id, kind: 'question', title: first.text, detail: '', options: [...choices, inWords] }
  }
  const fields = questions.map(({ text, choices }, index): Field => {
    const given = choices.length > 0 ? { choices: choices.map((label) => ({ label })), multi } : {}
    return { id: `q${index}`, label: text, required: true, ...given }
  })
  const answer: Option = { id: 'answer', label: 'Answer…', effect: 'answer', style: 'primary', fields }
  const title = questions.length === 1 ? first.text : `${questions.length} questions`
  const detail =
    questions.length === 1
      ? ''
      : questions.map(({ text, choices }) => [text, ...choices.map((one) => `- ${one}`)].join('\n')).join('\n\n')
  return { id, kind: 'question', title, detail, options: [answer, words] }
}

function plan(id: string, points: string[], revised: string[]): Ask {
  const all = [...points, ...revised.map((words) => `As you said: ${words}`)]
  return {
    id,
    kind: 'plan',
    title: revised.length > 0 ? 'Demo has a new plan' : 'Demo has a plan',
    detail: all.map((point, index) => `${index + 1}. ${point}`).join('\n'),
    options: [
      { id: 'approve', label: 'Approve', effect: 'allow', style: 'primary' },
      { id: 'edits', label: 'Approve, accept edits', effect: 'allow' },
      {
        id: 'back',
        label: 'Send back…',
        effect: 'deny',
        fields: [{ id: WORDS, label: 'What should be different?', required: true }],
      },
    ],
  }
}

/** What somebody decided, in a line for the log and the summary. */
export function decision(step: Asking, { option, effect, values, by }: Answer): string {
  switch (step.do) {
    case 'permission': {
      if (effect === 'deny')
        return `${step.command}: denied by ${by}${values['reason'] ? ` (${values['reason']})` : ''}`
      if (option === 'edit')
        return `${values['command'] ?? step.command}: allowed by ${by}, changed from ${step.command}`
      return `${step.command}: ${option === 'allow' ? 'allowed once' : 'always allowed'} by ${by}`
    }
    case 'question':
      return `${step.questions.map(({ text }) => text).join(' ')} ${chosen(step.questions, option, values)} (${by})`
    case 'plan':
      if (effect === 'deny') return `The plan: sent back by ${by} (${values[WORDS] ?? 'without words'})`
      return `The plan: approved by ${by}${option === 'edits' ? ', edits accepted' : ''}`
  }
}

function chosen([first]: [Question, ...Question[]], option: string, values: Record<string, string>): string {
  if (option.startsWith('c')) return first.choices[Number(option.slice(1))] ?? option
  return Object.values(values).join(' · ')
}
