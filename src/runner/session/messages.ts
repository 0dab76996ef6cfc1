// What comes in over the socket, and what the spec says: parsed by hand, because a schema library costs every session process
// 15 MB. A spec is written by the runner of the same version; a message may come from a newer one, so unknown fields pass.

import type { RuleSource } from '../../task/policy/rule.ts'
import type { Answer } from '../../task/request.ts'
import type { Work } from '../../task/facts.ts'
import { isObject, type JsonObject } from '../lines.ts'
import { PROTOCOL_VERSION, type Proof, type Spec, type ToSession } from '../protocol.ts'

/** The message, or null when it is none. */
export function parseToSession(line: JsonObject): ToSession | null {
  const { attach, proof, answer, guide, stop, rules } = line
  if (isObject(attach)) return isCount(attach['after']) ? { attach: { after: attach['after'] } } : null
  if (isObject(proof)) return isProof(proof) ? { proof } : null
  if (isObject(guide)) return isGuidance(guide) ? { guide } : null
  if (isObject(stop)) return isCount(stop['graceMs']) ? { stop: { graceMs: stop['graceMs'] } } : null
  if (isRules(rules)) return { rules }
  if (isObject(answer)) return isAnswer(answer) ? { answer } : null
  return null
}

/** The spec, or an error that names what is wrong with it. */
export function parseSpec(text: string): Spec {
  const spec: unknown = JSON.parse(text)
  if (!isObject(spec)) throw new Error('spec.json holds no object')
  for (const [name, fits] of Object.entries(SPEC)) {
    if (!fits(spec[name])) throw new Error(`spec.json: ${name} is missing or not what it should be`)
  }
  return spec as Spec
}

const isText = (value: unknown): value is string => typeof value === 'string'
const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
const isTexts = (value: unknown): value is Record<string, string> =>
  isObject(value) && Object.values(value).every(isText)
const isListOf = (fits: (one: unknown) => boolean) => (value: unknown) => Array.isArray(value) && value.every(fits)
const isOptionalText = (value: unknown): boolean => value === undefined || isText(value)

const isProof = (value: unknown): value is Proof => isObject(value) && isCount(value['pid']) && isCount(value['fd'])

const isGuidance = (value: unknown): value is { id: string; text: string } =>
  isObject(value) && isText(value['id']) && isText(value['text'])

const isAnswer = (value: unknown): value is Answer =>
  isObject(value) &&
  [value['request'], value['option'], value['by']].every(isText) &&
  [value['tool'], value['inputHash']].every(isOptionalText) &&
  ['permission', 'question', 'plan'].includes(String(value['kind'])) &&
  ['allow', 'deny', 'answer'].includes(String(value['effect'])) &&
  isTexts(value['values'])

const isRules = (value: unknown): value is RuleSource[] => Array.isArray(value) && value.every(isRule)

const isRule = (value: unknown): boolean =>
  isObject(value) &&
  ['deny', 'ask', 'allow'].includes(String(value['list'])) &&
  isText(value['text']) &&
  isText(value['at']) &&
  (value['demands'] === undefined || isObject(value['demands']))

const isPolicy = (value: unknown): boolean =>
  isObject(value) &&
  isRules(value['rules']) &&
  isObject(value['kept']) &&
  [value['kept']['names'], value['kept']['except']].every(isListOf(isText)) &&
  typeof value['kept']['fromCommands'] === 'boolean'

const isWork = (value: unknown): value is Work =>
  isObject(value) &&
  isText(value['path']) &&
  (value['kind'] === 'here' ||
    (value['kind'] === 'worktree' &&
      isText(value['worktree']) &&
      isText(value['branch']) &&
      (value['base'] === null || isText(value['base']))))

const SPEC: Record<keyof Spec, (value: unknown) => boolean> = {
  protocol: (value) => value === PROTOCOL_VERSION,
  task: isText,
  attempt: isCount,
  agentModule: (value) => isText(value) && value.startsWith('file:'),
  turn: isCount,
  begun: (value) => typeof value === 'boolean',
  prompt: isText,
  resume: (value) => value === null || isText(value),
  answers: isListOf(isAnswer),
  guidance: isListOf(isGuidance),
  options: isTexts,
  work: isWork,
  env: isTexts,
  marker: isText,
  bornAs: (value) => value === undefined || isText(value),
  socket: isText,
  agentHome: isText,
  logBytesMax: isCount,
  stopGraceMs: isCount,
  policy: (value) => value === undefined || isPolicy(value),
  door: (value) => value === undefined || (isText(value) && value.startsWith('file:')),
}
