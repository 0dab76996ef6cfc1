// Text that the shell runs although it was quoted: substitutions in what arithmetic, the index of an array or a prompt makes of
// it, and command lines that some builtins take as a word.

import type { Part } from '../../task/policy/call.ts'
import { roughly, textIn, type Read } from './words.ts'

/** Builtins that evaluate the index of an array within text that was quoted. */
const INDEXES = new Set(
  'test [ [[ let declare typeset local export readonly unset printf read wait mapfile readarray getopts'.split(' '),
)

/** Builtins of which a word is run, now or later, where this flag is given. */
const RUN_WORDS = new Map([
  ['mapfile', /^-\w*C/u],
  ['readarray', /^-\w*C/u],
  ['compgen', /^-\w*[CFW]/u],
  ['complete', /^-\w*[CFW]/u],
  ['jobs', /^-\w*x/u],
  ['bind', /^-\w*x/u],
  ['hash', /^-\w*p/u],
  ['enable', /^-\w*f/u],
  ['fc', /^/u],
])

/** Part of a word is run that nobody would take for a command. */
export function evaluated([program, ...rest]: Read[]): Part[] {
  const name = program ? (textIn(program) ?? '') : ''
  const runs = RUN_WORDS.get(name)
  const hidden = rest.find(
    (word) => runs?.test(roughly(word)) === true || (INDEXES.has(name) && fixed(word).some(substitutesInIndex)),
  )
  return hidden ? [mayRun(hidden.source)] : []
}

/** A value is arithmetic where its variable is a number, and run where it is a prompt. */
export const evaluatedLater = (assignment: Read): Part[] =>
  fixed(assignment).some((text) => substitutesInIndex(text) || IN_PROMPT.test(text)) ? [mayRun(assignment.source)] : []

/** Arithmetic, conditions and expansions look once more into what was quoted in an index. */
export const evaluatedIn = (source: string): Part[] =>
  source.includes('[') && QUOTED.test(source) ? [mayRun(source)] : []

const IN_PROMPT = /^PS\d\+?=.*(?:\$\(|`)/su
const QUOTED = /'[^']*(?:\$\(|`)|\\[$`]/u

/** In one pass, because a text may be long and full of brackets. */
function substitutesInIndex(text: string): boolean {
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '[') depth++
    else if (text[at] === ']') depth = Math.max(0, depth - 1)
    else if (depth > 0 && (text[at] === '`' || text.startsWith('$(', at))) return true
  }
  return false
}

const fixed = ({ word }: Read): string[] => word.filter((piece) => typeof piece === 'string')

const mayRun = (source: string): Part => ({ kind: 'unreadable', source, why: 'it may be evaluated' })
