// What the tests of the store share: a store in a temporary folder, facts to append, plain SQL, and other processes.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { expect, onTestFinished } from 'vitest'
import { connect } from '../../src/adapters/store/sqlite.ts'
import { openStore, type Store } from '../../src/adapters/store/store.ts'
import { fold, headOf, record, type Append, type Journal } from '../../src/runner/journal.ts'
import type { Fact, FactBody } from '../../src/task/facts.ts'
import { home } from '../support/home.ts'
import { ann, EVERY_FACT } from './every-fact.ts'

export type Opened = { store: Store; file: string }

/** A store of its own for the test that is running. */
export async function newStore(): Promise<Opened> {
  const file = path.join(await home(), 'backchannel.db')
  return { store: await reopen(file), file }
}

export async function reopen(file: string): Promise<Store> {
  const store = await openStore(file)
  onTestFinished(() => store.close())
  return store
}

/** The entry that appends these facts after the given ones, with the head that is true then. */
export function entryAfter(before: Fact[], facts: FactBody[], task = 'a', more: Partial<Append> = {}): Append {
  const at = 1_000 + before.length
  const added = facts.map((body, index): Fact => ({ task, version: before.length + index + 1, at, by: ann, body }))
  const after = fold([...before, ...added])
  if (!after) throw new Error('a history begins with created')
  return { task, expected: before.length, facts, by: ann, at, head: headOf(after), ...more }
}

/** Appends, deciding nothing, whatever the task is by then. */
export const add = (journal: Journal, task: string, facts: FactBody[], delivery?: string) =>
  record(journal, task, () => facts, { by: ann, now: () => 1_000, ...(delivery !== undefined && { delivery }) })

export async function newTask(journal: Journal, task: string, label = task): Promise<void> {
  await add(journal, task, [{ ...EVERY_FACT.created, label }])
}

export const factsOf = async (journal: Journal, task: string): Promise<Fact[]> =>
  (await journal.facts([task])).get(task) ?? []

/** Runs SQL past the store, on a connection of its own. */
export async function sql(file: string, script: string): Promise<void> {
  const connection = connect(file)
  try {
    connection.script(script)
  } finally {
    connection.close()
  }
}

export async function query(file: string, text: string): Promise<unknown[][]> {
  const connection = connect(file)
  try {
    return connection.rows<object>(text).map(Object.values)
  } finally {
    connection.close()
  }
}

export async function expectVerified(store: Store): Promise<void> {
  expect(await store.verify()).toMatchObject({ kind: 'verified' })
}

/** Another process that runs `process.ts` with these arguments; its lines come as they are written. */
export function startProcess(...args: string[]): { child: ChildProcess; lines: string[]; ended: Promise<void> } {
  const script = path.join(import.meta.dirname, 'process.ts')
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const lines: string[] = []
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line))
  onTestFinished(() => void child.kill('SIGKILL'))
  return { child, lines, ended: once(child, 'close').then(() => undefined) }
}

/** Runs it to its end; the end must be a good one. */
export async function runProcess(...args: string[]): Promise<string[]> {
  const { child, lines, ended } = startProcess(...args)
  await ended
  expect(child.exitCode).toBe(0)
  return lines
}
