// What a command runs in its turn: the program behind `timeout`, `sudo`, `npx` or `find -exec`, the command line of `bash -c` and
// `eval`. Where it is not certain what runs, everything it could be is given, and only an exact rule may allow it.

import type { Assignment, Command, FilePath, Part, Word } from '../../task/policy/call.ts'
import { flagged, isFlag, kindOf, pastFlags } from './flags.ts'
import { givenToGit } from './git.ts'
import { FINDERS, RUNNERS, SHELLS, SHELL_FLAGS, type Finder, type Runner } from './programs.ts'
import { withoutOptions } from './verbs.ts'
import { roughly, isFixedWord, textIn, type Read } from './words.ts'

/** How many places are tried where an inner program may stand. */
const PLACES_MAX = 12

export type Reading = {
  /** The parts of a command line within this one. */
  script(text: string): Part[]
  /** What words name, where they look like paths. */
  files(words: Read[]): FilePath[]
  /** Told of every command, however deep; throws when there are too many. */
  seen(words: Read[]): void
}

type Runs = Pick<Command, 'spelled' | 'runs' | 'transparent'>

const PLAIN: Runs = { spelled: 0, runs: [], transparent: false }
const UNKNOWN: Runs = { spelled: null, runs: [], transparent: false }

export function commandOf(assignments: Assignment[], words: Read[], reading: Reading): Command {
  reading.seen(words)
  const before = assignments.map(({ word }) => roughly({ word, source: '' }))
  const plain = withoutOptions(words)
  return {
    kind: 'command',
    source: [...before, ...words.map((word) => word.source)].filter((one) => one !== '').join(' '),
    assignments,
    words: words.map(({ word }) => word),
    files: reading.files(words),
    ...(plain && { plain: plain.map(({ word }) => word) }),
    ...runsOf(words, reading),
  }
}

/** Whether a program is one that runs what it is given; `words` are those a rule spells out. */
export function runsItsArguments(words: string[]): boolean {
  const read = [...words, 'x'].map((text): Read => ({ word: [text], source: text }))
  if (words.length === 0) return false
  const { spelled } = runsOf(read, { script: () => [], files: () => [], seen: () => {} })
  return spelled === null || spelled > words.length
}

const computed = (source: string): Read => ({ word: [{ computed: source, never: '' }], source })

function runsOf(words: Read[], reading: Reading): Runs {
  const [first, ...rest] = words
  if (!first) return PLAIN
  const program = textIn(first)
  if (program === null) return UNKNOWN
  const name = program.slice(program.lastIndexOf('/') + 1)
  if (SHELLS.has(name)) return shell(words, reading, name === program)
  if (name === 'eval') {
    const line = rest[0] && textIn(rest[0]) === '--' ? rest.slice(1) : rest
    return { spelled: null, runs: scriptIn(line, reading), transparent: true }
  }
  if (name === 'alias')
    return { ...UNKNOWN, runs: rest.flatMap((word) => reading.script(roughly(word).replace(/^[^=]*=?/u, ''))) }
  const finder = FINDERS.get(name)
  if (finder) return found(words, finder, reading)
  const given = name === 'git' ? givenToGit(words) : null
  if (!given) return behindRunner(words, name, reading)
  const { spelled, runs } = behindRunner(words, name, reading)
  return {
    spelled: spelled === null ? null : Math.max(spelled, given.spelled),
    runs: [...runs, ...given.scripts.flatMap((line) => scriptIn([line], reading))],
    transparent: false,
  }
}

/** Of a program that runs what it is given. */
function behindRunner(words: Read[], name: string, reading: Reading): Runs {
  const [program, ...rest] = words
  const runner = RUNNERS.get(name)
  if (!runner) return PLAIN
  const strips = program !== undefined && textIn(program) === name
  const start = runner.verbs ? behindVerb(words, runner) : 1
  if (start === null || (name === 'command' && isQuestion(rest[0]))) return PLAIN
  if (name === 'xargs') return xargs(words, runner, reading, strips)
  return run(words, runner, start, reading, runner.strips === true && strips)
}

const isQuestion = (word: Read | undefined): boolean => /^-p?[vV]+$/u.test(word ? (textIn(word) ?? '') : '')

