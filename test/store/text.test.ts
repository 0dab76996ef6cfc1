// Every text that JavaScript can hold comes back as it was: NUL, half surrogate pairs, any language, 100 kB of it.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { EVERY_FACT } from './every-fact.ts'
import { add, expectVerified, factsOf, newStore } from './support.ts'

const anyText = fc.string({
  unit: fc.oneof(
    fc.string({ unit: 'binary', maxLength: 1 }),
    fc.integer({ min: 0, max: 0xffff }).map((n) => String.fromCharCode(n)),
  ),
  maxLength: 40,
})

test.each([
  ['NUL', 'a\0b\0'],
  ['half surrogate pairs', '\udc00 x \udfff \ud800'],
  ['quotes and backslashes', `'";\\\\ \\\\u0000 -- `],
  ['many languages', '漢字 עברית ไทย 👩‍👩‍👧‍👦 é e\u0301 \u2028\u2029 \ufeff'],
  ['100 kB', '👍 yes '.repeat(12_500)],
  ['nothing', ''],
])('%s in a prompt, a name, a label, a value and a key', async (_, text) => {
  const { store } = await newStore()
  const key = `key ${text}`
  await add(store.journal, 'keyed', [EVERY_FACT.created], key)
  expect(await store.journal.seen(key)).toBe(true)
  expect(await add(store.journal, 'keyed', [EVERY_FACT.guided], key)).toBe('repeated')
  const created = { ...EVERY_FACT.created, prompt: text, label: text, options: { [text]: text } }
  await add(store.journal, 'a', [created, { ...EVERY_FACT.cancelled, by: { chat: 'web', id: text, name: text } }])
  expect((await factsOf(store.journal, 'a')).map((fact) => fact.body)).toMatchObject([
    created,
    { by: { id: text, name: text } },
  ])
  expect((await store.journal.find('a', 9)).map((head) => head.label)).toEqual([text.toWellFormed()])
  await expectVerified(store)
})

test('any text in facts, keys, messages and the chat', async () => {
  const { store } = await newStore()
  let n = 0
  await fc.assert(
    fc.asyncProperty(anyText, async (text) => {
      n += 1
      const body = { ...EVERY_FACT.guided, text }
      await add(store.journal, `t${n}`, [EVERY_FACT.created, body], `${n} ${text}`)
      expect((await factsOf(store.journal, `t${n}`)).at(-1)?.body).toEqual(body)
      expect(await store.journal.seen(`${n} ${text}`)).toBe(true)
      const author = { chat: 'web', id: 'u', name: text }
      const content = { kind: 'text' as const, text, mark: null }
      const said = await store.chatLog.add({ key: `${n} ${text}`, channel: 'c', thread: null, author, at: 1, content })
      expect(await store.chatLog.byKey(`${n} ${text}`)).toEqual(said)
      expect(said).toMatchObject({ author, content })
    }),
    { numRuns: 150 },
  )
  await expectVerified(store)
})
