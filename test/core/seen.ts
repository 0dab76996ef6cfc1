// What a person sees, as text: the one way the tables of cards and marks check it.

import { expect } from 'vitest'
import type { Block, Card, Part, Post } from '../../src/task/card.ts'
import { posts } from '../../src/task/posts/index.ts'
import type { Progress } from '../../src/task/report.ts'
import { folded, T0, type Given } from './given.ts'

export type Look = { given: Given; key: string; then: string[]; progress?: Progress; line?: number; isQuiet?: boolean }

/** What a person reads of one post: title, lines, [buttons], and who is notified. Instants as seconds since the task began. */
export function check({ given, key, then, progress, line, isQuiet = false }: Look): void {
  const post = posts(folded(given), { progress: progress ?? null, line: line ?? null, isQuiet }).get(key)
  expect(post && read(post)).toEqual(then)
}

function read(post: Post): string[] {
  if (post.kind === 'mark') return [`${post.mark} on ${post.on.id}`]
  const { title, body, buttons, mention }: Card = post.card
  const names = mention.map((one) => `@${one.name}`)
  return [
    title,
    ...body.map(block),
    ...(buttons.length > 0 ? [buttons.map((one) => `[${one.label}]`).join(' ')] : []),
    ...(names.length > 0 ? [`notifies ${names.join(' ')}`] : []),
  ]
}

function block(one: Block): string {
  switch (one.kind) {
    case 'line':
      return one.parts.map(part).join('')
    case 'words':
      return `> ${one.text}`
    case 'code':
      return one.title ? `${one.title}: \`${one.text}\`` : `\`${one.text}\``
    case 'checklist':
      return one.items.map((item) => `${item.state} ${item.text}`).join(', ')
  }
}

function part(one: Part): string {
  if (typeof one === 'string') return one
  if ('at' in one) return clock(one.at)
  if ('since' in one) return clock(one.since)
  if ('code' in one) return `\`${one.code}\``
  if ('file' in one) return `<${one.file.path}>`
  if ('message' in one) return `[${one.text}]`
  return 'strong' in one ? `*${one.strong}*` : `@${one.person.name}`
}

const clock = (at: number): string => `${(at - T0) / 1000}s`
