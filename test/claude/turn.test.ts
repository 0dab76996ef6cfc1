// What happens in a turn of Claude: permissions, questions, plans, guidance, background work, and how it ends.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { say, use } from '../fake/model.ts'
import { asked, ending } from '../session/support.ts'
import { until } from '../support/until.ts'
import { answerTo, claude } from './support.ts'

test('a permission is asked with the whole command, and the answer runs it', async () => {
  const { begin, dir, sessions, log } = await claude(({ results }) =>
    results.length > 0
      ? say('Made it.')
      : use('Bash', { command: 'touch hello.txt && echo made', description: 'Make it' }),
  )
  const heard = begin('Make hello.txt')
  const ask = await asked(heard)
  expect(ask).toMatchObject({
    kind: 'permission',
    tool: 'Bash',
    title: 'Claude wants to run',
    detail: 'touch hello.txt && echo made',
  })
  expect(ask.why).toContain(dir)
  expect(existsSync(join(dir, 'hello.txt'))).toBe(false)
  sessions.deliver('t1', 1, { answer: answerTo(ask, 'allow') })
  expect(await ending(heard)).toMatchObject({
    type: 'completed',
    summary: 'Made it.',
    ending: { costUsd: expect.any(Number) as number },
  })
  expect(existsSync(join(dir, 'hello.txt'))).toBe(true)
  expect(heard.events.map(({ type }) => type).filter((type) => type !== 'note')).toEqual([
    'began',
    'identified',
    'requested',
    'delivered',
    'completed',
  ])
  expect(log()).toContain('made')
})

test('a question ends the program while it waits, and its answer reaches the very same call', async () => {
  const questions = [
    {
      question: 'Which DB?',
      header: 'DB',
      multiSelect: false,
      options: [
        { label: 'SQLite', description: 'small' },
        { label: 'PG', description: 'big' },
      ],
    },
  ]
  const { begin, sessions, model } = await claude(({ results }) =>
    results.length > 0 ? say('Thanks.') : use('AskUserQuestion', { questions }),
  )
  const heard = begin('Ask me')
  const ask = await asked(heard)
  expect(ask).toMatchObject({ kind: 'question', title: 'Which DB?' })
  sessions.deliver('t1', 1, { answer: answerTo(ask, 'c1') })
  expect(await ending(heard)).toMatchObject({ type: 'completed', summary: 'Thanks.' })
  expect(model.asked.at(-1)?.results).toMatchObject([
    { id: ask.id, text: expect.stringContaining('"Which DB?"="PG"') as string },
  ])
})

test('in the mode that asks nobody no question is asked either', async () => {
  const options = ['this', 'that'].map((label) => ({ label, description: label }))
  const { begin } = await claude(({ results }) =>
    results.length > 0
      ? say(results[0]?.text ?? '')
      : use('AskUserQuestion', { questions: [{ question: 'Which?', header: 'Which', multiSelect: false, options }] }),
  )
  const heard = begin('Ask me', { options: { mode: 'dontAsk' } })
  expect(await ending(heard)).toMatchObject({
    type: 'completed',
    summary: expect.stringContaining("don't ask mode") as string,
  })
  expect(heard.events.map(({ type }) => type)).not.toContain('requested')
})

test('guidance reaches the running turn', async () => {
  const { begin, sessions, model } = await claude(({ used }) =>
    used.length === 0 ? use('Bash', { command: 'sleep 1', description: 'wait' }) : say('Done.'),
  )
  const heard = begin('Wait a bit')
  await until(() => model.asked.length === 1)
  sessions.deliver('t1', 1, { guide: { id: 'g1', text: 'use y instead' } })
  await ending(heard)
  expect(heard.events.map(({ type }) => type)).toContain('guidance_delivered')
  expect(model.asked.at(-1)?.heard).toContain('use y instead')
})
