// Forms of Slack that go wrong: refused and put right, or not to be read.
import { expect, test } from 'vitest'
import type { Form } from '../../src/task/card.ts'
import { remaining, until } from '../support/until.ts'
import { card, live } from './live.ts'

const START: Form = {
  title: 'Start a background task',
  submit: 'Start',
  fields: [{ id: 'prompt', label: 'What to do', required: true, long: true }],
}

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
