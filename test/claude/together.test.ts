// Several calls in one message of the model, when a question or a plan is one of them: each gets its answer, in any order.
import { expect, test } from 'vitest'
import type { Ask } from '../../src/task/request.ts'
import { say, use, type Asked, type Block, type Reply } from '../fake/model.ts'
import { asked, ending } from '../session/support.ts'
import { answerTo, claude } from './support.ts'

const CALLS: Record<string, (n: number) => Block> = {
  question: (n) => ({
    type: 'tool_use',
    name: 'AskUserQuestion',
    input: {
      questions: [
        {
          question: `Which ${n}?`,
          header: 'Which',
          multiSelect: false,
          options: [
            { label: 'this', description: 'the one' },
            { label: 'that', description: 'the other' },
          ],
        },
      ],
    },
  }),
  plan: () => ({ type: 'tool_use', name: 'ExitPlanMode', input: {} }),
  command: (n) => ({ type: 'tool_use', name: 'Bash', input: { command: `touch ${n}.txt`, description: 'make it' } }),
}
const ANSWERS = { question: 'c1', plan: 'approve', permission: 'allow' } as const
const TOLD: Record<string, RegExp> = { question: /="that"/u, plan: /has approved your plan/u, command: /completed/u }

/** The calls in one message, some time apart, as a model takes to say them. */
const together =
  (kinds: string[]) =>
  ({ used, whole, results }: Asked): Reply => {
    const [, file = ''] = /(\/[^\s"\\]*plans\/[\w-]+\.md)/u.exec(whole) ?? []
    if (used.length === 0) return use('Write', { file_path: file, content: '# The plan\n' })
    if (used.length === 1) return { blocks: kinds.map((kind, n) => (CALLS[kind] ?? never)(n)), delayMs: 200 }
    return say(results.map(({ text }) => text).join('\n'))
  }

test.each([
  [['question', 'plan']],
  [['plan', 'question']],
  [['question', 'question', 'question']],
  [['question', 'command']],
  [['command', 'question']],
])('%s at once: each gets its answer', async (kinds) => {
  const { begin, sessions, model } = await claude(together(kinds))
  const heard = begin('Go', { options: { mode: 'plan' } })
  const asks: Ask[] = []
  for (const [index] of kinds.entries()) {
    const ask = await asked(heard, index + 1)
    asks.push(ask)
    sessions.deliver('t1', 1, { answer: answerTo(ask, ANSWERS[ask.kind]) })
  }
  const end = await ending(heard)
  expect(end).toMatchObject({ type: 'completed' })
  const results = model.asked.flatMap((one) => (one.used.length === 1 + kinds.length ? one.results : []))
  for (const [index, kind] of kinds.entries())
    expect(results.map(({ text }) => text)).toContainEqual(expect.stringMatching(TOLD[kind] ?? never(index)))
  expect(results.filter(({ isError }) => isError)).toEqual([])
  expect(heard.events.flatMap((event) => (event.type === 'delivered' ? event.request : [])).toSorted()).toEqual(
    asks.map(({ id }) => id).toSorted(),
  )
})

function never(n: number): never {
  throw new Error(`there is no such call: ${n}`)
}