/** Behind the words that make it run something: `docker compose exec`, past flags of its own. */
function behindVerb(words: Read[], { verbs = [] }: Runner): number | null {
  const plain = words.flatMap((word, at) => (at > 0 && !isFlag(word) ? [at] : []))
  // A word behind a flag may be its value, so the next one counts, too.
  for (const first of plain) {
    for (const verb of verbs) {
      const wanted = verb.split(' ')
      if (wanted.every((one, at) => words[first + at] && textIn(words[first + at] as Read) === one))
        return first + wanted.length
    }
    if (!isFlag(words[first - 1])) return null
  }
  return null
}

function run(words: Read[], runner: Runner, from: number, reading: Reading, strips: boolean): Runs {
  const flags = pastFlags(words, runner, from)
  const dashes = runner.dashes ? words.findIndex((word, index) => index >= from && textIn(word) === '--') : -1
  const start = dashes === -1 ? pastOperands(words, runner, flags.at) : dashes + 1
  const certain = flags.certain || dashes !== -1
  // Of `npm exec rm -- x`, too, the program is rm.
  const starts = certain
    ? [...new Set([start, pastOperands(words, runner, flags.at)])]
    : words.map((_, index) => index).filter((index) => index >= Math.min(flags.at, start))
  const late = runner.late ? flagged(words.slice(flags.at), runner) : []
  const scripts = [...flags.scripts, ...late]
  const lines = scripts.flatMap((script) => scriptIn([script], reading))
  const inner = starts.slice(0, PLACES_MAX).flatMap((place) => behind(words.slice(place), runner, reading))
  const runs = [...lines, ...inner, ...words.slice(0, starts.length > PLACES_MAX ? 1 : 0).map(unclear)]
  const [only] = inner
  const isPlain = scripts.length === 0 && (!runner.joins || isOneCommand(words.slice(start), inner))
  if (!certain || !isPlain || only?.kind !== 'command') return { ...UNKNOWN, runs }
  const spelled = only.spelled === null ? null : start + Math.max(1, only.spelled)
  return { spelled, runs, transparent: strips }
}

/** Assignments, a container, a duration: what stands between the flags and the inner program. */
function pastOperands(words: Read[], { assigns, skip = 0 }: Runner, from: number): number {
  const isAssignment = (word: Read | undefined) => word !== undefined && /^[^=]+=/u.test(roughly(word))
  let at = from
  while (assigns && isAssignment(words[at])) at++
  at += skip
  const next = words[at]
  return next && textIn(next) === '--' ? at + 1 : at
}

/** The inner program, and where a shell is given its words, the command line they make, each alone and together. */
function behind(words: Read[], { joins }: Runner, reading: Reading): Part[] {
  if (words.length === 0) return []
  const command = commandOf([], words, reading)
  if (!joins) return [command]
  const lines = words.filter((word) => words.length > 1 && /\s/u.test(roughly(word)))
  return [command, ...scriptIn(words, reading), ...lines.flatMap((word) => scriptIn([word], reading))]
}

/** Whether the words joined are one command of the same words. */
function isOneCommand(words: Read[], inner: Part[]): boolean {
  const [, line] = inner
  return (
    inner.length === 2 && line?.kind === 'command' && line.words.length === words.length && words.every(isFixedWord)
  )
}

/** Without flags it is the program with more words than are written here; with some it is one that runs its arguments. */
function xargs(words: Read[], runner: Runner, reading: Reading, strips: boolean): Runs {
  const marks = marksOf(words)
  const program = words[0] as Read
  if (marks.length > MARKS_MAX) return { ...UNKNOWN, runs: [unclear(program)] }
  const given = [program, ...words.slice(1).map((word) => marks.reduce(withComputed, word))]
  return run([...given, computed('…')], runner, 1, reading, strips && !isFlag(words[1]) && words.length > 1)
}

const MARKS_MAX = 8

/** What stands for what is read. */
function marksOf(words: Read[]): string[] {
  const marks = new Set<string>()
  for (const [at, word] of words.entries()) {
    const [flag, letter, attached = ''] = /^(?:-[0rtpxo]*([Ii])|--replace=?)(.*)$/su.exec(roughly(word)) ?? []
    const next = words[at + 1]
    if (flag !== undefined) marks.add(attached || (letter === 'I' && next ? roughly(next) : '{}'))
  }
  return [...marks].filter((mark) => mark !== '')
}

