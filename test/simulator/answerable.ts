// Whether what waits for a person can be answered: its card has a button for every option, and every button is accepted.

import { parseActionId } from '../../src/task/action-id.ts'
import { decide } from '../../src/task/decide/index.ts'
import type { Fact } from '../../src/task/facts.ts'
import { posts } from '../../src/task/posts/index.ts'
import { currentTurn, status, type Task } from '../../src/task/task.ts'
import { isRefused } from '../../src/task/words.ts'
import { ANN, BOB, PEOPLE } from './world.ts'

export function isAnswerable(facts: Fact[], task: Task): string | null {
  const { kind } = currentTurn(task).phase
  const open = openIn(facts)
  if (kind === 'stopping') return null
  if (status(task) === 'input_required' && open.length === 0) return 'it waits for a person and asks nothing'
  if (kind === 'waiting' && open.length === 0) return 'it waits and asks nothing'
  const wanted = posts(task, { progress: null, line: null })
  for (const id of open) {
    const post = wanted.get(`request:${id}`)
    const buttons = post?.kind === 'card' ? post.card.buttons : []
    if (buttons.length === 0) return `${id} has no button`
    for (const button of buttons) {
      const parsed = parseActionId(button.id)
      if (parsed?.request !== id) return `the button ${button.id} does not answer ${id}`
      for (const by of [ANN, BOB]) {
        const vote = {
          type: 'vote',
          by,
          request: id,
          option: parsed.option,
          values: { reason: 'because', words: 'blue' },
        } as const
        const decided = decide(task, vote, PEOPLE, currentTurn(task).at)
        if (isRefused(decided)) return `${by.name} cannot answer ${id} with ${parsed.option}: ${decided.refused}`
      }
    }
  }
  return null
}

function openIn(facts: Fact[]): string[] {
  const open = new Set<string>()
  for (const { body } of facts) {
    if (body.type === 'requested') open.add(body.ask.id)
    if (body.type === 'settled' || body.type === 'withdrawn') open.delete(body.request)
  }
  return [...open]
}
