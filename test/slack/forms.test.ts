// Forms of Slack that go wrong: refused and put right, or not to be read.
import { expect, test } from 'vitest'
import { modal, valuesOf } from '../../src/adapters/chat/slack/forms.ts'
import type { Form } from '../../src/task/card.ts'
import { allOf, wrongView, type Json } from '../fake/slack/spec.ts'
import { remaining, until } from '../support/until.ts'
import { card, live } from './live.ts'

const START: Form = {
  title: 'Start a background task',
  submit: 'Start',
  fields: [{ id: 'prompt', label: 'What to do', required: true, long: true }],
}

const WINDOW = { id: 'v1:start:new::', channel: 'C0' }

test('a form keeps its fields whatever stands above them, and says how much of that is left out', () => {
  const field = {
    id: 'q1',
    label: 'Which?',
    required: true,
    closed: true,
    choices: [{ label: 'a', description: 'y'.repeat(400_000) }],
  }
  const { blocks } = modal({ ...START, says: 'x'.repeat(400_000), fields: [...START.fields, field] }, WINDOW)
  expect(blocks.filter(({ type }) => type === 'input')).toHaveLength(2)
  expect(allOf(blocks, 'text').filter((text) => /^… 39\d{4} characters are left out/u.test(text))).toHaveLength(2)
})

test('of more choices than Slack takes the one that is chosen is shown, and how many are not', () => {
  const choices = Array.from({ length: 150 }, (_, index) => ({ label: `repo-${index}` }))
  const field = { id: 'repo', label: 'Repository', required: false, closed: true, choices, prefill: 'repo-140' }
  const form = { ...START, fields: [field] }
  const view = modal(form, WINDOW)
  expect(wrongView(view as unknown as Json)).toEqual([])
  const [input] = view.blocks
  expect(input).toMatchObject({
    element: { initial_option: { value: '140', text: { text: 'repo-140' } } },
    hint: { text: expect.stringMatching(/^50 more have no room here/u) },
  })
  const chosen = { value: '140', text: { text: 'repo-140' } }
  expect(valuesOf({ 'p:repo': { selected_option: chosen } }, form)).toEqual({ repo: 'repo-140' })
})

test('a form that was refused and put right is taken', async () => {
  const { ann, channel, received } = await live({
    answer: async (event) => {
      if (event.kind === 'command') return { kind: 'form', id: 'v1:start:new::', form: START }
      const isWrong = event.kind === 'click' && event.values['prompt'] === 'wrong'
      return isWrong ? { kind: 'refused', text: 'Not like this.' } : { kind: 'none' }
    },
  })
  await ann.command(channel, '')
  await until(() => ann.window())
  expect(await ann.submits({ 'What to do': 'wrong' })).toMatchObject({ errors: {} })
  expect(await ann.submits({ 'What to do': 'right' })).toBeNull()
  expect(received.at(-1)).toMatchObject({ kind: 'click', values: { prompt: 'right' } })
})

test('where what a button asks for cannot be read, nothing is done', async () => {
  const { ann, chat, channel, place, received } = await live({
    catchUp: {
      async form() {
        throw new Error('the disk is full')
      },
    },
  })
  const form: Form = { title: 'Discard it?', submit: 'Discard', fields: [] }
  const root = await chat.post(
    place,
    card('one', { buttons: [{ id: 'v1:discard:t1::', label: 'Discard…', form }] }),
    'k',
  )
  await ann.clicks(channel, root.id, 'Discard…')
  await until(() => ann.whispers().length > 0)
  expect([received, ann.whispers().join()]).toEqual([[], expect.stringContaining('nothing was done')])
})

test('a button whose form takes long to be read is acknowledged in time, and its person told to click again', async () => {
  const form: Form = { title: 'Discard it?', submit: 'Discard', fields: [] }
  const { ann, chat, channel, place, received } = await live({
    catchUp: {
      async form() {
        await remaining(() => [1], { within: 3_500 })
        return form
      },
    },
  })
  const button = { id: 'v1:discard:t1::', label: 'Discard…', form }
  const root = await chat.post(place, card('one', { buttons: [button] }), 'k')
  const seen = await ann.clicks(channel, root.id, 'Discard…')
  expect('ms' in seen && seen.ms).toBeLessThan(2_500)
  await until(() => ann.whispers().some((text) => text.includes('click again')))
  expect(received).toEqual([])
})
