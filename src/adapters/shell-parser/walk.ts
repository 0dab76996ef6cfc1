// From the text of a command line to its parts: every program it runs, wherever it hides, and every file it writes by
// redirection. What cannot be understood, or is beyond the bounds, is a part that says so.

import { forEachChild, parse } from 'unbash'
import type { Command as Simple, HereDoc, ParsedScript, Redirect, SyntaxNode } from 'unbash'
import type { FilePath, Part } from '../../task/policy/call.ts'
import { evaluated, evaluatedIn, evaluatedLater } from './evaluated.ts'
import { READ_SCRIPTS } from './programs.ts'
import { unread, withoutHereDocs } from './readable.ts'
import { commandOf, type Reading } from './runs.ts'
import { assignmentOf, isFixedWord, roughly, textIn, wordOf, wordsOf, type Read } from './words.ts'

/** The longest command line that is looked into, how many commands and words of them it may hold, and how deep they may lie in strings of others. */
const CHARS_MAX = 64 * 1024
const COMMANDS_MAX = 2_000
const WORDS_MAX = 50_000
const DEPTH_MAX = 12

/** How a file is found from a directory. */
export type FileIn = (directory: string, given: string) => FilePath

export function partsOf(text: string, cwd: string, fileIn: FileIn): Part[] {
  if (text.length > CHARS_MAX) return [unreadable(text, `it is longer than ${CHARS_MAX} characters`)]
  try {
    const walk = new Walk(fileIn, cwd, [cwd])
    const parts = walk.script(text)
    // What comes again may be run after a later `cd` or `ln`.
    const again = new Walk(fileIn, cwd, walk.moves ? null : [cwd], walk.links)
    return walk.repeats && (walk.moves || walk.links) ? again.script(text) : parts
  } catch (error) {
    if (error instanceof TooMuch || error instanceof RangeError)
      return [unreadable(text, 'it is too large to be judged')]
    throw error
  }
}

class TooMuch extends Error {}

const EXCERPT_CHARS = 60
const unreadable = (source: string, why: string): Part => ({
  kind: 'unreadable',
  source: source.length > EXCERPT_CHARS ? `${source.slice(0, EXCERPT_CHARS)}…` : source,
  why,
})

class Walk {
  moves = false
  repeats = false
  /** Names may lead elsewhere when they are written to. */
  links: boolean
  readonly #fileIn: FileIn
  readonly #cwd: string
  /** Where a relative path may start from; null when that is anywhere. */
  #directories: string[] | null
  #commands = 0
  #words = 0
  #depth = 0

  constructor(fileIn: FileIn, cwd: string, directories: string[] | null, links = false) {
    this.links = links
    this.#fileIn = fileIn
    this.#cwd = cwd
    this.#directories = directories
  }

  readonly script = (text: string): Part[] => {
    if (++this.#depth > DEPTH_MAX) throw new TooMuch()
    const parts = this.#parsed(parse(text), text)
    this.#depth--
    return parts
  }

  readonly #reading: Reading = {
    script: this.script,
    files: (words) => this.#files(words),
    seen: (words) => {
      this.#words += words.length
      if (++this.#commands > COMMANDS_MAX || this.#words > WORDS_MAX) throw new TooMuch()
      this.#follow(words)
    },
  }

  #parsed(script: ParsedScript, text: string): Part[] {
    const source = script.source ?? text
    const wrong = script.errors?.[0]?.message ?? unread(script, withoutHereDocs(source, script))
    const parts = this.#within(script, source, false)
    return wrong ? [...parts, unreadable(source.slice(script.pos, script.end) || source, wrong)] : parts
  }

