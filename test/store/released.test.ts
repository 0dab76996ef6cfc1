// Databases of released versions, checked in as they were: each must go on loading, verifying and meaning the same.
import fs from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { home } from '../support/home.ts'
import { EVERY_FACT, EVERY_HOUSE_FACT } from './every-fact.ts'
import { add, factsOf, reopen } from './support.ts'

const FOLDER = path.join(import.meta.dirname, 'released')
const released = (await fs.readdir(FOLDER)).filter((name) => name.endsWith('.db')).map((name) => path.parse(name).name)

type Known = Record<'facts' | 'progress' | 'messages', object> & Record<'house' | 'heads' | 'marked' | 'chat', object[]>

test.each(released)('the database of %s loads, verifies and says what it said then', async (name) => {
  const file = path.join(await home(), 'backchannel.db')
  await fs.copyFile(path.join(FOLDER, `${name}.db`), file)
  const known = JSON.parse(await fs.readFile(path.join(FOLDER, `${name}.json`), 'utf8')) as Known
  const store = await reopen(file)
  const { journal, house, messages, chatLog } = store
  const tasks = Object.keys(known.facts)
  expect(await store.verify()).toMatchObject({ kind: 'verified', tasks: tasks.length, erased: 0 })
  expect({
    house: await house.facts(),
    facts: Object.fromEntries(await journal.facts(tasks)),
    heads: await journal.heads({ limit: 9 }),
    marked: await journal.marked('bot', 9),
    progress: Object.fromEntries(await journal.progress(tasks)),
    messages: Object.fromEntries(await messages.of('every')),
    chat: await chatLog.since(0, 9),
  }).toEqual(known)
  const before = await factsOf(journal, 'queued')
  await add(journal, 'queued', [EVERY_FACT.attempt_started])
  expect(await factsOf(journal, 'queued')).toHaveLength(before.length + 1)
  expect(await store.verify()).toMatchObject({ kind: 'verified' })
})

test('the newest of them has a fact of every type', async () => {
  const newest = released.toSorted(alphabetically).at(-1)
  const known = JSON.parse(await fs.readFile(path.join(FOLDER, `${newest}.json`), 'utf8')) as {
    facts: Record<string, { body: { type: string } }[]>
    house: { body: { type: string } }[]
  }
  const types = [...Object.values(known.facts).flat(), ...known.house].map((fact) => fact.body.type)
  const all = [...Object.keys(EVERY_FACT), ...Object.keys(EVERY_HOUSE_FACT)]
  expect([...new Set(types)].toSorted(alphabetically)).toEqual(all.toSorted(alphabetically))
})

const alphabetically = (a: string, b: string): number => a.localeCompare(b)
