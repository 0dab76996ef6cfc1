// What is noted outside of the database, and what that proves.
import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { dataHashOf, factHash, NO_HASH } from '../../src/adapters/store/fact-rows.ts'
import { ann, EVERY_FACT, EVERY_HOUSE_FACT } from './every-fact.ts'
import { add, newStore, newTask, query, reopen, sql } from './support.ts'

const notesOf = (file: string): string => path.join(path.dirname(file), 'anchors.jsonl')
const linesOf = (file: string): string[] => fs.readFileSync(notesOf(file), 'utf8').split('\n').slice(0, -1)

/** Two tasks and a fact of the house, noted twice. */
async function noted() {
  const opened = await newStore()
  const { store } = opened
  for (const task of ['a', 'b']) await newTask(store.journal, task)
  await store.anchor(1)
  await add(store.journal, 'b', [EVERY_FACT.attempt_started])
  await store.house.append(0, EVERY_HOUSE_FACT.repo_added, ann, 1)
  await store.anchor(2)
  return opened
}

test('the end of each chain is noted once it is another, for its owner alone', async () => {
  const { store, file } = await noted()
  await store.anchor(3)
  const ends = linesOf(file).map((one) => (JSON.parse(one) as { ends: object }).ends)
  expect(ends.map((one) => Object.keys(one))).toEqual([
    ['a', 'b'],
    ['b', 'house'],
  ])
  expect(fs.statSync(notesOf(file)).mode & 0o777).toBe(0o600)
  expect(await store.verify()).toMatchObject({
    kind: 'verified',
    noted: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
  })
})

test('another process goes on where the notes end', async () => {
  const { file } = await noted()
  const second = await reopen(file)
  await add(second.journal, 'a', [EVERY_FACT.attempt_started])
  await second.anchor(4)
  expect(linesOf(file)).toHaveLength(3)
  expect(await second.verify()).toMatchObject({ kind: 'verified' })
})

const SHORTEN = `DELETE FROM Fact WHERE task = 'b' AND version = 2; UPDATE Head SET version = 1 WHERE task = 'b'`

describe('verify finds by the notes', () => {
  test.each([
    ['facts and their head taken off an end', SHORTEN, 'b', 2, 'fact missing'],
    ['the end of the house taken off', `DELETE FROM Fact WHERE task = 'house'`, 'house', 1, 'fact missing'],
    [
      'a whole task, with its head',
      `DELETE FROM Fact WHERE task = 'a'; DELETE FROM Head WHERE task = 'a'`,
      'a',
      1,
      'fact missing',
    ],
  ])('%s', async (_name, tampering, task, version, what) => {
    const { store, file } = await noted()
    await sql(file, tampering)
    expect(await store.verify()).toEqual({ kind: 'altered', task, version, what })
  })

  test('a chain that was made anew', async () => {
    const { store, file } = await noted()
    const [row] = await query(file, `SELECT at, "by", type, data FROM Fact WHERE task = 'a'`)
    const [at, by, type, data] = row as [number, string, string, string]
    const other = data.replace('"prompt":"', '"prompt":"other ')
    const dataHash = dataHashOf(other)
    const hash = factHash(NO_HASH, { task: 'a', version: 1, at, by, type, dataHash })
    await sql(
      file,
      `UPDATE Fact SET data = '${other.replaceAll("'", "''")}', dataHash = '${dataHash}', hash = '${hash}' WHERE task = 'a'`,
    )
    expect(await store.verify()).toEqual({ kind: 'altered', task: 'a', version: 1, what: 'not as it was noted' })
  })

  test('what was shortened before the notes went on', async () => {
    const { store, file } = await noted()
    await sql(file, SHORTEN)
    const second = await reopen(file)
    await second.anchor(5)
    expect(await store.verify()).toEqual({ kind: 'altered', task: 'b', version: 2, what: 'fact missing' })
  })
})

describe('the notes themselves', () => {
  test('are found altered, and are not gone on with', async () => {
    const { file } = await noted()
    const [first = '', second = ''] = linesOf(file)
    fs.writeFileSync(notesOf(file), `${first.replace('"at":1', '"at":7')}\n${second}\n`)
    const store = await reopen(file)
    await newTask(store.journal, 'c')
    await store.anchor(9)
    expect(linesOf(file)).toHaveLength(2)
    expect(await store.verify()).toEqual({ kind: 'notes altered', line: 1 })
  })

  test('are found missing by who kept the last of them', async () => {
    const { store, file } = await noted()
    const found = await store.verify()
    const kept = found.kind === 'verified' ? found.noted : ''
    expect(await store.verify(kept)).toMatchObject({ kind: 'verified' })
    fs.writeFileSync(notesOf(file), `${linesOf(file)[0]}\n`)
    expect(await store.verify()).toMatchObject({ kind: 'verified' })
    expect(await store.verify(kept)).toEqual({ kind: 'notes altered', line: 0 })
  })

  test('lose nothing by a line that a crash cut off', async () => {
    const { file } = await noted()
    fs.appendFileSync(notesOf(file), '{"at":3,"ends":{"a"')
    const store = await reopen(file)
    expect(await store.verify()).toMatchObject({ kind: 'verified' })
    await newTask(store.journal, 'c')
    await store.anchor(4)
    expect(linesOf(file)).toHaveLength(3)
    expect(await store.verify()).toMatchObject({ kind: 'verified', tasks: 3 })
  })
})
