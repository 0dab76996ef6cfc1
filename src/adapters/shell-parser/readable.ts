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
  let wrong: string | undefined
  const check = (from: number, to: number, may: RegExp): void => {
    const gap = text.slice(from, to)
    if (!may.test(gap)) wrong ??= `“${gap.trim()}” is not understood`
  }
  const visit = (node: SyntaxNode): void => {
    const children: SyntaxNode[] = []
    forEachChild(node, (child) => void children.push(child))
    const isList = node.type === 'Script' || node.type === 'CompoundList'
    if (isList || node.type === 'Command') {
      const may = isList ? BETWEEN_STATEMENTS : BETWEEN_WORDS
      const inOrder = children.toSorted((a, b) => a.pos - b.pos)
      for (const [index, child] of inOrder.entries()) check(inOrder[index - 1]?.end ?? node.pos, child.pos, may)
      check(inOrder.at(-1)?.end ?? node.pos, node.end, may)
    }
    if (!SCRIPTS.has(node.type)) for (const child of children) visit(child)
  }
  visit(script)
  return wrong
}

const BETWEEN_WORDS = /^(?:[ \t]|\\\n)*$/u
const BETWEEN_STATEMENTS = /^(?:[\s;&]|\\\n|#[^\n]*(?:\n|$))*$/u
