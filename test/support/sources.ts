// Reads sources as trees, so that rules about them look at code and never at comments.
import fs from 'node:fs'
import path from 'node:path'
import { parseSync } from 'oxc-parser'

/** `typeOnly`: vanishes when the program runs. `target`: path from the root for files of ours, else the name as written. */
export type Import = { target: string; typeOnly: boolean; line: number }
export type Found = { text: string; line: number }
export type Source = {
  path: string
  lines: number
  /** Why it is no valid code, if so. */
  errors: string[]
  imports: Import[]
  /** Every string in the code except the names of modules. */
  strings: Found[]
  /** Names of variables, types, properties. */
  names: Found[]
  /** What is read from, called or made, as written: `Date.now`, `new Date()`, `process.env`. */
  uses: Found[]
}

type Node = { type: string; start: number; [key: string]: unknown }

const ROOT = path.resolve(import.meta.dirname, '../..')

export function readSources(...folders: string[]): Source[] {
  return folders.flatMap(filesUnder).map((file) => parseSource(file, fs.readFileSync(path.join(ROOT, file), 'utf8')))
}

function filesUnder(folder: string): string[] {
  const at = path.join(ROOT, folder)
  if (!fs.existsSync(at)) return []
  return fs
    .readdirSync(at, { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name}`)
    .filter((file) => /\.(ts|js|mjs)$/.test(file) && !file.startsWith('src/generated/'))
    .toSorted()
}

export function parseSource(file: string, text: string): Source {
  const { program, errors } = parseSync(file, text)
  const source: Source = {
    path: file,
    lines: text.split('\n').length - (text.endsWith('\n') ? 1 : 0),
    errors: errors.map((one) => one.message),
    imports: [],
    strings: [],
    names: [],
    uses: [],
  }
  const lineOf = (node: Node) => text.slice(0, node.start).split('\n').length
  visit(program, (node) => {
    const found = (one: string): Found => ({ text: one, line: lineOf(node) })
    const from = moduleOf(node)
    if (from !== undefined)
      source.imports.push({ target: resolve(file, from), typeOnly: isTypeOnly(node), line: lineOf(node) })
    const string = stringOf(node)
    if (string !== undefined) source.strings.push(found(string))
    if (node.type === 'Identifier') source.names.push(found(String(node['name'])))
    const use = useOf(node)
    if (use !== undefined) source.uses.push(found(use))
  })
  return source
}

function visit(value: unknown, see: (node: Node) => void): void {
  if (Array.isArray(value)) return value.forEach((one) => visit(one, see))
  if (!isNode(value)) return
  see(value)
  for (const [key, child] of Object.entries(value)) {
    if (key !== 'source') visit(child, see)
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value
}

/** The module a node imports; `(computed)` when the program decides only when it runs. */
function moduleOf(node: Node): string | undefined {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
    case 'ExportNamedDeclaration':
    case 'ImportExpression':
    case 'TSImportType': {
      const { source } = node
      if (source === null || source === undefined) return undefined
      return (isNode(source) ? stringOf(source) : undefined) ?? '(computed)'
    }
    default:
      return undefined
  }
}

function isTypeOnly(node: Node): boolean {
  if (node.type === 'TSImportType' || node['importKind'] === 'type' || node['exportKind'] === 'type') return true
  const specifiers = Array.isArray(node['specifiers']) ? (node['specifiers'] as Node[]) : []
  return (
    specifiers.length > 0 && specifiers.every((one) => one['importKind'] === 'type' || one['exportKind'] === 'type')
  )
}

function resolve(file: string, from: string): string {
  return from.startsWith('.') ? path.posix.join(path.posix.dirname(file), from) : from
}

function stringOf(node: Node): string | undefined {
  if (node.type === 'Literal' && typeof node['value'] === 'string') return node['value']
  if (node.type === 'TemplateElement') return (node['value'] as { raw: string }).raw
  return undefined
}

function useOf(node: Node): string | undefined {
  if (node.type === 'MemberExpression') return dotted(node)
  if (node.type === 'CallExpression' && isNode(node['callee'])) return `${dotted(node['callee'])}()`
  if (node.type === 'NewExpression' && isNode(node['callee'])) {
    const bare = (node['arguments'] as unknown[]).length === 0
    return `new ${dotted(node['callee'])}(${bare ? '' : '…'})`
  }
  return undefined
}

function dotted(node: Node): string {
  const { object, property } = node
  if (node.type === 'Identifier') return String(node['name'])
  if (node.type !== 'MemberExpression' || !isNode(object) || !isNode(property)) return '…'
  return `${dotted(object)}.${stringOf(property) ?? (node['computed'] === true ? '…' : dotted(property))}`
}
