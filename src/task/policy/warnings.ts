// Plain words about what is dangerous in a call, for whoever decides about it. They decide nothing themselves, and their absence
// promises nothing.

import type { Call, Command, FilePath, Part, Word } from './call.ts'
import { belowOf, type Places } from './path-pattern.ts'

const DELETES = /^(rm|rmdir|unlink|shred|srm|trash)$/u
const DOWNLOADS = /^(curl|wget|fetch|aria2c|http|https)$/u
const INTERPRETERS = /^((ba|z|da|k|fi)?sh|python[\d.]*|node|deno|bun|perl|ruby|php)$/u
const AS_ANOTHER = /^(sudo|doas|su|pkexec|runuser)$/u
/** Programs and their first words that give something to the world. */
const PUBLISHES =
  /^((npm|pnpm|yarn|bun|cargo|poetry|uv|flit|hatch|vsce|ovsx|lerna|wasm-pack|dart|flutter pub) publish|yarn npm publish|twine upload|gem push|docker push|podman push|gh release create|mvn deploy|mix hex\.publish)\b/u
/** Files that hold what lets one act as somebody. */
const CREDENTIALS =
  /(^|\/)(\.ssh\/[^/]*|\.aws\/[^/]*|\.gnupg\/.*|\.kube\/config|\.docker\/config\.json|\.netrc|\.npmrc|\.pypirc|\.git-credentials|\.env(\.[^/]*)?|\.claude\/\.credentials\.json|id_(rsa|dsa|ecdsa|ed25519)|[^/]+\.pem|credentials(\.json)?)$/u
/** Examples of such files hold nothing. */
const EXAMPLES = /\.(example|sample|template|dist|pub)$/u

/** Each a sentence without an end, the worst first; none twice. */
export function warningsOf(call: Call, places: Places): string[] {
  if (call.kind === 'path') return aboutFile(call.path)
  if (call.kind !== 'command') return []
  const all = call.parts.flatMap(withInner)
  const commands = all.flatMap((part) => (part.kind === 'command' ? [part] : []))
  const downloads = commands.some(({ words }) => DOWNLOADS.test(nameOf(words)))
  const found = [
    downloads && commands.some(readsItsProgram) ? ['runs what it downloads'] : [],
    ...commands.map((command) => aboutCommand(command, places)),
    ...all.map((part) => (part.kind === 'write' ? part.paths.flatMap(aboutFile) : [])),
  ]
  return [...new Set(found.flat())]
}

const withInner = (part: Part): Part[] => (part.kind === 'command' ? [part, ...part.runs.flatMap(withInner)] : [part])

function aboutCommand(command: Command, { work }: Places): string[] {
  const { plain: words = command.words, files } = command
  const name = nameOf(words)
  const texts = words.map(textOf)
  const line = texts.join(' ')
  const outside = files.filter(({ real }) => work.every((one) => belowOf(one, real) === null))
  const deletes = DELETES.test(name) || (name === 'find' && texts.includes('-delete')) || line.startsWith('git clean ')
  return [
    ...(deletes ? outside.map(({ given }) => `deletes outside of the workspace: ${given}`) : []),
    ...(deletes && !words.every(isPlain) ? ['deletes something that is known only when it runs'] : []),
    ...(/^git push\b/u.test(line) && texts.some(forces) ? ['overwrites history on a remote'] : []),
    ...(PUBLISHES.test(line) ? ['publishes to the world'] : []),
    ...(AS_ANOTHER.test(name) ? ['runs as another user'] : []),
    ...files.flatMap(aboutFile),
  ]
}

const aboutFile = ({ given, lexical, real }: FilePath): string[] =>
  [lexical, real].some((path) => CREDENTIALS.test(path) && !EXAMPLES.test(path))
    ? [`touches what may hold credentials: ${given}`]
    : []

const forces = (word: string): boolean =>
  /^(-[a-z]*f[a-z]*|--force(-with-lease.*|-if-includes)?|--mirror|\+.+)$/u.test(word)

/** An interpreter that was given no program reads one from what is piped into it. */
const readsItsProgram = ({ words }: Command): boolean =>
  INTERPRETERS.test(nameOf(words)) && words.slice(1).every((word) => textOf(word).startsWith('-'))

const nameOf = ([program = []]: Word[]): string => textOf(program).replace(/^.*\//u, '')
const textOf = (word: Word): string => word.map((piece) => (typeof piece === 'string' ? piece : '')).join('')
const isPlain = (word: Word): boolean => word.every((piece) => typeof piece === 'string')
