// Several processes at one database at once: `up`, session-less verbs of the command line, and what is killed among them.
import fs from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { home } from '../support/home.ts'
import { until } from '../support/until.ts'
import { expectVerified, factsOf, newStore, query, reopen, runProcess, startProcess } from './support.ts'

/** Processes take a second each to start, and a busy machine makes them wait for each other's writes. */
const WITHIN_MS = 120_000

const appended = (lines: string[]) => lines.filter((line) => line.startsWith('appended'))

test(
  'four processes append to the same and to different tasks: nothing is lost, no version twice, no gap',
  async () => {
    const { store, file } = await newStore()
    const lines = (
      await Promise.all(
        ['p1', 'p2', 'p3', 'p4'].map((name) => runProcess('append', file, `shared,own-${name}`, '15', name)),
      )
    ).flat()
    expect(appended(lines)).toHaveLength(4 * 2 * 15)
    const shared = await factsOf(store.journal, 'shared')
    expect(shared.map((fact) => fact.version)).toEqual(Array.from({ length: 60 }, (_, n) => n + 1))
    const acknowledged = appended(lines)
      .filter((line) => line.includes(' shared '))
      .map((line) => Number(line.split(' ')[3]))
    expect(acknowledged.toSorted((a, b) => a - b)).toEqual(shared.map((fact) => fact.version))
    expect(await factsOf(store.journal, 'own-p3')).toHaveLength(15)
    await expectVerified(store)
  },
  WITHIN_MS,
)

test(
  'the same deliveries come to three processes at once: each is appended exactly once',
  async () => {
    const { store, file } = await newStore()
    const runs = await Promise.all([1, 2, 3].map(() => runProcess('append', file, 'a', '20', 'click')))
    const keys = runs.flatMap(appended).map((line) => line.split(' ')[1])
    expect(new Set(keys)).toEqual(new Set(Array.from({ length: 20 }, (_, n) => `click-a-${n + 1}`)))
    expect(keys).toHaveLength(20)
    expect(runs.flat()).toHaveLength(3 * 20)
    expect(await factsOf(store.journal, 'a')).toHaveLength(20)
    await expectVerified(store)
  },
  WITHIN_MS,
)

test(
  'kill -9 in the middle of writing loses nothing that was acknowledged',
  async () => {
    const file = path.join(await home(), 'backchannel.db')
    for (const round of [1, 2]) {
      const { child, lines, ended } = startProcess('append', file, 'a,b', '100000', `r${round}`)
      await until(() => appended(lines).length >= 30, { within: WITHIN_MS })
      child.kill('SIGKILL')
      await ended
      const store = await reopen(file)
      for (const task of ['a', 'b']) {
        const facts = await factsOf(store.journal, task)
        const acknowledged = appended(lines)
          .filter((line) => line.includes(` ${task} `))
          .map((line) => Number(line.split(' ')[3]))
        expect(facts.map((fact) => fact.version)).toEqual(expect.arrayContaining(acknowledged))
      }
      const keys = appended(lines).map((line) => line.split(' ')[1])
      expect(await Promise.all(keys.map((key) => store.journal.seen(String(key))))).toEqual(keys.map(() => true))
      await expectVerified(store)
      await store.close()
    }
  },
  WITHIN_MS,
)

test(
  'four processes open a new database at the same moment: it is made once and all can use it',
  async () => {
    const folder = await home()
    for (const round of ['1', '2']) {
      const file = path.join(folder, `${round}.db`)
      const go = path.join(folder, `${round}.go`)
      const processes = Array.from({ length: 4 }, () => startProcess('open', file, go))
      await until(() => processes.every(({ lines }) => lines.includes('ready')), { within: WITHIN_MS })
      await fs.writeFile(go, '')
      await Promise.all(processes.map(({ ended }) => ended))
      expect(processes.map(({ child }) => child.exitCode)).toEqual([0, 0, 0, 0])
      expect(await query(file, 'SELECT migration_name FROM _prisma_migrations')).toEqual([
        ['0001_first'],
        ['0002_cursor'],
      ])
    }
  },
  WITHIN_MS,
)
