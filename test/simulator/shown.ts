// Whether people see what they should, once everybody has had time to look: every post is one message with just that content.
// And whether what lists show, the stored heads, is what the facts say.

import { isDeepStrictEqual } from 'node:util'
import { line } from '../../src/task/plan.ts'
import { posts } from '../../src/task/posts/index.ts'
import { headOf, type Journal } from '../../src/runner/journal.ts'
import { HEADS_EQUAL_THE_FOLD, MESSAGES_CONVERGE } from './invariants.ts'
import { taskOf, type World } from './world.ts'
import type { Violation } from './check.ts'

export function shownWrong(world: World): Violation | null {
  const tasks = [...world.facts.keys()].flatMap((id) => taskOf(world, id) ?? [])
  const inLine = line(tasks)
  for (const task of tasks) {
    const place = inLine.indexOf(task)
    const status = world.chat.posted.findLast(({ key }) => key.replace(/:m\d+$/, '') === `${task.id}:status`)
    const root = status ? { chat: 'sim', channel: 'c', id: status.id } : null
    for (const [key, post] of posts(task, { progress: null, line: place < 0 ? null : place + 1, root })) {
      const what =
        post.kind === 'mark'
          ? wrongMark(world, post.on.id, post.mark)
          : wrongCard(world, `${task.id}:${key}`, post.card)
      if (what) return { invariant: MESSAGES_CONVERGE, task: task.id, what: `${key} ${what}` }
    }
  }
  return null
}

function wrongCard({ chat }: World, key: string, card: unknown): string | null {
  const all = chat.posted.filter((one) => one.key.replace(/:m\d+$/, '') === key)
  const shown = all.filter((one) => !one.deleted)
  if (shown.length > 1) return 'is there twice'
  // What a person deleted is missed only when there is something new to say.
  if (!shown[0]) return all.length > 0 ? null : 'was never posted'
  return isDeepStrictEqual(shown[0].card, card) ? null : 'shows what is no longer true'
}

function wrongMark({ chat }: World, id: string, mark: string): string | null {
  const shown = chat.marks.get(id)
  return shown === mark ? null : `is ${shown ?? 'missing'}, not ${mark}`
}

export async function headsWrong(world: World, journal: Journal): Promise<Violation | null> {
  const heads = await journal.heads({ limit: world.facts.size + 1 })
  const told = (await journal.facts([...world.facts.keys()])) as ReadonlyMap<string, unknown>
  for (const [id, facts] of world.facts) {
    const task = taskOf(world, id)
    const head = heads.find((one) => one.task === id)
    if (!task || !isDeepStrictEqual(head, headOf(task))) {
      return { invariant: HEADS_EQUAL_THE_FOLD, task: id, what: `the head is ${JSON.stringify(head)}` }
    }
    if (!isDeepStrictEqual(told.get(id), facts))
      return { invariant: HEADS_EQUAL_THE_FOLD, task: id, what: 'its facts are not those that were stored' }
  }
  return heads.length === world.facts.size
    ? null
    : { invariant: HEADS_EQUAL_THE_FOLD, task: '', what: 'there is a head without a task' }
}
