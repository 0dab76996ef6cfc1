// Databases of released versions, checked in as they were: each must go on loading, verifying and meaning the same.
import fs from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { home } from '../support/home.ts'
import { EVERY_FACT } from './every-fact.ts'
import { add, factsOf, reopen } from './support.ts'

const FOLDER = path.join(import.meta.dirname, 'released')
const released = (await fs.readdir(FOLDER)).filter((name) => name.endsWith('.db')).map((name) => path.parse(name).name)

type Known = Record<'facts' | 'progress' | 'messages', object> & Record<'heads' | 'marked' | 'chat', object[]>

test.each(released)('the database of %s loads, verifies and says what it said then', async (name) => {
  const file = path.join(await home(), 'backchannel.db')
  await fs.copyFile(path.join(FOLDER, `${name}.db`), file)
  const known = JSON.parse(await fs.readFile(path.join(FOLDER, `${name}.json`), 'utf8')) as Known
  const store = await reopen(file)
  const { journal, messages, chatLog } = store
  const tasks = Object.keys(known.facts)
  expect(await store.verify()).toMatchObject({ kind: 'verified', tasks: tasks.length, erased: 0 })
  expect({
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
  const newest = released.toSorted((a, b) => a.localeCompare(b)).at(-1)
  const { facts } = JSON.parse(await fs.readFile(path.join(FOLDER, `${newest}.json`), 'utf8')) as {
    facts: Record<string, { body: { type: string } }[]>
  }
  const types = new Set(
    Object.values(facts)
      .flat()
      .map((fact) => fact.body.type),
  )
  expect([...types].toSorted((a, b) => a.localeCompare(b))).toEqual(
    Object.keys(EVERY_FACT).toSorted((a, b) => a.localeCompare(b)),
  )
})