/** `bash -c` is the command line it is given, `bash file` runs the file, and alone it runs what it is fed. */
function shell(words: Read[], reading: Reading, isBare: boolean): Runs {
  const files: Read[] = []
  let at = 1
  let takes: 'line' | 'fed' | 'file' = 'file'
  let known = true
  for (let word = words[at]; word && /^[-+]/u.test(roughly(word)); word = words[at]) {
    const text = roughly(word)
    at++
    if (text === '--' || text === '-') break
    if (!isFixedWord(word)) return { ...UNKNOWN, runs: [unclear(word)] }
    if (/^--(version|help)$/u.test(text)) return UNKNOWN
    known &&= kindOf(text, SHELL_FLAGS) !== 'unknown'
    if (/^(-[a-zA-Z]*c[a-zA-Z]*|--?command)$/iu.test(text) && text !== '-C') takes = 'line'
    else if (takes === 'file' && /^-[a-zA-Z]*s[a-zA-Z]*$/u.test(text)) takes = 'fed'
    const values = SHELL_FLAGS.valued.split(' ').includes(text) ? 1 : /^[-+][a-zA-Z]*$/u.test(text) ? oFlags(text) : 0
    if (/^--(rcfile|init-file)$/u.test(text)) files.push(...words.slice(at, at + 1))
    at += values
  }
  const rest = words.slice(at)
  const [line] = rest
  const started = files.map((file) => commandOf([], [file], reading))
  if (takes === 'line') {
    const runs = [...started, ...(line ? scriptIn([line], reading) : [])]
    return { spelled: null, runs, transparent: isBare && line !== undefined && started.length === 0 }
  }
  if (takes === 'fed' || !line || STANDARD_INPUT.test(roughly(line)))
    return { ...UNKNOWN, runs: [...started, commandOf([], [computed('…')], reading)] }
  const inner = commandOf([], rest, reading)
  return {
    spelled: known && inner.spelled !== null ? at + Math.max(1, inner.spelled) : null,
    runs: [...started, inner],
    transparent: false,
  }
}

const STANDARD_INPUT = /^\/dev\/(stdin|fd\/\d+)$/u

/** Each takes a word of its own, also within others: `-oc errexit '…'`. */
const oFlags = (text: string): number => text.replaceAll(/[^oO]/gu, '').length

/** Up to the last program or action; in between everything counts. */
function found(words: Read[], { runs, acts }: Finder, reading: Reading): Runs {
  let spelled: Runs['spelled'] = 0
  const inner: Part[] = []
  for (const [at, word] of words.entries()) {
    const text = textIn(word)
    if (at === 0 || text === null) continue
    if (acts.includes(text) && spelled !== null) spelled = at + 1
    const [flag, attached = ''] = runs.exec(text) ?? []
    if (flag === undefined) continue
    const rest = words.slice(at + 1)
    const end = rest.findIndex((one, index) => textIn(one) === ';' || (textIn(one) === '+' && index > 0))
    const own = [attached].filter((one) => one !== '').map((one): Read => ({ word: [one], source: one }))
    const call = [...own, ...(end === -1 ? rest : rest.slice(0, end))].map((one) => withComputed(one, '{}'))
    const command = commandOf([], call, reading)
    inner.push(command)
    const isClear: boolean = spelled !== null && attached === '' && call.length > 0
    spelled = isClear && command.spelled !== null ? at + 1 + Math.max(1, command.spelled) : null
  }
  return { spelled: words.some(mayBeFlag) ? null : spelled, runs: inner, transparent: false }
}

/** The mark stands for what is found or read. */
const withComputed = ({ word, source }: Read, mark: string): Read => ({
  source,
  word: word
    .flatMap((piece) =>
      typeof piece === 'string'
        ? piece
            .split(mark)
            .flatMap((text, index): Word => [...(index > 0 ? [{ computed: mark, never: '' }] : []), text])
        : [piece],
    )
    .filter((piece) => piece !== ''),
})

/** What is computed could come out as `-delete`; names of files are not expected to. */
const mayBeFlag = ({ word: [first] }: Read): boolean =>
  first !== undefined && typeof first !== 'string' && !/^[*?[{]/u.test(first.computed)

/** The command line the words make. What is computed in it could be anything, so it is also unclear. */
function scriptIn(words: Read[], reading: Reading): Part[] {
  const parts = reading.script(words.map((word) => roughly(word)).join(' '))
  const open = words.find((word) => !isFixedWord(word))
  return open ? [...parts, unclear(open)] : parts
}

const unclear = ({ source }: Read): Part => ({
  kind: 'unreadable',
  source,
  why: 'what runs is only known when it runs',
})