  /** `fed`: what is written to standard inputs here may reach a shell. */
  #within(node: SyntaxNode, source: string, fed: boolean): Part[] {
    const parts: Part[] = []
    forEachChild(node, (child) => void parts.push(...this.#node(child, source, fed)))
    return parts
  }

  #node(node: SyntaxNode, source: string, fed: boolean): Part[] {
    // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- all others are looked through
    switch (node.type) {
      case 'Command':
        return this.#command(node, source, fed || readsScript(node))
      case 'Pipeline':
      case 'Redirected':
        return this.#within(node, source, fed || readsScript(node))
      case 'Redirect':
        return [...this.#within(node, source, fed), ...this.#write(node)]
      case 'HereDoc':
        return [...this.#within(node, source, fed), ...(fed ? this.#fedScript(node) : [])]
      case 'HereString':
        return [...this.#within(node, source, fed), ...(fed && node.target ? this.#line(wordsOf(node.target)) : [])]
      case 'CommandExpansion':
      case 'ProcessSubstitution':
      case 'ArithmeticCommandExpansion': {
        const { script } = node
        return script ? this.#parsed(script, source) : [unreadable(node.text, 'it cannot be parsed')]
      }
      case 'For':
      case 'Select':
        this.repeats = true
        return [...setsVariable(node.name.text), ...this.#within(node, source, fed)]
      case 'While':
      case 'ArithmeticFor':
      case 'Function':
      case 'Coproc':
        this.repeats = true
        return this.#within(node, source, fed)
      case 'TestCommand':
        return [...evaluatedIn(source.slice(node.pos + '[['.length, node.end)), ...this.#within(node, source, fed)]
      case 'ArithmeticCommand':
        return [...evaluatedIn(node.body), ...this.#within(node, source, fed)]
      case 'ArithmeticExpansion':
      case 'ParameterExpansion':
        return [...evaluatedIn(node.text), ...this.#within(node, source, fed)]
      case 'Transform':
        return [unreadable(node.operand.text, 'what runs is only known when it runs')]
      default:
        return this.#within(node, source, fed)
    }
  }

  #command(node: Simple, source: string, fed: boolean): Part[] {
    const assigned = [...node.prefix, ...node.args].filter((one) => one.type === 'Assignment')
    const later = assigned.flatMap((one) => evaluatedLater({ word: assignmentOf(one).word, source: one.text }))
    const assignments = node.prefix.flatMap((one) => (one.type === 'Assignment' ? [assignmentOf(one)] : []))
    const words = [...(node.name ? wordsOf(node.name) : []), ...node.args.flatMap(readArgument)]
    const command = words.length + assignments.length > 0 ? [commandOf(assignments, words, this.#reading)] : []
    const read = node.redirects.flatMap((one) => (one.type === 'Redirect' && one.target ? wordsOf(one.target) : []))
    for (const one of command) one.files.push(...this.#files(read))
    return [...command, ...evaluated(words), ...later, ...this.#within(node, source, fed)]
  }

  #fedScript({ body }: HereDoc): Part[] {
    return this.script(body.text)
  }

  #line(words: Read[]): Part[] {
    const parts = this.script(words.map((word) => roughly(word)).join(' '))
    return words.every(isFixedWord) ? parts : [...parts, unreadable('<<<', 'what runs is only known when it runs')]
  }

  #write({ operator, target }: Redirect): Part[] {
    if (!target || operator === '<' || operator === '<&') return []
    const word = wordOf(target)
    const [only] = word
    if (word.length === 1 && typeof only === 'object' && target.parts?.[0]?.type === 'ProcessSubstitution') return []
    const text = textIn({ word, source: target.text })
    if (text === '/dev/null' || (operator === '>&' && text !== null && /^(\d+-?|-)$/u.test(text))) return []
    const source = `Edit(${text ?? target.text})`
    if (text === null || /^~[^/]/u.test(target.text)) return [{ kind: 'write', source, paths: [], certain: false }]
    const isHome = /^~(\/|$)/u.test(target.text)
    const given = isHome || !text.startsWith('~') ? text : `./${text}`
    const isAnchored = isHome || text.startsWith('/')
    const from = this.#directories ?? (isAnchored ? ['/', '/proc'] : [])
    const paths = from.map((directory) => this.#fileIn(directory, given))
    const reals = new Set(paths.map(({ real }) => real))
    // An absolute path may depend on the directory, as /proc/self/cwd does, and a descriptor may be of one.
    const isKnown = this.#directories !== null || reals.size === 1
    const certain = isKnown && !this.links && ![...reals].some((real) => /^\/proc\/(self|thread-self)\//u.test(real))
    return [{ kind: 'write', source, paths, certain }]
  }

  /** Words, and what follows a `=`, `:` or `@` in them. What is computed is left to those who expand it, but for the home. */
  #files(words: Read[]): FilePath[] {
    return words.flatMap((word) => {
      const text = roughly(word).replace(/^\$(HOME\b|\{HOME\})/u, '~')
      return [text, ...text.split(/[=:@]/u).slice(1)]
        .filter((one) => /^~(\/|$)|\//u.test(one) && !one.includes('\0'))
        .flatMap((one) => (this.#directories ?? [this.#cwd]).map((directory) => this.#fileIn(directory, one)))
    })
  }

  /** Behind `ln` a name may lead elsewhere. After `cd` a relative path may start from there, or where `cd` failed still from here. */
  #follow(words: Read[]): void {
    const [program, ...rest] = words.map(textIn)
    this.links ||= program?.replace(/^.*\//su, '') === 'ln'
    if (!['cd', 'pushd', 'popd', 'chdir'].includes(program ?? '')) return
    this.moves = true
    const flagless = rest.filter((word) => word !== '--' && word !== '-L' && word !== '-P')
    const [to] = flagless
    const isKnown =
      program === 'cd' && flagless.length === 1 && typeof to === 'string' && !to.startsWith('-') && to !== ''
    const more = isKnown ? this.#directories?.map((one) => this.#fileIn(one, to).lexical) : undefined
    this.#directories = more && more.length < 8 ? [...new Set([...(this.#directories ?? []), ...more])] : null
  }
}

function readArgument(argument: Simple['args'][number]): Read[] {
  if (argument.type === 'Word') return wordsOf(argument)
  return [{ word: assignmentOf(argument).word, source: argument.text }]
}

/** Variables of a loop are assignments; those that could change what runs are judged as such. */
function setsVariable(name: string): Part[] {
  if (/^[a-z_][a-z\d_]*$/u.test(name) && !name.endsWith('_proxy')) return []
  const word = [`${name}=`, { computed: '…', never: '' }]
  return [
    {
      kind: 'command',
      source: `${name}=…`,
      assignments: [{ word, safe: false }],
      files: [],
      words: [],
      spelled: 0,
      runs: [],
      transparent: false,
    },
  ]
}

/** Whether a shell, or something that hands on to one, is among the programs of a node. */
function readsScript(node: SyntaxNode): boolean {
  if (node.type === 'Command') {
    const words = [...(node.name ? wordsOf(node.name) : []), ...node.args.flatMap(readArgument)]
    return words.some((word) => READ_SCRIPTS.has((textIn(word) ?? '').replace(/^.*\//su, '')))
  }
  let found = false
  forEachChild(node, (child) => {
    found ||= child.type !== 'Word' && readsScript(child)
  })
  return found
}
