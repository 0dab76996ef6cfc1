// Forms with what agents make of them, and what people do twice.
import { expect, test } from 'vitest'
import type { Form } from '../../src/task/card.ts'
import { flat } from '../fake/discord/world.ts'
import { until } from '../support/until.ts'
import { card, discordOn } from './support.ts'

type Option = { label: string; value: string; default?: boolean }

test('choices that are called alike, or nothing, can be asked', async () => {
  const choices = ['Yes', 'Yes', '', ' ', 'x'.repeat(101), 'x'.repeat(101), '👩‍👧'.repeat(40), 'שלום'].map((label) => ({
    label,
  }))
  const form: Form = {
    title: '',
    submit: 'Answer',
    fields: [{ id: 'q0', label: '', required: true, prefill: 'Yes', choices }],
  }
  const { chat, place, people, ann, at, received } = await discordOn({ catchUp: { form: async () => form } })
  const ref = await chat.post(place, card('Which?'), 'k')
  const asked = await people.answered(people.clicks(ann, at(ref.id), 'v1:vote:t1:r1:answer'))
  expect(asked.callback?.type).toBe(9)
  const options = flat(asked.callback?.data?.components ?? []).flatMap((one) => (one['options'] as Option[]) ?? [])
  for (const [index, { value }] of options.entries()) {
    await people.answered(people.submits(ann, asked, { 's:q0': value }))
    expect(received.at(-1)).toMatchObject({ values: choices[index]?.label.trim() ? { q0: choices[index].label } : {} })
  }
})

test('a click that arrives twice is handed on under one key and told once', async () => {
  let go = (): void => {}
  const gate = new Promise<void>((resolve) => (go = resolve))
  const { chat, place, people, ann, at, received } = await discordOn({
    answer: async () => {
      await gate
      return { kind: 'refused', text: 'Already answered.' }
    },
  })
  const ref = await chat.post(place, card('one'), 't1:status')
  const slow = people.clicks(ann, at(ref.id), 'v1:stop:t1::')
  people.again(slow)
  await people.answered(slow)
  go()
  await until(() => slow.followups.length > 0)
  people.again(slow)
  const after = await people.answered(people.clicks(ann, at(ref.id), 'v1:stop:t1::'))
  await until(() => after.original)
  expect(slow.followups).toHaveLength(1)
  expect(new Set(received.map(({ key }) => key)).size).toBe(2)
})

test('a form may be sent long after it was opened, with all a field holds', async () => {
  const fields = [{ id: 'reason', label: 'Why', required: false, long: true }]
  const form: Form = { title: 'Deny', submit: 'Deny', fields }
  const { chat, place, people, ann, at, received, discord } = await discordOn({ catchUp: { form: async () => form } })
  const ref = await chat.post(place, card('one'), 'k')
  const asked = await people.answered(people.clicks(ann, at(ref.id), 'v1:vote:t1:r1:deny'))
  discord.asked.clock.ahead = 16 * 60_000
  const sent = await people.answered(people.submits(ann, asked, { 't:reason': 'x'.repeat(4_000) }))
  expect(sent.callback?.type).toBe(6)
  expect(received).toMatchObject([{ id: 'v1:vote:t1:r1:deny', values: { reason: 'x'.repeat(4_000) } }])
})

test('what is completed is what can be chosen as it reads', async () => {
  const names = ['', 'x'.repeat(101), ...Array.from({ length: 30 }, (_, n) => `job-${n}`)]
  const { people, ann, channel } = await discordOn({ options: { complete: async () => names } })
  const done = await people.answered(people.completes(ann, channel.id, 'stop', { task: 'j' }, 'task'))
  expect(done.callback?.data?.choices?.map(({ value }) => value)).toEqual(names.slice(2, 27))
})
