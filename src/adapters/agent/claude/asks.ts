// What Claude asks as a request, and a person's answer as what Claude is told. Pure.

import type { PermissionResult, PermissionUpdate } from '@anthropic-ai/claude-agent-sdk'
import type { Ruling } from '../../../runner/agent.ts'
import type { Answer, Ask, Field, Option } from '../../../task/request.ts'
import { editable, hashOf, rest, whole, wish, type Input } from './calls.ts'

/** A call that waits for a person, with what the SDK says about it. */
export type Call = {
  id: string
  tool: string
  input: Input
  cwd: string
  suggestions: PermissionUpdate[]
  /** Why it is asked, where it is not plain. */
  reason?: string
  /** Claude's own words about it. */
  description?: string
  /** The description of the subagent that makes it. */
  subagent?: string
  /** What the rules of the house say of it, and the files it leads to. */
  ruled: Ruling['ask']
  reaches: string[]
  /** A rule of the house asked: then these are the ways to say “always”, and what Claude suggests would not help. */
  always?: Option[]
  /** Nobody should be able to allow it always. */
  onceOnly: boolean
}

type Choice = { label: string; description?: string; preview?: string }
type Question = { question: string; header?: string; multiSelect?: boolean; options: Choice[] }

/** The option and the field for free text; the chat answers by them when somebody just types. */
const WORDS = 'words'
/** Tools that exist to ask a person. */
export const QUESTION = 'AskUserQuestion'
export const PLAN = 'ExitPlanMode'
const SKIPPED = 'The person skipped this: decide yourself.'

export function askOf(call: Call): Ask {
  if (call.tool === QUESTION) return questionAsk(call.id, questionsOf(call.input))
  if (call.tool === PLAN) return planAsk(call)
  return permissionAsk(call)
}

/** What Claude is told. What was asked is what runs: an edited input is the one that the person saw last. */
export function resultOf(call: Call, answer: Answer): PermissionResult {
  if (call.tool === QUESTION)
    return { behavior: 'allow', updatedInput: { ...call.input, ...answered(call.input, answer) } }
  if (answer.effect === 'deny') return { behavior: 'deny', message: refusal(call, answer) }
  const updates = updatesFor(call, answer.option)
  return {
    behavior: 'allow',
    updatedInput: { ...call.input, ...(answer.option === 'edit' ? answer.values : {}) },
    ...(updates.length > 0 && { updatedPermissions: updates }),
  }
}

/** The answer in words, for a call that cannot take it any more. */
export function said(input: Input | undefined, answer: Answer): string {
  if (answer.kind !== 'question') return answer.values['reason'] ?? answer.values[WORDS] ?? ''
  const { answers, response } = answered(input ?? {}, answer)
  return (
    response ??
    Object.entries(answers)
      .map(([question, words]) => `“${question}” ${words}`)
      .join('; ')
  )
}

function permissionAsk(call: Call): Ask {
  const { id, tool, input, cwd } = call
  const more = rest(tool, input)
  return {
    id,
    kind: 'permission',
    title: `Claude wants ${wish(tool, input, cwd)}`,
    detail: whole(tool, input),
    ...(['Edit', 'Write'].includes(tool) && { syntax: 'diff' as const }),
    tool,
    inputHash: hashOf(tool, input),
    ...call.ruled,
    why: [
      call.description,
      more && `With ${more}`,
      call.reason && `Asked because: ${call.reason}`,
      call.subagent && `Asked by the subagent “${call.subagent}”`,
      `In ${cwd}`,
    ]
      .filter((line) => line)
      .join('\n'),
    options: [
      { id: 'allow', label: 'Allow once', effect: 'allow', style: 'primary' },
      ...(call.always ?? (call.onceOnly ? [] : always(call))),
      {
        id: 'deny',
        label: 'Deny…',
        effect: 'deny',
        fields: [{ id: 'reason', label: 'Why not?', required: false }],
      },
      { id: 'stop', label: 'Deny and stop', effect: 'deny', style: 'danger', stops: true },
      ...edits(input),
    ],
  }
}

/** What Claude itself suggests, each with the exact rule it adds: for this session, and on purpose for the whole repository. */
function always(call: Call): Option[] {
  const rules = rulesOf(call).map(ruleText)
  const rule = rules.join(', ')
  const directories = directoriesOf(call)
  return [
    ...(rules.length > 0
      ? ([
          { id: 'session', label: 'Always in this session', effect: 'allow', rule },
          {
            id: 'repo',
            label: 'Always in this repository',
            effect: 'allow',
            rule,
          },
        ] as const)
      : []),
    ...(modeOf(call) ? [{ id: 'edits', label: 'Accept edits from here', effect: 'allow' } as const] : []),
    ...(directories.length > 0
      ? [
          {
            id: 'directory',
            label: 'Always in this directory',
            effect: 'allow',
            rule: `everything in ${directories.join(', ')}`,
          } as const,
        ]
      : []),
  ]
}

const rulesOf = ({ suggestions }: Call) => suggestions.flatMap((one) => (one.type === 'addRules' ? one.rules : []))
const ruleText = ({ toolName, ruleContent }: { toolName: string; ruleContent?: string }): string =>
  ruleContent === undefined ? toolName : `${toolName}(${ruleContent})`

