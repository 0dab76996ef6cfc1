// Whether the parser saw all of a text. It goes on where a text is broken and does not always say so; what it left out between
// two things it understood must be nothing but white space and comments.

import { forEachChild, type ParsedScript, type SyntaxNode } from 'unbash'

/** The text with here-documents blanked out, because they stand between statements. */
export function withoutHereDocs(text: string, script: ParsedScript): string {
  let blank = text
  const visit = (node: SyntaxNode): void => {
    if (node.type === 'HereDoc') {
      const end = node.closing?.end ?? node.body.end
      const length = Math.max(0, end - node.body.pos)
      blank = blank.slice(0, node.body.pos) + ' '.repeat(length) + blank.slice(node.body.pos + length)
    }
    if (!SCRIPTS.has(node.type)) forEachChild(node, visit)
  }
  forEachChild(script, visit)
  return blank
}

/** They have texts of their own, and are looked at with those. */
const SCRIPTS = new Set(['CommandExpansion', 'ProcessSubstitution', 'ArithmeticCommandExpansion'])

/** What is not read, as a reason, or undefined. */
export function unread(script: ParsedScript, text: string): string | undefined {
  if (text.includes('\0')) return 'it holds a zero character'
  // The shell joins the lines before it looks for words, so this is `$do`, `<(` or `>>`.
  let wrong = SPLIT_OPERATOR.test(text) ? 'a line ends within an operator' : undefined
  const check = (from: number, to: number, may: RegExp): void => {
    const gap = text.slice(from, to)
    if (!may.test(gap)) wrong ??= `“${gap.trim()}” is not understood`
  }
  const visit = (node: SyntaxNode): void => {
    const children: SyntaxNode[] = []
    forEachChild(node, (child) => void children.push(child))
    if (node.type === 'HereDoc' && !(node.closing && PLAIN_DELIMITER.test(node.delimiter?.text ?? '')))
      wrong ??= 'a here-document has no clear end'
    if (node.type === 'Assignment' && node.value.type === 'Word' && node.value.text.startsWith('('))
      wrong ??= 'a list has no clear end'
    if (node.type === 'Pipeline' && node.commands.length === 0) wrong ??= 'a command is missing'
    if ((node.type === 'Literal' || (node.type === 'Word' && !node.parts)) && OPEN_ARITHMETIC.test(node.text))
      wrong ??= '“$[” is not closed'
    const may = BETWEEN[node.type]
    if (may) {
      const inOrder = children.toSorted((one, other) => one.pos - other.pos)
      for (const [index, child] of inOrder.entries()) check(inOrder[index - 1]?.end ?? node.pos, child.pos, may)
      check(inOrder.at(-1)?.end ?? node.pos, node.end, may)
    }
    if (!SCRIPTS.has(node.type)) for (const child of children) visit(child)
  }
  visit(script)
  return wrong
}

const SPLIT_OPERATOR = /[$<>]\\\n|\$\{[#!]?\w*:?\\\n/u
const PLAIN_DELIMITER = /^(?:[\w.-]|\\\w)+$|^'[\w.-]+'$|^"[\w.-]+"$/u
const OPEN_ARITHMETIC = /(?<!\\)\$\[/u
const STATEMENTS = /^(?:[\s;&]|\\\n|#[^\n]*(?:\n|$))*$/u
const COMMANDS = /^(?:[\s;&|]|\\\n|#[^\n]*(?:\n|$))*$/u

/** What may stand between the things a node is made of. */
const BETWEEN: Partial<Record<SyntaxNode['type'], RegExp>> = {
  Script: STATEMENTS,
  CompoundList: STATEMENTS,
  Statement: STATEMENTS,
  AndOr: COMMANDS,
  Pipeline: COMMANDS,
  Command: /^(?:[ \t]|\\\n)*$/u,
}