/** A command may come with the suggestion to accept all edits: that is more than was asked for. */
const modeOf = ({ tool, suggestions }: Call) =>
  tool === 'Bash' ? undefined : suggestions.find((one) => one.type === 'setMode')

const directoriesOf = ({ suggestions, cwd }: Call): string[] =>
  suggestions.flatMap((one) => (one.type === 'addDirectories' ? one.directories : [])).filter((one) => one !== cwd)

function updatesFor(call: Call, option: string): PermissionUpdate[] {
  const rules = rulesOf(call)
  const mode = modeOf(call)
  switch (option) {
    case 'session':
      return [{ type: 'addRules', rules, behavior: 'allow', destination: 'session' }]
    case 'repo':
      return [{ type: 'addRules', rules, behavior: 'allow', destination: 'localSettings' }]
    case 'directory':
      return [{ type: 'addDirectories', directories: directoriesOf(call), destination: 'session' }]
    case 'edits':
      return call.tool === PLAN || mode ? [{ type: 'setMode', mode: 'acceptEdits', destination: 'session' }] : []
    case 'approve':
      return [{ type: 'setMode', mode: 'default', destination: 'session' }]
    default:
      return []
  }
}

function edits(input: Input): Option[] {
  const fields = editable(input).map(([name, prefill]): Field => ({
    id: name,
    label: name,
    // What is empty may stay so: an edit that only deletes has no new text.
    required: prefill !== '',
    prefill,
  }))
  return fields.length > 0 ? [{ id: 'edit', label: 'Edit…', effect: 'allow', fields }] : []
}

function refusal(call: Call, { by, values }: Answer): string {
  const words = values['reason'] ?? values[WORDS]
  const what = call.tool === PLAN ? 'sent the plan back' : 'denied this'
  return words
    ? `${by} ${what}: ${words}`
    : `${by} ${what} and gave no reason. Do not try it in another way; go on without it or ask.`
}

function planAsk({ id, input }: Call): Ask {
  return {
    id,
    kind: 'plan',
    title: 'Claude has a plan',
    detail: typeof input['plan'] === 'string' ? input['plan'] : 'It wrote none down.',
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

function questionAsk(id: string, questions: Question[]): Ask {
  const [only] = questions
  const words: Option = {
    id: WORDS,
    label: 'In other words…',
    effect: 'answer',
    fields: [{ id: WORDS, label: 'Your answer', required: true }],
  }
  const skip: Option = { id: 'skip', label: 'Skip', effect: 'answer' }
  const detail = questions
    .map((one) => describe(one, questions.length > 1))
    .filter((text) => text !== '')
    .join('\n\n')
  if (only && questions.length === 1 && !only.multiSelect) {
    const choices = only.options.map(({ label }, index): Option => ({ id: `c${index}`, label, effect: 'answer' }))
    return { id, kind: 'question', title: only.question, detail, options: [...choices, words, skip] }
  }
  const fields = questions.map(({ question, options, multiSelect }, index): Field => ({
    id: `q${index}`,
    label: question,
    required: false,
    choices: options.map(({ label, description }) => ({ label, ...(description && { description }) })),
    multi: multiSelect ?? false,
  }))
  const answer: Option = { id: 'answer', label: 'Answer…', effect: 'answer', style: 'primary', fields }
  const title = only && questions.length === 1 ? only.question : `Claude has ${questions.length} questions`
  return { id, kind: 'question', title, detail, options: [answer, words, skip] }
}

function describe({ question, options }: Question, named: boolean): string {
  const choices = options
    .filter(({ description, preview }) => named || description || preview)
    .map(({ label, description, preview }) =>
      [`- ${label}${description ? `: ${description}` : ''}`, ...(preview ? fenced(preview) : [])].join('\n'),
    )
  return [...(named ? [question] : []), ...choices].join('\n')
}

/** A preview may itself contain a fence. */
function fenced(preview: string): string[] {
  const ticks = Math.max(2, ...[...preview.matchAll(/`+/gu)].map(([run]) => run.length))
  const fence = '`'.repeat(ticks + 1)
  return [fence, preview, fence]
}

function answered(input: Input, { option, values }: Answer): { answers: Record<string, string>; response?: string } {
  const questions = questionsOf(input)
  if (option === 'skip') return { answers: {}, response: SKIPPED }
  if (option === WORDS) return { answers: {}, response: values[WORDS] ?? '' }
  const [only] = questions
  const choice = only?.options[Number(option.slice(1))]
  if (only && choice && option.startsWith('c')) return { answers: { [only.question]: choice.label } }
  const given = questions.flatMap(({ question }, index) => {
    const value = values[`q${index}`]
    return value === undefined ? [] : [[question, value]]
  })
  return { answers: Object.fromEntries(given) as Record<string, string> }
}

/** What the model sent, taken as far as it can be shown. */
function questionsOf(input: Input): Question[] {
  const { questions } = input
  if (!Array.isArray(questions)) return []
  return questions.flatMap((one: Partial<Question> | null) =>
    typeof one?.question === 'string'
      ? [{ ...one, question: one.question, options: Array.isArray(one.options) ? one.options : [] }]
      : [],
  )
}
